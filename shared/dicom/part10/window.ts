/**
 * The bytes of an object that are at hand: all of it, or a run of it. What lies beyond them but within the object is asked
 * for by throwing `MoreBytesNeeded`, which only the reader of a ranged source catches; what lies beyond the object is
 * an element that was cut.
 */
import type { Tag } from '../tag.ts';
import { refuse, refuseElement } from './refuse.ts';

/** Thrown inside the reader: parsing cannot go on without the bytes up to `end`, an offset in the object. */
export class MoreBytesNeeded {
  readonly end: number;
  /** The limit that applies to them. */
  readonly limit: 'maximumHeaderBytes' | 'maximumInflatedBytes';
  constructor(end: number, limit: MoreBytesNeeded['limit'] = 'maximumHeaderBytes') {
    this.end = end;
    this.limit = limit;
  }
}

export class Window {
  readonly bytes: Uint8Array;
  /** The offset of the first byte in the object. */
  readonly base: number;
  /** Where the object ends, as an index into `bytes`, which may hold less. */
  readonly end: number;

  constructor(bytes: Uint8Array, base: number, objectSize: number) {
    this.bytes = bytes;
    this.base = base;
    this.end = objectSize - base;
  }

  /** Makes sure that the bytes up to `to` are at hand; `to` must lie within the object. */
  require(to: number): void {
    if (to > this.bytes.length) throw new MoreBytesNeeded(to + this.base);
  }

  /** Refuses an element whose value ends after what encloses it, or after the object. */
  refuseOverrun(tag: Tag, at: number, announced: number, left: number, end: number): never {
    const cut = end >= this.end;
    const what = `${announced} value bytes announced, ${Math.max(0, left)} left`;
    refuseElement(cut ? 'truncated' : 'malformed', tag, at + this.base, what);
  }

  /** Refuses what ends before it is complete. */
  refuseCut(at: number, end: number, what: string): never {
    refuse(end >= this.end ? 'truncated' : 'malformed', at + this.base, what);
  }

  /** Refuses bytes that are not what they have to be. */
  refuseMalformed(at: number, what: string): never {
    refuse('malformed', at + this.base, what);
  }
}

/** Whether nothing but zero bytes follows: padding that some writers leave after the last element, and no part of the data set. */
export function onlyZerosFrom(window: Window, at: number): boolean {
  const { bytes, end } = window;
  if (bytes[at] !== 0) return false;
  let zeros = at;
  while (zeros < end) {
    if (zeros >= bytes.length) window.require(Math.min(end, zeros + 8));
    if (bytes[zeros] !== 0) break;
    zeros++;
  }
  if (zeros === end) return true;
  // A (0000,0000) element has a length or a VR after its tag. To go on would be to count the same zeros again.
  if (zeros - at >= 8) window.refuseMalformed(at, `${zeros - at} zero bytes and then others`);
  return false;
}
