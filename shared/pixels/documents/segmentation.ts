/**
 * A segmentation as it is meant to be seen: the segments of one slice together, each in its recommended colour (PS3.3 C.8.20).
 * The slice is one that shows most segments; of a slide it is the whole. Label maps and those that say nothing of their frames
 * are left to the renderer of images.
 */
import type { DataSet } from '../../dicom/index.ts';
import { TAG } from '../attributes.ts';
import { decodeFrame } from '../decode.ts';
import type { PreviewSource } from '../frames.ts';
import type { ImagePixel } from '../image-pixel.ts';
import type { PixelLimits } from '../limits.ts';
import type { Raster, Size } from '../raster.ts';
import { canvasFor, visitTile } from '../render/mosaic.ts';
import { reduceByFunction, reduction } from '../render/reduce.ts';
import { storedValue } from '../samples.ts';
import { type Tile, type TiledImage, tiledImage } from '../tiles.ts';
import { DOCUMENT_LIMITS, type DocumentLimits } from './limits.ts';
import { DOCUMENT_TAG } from './tags.ts';

/** The segments of one slice in colour, at the size or above, or of a slide as a whole, about as long as `longest`; undefined where frames have no segment and place. */
export async function renderSegmentation(
  source: PreviewSource,
  image: ImagePixel,
  atLeast: Size,
  longest: number,
  limits: PixelLimits,
  { maximumSegmentFrames, maximumSegmentTiles: maximumTiles }: DocumentLimits = DOCUMENT_LIMITS,
): Promise<Raster | undefined> {
  const { dataSet } = source.part10;
  if (image.samplesPerPixel !== 1 || dataSet.strings(DOCUMENT_TAG.SegmentationType)[0] === 'LABELMAP')
    return undefined;
  const colours = segmentColours(dataSet);
  const most = dataSet.number(DOCUMENT_TAG.MaximumFractionalValue) ?? 2 ** image.bitsStored - 1;
  const tiled = tiledImage(dataSet, image);
  if (tiled !== undefined)
    return renderTiles(source, image, tiled, longest, limits, {
      maximumTiles,
      colourOf: (segment) => colourOf(colours, segment),
      most,
    });
  const slice = busiestSlice(dataSet, image.frames);
  if (slice === undefined) return undefined;
  const factor = reduction({ width: image.columns, height: image.rows }, atLeast);
  const width = Math.floor(image.columns / factor);
  const height = Math.floor(image.rows / factor);
  const data = new Uint8Array(width * height * 3);
  for (const { frame, segment } of slice.slice(0, maximumSegmentFrames)) {
    const samples = await decodeFrame(source, image, frame, { limits });
    if (samples.kind !== 'cells') return undefined;
    const cover = reduceByFunction(image.columns, image.rows, 1, factor, (at) =>
      Math.min(255, (storedValue(samples.data[at] as number, samples) * 255) / most),
    );
    paint(data, cover, colourOf(colours, segment));
  }
  return { width, height, channels: 3, data };
}

/** The segments of a whole slide: as many tiles as the limit allows, of each segment the next one's on top. */
async function renderTiles(
  source: PreviewSource,
  image: ImagePixel,
  tiled: TiledImage,
  longest: number,
  limits: PixelLimits,
  drawing: {
    readonly maximumTiles: number;
    readonly most: number;
    colourOf(segment: number): Colour;
  },
): Promise<Raster | undefined> {
  const { canvas, scale } = canvasFor(tiled, longest);
  const step = Math.max(1, Math.ceil(tiled.tiles.length / drawing.maximumTiles));
  for (let index = 0; index < tiled.tiles.length; index += step) {
    const tile = tiled.tiles[index] as Tile;
    const samples = await decodeFrame(source, image, tile.frame, { limits });
    if (samples.kind !== 'cells') return undefined;
    const colour = drawing.colourOf(tile.segment);
    visitTile(canvas, samples, tile, image, scale, (to, from) => {
      const cover = storedValue(samples.data[from] as number, samples);
      if (cover > 0) blend(canvas.data, to * 3, colour, (Math.min(drawing.most, cover) / drawing.most) * 0.9);
    });
  }
  return canvas;
}

type Colour = readonly [red: number, green: number, blue: number];

/** For segments that recommend no colour: told apart also by who does not see red and green. */
const FALLBACK: readonly Colour[] = [
  [230, 159, 0],
  [86, 180, 233],
  [0, 158, 115],
  [240, 228, 66],
  [0, 114, 178],
  [213, 94, 0],
  [204, 121, 167],
];

function paint(data: Uint8Array, cover: Uint8Array, colour: Colour): void {
  for (let at = 0; at < cover.length; at++) {
    const alpha = ((cover[at] as number) / 255) * 0.9;
    if (alpha > 0) blend(data, at * 3, colour, alpha);
  }
}

function blend(data: Uint8Array, at: number, colour: Colour, alpha: number): void {
  for (let channel = 0; channel < 3; channel++) {
    const under = data[at + channel] as number;
    data[at + channel] = Math.round(under * (1 - alpha) + (colour[channel] as number) * alpha);
  }
}

function colourOf(colours: ReadonlyMap<number, Colour>, segment: number): Colour {
  return colours.get(segment) ?? FALLBACK[segment % FALLBACK.length] ?? [255, 255, 255];
}

interface SegmentFrame {
  readonly frame: number;
  readonly segment: number;
}

/** The frames of the slice with most segments; of equal ones the middle. */
function busiestSlice(dataSet: DataSet, frames: number): readonly SegmentFrame[] | undefined {
  const slices = new Map<string, SegmentFrame[]>();
  const items = dataSet.get(TAG.PerFrameFunctionalGroupsSequence)?.items ?? [];
  for (let frame = 0; frame < Math.min(frames, items.length); frame++) {
    const groups = items[frame]?.dataSet;
    const place = groups
      ?.sequence(DOCUMENT_TAG.PlanePositionSequence)[0]
      ?.strings(DOCUMENT_TAG.ImagePositionPatient);
    const segment = groups
      ?.sequence(DOCUMENT_TAG.SegmentIdentificationSequence)[0]
      ?.number(DOCUMENT_TAG.ReferencedSegmentNumber);
    if (place === undefined || segment === undefined) return undefined;
    const key = place.join();
    const slice = slices.get(key);
    if (slice) slice.push({ frame, segment });
    else slices.set(key, [{ frame, segment }]);
  }
  const most = Math.max(0, ...[...slices.values()].map(({ length }) => length));
  const busiest = [...slices.values()].filter(({ length }) => length === most);
  return busiest[busiest.length >> 1];
}

function segmentColours(dataSet: DataSet): Map<number, Colour> {
  const colours = new Map<number, Colour>();
  for (const segment of dataSet.sequence(DOCUMENT_TAG.SegmentSequence)) {
    const number = segment.number(DOCUMENT_TAG.SegmentNumber);
    const [l, a, b] = segment.numbers(DOCUMENT_TAG.RecommendedDisplayCIELabValue);
    if (number !== undefined && l !== undefined && a !== undefined && b !== undefined)
      colours.set(number, colourOfLab(l, a, b));
  }
  return colours;
}

/** CIELab as PS3.3 C.10.7.1.1 scales it, of the white of PCS (D50), in sRGB. */
export function colourOfLab(l: number, a: number, b: number): Colour {
  const fy = ((l * 100) / 65535 + 16) / 116;
  const linear = (t: number) => (t > 6 / 29 ? t ** 3 : 3 * (6 / 29) ** 2 * (t - 4 / 29));
  const x = 0.9642 * linear(fy + ((a * 255) / 65535 - 128) / 500);
  const y = linear(fy);
  const z = 0.8249 * linear(fy - ((b * 255) / 65535 - 128) / 200);
  const encode = (value: number) => {
    const bounded = Math.min(1, Math.max(0, value));
    return Math.round(255 * (bounded <= 0.0031308 ? 12.92 * bounded : 1.055 * bounded ** (1 / 2.4) - 0.055));
  };
  return [
    encode(3.1338561 * x - 1.6168667 * y - 0.4906146 * z),
    encode(-0.9787684 * x + 1.9161415 * y + 0.033454 * z),
    encode(0.0719453 * x - 0.2289914 * y + 1.4052427 * z),
  ];
}
