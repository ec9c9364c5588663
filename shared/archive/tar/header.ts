/**
 * One 512-byte header block of a TAR archive: ustar and its prefix (POSIX.1-1988), GNU's large numbers, and the older form
 * without a magic. A block whose checksum is wrong is none.
 */

export const BLOCK_BYTES = 512;

export interface TarHeader {
  readonly name: Uint8Array;
  readonly size: number;
  /** `0` a file, `5` a folder, `L` a long name of GNU's, `x` and `g` extended headers; others are no files. */
  readonly type: string;
}

const TYPE_AT = 156;
const CHECKSUM = { at: 148, length: 8 };

/** The header in a block; undefined where the block is no header. */
export function readTarHeader(block: Uint8Array): TarHeader | undefined {
  if (block.length < BLOCK_BYTES || !hasChecksum(block)) return undefined;
  const size = readNumber(block.subarray(124, 136));
  if (size === undefined) return undefined;
  const type = String.fromCharCode(block[TYPE_AT] ?? 0);
  const name = untilZero(block.subarray(0, 100));
  // GNU's own header ("ustar  ") has times where ustar ("ustar\0") has the prefix.
  const isUstar = latin1(block.subarray(257, 263)) === 'ustar\0';
  const prefix = isUstar ? untilZero(block.subarray(345, 500)) : new Uint8Array(0);
  return {
    name: prefix.length === 0 ? name : Buffer.concat([prefix, Buffer.from('/'), name]),
    size,
    // A header of the old form has a zero byte; type 7 (contiguous) is read like a file.
    type: type === '\0' || type === '7' ? '0' : type,
  };
}

/** Whether the bytes begin with a header. */
export function isTarHeader(firstBytes: Uint8Array): boolean {
  return readTarHeader(firstBytes.subarray(0, BLOCK_BYTES)) !== undefined;
}

/** Whether a block is all zeros: two of them end an archive. */
export function isZeroBlock(block: Uint8Array): boolean {
  return block.every((byte) => byte === 0);
}

/** Bytes that content of a length takes, in whole blocks. */
export function inBlocks(length: number): number {
  return Math.ceil(length / BLOCK_BYTES) * BLOCK_BYTES;
}

/** The sum of all bytes, the checksum's own read as blanks; writers of old summed signed bytes. */
function hasChecksum(block: Uint8Array): boolean {
  const stated = readNumber(block.subarray(CHECKSUM.at, CHECKSUM.at + CHECKSUM.length));
  let unsigned = 0;
  let signed = 0;
  for (let at = 0; at < BLOCK_BYTES; at++) {
    const isOwn = at >= CHECKSUM.at && at < CHECKSUM.at + CHECKSUM.length;
    const byte = isOwn ? 0x20 : (block[at] as number);
    unsigned += byte;
    signed += byte < 0x80 ? byte : byte - 0x100;
  }
  return stated === unsigned || stated === signed;
}

/** Octal digits between blanks and zeros, or base 256 where the first bit is set (GNU); undefined where it is neither. */
function readNumber(field: Uint8Array): number | undefined {
  if (((field[0] ?? 0) & 0x80) !== 0) {
    let value = (field[0] as number) & 0x7f;
    for (const byte of field.subarray(1)) value = value * 256 + byte;
    return Number.isSafeInteger(value) ? value : undefined;
  }
  const text = latin1(field)
    .replace(/[\0 ]+$/, '')
    .trimStart();
  if (text === '') return 0;
  return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : undefined;
}

function untilZero(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
