/** Bits of entropy-coded JPEG data (ITU-T T.81 F.1.2.3, F.2.2.5): most significant first, a zero stuffed after each 0xFF. */
import { UndisplayableError } from '../undisplayable.ts';
import type { HuffmanTable } from './huffman.ts';

export class BitReader {
  readonly #bytes: Uint8Array;
  #at: number;
  #bits = 0;
  #count = 0;
  /** Zero bits that were put behind the end so that a code can be looked up. */
  #padding = 0;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** The symbol of the next code. */
  symbol({ lookup }: HuffmanTable): number {
    this.#fill();
    const found = lookup[(this.#bits >>> (this.#count - 16)) & 0xffff] as number;
    if (found === 0) throw new UndisplayableError('undecodable', 'no JPEG Huffman code');
    this.#drop(found >> 8);
    return found & 255;
  }

  /** An unsigned number of up to 16 bits. */
  bits(length: number): number {
    if (length === 0) return 0;
    this.#fill();
    const value = (this.#bits >>> (this.#count - length)) & ((1 << length) - 1);
    this.#drop(length);
    return value;
  }

  /** A number by its magnitude category (F.2.2.1, EXTEND). */
  signed(category: number): number {
    if (category === 0) return 0;
    const value = this.bits(category);
    return value < 1 << (category - 1) ? value - (1 << category) + 1 : value;
  }

  /** Passes the restart marker of the given count. */
  restart(count: number): void {
    const at = this.end();
    if (this.#bytes[at] !== 0xff || this.#bytes[at + 1] !== 0xd0 + (count & 7))
      throw new UndisplayableError('undecodable', 'a JPEG restart marker is missing');
    this.#at = at + 2;
  }

  /** Where the marker behind the data stands; what is left of the last byte is dropped. */
  end(): number {
    this.#bits = 0;
    this.#count = 0;
    this.#padding = 0;
    let at = this.#at;
    while (at + 1 < this.#bytes.length) {
      if (this.#bytes[at] === 0xff && this.#bytes[at + 1] !== 0 && this.#bytes[at + 1] !== 0xff) return at;
      at++;
    }
    return this.#bytes.length;
  }

  #drop(length: number): void {
    this.#count -= length;
    if (this.#count < this.#padding) throw new UndisplayableError('undecodable', 'JPEG data ends too early');
  }

  #fill(): void {
    while (this.#count < 16) {
      let byte = this.#bytes[this.#at];
      if (byte === undefined || (byte === 0xff && this.#bytes[this.#at + 1] !== 0)) {
        byte = 0;
        this.#padding += 8;
      } else this.#at += byte === 0xff ? 2 : 1;
      this.#bits = ((this.#bits << 8) | byte) & 0xffffff;
      this.#count += 8;
    }
  }
}

export class BitWriter {
  #bytes: Uint8Array;
  #length = 0;
  #bits = 0;
  #count = 0;

  constructor(expected: number) {
    this.#bytes = new Uint8Array(Math.max(1024, expected));
  }

  /** Up to 16 bits, the lowest of `value`. */
  put(value: number, length: number): void {
    this.#bits = (this.#bits << length) | (value & ((1 << length) - 1));
    this.#count += length;
    while (this.#count >= 8) {
      this.#count -= 8;
      const byte = (this.#bits >>> this.#count) & 255;
      this.#push(byte);
      if (byte === 0xff) this.#push(0);
    }
    this.#bits &= 255;
  }

  /** Fills the last byte with ones (F.1.2.3) and sets a marker. */
  marker(code: number): void {
    this.flush();
    this.#push(0xff);
    this.#push(code);
  }

  flush(): void {
    if (this.#count > 0) this.put(0x7f, 8 - this.#count);
  }

  finish(): Uint8Array {
    this.flush();
    return this.#bytes.subarray(0, this.#length);
  }

  #push(byte: number): void {
    if (this.#length === this.#bytes.length) {
      const larger = new Uint8Array(this.#bytes.length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.#length++] = byte;
  }
}
