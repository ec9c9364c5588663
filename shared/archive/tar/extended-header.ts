/** The records of a pax extended header (POSIX.1-2001): `<length> <keyword>=<value>\n`, of which name and size are used. */
import { corrupt } from '../refuse.ts';

export interface ExtendedHeader {
  readonly path?: Uint8Array;
  readonly size?: number;
  /** The content is a list of what is not zero, not the file. */
  readonly sparse?: boolean;
}

/** Reads the records; `place` names the entry in messages. */
export function readExtendedHeader(bytes: Uint8Array, place: string): ExtendedHeader {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let found: ExtendedHeader = {};
  for (let at = 0; at < buffer.length; ) {
    const space = buffer.indexOf(0x20, at);
    const digits = space < 0 ? '' : buffer.toString('latin1', at, space);
    const length = /^[1-9]\d{0,8}$/.test(digits) ? Number(digits) : 0;
    const equals = buffer.indexOf(0x3d, space);
    const end = at + length;
    if (length === 0 || end > buffer.length || equals < 0 || equals >= end || buffer[end - 1] !== 0x0a)
      throw corrupt(`${place}: an extended header has no record`);
    const keyword = buffer.toString('latin1', space + 1, equals);
    const value = buffer.subarray(equals + 1, end - 1);
    if (keyword === 'path') found = { ...found, path: value };
    if (keyword === 'size') found = { ...found, size: sizeOf(value, place) };
    if (keyword.startsWith('GNU.sparse.')) found = { ...found, sparse: true };
    at = end;
  }
  return found;
}

function sizeOf(value: Buffer, place: string): number {
  const text = value.toString('latin1');
  const size = Number(text);
  if (!/^\d{1,16}$/.test(text) || !Number.isSafeInteger(size))
    throw corrupt(`${place}: its size is no number`);
  return size;
}
