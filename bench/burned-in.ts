/**
 * What the text finder finds, misses and costs: `npx tsx bench/burned-in.ts [lines per frame] [seed]`; `SHOW_MISSED=1` lists
 * what it missed. Lines of 8 to 24 pixels to the em are planted on noise and on frames of ../shared/corpus; one is hidden when boxes cover nine tenths of its ink and the
 * rest cannot be read. Each figure of docs/ about burned-in text comes from here.
 */

import { openTextFinder, type Picture, type Region } from '../shared/pixels/text/find-text.ts';
import { DETECTION_MODEL, modelPath } from '../shared/pixels/text/models.ts';
import { loadNetwork } from '../shared/pixels/text/network.ts';
import { type Ground, noise, realGrounds, speckle } from './burned-in/grounds.ts';
import type { Script } from './burned-in/lettering.ts';
import { type Contrast, type Planted, plantText, visibleShare } from './burned-in/planted-text.ts';
import { fillBoxes, isLegible } from './burned-in/reading.ts';

const LINES_PER_FRAME = Number(process.argv[2] ?? 16);
/** Thresholds were set by looking at seeds from 5000 on; the figures are of this one. */
const SEED = Number(process.argv[3] ?? 200);
const SIZES = [8, 9, 10, 12, 14, 16, 20, 24];
const SCRIPTS: readonly Script[] = [
  'Latin',
  'Latin',
  'Latin',
  'digits',
  'digits',
  'digits',
  'Cyrillic',
  'Greek',
  'CJK',
  'Arabic',
];
const CONTRASTS: readonly Contrast[] = ['full', 'grey', 'faint', 'outlined', 'on a panel'];
/** A line of which more ink is left is not hidden. */
const MAXIMUM_VISIBLE = 0.1;
/** Smaller frames have no room for a line of 24 pixels. */
const MINIMUM_SIDE = 256;
const MAXIMUM_ROUNDS = 3;
/** Neighbouring slices of a series look alike: text is planted on every sixth. */
const EVERY_SLICE = 6;

interface Found extends Planted {
  readonly ground: string;
  readonly hidden: boolean;
  readonly excusable: boolean;
}

const finder = openTextFinder();
const lines: Found[] = [];
const times: number[] = [];
const rounds: number[] = [];
let stray = 0;

async function plantAndFind({ name, picture: ground, excuseByReading }: Ground, seed: number): Promise<void> {
  const { picture, planted } = await plantText(ground, {
    seed,
    lines: LINES_PER_FRAME,
    sizes: SIZES,
    scripts: SCRIPTS,
    contrasts: CONTRASTS,
    uprightOf: 12,
  });
  const start = process.cpuUsage();
  const boxes = await finder.find(picture, { excuseByReading });
  if (picture.width === 1024 && picture.height === 768) times.push(milliseconds(process.cpuUsage(start)));
  const masked = await maskInRounds(picture, boxes);
  for (const line of planted) {
    const visible = visibleShare(line, masked.boxes, picture.width);
    const hidden = visible <= MAXIMUM_VISIBLE && !(await isLegible(finder, masked.picture, line));
    lines.push({ ...line, ground: name, hidden, excusable: excuseByReading });
    if (!hidden && process.env.SHOW_MISSED)
      console.log(
        name.slice(-30),
        line.text,
        line.font,
        line.size,
        line.contrast,
        line.upright ? 'upright' : '',
        visible.toFixed(2),
        line.left,
        line.top,
      );
  }
  const onLines = (box: Region): boolean =>
    planted.some(
      (line) =>
        line.left < box.left + box.width &&
        box.left < line.left + line.width &&
        line.top < box.top + box.height &&
        box.top < line.top + line.height,
    );
  if (!excuseByReading) stray += masked.boxes.filter((box) => !onLines(box)).length;
}

/** Masks, and reads again what is left, as the cleaning of an instance does. */
async function maskInRounds(picture: Picture, first: readonly Region[]) {
  let boxes = first;
  let masked = fillBoxes(picture, boxes);
  let round = 1;
  for (; round <= MAXIMUM_ROUNDS; round++) {
    const left = await finder.find(masked, { excuseByReading: true, masked: boxes });
    if (left.length === 0) break;
    boxes = [...boxes, ...left];
    masked = fillBoxes(masked, left);
  }
  rounds.push(round);
  return { boxes, picture: masked };
}

function shares(title: string, keyOf: (line: Found) => string | number): void {
  const groups = groupBy(keyOf);
  const rows = [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, group]) => {
      const hidden = group.filter((line) => line.hidden).length;
      return `${key} ${hidden}/${group.length}`;
    });
  console.log(`${title.padEnd(12)}${rows.join('   ')}`);
}

const real = await realGrounds();
console.log('--- frames without text: boxes, and their share of the area');
let [slices, sliceMasks] = [0, 0];
const areas: number[] = [];
for (const { name, picture, excuseByReading } of real) {
  const boxes = await finder.find(picture, { excuseByReading });
  const masked = fillBoxes(
    { ...picture, channels: 1, data: new Uint8Array(picture.width * picture.height) },
    boxes,
    1,
  );
  const area = masked.data.reduce((sum, value) => sum + value, 0) / masked.data.length;
  areas.push(area);
  if (excuseByReading) {
    slices++;
    sliceMasks += boxes.length;
  }
  if (boxes.length > 0) console.log(`${name}: ${boxes.length}, ${percent(area)}`);
}
const mean = areas.reduce((sum, area) => sum + area, 0) / Math.max(1, areas.length);
console.log(`CT and MR: ${sliceMasks} masks on ${slices} frames`);
console.log(`area masked on ${areas.length} frames without text: ${percent(mean)}`);

console.log('--- planted lines');
const synthetic: Ground[] = [1, 2, 3].flatMap((seed) => [
  { name: 'speckle', excuseByReading: false, picture: speckle(1024, 768, SEED + seed) },
  { name: 'noise', excuseByReading: false, picture: noise(1024, 768, SEED + seed, seed % 2 === 0 ? 3 : 1) },
]);
const roomy = real
  .filter(({ picture }) => Math.min(picture.width, picture.height) >= MINIMUM_SIDE)
  .filter(({ excuseByReading }, index) => !excuseByReading || index % EVERY_SLICE === 0);
let seed = SEED;
for (const ground of [...synthetic, ...roomy]) await plantAndFind(ground, seed++);
shares('size', (line) => `${String(line.size).padStart(2)} px`);
shares('font', (line) => line.font);
shares('contrast', (line) => line.contrast);
shares('script', (line) => line.script);
shares('direction', (line) => (line.upright ? 'upright' : 'lying'));
shares('ground', (line) =>
  line.ground.includes('/') ? (line.excusable ? 'CT, MR (excused by reading)' : 'other real') : line.ground,
);
const hidden = lines.filter((line) => line.hidden).length;
console.log(
  `hidden: ${hidden} of ${lines.length} planted lines, ${percent(hidden / lines.length)}; ${stray} masks elsewhere (outside CT and MR)`,
);
console.log(
  `rounds until nothing is found: at most ${Math.max(...rounds)}, ${rounds.filter((count) => count === 1).length} of ${rounds.length} frames in one`,
);
const median = medianOf(times);
const look = await oneLook();
console.log(
  `1024x768: median ${Math.round(median)} ms of processor time a frame, ${(median / look).toFixed(1)} times one run of the network over its pixels (${Math.round(look)} ms); resident ${Math.round(process.memoryUsage().rss / 2 ** 20)} MiB`,
);
await finder.close();

function groupBy(keyOf: (line: Found) => string | number): Map<string | number, Found[]> {
  const groups = new Map<string | number, Found[]>();
  for (const line of lines) groups.set(keyOf(line), [...(groups.get(keyOf(line)) ?? []), line]);
  return groups;
}

/** What the network alone takes for the pixels of such a frame: a measure of the machine and of what else it does. */
async function oneLook(): Promise<number> {
  const network = await loadNetwork(modelPath(DETECTION_MODEL), 1);
  const input = { values: new Float32Array(3 * 1024 * 384), dimensions: [1, 3, 384, 1024] };
  const halves: number[] = [];
  for (let run = 0; run < 6; run++) {
    const start = process.cpuUsage();
    await network.run(input);
    halves.push(milliseconds(process.cpuUsage(start)));
  }
  await network.close();
  return 2 * medianOf(halves);
}

function medianOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

function milliseconds({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1000;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
