/** One run of the detector over a tile: lines in pixels of the picture. */
import type { Network } from './network.ts';
import type { Tile } from './passes.ts';
import { contentOf, type Picture, type Scaling, toPlanes } from './picture.ts';
import type { TextLine } from './text-box.ts';
import { type RegionOptions, textRegions } from './text-regions.ts';
import { type Tone, toned } from './tone.ts';

/** Means and deviations of the pictures that the detector was trained on. */
const SCALING: Scaling = {
  mean: [0.485 * 255, 0.456 * 255, 0.406 * 255],
  gain: [1 / (0.229 * 255), 1 / (0.224 * 255), 1 / (0.225 * 255)],
};
/** The detector halves its input five times. */
const STEP = 32;
const REGIONS: RegionOptions = {
  cellThreshold: 0.3,
  boxThreshold: 0.5,
  growth: 1.5,
  minimumSide: 3,
  // The core of letters some 90 pixels high. The next coarser pass sees them smaller; anatomy is as large in each.
  maximumSide: 36,
  stricter: [0.6, 0.85],
};

/** The lines that the detector finds in a tile that is shown in a tone. */
export async function detectText(
  detector: Network,
  picture: Picture,
  { scale, ...whole }: Tile,
  tone: Tone,
): Promise<TextLine[]> {
  const tile = contentOf(picture, whole);
  if (tile === undefined) return [];
  const columns = Math.max(1, Math.round(tile.width * scale));
  const rows = Math.max(1, Math.round(tile.height * scale));
  const planeColumns = Math.max(2 * STEP, Math.ceil(columns / STEP) * STEP);
  const planeRows = Math.max(2 * STEP, Math.ceil(rows / STEP) * STEP);
  const values = toPlanes(picture, tile, { columns, rows, planeColumns, planeRows }, toned(SCALING, tone));
  const map = await detector.run({ values, dimensions: [1, 3, planeRows, planeColumns] });
  const [across, down] = [tile.width / columns, tile.height / rows];
  return textRegions(map.values, planeColumns, planeRows, REGIONS).flatMap((box) => {
    const left = Math.max(0, Math.floor(tile.left + box.left * across));
    const top = Math.max(0, Math.floor(tile.top + box.top * down));
    const right = Math.min(picture.width, Math.ceil(tile.left + box.right * across));
    const bottom = Math.min(picture.height, Math.ceil(tile.top + box.bottom * down));
    // What is found in the margin that fills up the input is not in the picture.
    return right <= left || bottom <= top
      ? []
      : [{ left, top, width: right - left, height: bottom - top, score: box.score }];
  });
}
