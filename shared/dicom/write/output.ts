/**
 * Where written bytes are collected: long runs of the source stay views of it, short ones and what is new are gathered in
 * pages, so that an object becomes a few segments. A length can be put in later, when what it counts has been written.
 */
import type { Segment } from '../new-element.ts';
import { segmentLength } from '../segments.ts';

/** A run shorter than this is copied: a segment of its own would cost more. */
const SHORTEST_VIEW = 4096;
const PAGE = 16 * 1024;

/** Where a 32-bit length is to be put. */
export interface LengthSlot {
  readonly page: Uint8Array;
  readonly at: number;
  /** What was written before the bytes that are counted. */
  readonly from: number;
}

export class Output {
  readonly #segments: Segment[] = [];
  #page = new Uint8Array(PAGE);
  #flushed = 0;
  #used = 0;
  #length = 0;
  /** The run of source bytes that may still grow: runs that touch are one. */
  #run: Uint8Array | undefined;
  #runStart = 0;
  #runEnd = 0;

  /** Bytes written so far. */
  get length(): number {
    return this.#length;
  }

  /** Adds a run of the source. */
  copy(bytes: Uint8Array, start: number, end: number): void {
    if (end <= start) return;
    this.#length += end - start;
    if (this.#run === bytes && this.#runEnd === start) {
      this.#runEnd = end;
      return;
    }
    this.#endRun();
    this.#run = bytes;
    this.#runStart = start;
    this.#runEnd = end;
  }

  /** Adds a run of the source that was never read. */
  copyUnread(start: number, length: number): void {
    this.addUnread({ copy: { start, length } });
  }

  /** Adds what is not in memory: a range of the source, or bytes that are kept elsewhere. */
  addUnread(segment: Exclude<Segment, Uint8Array>): void {
    this.#endRun();
    this.#endPage();
    this.#segments.push(segment);
    this.#length += segmentLength(segment);
  }

  /** Adds bytes that were made. */
  add(bytes: Uint8Array): void {
    this.copy(bytes, 0, bytes.length);
  }

  /** Room for up to 16 bytes of a header: the page, and where in it they start. */
  room(length: number): { page: Uint8Array; at: number } {
    this.#endRun();
    this.#reserve(length);
    const at = this.#used;
    this.#used += length;
    this.#length += length;
    return { page: this.#page, at };
  }

  /** The written segments. */
  finish(): Segment[] {
    this.#endRun();
    this.#endPage();
    return this.#segments;
  }

  #endRun(): void {
    const run = this.#run;
    if (run === undefined) return;
    this.#run = undefined;
    const length = this.#runEnd - this.#runStart;
    if (length >= SHORTEST_VIEW) {
      this.#endPage();
      this.#segments.push(run.subarray(this.#runStart, this.#runEnd));
      return;
    }
    this.#reserve(length);
    this.#page.set(run.subarray(this.#runStart, this.#runEnd), this.#used);
    this.#used += length;
  }

  #reserve(length: number): void {
    if (this.#used + length <= this.#page.length) return;
    this.#endPage();
    this.#page = new Uint8Array(PAGE);
    this.#flushed = 0;
    this.#used = 0;
  }

  #endPage(): void {
    if (this.#used > this.#flushed) this.#segments.push(this.#page.subarray(this.#flushed, this.#used));
    this.#flushed = this.#used;
  }
}
