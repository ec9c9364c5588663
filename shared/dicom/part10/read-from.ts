/**
 * Reads the header of an object from a ranged source: the first bytes, more of them while they do not suffice, then over Pixel
 * Data to what follows it. Fragments are hopped by small windows.
 */

import { walkFragmentsOfSource } from './fragment-source.ts';
import { DEFAULT_READ_LIMITS, type ReadLimits } from './limits.ts';
import { JUDGED_BYTES } from './looks-like-dicom.ts';
import type { ByteSource, Part10 } from './part10.ts';
import { finish, isEncapsulated, type ReadHead, readHead, readTail, takePixelData } from './read.ts';
import { refuseLimit } from './refuse.ts';
import { MoreBytesNeeded, Window } from './window.ts';

/** What is asked for first: of real headers 98 in 100 end within it. */
const FIRST_BYTES = 64 * 1024;
/** Reads the header of an object; `firstBytes`, if given, are its first bytes and not read again. */
export async function readPart10From(
  source: ByteSource,
  limits: Partial<ReadLimits> = {},
  firstBytes?: Uint8Array,
): Promise<Part10> {
  const allLimits = { ...DEFAULT_READ_LIMITS, ...limits };
  const reader = new CountingReader(source);
  const enough = Math.min(JUDGED_BYTES, source.size);
  let bytes = firstBytes ?? new Uint8Array(0);
  reader.bytesRead = bytes.length;
  if (bytes.length < enough) bytes = await reader.read(0, Math.min(FIRST_BYTES, source.size));
  let head: ReadHead | undefined;
  while (head === undefined) {
    const attempt = tryReadHead(bytes, source.size, allLimits);
    if (attempt instanceof MoreBytesNeeded) bytes = await grow(reader, bytes, attempt, allLimits);
    else head = attempt;
  }
  const walk = isEncapsulated(head)
    ? await walkFragmentsOfSource((start, length) => reader.read(start, length), head, allLimits)
    : undefined;
  const pixelData = takePixelData(head, walk);
  if (pixelData !== undefined) {
    const { window } = head.opened;
    if (window.bytes.length >= window.end) readTail(head, window, pixelData.end, allLimits);
    else await readSourceTail(reader, head, pixelData.end, allLimits);
  }
  return finish(head, pixelData, source.size, reader.bytesRead);
}

function tryReadHead(bytes: Uint8Array, size: number, limits: ReadLimits): ReadHead | MoreBytesNeeded {
  try {
    return readHead(bytes, size, limits);
  } catch (error) {
    if (error instanceof MoreBytesNeeded) return error;
    throw error;
  }
}

/** Four times as much, or what is needed: the bytes are gone through anew, so growth has to be geometric. */
async function grow(
  reader: CountingReader,
  bytes: Uint8Array,
  needed: MoreBytesNeeded,
  limits: ReadLimits,
): Promise<Uint8Array> {
  const maximum = limits[needed.limit];
  if (needed.end > maximum) refuseLimit('too-large', needed.limit, maximum);
  const size = Math.min(Math.max(needed.end, 4 * bytes.length), maximum, reader.size);
  const grown = new Uint8Array(size);
  grown.set(bytes);
  grown.set(await reader.read(bytes.length, size - bytes.length), bytes.length);
  return grown;
}

async function readSourceTail(
  reader: CountingReader,
  head: ReadHead,
  start: number,
  limits: ReadLimits,
): Promise<void> {
  const length = reader.size - start;
  if (length > limits.maximumHeaderBytes) {
    refuseLimit('too-large', 'maximumHeaderBytes', limits.maximumHeaderBytes);
  }
  const bytes = length === 0 ? new Uint8Array(0) : await reader.read(start, length);
  readTail(head, new Window(bytes, start, reader.size), 0, limits);
}

class CountingReader {
  readonly #source: ByteSource;
  bytesRead = 0;

  constructor(source: ByteSource) {
    this.#source = source;
  }

  get size(): number {
    return this.#source.size;
  }

  read(start: number, length: number): Promise<Uint8Array> {
    this.bytesRead += length;
    return this.#source.read(start, length);
  }
}
