/**
 * Lossless JPEG (ITU-T T.81 annex H, PS3.5 A.4.1) as it is usually written: one interleaved scan. Three times as fast as the
 * WebAssembly that knows the rest, which is asked wherever this gives up: what is damaged is judged there.
 */
import { bitsAt, codedValues, extended, LOOK_BITS } from './coded-values.ts';
import type { HuffmanTable } from './huffman.ts';
import { type Interval, type PlainScan, readPlainScan } from './plain-scan.ts';

const SOF3 = 0xc3;

/** Samples, interleaved by pixel, in words where they have more than 8 bits; undefined where the codestream is of another form. */
export function decodeLossless(bytes: Uint8Array): Uint8Array | Uint16Array | undefined {
  const scan = readPlainScan(bytes);
  if (scan === undefined || scan.process !== SOF3 || scan.spectralStart < 1 || scan.spectralStart > 7)
    return undefined;
  const { width, height, precision, components, restartInterval } = scan;
  // An interval is a number of whole lines (H.1.1).
  if (restartInterval % width !== 0 || components.some(({ dc }) => dc === undefined)) return undefined;
  const linesAnInterval = restartInterval === 0 ? height : restartInterval / width;
  if (scan.intervals.length !== Math.ceil(height / linesAnInterval)) return undefined;
  const channels = components.length;
  const samples =
    precision > 8 ? new Uint16Array(width * height * channels) : new Uint8Array(width * height * channels);
  const tables = components.map(({ dc }) => differenceTable(dc as HuffmanTable));
  const shift = scan.approximation & 15;
  if (shift >= precision) return undefined;
  const middle = 1 << (precision - shift - 1);
  if (channels === 1 && scan.spectralStart === 1) {
    const table = tables[0] as DifferenceTable;
    return decodeGreys(scan, linesAnInterval, table, middle, shift, samples) ? samples : undefined;
  }
  // The line before and the one being decoded, without the point transform.
  let [above, current] = [new Int32Array(width * channels), new Int32Array(width * channels)];
  let [position, end] = [0, 0];
  for (let line = 0; line < height; line++) {
    const isFirst = line % linesAnInterval === 0;
    if (isFirst) ({ start: position, end } = scan.intervals[line / linesAnInterval] as Interval);
    position = readDifferences(scan.data, position, tables, current);
    if (position < 0 || position > end) return undefined;
    for (let channel = 0; channel < channels; channel++) {
      const before = isFirst ? middle : (above[channel] as number);
      current[channel] = ((current[channel] as number) + before) & 0xffff;
    }
    undoPrediction(isFirst ? 1 : scan.spectralStart, current, above, channels);
    const start = line * current.length;
    for (let at = 0; at < current.length; at++) samples[start + at] = (current[at] as number) << shift;
    [above, current] = [current, above];
  }
  return samples;
}

/**
 * Greys by what is to their left, as nearly all are written (process 14 SV 1): values go from the bits to their places in one pass,
 * and bits are taken from a window of four bytes as long as it has some. False where the codestream is damaged.
 */
function decodeGreys(
  { data, intervals, width, height }: PlainScan,
  linesAnInterval: number,
  { lookup, quick }: DifferenceTable,
  middle: number,
  shift: number,
  samples: Uint8Array | Uint16Array,
): boolean {
  let [end, base, window, offset] = [0, 0, 0, 0];
  let first = middle;
  for (let line = 0, at = 0; line < height; line++) {
    if (line % linesAnInterval === 0) {
      const interval = intervals[line / linesAnInterval] as Interval;
      ({ end } = interval);
      base = interval.start >> 3;
      window = bytesAt(data, base);
      offset = 0;
      first = middle;
    }
    let value = first;
    for (const to = at + width; at < to; at++) {
      if (offset > 16) {
        base += offset >> 3;
        window = bytesAt(data, base);
        offset &= 7;
      }
      const look = (window << offset) >>> 16;
      const found = quick[look >>> (16 - LOOK_BITS)] as number;
      if (found !== 0) {
        offset += found & 255;
        value = (value + (found >> 12)) & 0xffff;
      } else {
        const code = lookup[look] as number;
        const size = code & 255;
        if (code === 0 || size > 16) return false;
        offset += code >> 8;
        // A size of 16 has no bits: it is 32768 (H.1.2.2).
        if (size === 16) value = (value + 32768) & 0xffff;
        else {
          const bits = bitsAt(data, base * 8 + offset) >>> (16 - size);
          value = (value + extended(bits, size)) & 0xffff;
          offset += size;
        }
      }
      samples[at] = value << shift;
      // The first of a line is predicted by the first of the line before.
      if (at === to - width) first = value;
    }
    if (base * 8 + offset > end) return false;
  }
  return true;
}

function bytesAt(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) << 24) |
    ((bytes[at + 1] as number) << 16) |
    ((bytes[at + 2] as number) << 8) |
    (bytes[at + 3] as number)
  );
}

interface DifferenceTable {
  readonly lookup: Uint16Array;
  readonly quick: Int32Array;
}

function differenceTable(huffman: HuffmanTable): DifferenceTable {
  return { lookup: huffman.lookup, quick: codedValues(huffman) };
}

/** The differences of one line; where the bits go on, or -1 where there is no such code. */
function readDifferences(
  bytes: Uint8Array,
  start: number,
  tables: readonly DifferenceTable[],
  line: Int32Array,
): number {
  const channels = tables.length;
  let { lookup, quick } = tables[0] as DifferenceTable;
  let position = start;
  for (let at = 0, channel = 0; at < line.length; at++) {
    if (channels > 1) {
      ({ lookup, quick } = tables[channel] as DifferenceTable);
      channel = channel + 1 === channels ? 0 : channel + 1;
    }
    const look = bitsAt(bytes, position);
    const found = quick[look >>> (16 - LOOK_BITS)] as number;
    if (found !== 0) {
      position += found & 255;
      line[at] = found >> 12;
      continue;
    }
    const code = lookup[look] as number;
    const size = code & 255;
    if (code === 0 || size > 16) return -1;
    position += code >> 8;
    // A size of 16 has no bits: it is 32768 (H.1.2.2).
    if (size === 16) line[at] = 32768;
    else {
      line[at] = extended(bitsAt(bytes, position) >>> (16 - size), size);
      position += size;
    }
  }
  return position;
}

/** From differences to values, modulo 2^16, from the second pixel on (table H.1): a is left, b above, c above the left. */
function undoPrediction(predictor: number, line: Int32Array, above: Int32Array, channels: number): void {
  if (predictor === 1) {
    for (let at = channels; at < line.length; at++)
      line[at] = ((line[at] as number) + (line[at - channels] as number)) & 0xffff;
    return;
  }
  for (let at = channels; at < line.length; at++) {
    const [a, b, c] = [line[at - channels] as number, above[at] as number, above[at - channels] as number];
    line[at] = ((line[at] as number) + predicted(predictor, a, b, c)) & 0xffff;
  }
}

function predicted(predictor: number, a: number, b: number, c: number): number {
  switch (predictor) {
    case 2:
      return b;
    case 3:
      return c;
    case 4:
      return a + b - c;
    case 5:
      return a + ((b - c) >> 1);
    case 6:
      return b + ((a - c) >> 1);
    default:
      return (a + b) >> 1;
  }
}
