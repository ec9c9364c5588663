/**
 * Goes through the fragments of encapsulated Pixel Data once, forwards, by windows, and notes which bytes are to be overwritten.
 * A codestream may lie in several fragments; it ends before the fragment in which the next one begins (PS3.5 A.4).
 */
import type { ByteSource, Fragment } from '../../dicom/index.ts';
import { UnprocessableInstanceError } from '../../errors.ts';
import { beginsCodestream, MAGIC_BYTES } from './codestream-magic.ts';
import type { Clearing } from './pixel-edits.ts';

/** Bytes that are held at once, and again as many that are asked for ahead. */
export const WINDOW_BYTES = 4 * 1024 * 1024;
/** Some ten for each frame that an object may have. */
const MAXIMUM_CLEARINGS = 1_000_000;

const NOTHING = new Uint8Array(0);
/** What writers fill up with: zeros, spaces, fill bytes (ITU-T T.81 B.1.1.2). */
const PADDING: ReadonlySet<number> = new Set([0x00, 0x20, 0xff]);

/** What the fragments hold: a frame each, frames that begin with a fragment, or one stream that is cut anywhere. */
export type Division = 'frame-a-fragment' | 'frames' | 'one-stream';

interface Window {
  readonly start: number;
  readonly bytes: Uint8Array;
}

/** Where the reader stands. */
export interface Position {
  readonly fragment: number;
  readonly offset: number;
  readonly at: number;
}

export class CodestreamReader {
  /** Ascending and apart. */
  readonly clearings: Clearing[] = [];
  /** What was found that had to be overwritten. */
  readonly reasons = new Set<string>();
  readonly #source: ByteSource;
  readonly #fragments: readonly Fragment[];
  readonly #division: Division;
  readonly #end: number;
  readonly #windowBytes: number;
  #window: Window = { start: 0, bytes: NOTHING };
  #ahead: { readonly start: number; readonly bytes: Promise<Uint8Array> } | undefined;
  #fragment = -1;
  #offset = 0;
  #at = 0;

  constructor(
    source: ByteSource,
    fragments: readonly Fragment[],
    division: Division,
    windowBytes = WINDOW_BYTES,
  ) {
    this.#source = source;
    this.#fragments = fragments;
    this.#division = division;
    this.#windowBytes = windowBytes;
    const last = fragments.at(-1);
    this.#end = last === undefined ? 0 : last.start + last.length;
  }

  /** Bytes of the codestream that were passed. */
  get at(): number {
    return this.#at;
  }

  get position(): Position {
    return { fragment: this.#fragment, offset: this.#offset, at: this.#at };
  }

  /** Goes back, or forwards, to where it stood; nothing may have been cleared since. */
  set position({ fragment, offset, at }: Position) {
    this.#fragment = fragment;
    this.#offset = offset;
    this.#at = at;
  }

  /** Goes to the next fragment; false where there is none. */
  begin(): boolean {
    this.#fragment++;
    this.#offset = 0;
    this.#at = 0;
    return this.#fragment < this.#fragments.length;
  }

  /** The next bytes of the codestream, fewer where it ends before. */
  async peek(length: number): Promise<Uint8Array> {
    const run = await this.#run();
    if (run.length >= length) return run.subarray(0, length);
    const before = this.position;
    const parts: Uint8Array[] = [];
    let missing = length;
    for (let part = run; part.length > 0 && missing > 0; part = await this.#run()) {
      parts.push(part.subarray(0, missing));
      this.#pass(Math.min(part.length, missing));
      missing = length - (this.#at - before.at);
    }
    this.position = before;
    return parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts);
  }

  /** Passes over bytes without reading them. */
  async skip(length: number): Promise<void> {
    const to = this.#at + length;
    while (this.#at < to) {
      const left = (this.#fragments[this.#fragment] as Fragment).length - this.#offset;
      if (left > 0) this.#pass(Math.min(left, to - this.#at));
      else if (!(await this.#nextFragment())) return;
    }
  }

  /** Passes to the next 0xFF behind which one of these bytes stands, or to the end. */
  async skipTo(markers: ReadonlySet<number>): Promise<void> {
    for (let run = await this.#run(); run.length > 0; run = await this.#run()) {
      const found = indexOfMarker(run, markers);
      this.#pass(found < 0 ? run.length : found);
      if (found < 0) continue;
      const pair = await this.peek(2);
      if (pair.length === 2 && markers.has(pair[1] as number)) return;
      this.#pass(1);
    }
  }

  /** Passes over bytes that are to be overwritten, unless they are already what they would become. */
  async clear(length: number, fill: number, reason: string): Promise<void> {
    const to = this.#at + length;
    while (this.#at < to) {
      const run = await this.#run();
      if (run.length === 0) return;
      const part = run.subarray(0, Math.min(run.length, to - this.#at));
      if (!part.every((byte) => byte === fill)) this.#note(part.length, fill, reason);
      this.#pass(part.length);
    }
  }

  /** Passes to the end of the codestream's fragments; what is more than padding is overwritten. */
  async clearRest(reason: string): Promise<void> {
    for (let run = await this.#run(); run.length > 0; run = await this.#run()) {
      const found = run.findIndex((byte) => !PADDING.has(byte));
      this.#pass(found < 0 ? run.length : found);
      if (found >= 0) await this.clear(Number.POSITIVE_INFINITY, 0, reason);
    }
  }

  #pass(length: number): void {
    this.#offset += length;
    this.#at += length;
  }

  #note(length: number, fill: number, reason: string): void {
    this.reasons.add(reason);
    const start = (this.#fragments[this.#fragment] as Fragment).start + this.#offset;
    const last = this.clearings.at(-1);
    if (last !== undefined && last.fill === fill && last.start + last.length === start) {
      this.clearings[this.clearings.length - 1] = { start: last.start, length: last.length + length, fill };
      return;
    }
    if (this.clearings.length === MAXIMUM_CLEARINGS)
      throw new UnprocessableInstanceError(
        'too-many-elements',
        `more than ${MAXIMUM_CLEARINGS} segments to clear in (7FE0,0010)`,
      );
    this.clearings.push({ start, length, fill });
  }

  /** The bytes at hand from here to the end of the fragment or of the window; none at the end of the codestream. */
  async #run(): Promise<Uint8Array> {
    for (;;) {
      const fragment = this.#fragments[this.#fragment];
      if (fragment === undefined) return NOTHING;
      const { start, length } = fragment;
      if (this.#offset < length) return this.#bytesAt(start + this.#offset, start + length);
      if (!(await this.#nextFragment())) return NOTHING;
    }
  }

  /** Goes on to the next fragment if it belongs to the codestream. */
  async #nextFragment(): Promise<boolean> {
    const next = this.#fragments[this.#fragment + 1];
    if (next === undefined || this.#division === 'frame-a-fragment') return false;
    const { start, length } = next;
    if (length > 0 && this.#division === 'frames') {
      const first = await this.#bytesAt(start, start + length);
      const enough = first.length >= Math.min(length, MAGIC_BYTES);
      const magic = enough ? first : await this.#source.read(start, Math.min(length, MAGIC_BYTES));
      if (beginsCodestream(magic)) return false;
    }
    this.#fragment++;
    this.#offset = 0;
    return true;
  }

  async #bytesAt(at: number, end: number): Promise<Uint8Array> {
    const { start, bytes } = this.#window;
    if (at < start || at >= start + bytes.length) await this.#load(at);
    const window = this.#window;
    return window.bytes.subarray(at - window.start, end - window.start);
  }

  async #load(at: number): Promise<void> {
    const follows = at === this.#window.start + this.#window.bytes.length;
    const ahead = this.#ahead;
    this.#ahead = undefined;
    const bytes = await (ahead?.start === at ? ahead.bytes : this.#read(at));
    this.#window = { start: at, bytes };
    const next = at + bytes.length;
    if (!follows || next >= this.#end) return;
    this.#ahead = { start: next, bytes: this.#read(next) };
    // Who never comes to it never waits for it.
    this.#ahead.bytes.catch(() => undefined);
  }

  #read(at: number): Promise<Uint8Array> {
    return this.#source.read(at, Math.min(this.#windowBytes, this.#end - at));
  }
}

/** The index of a 0xFF with one of the bytes behind it, or of one at the end; -1 where there is none. */
function indexOfMarker(bytes: Uint8Array, markers: ReadonlySet<number>): number {
  const searched = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = searched.indexOf(0xff); at >= 0; at = searched.indexOf(0xff, at + 1)) {
    const next = searched[at + 1];
    if (next === undefined || markers.has(next)) return at;
  }
  return -1;
}
