/**
 * The items of encapsulated Pixel Data (PS3.5 A.4): hopped from header to header, never read. The walk asks for eight bytes at
 * a time, so that it serves a buffer and a ranged source alike.
 */
import { read32, readTag } from '../encoding.ts';
import { ITEM, SEQUENCE_DELIMITATION, type Tag } from '../tag.ts';
import { UNDEFINED_LENGTH } from './header.ts';
import type { Fragment } from './part10.ts';
import { refuseElement, refuseLimit } from './refuse.ts';
import type { Window } from './window.ts';

/** What a walk found; offsets as they were given to it. */
export interface FragmentWalk {
  readonly basicOffsetTable: Fragment | undefined;
  readonly fragments: Fragment[];
  /** Where the sequence delimiter starts. */
  readonly delimiter: number;
}

/** The element that is walked: for messages its tag and the offset of index 0, for the end what encloses it. */
export interface WalkedElement {
  readonly tag: Tag;
  readonly base: number;
  readonly end: number;
  readonly bigEndian: boolean;
  readonly maximumFragments: number;
}

/** Walks the items from `at`: yields where the next eight bytes are wanted, and is resumed with a buffer that begins with them. */
export function* walkFragments(
  at: number,
  element: WalkedElement,
): Generator<number, FragmentWalk, Uint8Array> {
  const { tag, base, end, bigEndian, maximumFragments } = element;
  const fragments: Fragment[] = [];
  let basicOffsetTable: Fragment | undefined;
  for (;;) {
    if (at + 8 > end) refuseElement('truncated', tag, at + base, 'no delimiter before the end');
    const header = yield at;
    const item = readTag(header, 0, bigEndian);
    const length = read32(header, 4, bigEndian);
    if (item === SEQUENCE_DELIMITATION) return { basicOffsetTable, fragments, delimiter: at };
    if (item !== ITEM || length === UNDEFINED_LENGTH) {
      refuseElement('malformed', tag, at + base, 'neither a fragment nor the delimiter');
    }
    const start = at + 8;
    if (start + length > end) {
      refuseElement('truncated', tag, at + base, `a fragment of ${length} bytes, ${end - start} left`);
    }
    if (basicOffsetTable === undefined) basicOffsetTable = { start, length };
    else if (fragments.push({ start, length }) > maximumFragments) {
      refuseLimit('too-many-elements', 'maximumFragments', maximumFragments);
    }
    at = start + length;
  }
}

/** Walks the items of a window, asking for more of the object where it ends. */
export function walkFragmentsIn(window: Window, at: number, element: WalkedElement): FragmentWalk {
  const walk = walkFragments(at, element);
  let step = walk.next();
  while (!step.done) {
    window.require(step.value + 8);
    step = walk.next(window.bytes.subarray(step.value, step.value + 8));
  }
  return step.value;
}
