/**
 * A Huffman code and the bits of the difference behind it, found by one look at the bits that come next (ITU-T T.81 F.2.2). Most
 * are short; those that are longer than a look are read in two steps.
 */
import type { HuffmanTable } from './huffman.ts';

/** Bits of one look: its table stays in a processor's nearest cache. */
export const LOOK_BITS = 12;

/** By the next bits: difference << 12 | length of code and difference together; 0 where they are longer than a look. */
export function codedValues({ lookup }: HuffmanTable): Int32Array {
  const values = new Int32Array(2 ** LOOK_BITS);
  for (let look = 0; look < values.length; look++) {
    const found = lookup[look << (16 - LOOK_BITS)] as number;
    const size = found & 255;
    const length = (found >> 8) + size;
    if (found === 0 || length > LOOK_BITS) continue;
    const bits = (look >> (LOOK_BITS - length)) & ((1 << size) - 1);
    values[look] = (extended(bits, size) << 12) | length;
  }
  return values;
}

/** A value by its bits (F.2.2.1, EXTEND). */
export function extended(bits: number, size: number): number {
  return size > 0 && bits < 1 << (size - 1) ? bits - (1 << size) + 1 : bits;
}

/** The 16 bits from a position on, counted in bits; zeros behind the end. */
export function bitsAt(bytes: Uint8Array, position: number): number {
  const at = position >> 3;
  return (
    ((((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number)) >>>
      (8 - (position & 7))) &
    0xffff
  );
}
