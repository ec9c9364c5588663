/** Encapsulated Pixel Data written anew (PS3.5 A.4): frames that changed as one fragment each, the others as they lie in the source. */
import { type Fragment, isCopied, type NewElement, type Segment } from '../../dicom/index.ts';
import { TAG } from '../attributes.ts';
import type { KeptFrame } from './rewritten-frames.ts';

/** A frame of the new value: kept as it was made, or where its fragments lie in the source. */
export type WrittenFrame = KeptFrame | readonly Fragment[];

export function isKept(frame: WrittenFrame | undefined): frame is KeptFrame {
  return frame !== undefined && 'bytes' in frame;
}

export interface Encapsulated {
  readonly segments: readonly Segment[];
  /** The extended offset table, where the source had one. */
  readonly attributes: readonly NewElement[];
}

export type OffsetTable = 'none' | 'basic' | 'extended';

const ITEM_HEADER = 8;

/** The items of the value, offset table first, without the delimiter. */
export function encapsulate(frames: readonly WrittenFrame[], table: OffsetTable): Encapsulated {
  const segments: Segment[] = [];
  const offsets: number[] = [];
  const lengths: number[] = [];
  let at = 0;
  for (const frame of frames) {
    offsets.push(at);
    if (isKept(frame)) {
      const odd = frame.length % 2;
      segments.push(itemHeader(frame.length + odd), ...frame.segments);
      if (odd === 1) segments.push(Uint8Array.of(0));
      lengths.push(frame.length);
      at += ITEM_HEADER + frame.length + odd;
      continue;
    }
    const start = (frame[0] as Fragment).start - ITEM_HEADER;
    const last = frame.at(-1) as Fragment;
    const length = last.start + last.length - start;
    extendOrPush(segments, start, length);
    lengths.push(frame.reduce((sum, fragment) => sum + fragment.length, 0));
    at += length;
  }
  const isBasic = table === 'basic' && at < 2 ** 32;
  return {
    segments: [isBasic ? basicTable(offsets) : itemHeader(0), ...segments],
    attributes:
      table === 'extended'
        ? [
            { tag: TAG.ExtendedOffsetTable, vr: 'OV', value: longs(offsets) },
            { tag: TAG.ExtendedOffsetTableLengths, vr: 'OV', value: longs(lengths) },
          ]
        : [],
  };
}

/** Ranges that touch are one. */
function extendOrPush(segments: Segment[], start: number, length: number): void {
  const last = segments.at(-1);
  if (last !== undefined && isCopied(last) && last.copy.start + last.copy.length === start) {
    segments[segments.length - 1] = { copy: { start: last.copy.start, length: last.copy.length + length } };
  } else segments.push({ copy: { start, length } });
}

function itemHeader(length: number): Uint8Array {
  const header = Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0]);
  header.writeUInt32LE(length, 4);
  return header;
}

function basicTable(offsets: readonly number[]): Uint8Array {
  const table = Buffer.alloc(offsets.length * 4);
  for (const [index, offset] of offsets.entries()) table.writeUInt32LE(offset, index * 4);
  return Buffer.concat([itemHeader(table.length), table]);
}

function longs(values: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(values.length * 8);
  for (const [index, value] of values.entries()) bytes.writeBigUInt64LE(BigInt(value), index * 8);
  return bytes;
}
