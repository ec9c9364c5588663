/** Part 10 bytes put together by hand, apart from the writer that is tested: what a header says need not be true. */
import { EXPLICIT_VR_LITTLE_ENDIAN } from '../../../shared/dicom/index.ts';

export type Raw = Uint8Array;

const LONG = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);
export const UNDEFINED = 0xffffffff;

export function bytes(...parts: (Raw | readonly number[] | string)[]): Raw {
  return new Uint8Array(
    Buffer.concat(
      parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))),
    ),
  );
}

export function u16(value: number, bigEndian = false): number[] {
  const pair = [value & 0xff, (value >>> 8) & 0xff];
  return bigEndian ? pair.reverse() : pair;
}

export function u32(value: number, bigEndian = false): number[] {
  const quad = [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24];
  return bigEndian ? quad.reverse() : quad;
}

function tagBytes(tag: number, bigEndian = false): number[] {
  return [...u16(tag >>> 16, bigEndian), ...u16(tag & 0xffff, bigEndian)];
}

export interface HowWritten {
  readonly bigEndian?: boolean;
  /** The length in the header, when it is to differ from the value's. */
  readonly length?: number;
}

/** An element in explicit VR. */
export function explicit(tag: number, vr: string, value: Raw | string, how: HowWritten = {}): Raw {
  const length = how.length ?? value.length;
  const sized = LONG.has(vr) ? [0, 0, ...u32(length, how.bigEndian)] : u16(length, how.bigEndian);
  return bytes(tagBytes(tag, how.bigEndian), vr, sized, value);
}

/** An element in implicit VR. */
export function implicit(tag: number, value: Raw | string, how: HowWritten = {}): Raw {
  return bytes(tagBytes(tag, how.bigEndian), u32(how.length ?? value.length, how.bigEndian), value);
}

/** An item; of undefined length when it is to be delimited. */
export function item(content: Raw, how: 'defined' | 'delimited' = 'defined', bigEndian = false): Raw {
  if (how === 'defined')
    return bytes(tagBytes(0xfffee000, bigEndian), u32(content.length, bigEndian), content);
  return bytes(tagBytes(0xfffee000, bigEndian), u32(UNDEFINED), content, delimiter('item', bigEndian));
}

export function delimiter(of: 'item' | 'sequence', bigEndian = false): Raw {
  return bytes(tagBytes(of === 'item' ? 0xfffee00d : 0xfffee0dd, bigEndian), [0, 0, 0, 0]);
}

/** A sequence in explicit VR. */
export function sequence(
  tag: number,
  items: readonly Raw[],
  how: 'defined' | 'delimited' = 'defined',
  vr = 'SQ',
): Raw {
  if (how === 'defined') return explicit(tag, vr, bytes(...items));
  return explicit(tag, vr, bytes(...items, delimiter('sequence')), { length: UNDEFINED });
}

/** Encapsulated Pixel Data: offset table and fragments as they are given. */
export function encapsulated(
  fragments: readonly (Raw | string)[],
  offsetTable: Raw = new Uint8Array(0),
): Raw {
  const items = [offsetTable, ...fragments].map((fragment) => item(bytes(fragment)));
  return explicit(0x7fe00010, 'OB', bytes(...items, delimiter('sequence')), { length: UNDEFINED });
}

/** Preamble, `DICM`, meta information with no more than the transfer syntax. */
export function opening(transferSyntaxUid: string | undefined): Raw {
  if (transferSyntaxUid === undefined)
    return bytes(new Uint8Array(128), 'DICM', explicit(0x00020013, 'SH', 'RAW '));
  const padded = transferSyntaxUid.length % 2 === 1 ? `${transferSyntaxUid}\0` : transferSyntaxUid;
  return bytes(new Uint8Array(128), 'DICM', explicit(0x00020010, 'UI', padded));
}

/** A file of the data set's bytes. */
export function file(dataSet: Raw, transferSyntaxUid: string | undefined = EXPLICIT_VR_LITTLE_ENDIAN): Raw {
  return bytes(opening(transferSyntaxUid), dataSet);
}
