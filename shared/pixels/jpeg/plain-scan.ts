/**
 * The usual JPEG codestream: one scan of all components, none of them subsampled, everything in front of it. What is written
 * otherwise, or damaged, is given up without a word: the decoders that ask here are the quick ones, and others decide.
 */
import { type HuffmanTable, readTables } from './huffman.ts';

export interface PlainScan {
  /** The low byte of the SOF marker. */
  readonly process: number;
  readonly precision: number;
  readonly width: number;
  readonly height: number;
  readonly components: readonly PlainComponent[];
  /** Ss, Se, Ah and Al of the scan's header: for lossless frames the predictor, 0 and the point transform. */
  readonly spectralStart: number;
  readonly spectralEnd: number;
  readonly approximation: number;
  /** Entropy-coded data without stuffed zeros and restart markers; zeros behind it, so that a look beyond its end is one at numbers. */
  readonly data: Uint8Array;
  /** What lies between restart markers, in bits; more than one only where `restartInterval` is not 0. */
  readonly intervals: readonly Interval[];
  /** MCUs between restart markers; 0 for none. */
  readonly restartInterval: number;
}

export interface Interval {
  readonly start: number;
  readonly end: number;
}

export interface PlainComponent {
  readonly dc: HuffmanTable | undefined;
}

const DHT = 0xc4;
const DRI = 0xdd;
const SOS = 0xda;
const EOI = 0xd9;
const DNL = 0xdc;
const DAC = 0xcc;

/** Reads a codestream; undefined where it is not of that form. */
export function readPlainScan(bytes: Uint8Array): PlainScan | undefined {
  const tables = new Map<number, HuffmanTable>();
  let restartInterval = 0;
  let frame: { readonly process: number; readonly content: Uint8Array } | undefined;
  for (let at = 2; at + 4 <= bytes.length; ) {
    const marker = bytes[at + 1] as number;
    if (bytes[at] !== 0xff || marker === EOI || marker === DNL || marker === DAC) return undefined;
    if (marker === 0xff) {
      at++;
      continue;
    }
    const length = word(bytes, at + 2);
    const content = bytes.subarray(at + 4, at + 2 + length);
    if (length < 2 || content.length !== length - 2) return undefined;
    at += 2 + length;
    if (marker === DHT) readTables(content, tables);
    else if (marker === DRI) restartInterval = word(content, 0);
    else if (marker === SOS) return frame && scanOf(bytes, at, content, frame, { tables, restartInterval });
    else if (marker >= 0xc0 && marker <= 0xcf) {
      if (frame !== undefined) return undefined;
      frame = { process: marker, content };
    }
  }
  return undefined;
}

interface InForce {
  readonly tables: ReadonlyMap<number, HuffmanTable>;
  readonly restartInterval: number;
}

function scanOf(
  bytes: Uint8Array,
  at: number,
  header: Uint8Array,
  { process, content }: { process: number; content: Uint8Array },
  { tables, restartInterval }: InForce,
): PlainScan | undefined {
  const count = content[5] ?? 0;
  if (count === 0 || header[0] !== count || content.length < 6 + 3 * count || header.length < 4 + 2 * count)
    return undefined;
  const components: PlainComponent[] = [];
  for (let index = 0; index < count; index++) {
    // The factors of a single component say nothing (ITU-T T.81 A.2.2).
    const isOther = content[6 + 3 * index] !== header[1 + 2 * index];
    if (isOther || (count > 1 && content[7 + 3 * index] !== 0x11)) return undefined;
    components.push({ dc: tables.get((header[2 + 2 * index] as number) >> 4) });
  }
  const coded = unstuffed(bytes, at);
  if (coded === undefined || (restartInterval === 0 && coded.intervals.length > 1)) return undefined;
  return {
    process,
    precision: content[0] as number,
    height: word(content, 1),
    width: word(content, 3),
    components,
    spectralStart: header[1 + 2 * count] as number,
    spectralEnd: header[2 + 2 * count] as number,
    approximation: header[3 + 2 * count] as number,
    ...coded,
    restartInterval,
  };
}

/** A code and its value have 32 bits at most. */
const ZEROS_BEHIND = 8;

/** Entropy-coded data up to its end; undefined where restart markers are out of turn or another scan follows. */
function unstuffed(bytes: Uint8Array, start: number): Pick<PlainScan, 'data' | 'intervals'> | undefined {
  const data = new Uint8Array(bytes.length - start + ZEROS_BEHIND);
  const intervals: Interval[] = [];
  let [from, to, first] = [start, 0, 0];
  const search = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (;;) {
    const found = search.indexOf(0xff, from);
    const end = found < 0 ? bytes.length : found;
    data.set(bytes.subarray(from, end), to);
    to += end - from;
    const next = bytes[end + 1];
    if (next === 0) {
      data[to++] = 0xff;
      from = end + 2;
    } else if (next === 0xff) from = end + 1;
    else {
      intervals.push({ start: first * 8, end: to * 8 });
      if (next === EOI) return { data, intervals };
      if (next !== 0xd0 + ((intervals.length - 1) & 7)) return undefined;
      first = to;
      from = end + 2;
    }
  }
}

function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
