/**
 * The dose of a plan as it is read (PS3.3 C.8.8.3): the slice where it is highest, in the colours of its isodoses, which are
 * percentages of that maximum. A grid of dose is coarse and smooth: it is drawn between its points. Errors of a dose and
 * dose points are left to the renderer of images.
 */
import type { DataSet } from '../../dicom/index.ts';
import { decodeFrame } from '../decode.ts';
import type { PreviewSource } from '../frames.ts';
import type { ImagePixel } from '../image-pixel.ts';
import type { PixelLimits } from '../limits.ts';
import { textWidth } from '../placeholder/stroke-font.ts';
import type { Raster, Size } from '../raster.ts';
import { trustedAspect } from '../render/display-size.ts';
import { type Samples, storedValue } from '../samples.ts';
import { fixed, INK, rectangle, words } from './drawing.ts';
import { DOCUMENT_LIMITS, type DocumentLimits } from './limits.ts';
import { DOCUMENT_TAG as TAG } from './tags.ts';

export interface DosePicture {
  readonly raster: Raster;
  readonly size: Size;
  /** What the colours mean, laid over the raster. */
  readonly drawing: string;
}

type Colour = readonly [red: number, green: number, blue: number];

/** From the colour of cold to that of hot, each from its share of the maximum on; below the first there is nothing to see. */
const ISODOSES: readonly { readonly percent: number; readonly colour: Colour }[] = [
  { percent: 10, colour: [24, 48, 150] },
  { percent: 30, colour: [30, 110, 230] },
  { percent: 50, colour: [0, 180, 200] },
  { percent: 70, colour: [40, 185, 75] },
  { percent: 80, colour: [175, 205, 40] },
  { percent: 90, colour: [250, 190, 20] },
  { percent: 95, colour: [225, 40, 30] },
];
/** An isodose itself: the edge between two colours, darker than either. */
const EDGE = 0.55;
const MAXIMUM_SIDE = 1024;

/** Draws the dose, at most `longest` pixels wide and high; undefined where the object holds no dose above zero. */
export async function renderDose(
  source: PreviewSource,
  image: ImagePixel,
  longest: number,
  limits: PixelLimits,
  { maximumDoseFrames }: DocumentLimits = DOCUMENT_LIMITS,
): Promise<DosePicture | undefined> {
  const { dataSet } = source.part10;
  if (image.samplesPerPixel !== 1 || dataSet.strings(TAG.DoseType)[0] === 'ERROR') return undefined;
  const looked = Math.min(image.frames, maximumDoseFrames);
  let hottest: { readonly samples: Samples; readonly most: number } | undefined;
  for (let look = 0; look < looked; look++) {
    const index = Math.floor(((look + 0.5) * image.frames) / looked);
    const samples = await decodeFrame(source, image, index, { limits });
    const most = highest(samples);
    if (most > (hottest?.most ?? 0)) hottest = { samples, most };
  }
  if (hottest === undefined) return undefined;
  const size = sizeWithin(image, trustedAspect(dataSet, 0), Math.min(longest, MAXIMUM_SIDE));
  return {
    raster: { ...size, channels: 3, data: washed(hottest.samples, hottest.most, size) },
    size,
    drawing: legend(size, maximumOf(dataSet, hottest.most)),
  };
}

function highest(samples: Samples): number {
  let most = 0;
  for (let at = 0; at < samples.data.length; at++) most = Math.max(most, valueAt(samples, at));
  return most;
}

function valueAt(samples: Samples, at: number): number {
  const cell = samples.data[at] as number;
  return samples.kind === 'cells' ? storedValue(cell, samples) : cell;
}

function sizeWithin({ columns, rows }: ImagePixel, aspect: number, longest: number): Size {
  const scale = longest / Math.max(columns, rows * aspect);
  return {
    width: Math.max(1, Math.round(columns * scale)),
    height: Math.max(1, Math.round(rows * aspect * scale)),
  };
}

/** The isodose that each pixel lies in, by the dose between the four points around it; and its colour. */
function washed(samples: Samples, most: number, { width, height }: Size): Uint8Array {
  const bands = new Int8Array(width * height);
  for (let y = 0; y < height; y++) {
    const [top, bottom, down] = between(y, height, samples.height);
    for (let x = 0; x < width; x++) {
      const [left, right, across] = between(x, width, samples.width);
      const mixed = (row: number) =>
        valueAt(samples, row * samples.width + left) * (1 - across) +
        valueAt(samples, row * samples.width + right) * across;
      bands[y * width + x] = bandOf(((mixed(top) * (1 - down) + mixed(bottom) * down) * 100) / most);
    }
  }
  const data = new Uint8Array(width * height * 3);
  for (let at = 0; at < bands.length; at++) {
    const band = bands[at] as number;
    if (band < 0) continue;
    const isEdge = (at % width > 0 && bands[at - 1] !== band) || (at >= width && bands[at - width] !== band);
    const { colour } = ISODOSES[band] as (typeof ISODOSES)[number];
    for (let channel = 0; channel < 3; channel++)
      data[at * 3 + channel] = Math.round((colour[channel] as number) * (isEdge ? EDGE : 1));
  }
  return data;
}

/** The two points of the grid around a pixel, and how far it is from the first. */
function between(
  pixel: number,
  pixels: number,
  points: number,
): [first: number, second: number, part: number] {
  const place = Math.min(points - 1, Math.max(0, ((pixel + 0.5) * points) / pixels - 0.5));
  const first = Math.floor(place);
  return [first, Math.min(points - 1, first + 1), place - first];
}

function bandOf(percent: number): number {
  let band = -1;
  while (band + 1 < ISODOSES.length && percent >= (ISODOSES[band + 1]?.percent ?? 0)) band++;
  return band;
}

/** The maximum in the unit of the dose; nothing where the scaling is not told. */
function maximumOf(dataSet: DataSet, most: number): string {
  const scaling = dataSet.number(TAG.DoseGridScaling);
  if (scaling === undefined || !(scaling > 0)) return '';
  const dose = most * scaling;
  const unit = dataSet.strings(TAG.DoseUnits)[0] === 'GY' ? ' Gy' : '';
  return `${dose >= 100 ? dose.toFixed(0) : dose.toPrecision(3)}${unit}`;
}

/** Percentages in their colours, hot ones first, and the maximum they are of. */
function legend({ width, height }: Size, maximum: string): string {
  const letter = Math.max(6, Math.min(14, Math.min(width, height) / 28));
  const line = letter * 1.7;
  const pen = { height: letter, colour: INK.light };
  const parts = [...ISODOSES].reverse().flatMap(({ percent, colour }, index) => {
    const top = letter + index * line;
    const box = { left: letter, top, width: letter, height: letter };
    return [
      rectangle(box, { fill: `rgb(${colour.join()})`, stroke: INK.film }),
      words(`${percent}%`, letter * 2.6, top, pen),
    ];
  });
  const most = `MAX ${maximum}`;
  if (maximum !== '') parts.push(words(most, letter, height - letter * 2, pen, width));
  // Light letters over a hot dose are not read: they stand on film.
  const plates = [
    { left: 0, top: 0, width: letter * 6.6, height: letter + ISODOSES.length * line },
    ...(maximum === ''
      ? []
      : [
          {
            left: 0,
            top: height - letter * 3,
            width: textWidth(most, letter) + letter * 2,
            height: letter * 3,
          },
        ]),
  ].map((plate) => rectangle(plate, { fill: INK.film }));
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
    `<g fill="none" stroke-linecap="round" stroke-linejoin="round" stroke-width="${fixed(1)}">${[...plates, ...parts].join('')}</g></svg>`
  );
}
