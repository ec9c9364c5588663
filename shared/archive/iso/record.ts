/** One record of a directory (ECMA-119, 9.1): a file or a part of one, a directory, or one of the two that each begins with. */

import { corrupt } from '../refuse.ts';
import { decodeEntryName } from '../zip/entry-name.ts';

/** A range of the image, in bytes. */
export interface Extent {
  readonly start: number;
  readonly length: number;
}

export interface DirectoryRecord {
  /** Of the record itself. */
  readonly bytes: number;
  readonly extent: Extent;
  readonly isFolder: boolean;
  /** Whether more extents of the same file follow in the next record. */
  readonly continues: boolean;
  /** Whether its bytes lie apart from each other in a pattern. */
  readonly isInterleaved: boolean;
  readonly name: Uint8Array;
}

/** The part before the name. */
const FIXED_BYTES = 33;
const FLAG_FOLDER = 0x02;
const FLAG_CONTINUES = 0x80;

/** Reads the record that the bytes begin with; `place` names it in messages. */
export function readRecord(bytes: Uint8Array, blockBytes: number, place: string): DirectoryRecord {
  const length = bytes[0] ?? 0;
  const nameLength = bytes[32] ?? 0;
  if (nameLength === 0 || FIXED_BYTES + nameLength > length || length > bytes.length)
    throw corrupt(
      `${place}: a record of ${length} bytes with a name of ${nameLength}, ${bytes.length} are there`,
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset, length);
  const flags = view.getUint8(25);
  // An extended attribute record, which nobody writes any more, stands before the bytes.
  const block = view.getUint32(2, true) + view.getUint8(1);
  return {
    bytes: length,
    extent: { start: block * blockBytes, length: view.getUint32(10, true) },
    isFolder: (flags & FLAG_FOLDER) !== 0,
    continues: (flags & FLAG_CONTINUES) !== 0,
    isInterleaved: view.getUint16(26) !== 0,
    name: bytes.subarray(FIXED_BYTES, FIXED_BYTES + nameLength),
  };
}

/** Whether the record is that of the directory itself or of the one above it. */
export function isDot({ name }: DirectoryRecord): boolean {
  return name.length === 1 && (name[0] === 0 || name[0] === 1);
}

const ucs2 = new TextDecoder('utf-16be');

/** The name for people: without version 1 and without the dot of a name that has no extension. */
export function nameOf({ name, isFolder }: DirectoryRecord, isJoliet: boolean): string {
  const text = isJoliet ? ucs2.decode(name) : decodeEntryName(name, 0);
  return isFolder ? text : text.replace(/;1$/, '').replace(/\.(?=;|$)/, '');
}
