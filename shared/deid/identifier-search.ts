/**
 * Finds many identifiers in bytes in one pass: patterns are compared without regard to ASCII case, at word boundaries,
 * and chosen by a hash of two bytes; UIDs are looked up whole. It bounds the number of patterns, since hostile input
 * can hold as many names as it likes.
 */
import { formatTag, type Tag } from '../dicom/index.ts';
import { UnprocessableInstanceError } from '../errors.ts';

/** An identifier found in bytes. */
export interface Found {
  /** The attribute that the identifier was harvested from. */
  readonly of: Tag;
  /** Where it stands in the bytes that were searched. */
  readonly start: number;
  readonly end: number;
}

/** Stands for the list of the caller where an attribute is named: no attribute of an instance has this tag. */
export const SUPPLIED: Tag = 0;

/** Where an identifier came from, for people. */
export function originOf({ of }: Found): string {
  return of === SUPPLIED ? 'the supplied list' : formatTag(of);
}

interface Pattern {
  /** One character for each byte, in lower case. */
  readonly bytes: string;
  readonly of: Tag;
  /** Neighbours of the same kind as the pattern's edge make it part of another word; UTF-16 has no such neighbours. */
  readonly wordBounded: boolean;
  /** Compared with the length that a VR asks for. */
  readonly weight: number;
  readonly next: number;
}

/** Ten times what a structured report with all its persons needs. */
const MAXIMUM_PATTERNS = 4096;
const MAXIMUM_UIDS = 100_000;
const BUCKETS = 4096;
/** Shorter than any UID that is worth hiding ("1.2.3"), longer than any decimal number is likely to be. */
const MINIMUM_UID_LENGTH = 10;

const FOLD = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte,
);
const OTHER = 0;
const LETTER = 1;
const DIGIT = 2;
const KIND = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte >= 0x30 && byte <= 0x39) return DIGIT;
  return FOLD[byte]! >= 0x61 && FOLD[byte]! <= 0x7a ? LETTER : OTHER;
});
const UID_CHARACTER = Uint8Array.from({ length: 256 }, (_, byte) =>
  KIND[byte] === DIGIT || byte === 0x2e ? 1 : 0,
);
const UID_STARTS: ReadonlySet<number> = new Set([0x30, 0x31, 0x32]);
const DOT = 0x2e;

/** The identifiers of one instance, ready to be searched for. */
export class IdentifierSearch {
  readonly #patterns: Pattern[] = [];
  readonly #heads = new Int16Array(BUCKETS).fill(-1);
  readonly #known = new Set<string>();
  readonly #uids = new Map<string, Tag>();

  /**
   * Adds a byte pattern of three bytes or more: one character for each byte, in any case. Its weight is its length, or 0
   * for a common word, which counts in free text only.
   */
  add(bytes: string, of: Tag, wordBounded: boolean, isCommon = false): void {
    const folded = fold(bytes);
    if (folded.length < 3 || this.#known.has(folded)) return;
    if (this.#patterns.length === MAXIMUM_PATTERNS) {
      throw new UnprocessableInstanceError('too-many-elements', `more than ${MAXIMUM_PATTERNS} identifiers`);
    }
    this.#known.add(folded);
    const weight = isCommon ? 0 : folded.length;
    const bucket = bucketOf(folded.charCodeAt(0), folded.charCodeAt(1));
    this.#patterns.push({ bytes: folded, of, wordBounded, weight, next: this.#heads[bucket]! });
    this.#heads[bucket] = this.#patterns.length - 1;
  }

  /** Adds a UID, which is found only where it stands whole. */
  addUid(uid: string, of: Tag): void {
    if (uid.length < MINIMUM_UID_LENGTH || this.#uids.has(uid)) return;
    if (this.#uids.size === MAXIMUM_UIDS) {
      throw new UnprocessableInstanceError('too-many-elements', `more than ${MAXIMUM_UIDS} UIDs`);
    }
    this.#uids.set(uid, of);
  }

  /** The first identifier of at least that weight; UIDs count always. */
  find(bytes: Uint8Array, start: number, end: number, minimumWeight: number): Found | undefined {
    const heads = this.#heads;
    let first = start < end ? FOLD[bytes[start]!]! : 0;
    for (let at = start; at + 2 < end; at++) {
      const second = FOLD[bytes[at + 1]!]!;
      const head = heads[((first << 4) ^ second) & (BUCKETS - 1)]!;
      if (head >= 0) {
        const found = this.#matchChain(head, bytes, at, start, end, minimumWeight);
        if (found !== undefined) return found;
      }
      if (second === DOT && UID_STARTS.has(first) && (at === start || UID_CHARACTER[bytes[at - 1]!] === 0)) {
        const found = this.#matchUid(bytes, at, end);
        if (found !== undefined) return found;
      }
      first = second;
    }
    return undefined;
  }

  #matchChain(
    head: number,
    bytes: Uint8Array,
    at: number,
    start: number,
    end: number,
    minimumWeight: number,
  ): Found | undefined {
    for (let index = head; index >= 0; ) {
      const pattern = this.#patterns[index]!;
      const { length } = pattern.bytes;
      if (pattern.weight >= minimumWeight && at + length <= end && isAt(pattern.bytes, bytes, at)) {
        const after = at + length;
        if (!pattern.wordBounded || isBounded(bytes, at, after, start, end)) {
          return { of: pattern.of, start: at, end: after };
        }
      }
      index = pattern.next;
    }
    return undefined;
  }

  #matchUid(bytes: Uint8Array, at: number, end: number): Found | undefined {
    let after = at;
    while (after < end && after - at < 65 && UID_CHARACTER[bytes[after]!] === 1) after++;
    while (after > at && bytes[after - 1] === DOT) after--;
    if (after - at < MINIMUM_UID_LENGTH) return undefined;
    const of = this.#uids.get(String.fromCharCode(...bytes.subarray(at, after)));
    return of === undefined ? undefined : { of, start: at, end: after };
  }
}

function bucketOf(first: number, second: number): number {
  return ((first << 4) ^ second) & (BUCKETS - 1);
}

function isAt(pattern: string, bytes: Uint8Array, at: number): boolean {
  for (let index = 0; index < pattern.length; index++) {
    if (FOLD[bytes[at + index]!] !== pattern.charCodeAt(index)) return false;
  }
  return true;
}

function isBounded(bytes: Uint8Array, at: number, after: number, start: number, end: number): boolean {
  const firstKind = KIND[bytes[at]!];
  if (at > start && firstKind !== OTHER && KIND[bytes[at - 1]!] === firstKind) return false;
  const lastKind = KIND[bytes[after - 1]!];
  return !(after < end && lastKind !== OTHER && KIND[bytes[after]!] === lastKind);
}

function fold(bytes: string): string {
  return bytes.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
