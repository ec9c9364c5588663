/**
 * How often, how large, in which tone and in which pieces a picture is shown to the detector. It sees letters of some 12 to
 * 60 pixels, and lines that lie: so a picture is searched enlarged, for small letters, less so, for large ones, and turned,
 * for lines that stand upright. Time and memory follow the size of one input, so pictures are cut into overlapping tiles.
 */
import type { Region } from './picture.ts';
import type { Tone } from './tone.ts';

/** One run of the detector: the part of the picture, and its size in the network's input. */
export interface Tile extends Region {
  /** Pixels of the input per pixel of the picture. */
  readonly scale: number;
}

/** One search of the whole picture. */
export interface Pass {
  /** Whether it searches the picture turned clockwise; the tiles are parts of that one then. */
  readonly turned: boolean;
  readonly tone: Tone;
  readonly tiles: readonly Tile[];
}

export interface PassLimits {
  /**
   * Longest side of one input; default 640: 0.4 million pixels, whose numbers the allocator keeps from one run to the next. Of
   * larger inputs a pixel takes up to twice as long, as each run begins with fresh pages.
   */
  readonly inputSide: number;
  /** Pixels of the input that neighbours share, so that a letter cut by one is whole in the next; default 64. */
  readonly overlap: number;
  /** To how many pixels a small picture is enlarged; default 1.2 million: a slice of CT twice, one of MR three times. */
  readonly shownPixels: number;
  /** Pictures of up to so many pixels are turned in two tones, and less reduced; default 0.3 million: slices of CT and MR. */
  readonly smallPixels: number;
  /** Pictures of more pixels are enlarged less; default 2.2 million: what is larger than a screen has larger letters. */
  readonly screenPixels: number;
  /** Pictures with a longer side are also seen so large as a whole; default 1280. */
  readonly wholeSide: number;
}

export const PASS_LIMITS: PassLimits = {
  inputSide: 640,
  overlap: 64,
  shownPixels: 1_200_000,
  smallPixels: 300_000,
  screenPixels: 2_200_000,
  wholeSide: 1280,
};

/** However large a picture is, its smallest letters are seen enlarged; from some size on they are but larger blots. */
const LARGE_ENLARGEMENT = 1.5;
const SCREEN_ENLARGEMENT = 2;
const MAXIMUM_ENLARGEMENT = 3;
/** How much smaller than at first, side to side, a picture is shown again, */
const COARSER = 1.5;
/** and turned: what stands upright is mostly found lying too. */
const TURNED_COARSER = 2;

/** The searches that a picture needs, in a fixed order. */
export function planPasses(width: number, height: number, limits: PassLimits = PASS_LIMITS): Pass[] {
  const pixels = width * height;
  const fine = enlargement(pixels, limits);
  const isSmall = pixels <= limits.smallPixels;
  const coarse = fine / COARSER;
  const turned = isSmall ? coarse : fine / TURNED_COARSER;
  const lying = (scale: number, tone: Tone): Pass => ({
    turned: false,
    tone,
    tiles: cutTiles(width, height, scale, limits),
  });
  const upright = (tone: Tone): Pass => ({
    turned: true,
    tone,
    tiles: cutTiles(height, width, turned, limits),
  });
  const passes: Pass[] = [lying(fine, 'soft negative'), lying(coarse, 'soft'), upright('soft negative')];
  // Little is gained by it where letters stand on noise alone; slices show anatomy, and are small.
  if (isSmall) passes.push(upright('soft'));
  const whole = limits.wholeSide / Math.max(width, height);
  if (whole < 1) passes.push(lying(whole, 'soft negative'));
  return passes;
}

/** The searches of a separation of a part of a picture: letters are as large in it as they are in the picture. */
export function planSeparationPasses(
  part: { width: number; height: number },
  whole: { width: number; height: number },
  limits: PassLimits = PASS_LIMITS,
): Pass[] {
  const scale = enlargement(whole.width * whole.height, limits) / COARSER;
  return [
    { turned: false, tone: 'soft', tiles: cutTiles(part.width, part.height, scale, limits) },
    { turned: true, tone: 'soft', tiles: cutTiles(part.height, part.width, scale, limits) },
  ];
}

/** How large the smallest letters of a picture of so many pixels are shown. */
function enlargement(pixels: number, limits: PassLimits): number {
  const least = pixels > limits.screenPixels ? LARGE_ENLARGEMENT : SCREEN_ENLARGEMENT;
  return Math.min(MAXIMUM_ENLARGEMENT, Math.max(least, Math.sqrt(limits.shownPixels / pixels)));
}

function cutTiles(width: number, height: number, scale: number, { inputSide, overlap }: PassLimits): Tile[] {
  const side = Math.ceil(inputSide / scale);
  const shared = Math.ceil(overlap / scale);
  return cuts(height, side, shared).flatMap(([top, rows]) =>
    cuts(width, side, shared).map(([left, columns]) => ({ left, top, width: columns, height: rows, scale })),
  );
}

/** Equal pieces of a length, none above `side`, each sharing at least `overlap` with the next. */
function cuts(length: number, side: number, overlap: number): [start: number, length: number][] {
  if (length <= side) return [[0, length]];
  const count = Math.ceil((length - overlap) / (side - overlap));
  const piece = Math.ceil((length + (count - 1) * overlap) / count);
  return Array.from({ length: count }, (_, index) => [
    Math.round((index * (length - piece)) / (count - 1)),
    piece,
  ]);
}
