/**
 * The pictures of an instance in which text is searched for. Of a cine: the first and the last frame, some between, and the
 * brightest and the darkest that each pixel ever is, in which text of any frame shows. Each frame is decoded once.
 */
import type { DataSet } from '../../dicom/index.ts';
import type { ImagePixel } from '../image-pixel.ts';
import type { Rectangle } from '../mask/mask.ts';
import type { Raster } from '../raster.ts';
import { renderFrame } from '../render/render.ts';
import type { Samples } from '../samples.ts';
import { UndisplayableError } from '../undisplayable.ts';

export interface SearchLimits {
  /** Frames of a cine that are searched one by one; default 6. */
  readonly searchedFrames: number;
  /** Frames of a cine that are decoded for what ever shows in them; default 4000: half an hour of nothing but decoding is no search. */
  readonly maximumFrames: number;
  /** Pixels that are searched in all; default 200 million: three minutes of a detector. */
  readonly maximumSearchedPixels: number;
  /** How often what was masked is read again; default 3. */
  readonly maximumRounds: number;
}

export const SEARCH_LIMITS: SearchLimits = {
  searchedFrames: 6,
  maximumFrames: 4000,
  maximumSearchedPixels: 200_000_000,
  maximumRounds: 3,
};

/** A picture that is searched: a frame, or what all of them come to. */
export interface SearchedPicture {
  readonly of: number | 'brightest' | 'darkest';
  readonly raster: Raster;
}

export type Decode = (index: number) => Promise<Samples>;

/** Renders what is to be searched, each at its full size. */
export async function picturesToSearch(
  dataSet: DataSet,
  image: ImagePixel,
  decode: Decode,
  limits: SearchLimits,
): Promise<SearchedPicture[]> {
  const chosen = chosenFrames(image.frames, limits.searchedFrames);
  const projected = image.frames > chosen.length;
  const pictures = chosen.length + (projected ? 2 : 0);
  if (image.frames > limits.maximumFrames)
    throw new UndisplayableError('too-large', `${image.frames} frames, limit ${limits.maximumFrames}`);
  if (pictures * image.rows * image.columns > limits.maximumSearchedPixels)
    throw new UndisplayableError(
      'too-large',
      `${pictures} pictures of ${image.columns} x ${image.rows}, limit ${limits.maximumSearchedPixels} pixels`,
    );
  const searched: SearchedPicture[] = [];
  let brightest: Raster | undefined;
  let darkest: Raster | undefined;
  for (let index = 0; index < image.frames; index++) {
    const isChosen = chosen.includes(index);
    if (!isChosen && !projected) continue;
    const raster = renderFrame(dataSet, image, await decode(index), index);
    if (isChosen) searched.push({ of: index, raster });
    if (!projected) continue;
    brightest = project(brightest, raster, Math.max);
    darkest = project(darkest, raster, Math.min);
  }
  if (brightest !== undefined) searched.push({ of: 'brightest', raster: brightest });
  if (darkest !== undefined) searched.push({ of: 'darkest', raster: darkest });
  return searched;
}

/**
 * The same pictures with masks applied. Frames are decoded anew and must be of one level in every mask; they are searched under
 * the window that they had before, as one that is found by statistics would be another now.
 */
export async function searchedAgain(
  before: readonly SearchedPicture[],
  decode: Decode,
  masks: readonly Rectangle[],
): Promise<SearchedPicture[]> {
  for (const { of } of before) {
    if (typeof of !== 'number') continue;
    const samples = await decode(of);
    if (!masks.every((mask) => isEven(samples, mask)))
      throw new UndisplayableError('undecodable', 'a masked frame that shows something under a mask');
  }
  return before.map(({ of, raster }) => ({ of, raster: filled(raster, masks) }));
}

/** Where chrominance is interpolated, what lies beside a mask shines a little into it. */
const UNEVENNESS = 1 / 8;

function isEven(samples: Samples, { x, y, width, height }: Rectangle): boolean {
  const { channels, data } = samples;
  const from = Math.max(0, x);
  const to = Math.min(samples.width, x + width);
  const tolerance = samples.colour === 'rgb' ? 2 ** samples.bitsStored * UNEVENNESS : 0;
  for (let channel = 0; channel < channels; channel++) {
    let least = Number.POSITIVE_INFINITY;
    let most = Number.NEGATIVE_INFINITY;
    for (let row = Math.max(0, y); row < Math.min(samples.height, y + height); row++) {
      for (let column = from; column < to; column++) {
        const value = data[(row * samples.width + column) * channels + channel] as number;
        if (value < least) least = value;
        if (value > most) most = value;
      }
    }
    if (most - least > tolerance) return false;
  }
  return true;
}

/** The first, the last and others between at equal distances. */
export function chosenFrames(frames: number, count: number): number[] {
  if (frames <= count) return Array.from({ length: frames }, (_, index) => index);
  const last = Math.max(1, count - 1);
  return Array.from({ length: count }, (_, index) => Math.round((index * (frames - 1)) / last));
}

function project(sum: Raster | undefined, raster: Raster, choose: (a: number, b: number) => number): Raster {
  if (sum === undefined) return { ...raster, data: Uint8Array.from(raster.data) };
  const { data } = sum;
  for (let at = 0; at < data.length; at++) data[at] = choose(data[at] as number, raster.data[at] as number);
  return sum;
}

function filled(raster: Raster, masks: readonly Rectangle[]): Raster {
  const { width, height, channels } = raster;
  const data = Uint8Array.from(raster.data);
  for (const mask of masks) {
    const right = Math.min(width, mask.x + mask.width);
    const left = Math.max(0, mask.x);
    for (let y = Math.max(0, mask.y); y < Math.min(height, mask.y + mask.height); y++)
      if (right > left) data.fill(0, (y * width + left) * channels, (y * width + right) * channels);
  }
  return { ...raster, data };
}
