/**
 * The moving preview of a cine or multi-frame: evenly chosen frames as one small animated WebP. The loop begins at the frame
 * that represents the others, so that whoever shows only the first sees what the still preview would show. Costs what the
 * chosen frames cost, within limits; refuses what does not move: tiles of a slide, views of one patient side by side.
 */
import type { DataSet } from '../dicom/index.ts';
import { ANIMATION_LIMITS, type AnimationLimits } from './animation-limits.ts';
import { TAG } from './attributes.ts';
import { decodeFrame } from './decode.ts';
import type { PreviewSource } from './frames.ts';
import type { ImagePixel } from './image-pixel.ts';
import type { PixelLimits } from './limits.ts';
import { encodeAnimation, type Raster, type Size, scaleRaster } from './raster.ts';
import { automaticWindow } from './render/automatic-window.ts';
import { modalityTransform } from './render/modality.ts';
import { renderFrame } from './render/render.ts';
import type { ViewOptions } from './render/view.ts';
import { voiTransform } from './render/voi.ts';
import type { Samples } from './samples.ts';
import { UndisplayableError } from './undisplayable.ts';

export interface Animation extends Size {
  readonly bytes: Uint8Array;
  readonly frames: number;
}

const MINIMUM_FRAMES = 3;
/** Milliseconds a frame may stand: faster is not seen, slower is taken for a still. */
const DELAY = { least: 40, most: 200, unknown: 100 };

const TIMES = {
  frameTime: 0x00181063,
  cineRate: 0x00180040,
  displayRate: 0x00082144,
  timeVector: 0x00181065,
} as const;

const SLIDE = '1.2.840.10008.5.1.4.1.1.77.1.6';
const DIMENSION_ORGANIZATION_TYPE = 0x00209311;

/** Whether the frames follow one another, in time or through the body. */
export function isMoving(dataSet: DataSet, image: ImagePixel): boolean {
  if (image.frames < MINIMUM_FRAMES || dataSet.uid(TAG.SOPClassUID) === SLIDE) return false;
  if (dataSet.text(DIMENSION_ORGANIZATION_TYPE)?.startsWith('TILED')) return false;
  const type = dataSet.strings(TAG.ImageType);
  return !type.includes('STATIC') && !type.includes('WHOLE BODY');
}

/** The indices of the frames that the limits allow, evenly chosen, `first` before all. */
export function chooseFrames(
  image: Pick<ImagePixel, 'rows' | 'columns' | 'frames'>,
  bytes: number,
  first: number,
  limits: AnimationLimits = ANIMATION_LIMITS,
): number[] {
  const count = Math.min(
    image.frames,
    limits.maximumFrames,
    Math.floor(limits.maximumPixels / (image.rows * image.columns)),
    Math.floor(limits.maximumBytes / Math.max(1, bytes / image.frames)),
  );
  return Array.from(
    { length: Math.max(0, count) },
    (_, index) => (first + Math.floor((index * image.frames) / count)) % image.frames,
  );
}

/** How long each of the chosen frames stands, so that the loop keeps the pace of the recording as far as it may be seen. */
export function frameDelay(dataSet: DataSet, frames: number, shown: number): number {
  const vector = dataSet.numbers(TIMES.timeVector).filter((time) => time > 0);
  const rate = [TIMES.displayRate, TIMES.cineRate]
    .map((tag) => dataSet.number(tag))
    .find((value) => (value ?? 0) > 0);
  const stated = dataSet.number(TIMES.frameTime) ?? 0;
  const own =
    rate !== undefined
      ? 1000 / rate
      : stated > 0
        ? stated
        : vector.length > 0
          ? vector.reduce((sum, time) => sum + time, 0) / vector.length
          : DELAY.unknown;
  return Math.round(Math.min(DELAY.most, Math.max(DELAY.least, (own * frames) / shown)));
}

/** Renders the animation at the size; undefined where the limits leave too few frames or it will not become small enough. */
export async function renderAnimation(
  source: PreviewSource,
  image: ImagePixel,
  first: number,
  size: Size,
  limits: PixelLimits,
  animation: AnimationLimits = ANIMATION_LIMITS,
): Promise<Animation | undefined> {
  const { dataSet, pixelData, size: total } = source.part10;
  const bytes = pixelData === undefined ? 0 : Math.min(pixelData.end, total) - pixelData.start;
  const chosen = chooseFrames(image, bytes, first, animation);
  if (chosen.length < MINIMUM_FRAMES) return undefined;
  const remembering = rememberProbes(source);
  const frames: Raster[] = [];
  let view: ViewOptions | undefined;
  for (const index of chosen) {
    try {
      const samples = await decodeFrame(remembering, image, index, { atLeast: size, limits });
      view ??= commonView(dataSet, image, samples, index);
      frames.push(await scaleRaster(renderFrame(dataSet, image, samples, index, size, view), size));
    } catch (error) {
      // The first is the still picture: without it there is none. Of the others a damaged one is left out.
      if (!(error instanceof UndisplayableError) || frames.length === 0) throw error;
      if (error.reason === 'decode-timeout') return undefined;
    }
  }
  if (frames.length < MINIMUM_FRAMES) return undefined;
  return smallEnough(frames, size, (shown) => frameDelay(dataSet, image.frames, shown), animation);
}

/** Where the object names no window, that of the first frame goes for all: one for each would flicker. */
function commonView(dataSet: DataSet, image: ImagePixel, samples: Samples, index: number): ViewOptions {
  const isFloat = image.number !== 'integer';
  const isAutomatic =
    samples.colour === 'grey' &&
    samples.bitsStored > 8 &&
    voiTransform(dataSet, index, isFloat) === undefined;
  if (!isAutomatic) return {};
  return { window: automaticWindow(dataSet, image, samples, modalityTransform(dataSet, index).map) };
}

async function smallEnough(
  frames: readonly Raster[],
  size: Size,
  delayOf: (shown: number) => number,
  { maximumPreviewBytes }: AnimationLimits,
): Promise<Animation | undefined> {
  const half = frames.filter((_, index) => index % 2 === 0);
  const tries = [
    { shown: frames, quality: 75, scale: 1 },
    { shown: frames, quality: 50, scale: 1 },
    { shown: frames, quality: 50, scale: 0.625 },
    { shown: half, quality: 40, scale: 0.5 },
  ];
  for (const { shown, quality, scale } of tries) {
    if (shown.length < MINIMUM_FRAMES) continue;
    const to = {
      width: Math.max(1, Math.round(size.width * scale)),
      height: Math.max(1, Math.round(size.height * scale)),
    };
    const scaled = await Promise.all(shown.map((frame) => scaleRaster(frame, to)));
    const bytes = await encodeAnimation(scaled, { delay: delayOf(shown.length), quality });
    if (bytes.length <= maximumPreviewBytes) return { bytes, ...to, frames: shown.length };
  }
  return undefined;
}

/** Bytes of a range that is a look at a fragment or an offset table, and not a frame. */
const PROBE_BYTES = 4;

/** Where no table says where frames begin, fragments are looked at once, and not again for each frame. */
function rememberProbes(source: PreviewSource): PreviewSource {
  const probes = new Map<number, Promise<Uint8Array>>();
  return {
    ...source,
    read: (start, length) => {
      if (length > PROBE_BYTES) return source.read(start, length);
      const known = probes.get(start) ?? source.read(start, PROBE_BYTES);
      probes.set(start, known);
      return known.then((bytes) => bytes.subarray(0, length));
    },
  };
}
