/** How a data set is written: whether headers name the VR, and the byte order (PS3.5 7.1.2, 7.3). */

/** One way of writing; there are four, and each is one object, so that they compare by identity. */
export interface Encoding {
  readonly explicitVr: boolean;
  readonly bigEndian: boolean;
}

export const IMPLICIT_LITTLE: Encoding = { explicitVr: false, bigEndian: false };
export const EXPLICIT_LITTLE: Encoding = { explicitVr: true, bigEndian: false };
export const EXPLICIT_BIG: Encoding = { explicitVr: true, bigEndian: true };
/** No transfer syntax has it; private ones and broken writers do. */
export const IMPLICIT_BIG: Encoding = { explicitVr: false, bigEndian: true };

/** The one object of the encoding. */
export function encodingOf(explicitVr: boolean, bigEndian: boolean): Encoding {
  if (explicitVr) return bigEndian ? EXPLICIT_BIG : EXPLICIT_LITTLE;
  return bigEndian ? IMPLICIT_BIG : IMPLICIT_LITTLE;
}

/** An unsigned 16-bit number. */
export function read16(bytes: Uint8Array, at: number, bigEndian: boolean): number {
  return bigEndian
    ? ((bytes[at] as number) << 8) | (bytes[at + 1] as number)
    : (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
}

/** An unsigned 32-bit number. */
export function read32(bytes: Uint8Array, at: number, bigEndian: boolean): number {
  const a = bytes[at] as number;
  const b = bytes[at + 1] as number;
  const c = bytes[at + 2] as number;
  const d = bytes[at + 3] as number;
  return (bigEndian ? (a << 24) | (b << 16) | (c << 8) | d : a | (b << 8) | (c << 16) | (d << 24)) >>> 0;
}

/** A tag: two 16-bit numbers, the group first. */
export function readTag(bytes: Uint8Array, at: number, bigEndian: boolean): number {
  return read16(bytes, at, bigEndian) * 0x10000 + read16(bytes, at + 2, bigEndian);
}
