/**
 * Text that is burned into a picture: where it is, and what it says. It decides nothing: which boxes are to be masked is for
 * the caller. Works offline, on the CPU; the same picture gives the same boxes.
 */
import { separateColours } from './colour-separations.ts';
import { detectText } from './detect.ts';
import { fillFromAround, outsideMasks } from './masked-ground.ts';
import { DETECTION_MODEL, modelPath, RECOGNITION_MODEL, readSigns } from './models.ts';
import { loadNetwork, type Network } from './network.ts';
import { isOtherThanText } from './other-than-text.ts';
import { planPasses, planSeparationPasses } from './passes.ts';
import { contentOf, type Picture, type Region, turnPicture, withoutEqualChannels } from './picture.ts';
import { type Reading, recogniseText } from './recognise.ts';
import { endsOnEvenGround, lookAgain } from './second-look.ts';
import {
  continuesLine,
  coverLine,
  elongation,
  joinLines,
  showsLine,
  type TextBox,
  type TextLine,
  turnBoxBack,
} from './text-box.ts';

export type { Picture, Region } from './picture.ts';
export type { Reading } from './recognise.ts';
export type { TextBox } from './text-box.ts';

export interface FindOptions {
  /**
   * Whether a box in which nothing can be read is left out: where anatomy looks like letters, on CT and MR. Default false: a
   * fragment of a name reads badly too.
   */
  readonly excuseByReading?: boolean;
  /** Where the picture was masked before: what is found there is no text, nor are the masks' outlines. Default none. */
  readonly masked?: readonly Region[];
}

/** Finds text in pictures and reads it; the networks are loaded when first needed. */
export interface TextFinder {
  /** Boxes that cover the text of a picture rendered at its full size, from the top left. */
  find(picture: Picture, options?: FindOptions): Promise<readonly TextBox[]>;
  /** What a box says, as far as the recogniser knows the script. */
  read(picture: Picture, box: Region & { readonly line?: Region }): Promise<Reading>;
  /** Gives back the networks' memory; the finder is of no use afterwards. */
  close(): Promise<void>;
}

export interface TextFinderOptions {
  /** Processors that one run may use; default 1. */
  readonly threads?: number;
}

/** Opens a finder; keep it for the life of the process, as loading takes 0.1 s and 15 MB of models. */
export function openTextFinder({ threads = 1 }: TextFinderOptions = {}): TextFinder {
  const detector = once(() => loadNetwork(modelPath(DETECTION_MODEL), threads));
  const recogniser = once(async () => ({
    network: await loadNetwork(modelPath(RECOGNITION_MODEL), threads),
    signs: readSigns(),
  }));

  const read: TextFinder['read'] = async (picture, box) => {
    const { network, signs } = await recogniser.get();
    return recogniseText(network, signs, picture, box.line ?? box);
  };

  const find = async (
    given: Picture,
    { excuseByReading = false, masked = [] }: FindOptions = {},
  ): Promise<TextBox[]> => {
    const network: Network = await detector.get();
    const masks = masked.map((region) => withinPicture(region, given));
    const shown = withoutEqualChannels(given);
    const picture = masks.length === 0 ? shown : fillFromAround(shown, masks);
    const looks: TextLine[][] = [];
    for (const { turned, tone, tiles } of planPasses(picture.width, picture.height)) {
      const searched = turned ? turnPicture(picture, true) : picture;
      const found: TextLine[] = [];
      for (const tile of tiles) found.push(...(await detectText(network, searched, tile, tone)));
      looks.push(turned ? found.map((box) => turnBoxBack(box, picture.height)) : found);
    }
    looks.push(...(await searchSeparations(network, picture)));
    // The outline of a mask may look like a letter; an even ground is none.
    const linesOf = (): TextLine[] =>
      outsideMasks(joinLines(looks.flat()), masks)
        .filter(({ width, height }) => Math.min(width, height) >= LEAST_HEIGHT)
        .filter((line) => contentOf(picture, line) !== undefined);
    const seen: Region[] = [];
    for (let round = 0; round < SECOND_LOOKS; round++) {
      const unseen = linesOf().filter(
        (line) =>
          !seen.some((region) => reachesEnds(region, line)) &&
          (excuseByReading || !endsOnEvenGround(picture, line)),
      );
      if (unseen.length === 0) break;
      for (const line of unseen) {
        const agreeing = looks.filter((found) => found.some((box) => reachesEnds(box, line))).length;
        looks.push(...(await lookAgain(network, picture, line, agreeing >= AGREEING_LOOKS)));
      }
      seen.push(...unseen);
    }
    const boxes: TextBox[] = [];
    for (const line of linesOf())
      if (!(await isOtherThanText(read, picture, line))) boxes.push(coverLine(line, picture));
    if (!excuseByReading) return boxes;
    const kept: TextBox[] = [];
    for (const box of boxes) {
      const line = box.line ?? box;
      const times = looks.filter((found) => found.some((other) => showsLine(other, line))).length;
      const isText = isConfirmed(line, times) || isReadable(line, await read(picture, box));
      if (isText) kept.push(box);
    }
    // A piece of a line may look like a blot, but not where the line goes on.
    return boxes.filter(
      (box) => kept.includes(box) || kept.some((line) => continuesLine(line.line ?? line, box.line ?? box)),
    );
  };

  const close = async (): Promise<void> => {
    await (await detector.made())?.close();
    await (await recogniser.made())?.network.close();
  };

  return { find, read, close };
}

/** What the separations of a picture's colours show: each line is looked at again where it was seen, as elsewhere it is not. */
async function searchSeparations(network: Network, whole: Picture): Promise<TextLine[][]> {
  const looks: TextLine[][] = [];
  for (const { left, top, picture } of separateColours(whole)) {
    const found: TextLine[] = [];
    for (const { turned, tone, tiles } of planSeparationPasses(picture, whole)) {
      const searched = turned ? turnPicture(picture, true) : picture;
      for (const tile of tiles)
        for (const line of await detectText(network, searched, tile, tone))
          found.push(turned ? turnBoxBack(line, picture.height) : line);
    }
    const again: TextLine[] = [];
    for (const line of joinLines(found))
      again.push(...(await lookAgain(network, picture, line, true)).flat());
    for (const lines of [found, again])
      looks.push(lines.map((line) => ({ ...line, left: left + line.left, top: top + line.top })));
  }
  return looks;
}

/** The box of the smallest letters that can be read is so high, in pixels of the picture. */
const LEAST_HEIGHT = 6;
/** How often a line that was found longer than before is looked at again. */
const SECOND_LOOKS = 3;
/** Where so many looks agree on where a line ends, one more is enough. */
const AGREEING_LOOKS = 2;
/** A line that grew by less than this share of its height is the same. */
const GROWN = 0.5;

/** Whether a box is as long as a line that may have grown since, or nearly so. */
function reachesEnds(before: Region, line: Region): boolean {
  const by = GROWN * Math.min(line.width, line.height);
  return (
    line.left >= before.left - by &&
    line.top >= before.top - by &&
    line.left + line.width <= before.left + before.width + by &&
    line.top + line.height <= before.top + before.height + by
  );
}

/** Letters or digits, two at least, read with this much confidence, in a box that is longer than high. */
const READABLE_SIGNS = /[\p{L}\p{N}].*[\p{L}\p{N}]/u;
const READABLE_CONFIDENCE = 0.65;
const READABLE_ELONGATION = 1.5;

/** Whether a box on a slice is text as it reads as words: few blots of anatomy do. */
function isReadable(line: Region, { text, confidence }: Reading): boolean {
  return (
    elongation(line) >= READABLE_ELONGATION && confidence >= READABLE_CONFIDENCE && READABLE_SIGNS.test(text)
  );
}

/** So many looks, in different tones and sizes, show a line that is so much longer than high: anatomy shows blots. */
const CONFIRMED: readonly [times: number, elongation: number][] = [
  [3, 2],
  [2, 3],
  [1, 5],
];

/** Whether a box on a slice is text as it is a line in more than one look: not each script can be read. */
function isConfirmed(line: Region, times: number): boolean {
  return CONFIRMED.some(([least, length]) => times >= least && elongation(line) >= length);
}

/** The part of a region that the picture has, in whole pixels. */
function withinPicture({ left, top, width, height }: Region, picture: Picture): Region {
  const within = (value: number, limit: number): number => Math.max(0, Math.min(limit, value));
  const [first, above] = [within(Math.floor(left), picture.width), within(Math.floor(top), picture.height)];
  return {
    left: first,
    top: above,
    width: within(Math.ceil(left + width), picture.width) - first,
    height: within(Math.ceil(top + height), picture.height) - above,
  };
}

/** A value made at the first call; a failure is not kept. */
function once<T>(make: () => Promise<T>): { get: () => Promise<T>; made: () => Promise<T> | undefined } {
  let value: Promise<T> | undefined;
  return {
    get: () => {
      value ??= make().catch((error: unknown) => {
        value = undefined;
        throw error;
      });
      return value;
    },
    made: () => value,
  };
}
