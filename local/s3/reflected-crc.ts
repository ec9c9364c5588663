/**
 * Reflected CRCs of up to 64 bits over a table, eight bytes at a step ("slicing by 8"), on pairs of 32-bit words because
 * BigInt would be a hundred times slower. A 32-bit CRC is the case whose high word stays zero.
 */

export interface Polynomial {
  /** 32 or 64. */
  readonly width: number;
  /** The reflected polynomial, its two halves. */
  readonly high: number;
  readonly low: number;
}

interface Tables {
  readonly high: Uint32Array;
  readonly low: Uint32Array;
}

/** A running CRC, initialised and finally inverted as all those of S3 are. */
export class ReflectedCrc {
  readonly #tables: Tables;
  readonly #width: number;
  #high: number;
  #low = -1;

  constructor(polynomial: Polynomial) {
    this.#tables = tablesOf(polynomial);
    this.#width = polynomial.width;
    this.#high = polynomial.width === 64 ? -1 : 0;
  }

  update(bytes: Uint8Array): void {
    const { high: H, low: L } = this.#tables;
    let [high, low, at] = [this.#high, this.#low, 0];
    for (const end = bytes.length - 7; at < end; at += 8) {
      const first = low ^ word(bytes, at);
      const second = high ^ word(bytes, at + 4);
      const a = 1792 + (first & 255);
      const b = 1536 + ((first >>> 8) & 255);
      const c = 1280 + ((first >>> 16) & 255);
      const d = 1024 + (first >>> 24);
      const e = 768 + (second & 255);
      const f = 512 + ((second >>> 8) & 255);
      const g = 256 + ((second >>> 16) & 255);
      const h = second >>> 24;
      low = L[a]! ^ L[b]! ^ L[c]! ^ L[d]! ^ L[e]! ^ L[f]! ^ L[g]! ^ L[h]!;
      high = H[a]! ^ H[b]! ^ H[c]! ^ H[d]! ^ H[e]! ^ H[f]! ^ H[g]! ^ H[h]!;
    }
    for (; at < bytes.length; at++) {
      const index = (low ^ bytes[at]!) & 255;
      low = ((low >>> 8) | (high << 24)) ^ L[index]!;
      high = (high >>> 8) ^ H[index]!;
    }
    [this.#high, this.#low] = [high, low];
  }

  /** Big-endian, 4 or 8 bytes. */
  digest(): Buffer {
    const bytes = Buffer.alloc(this.#width / 8);
    bytes.writeUInt32BE(~this.#low >>> 0, bytes.length - 4);
    if (this.#width === 64) bytes.writeUInt32BE(~this.#high >>> 0, 0);
    return bytes;
  }
}

function word(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

const tables = new Map<Polynomial, Tables>();

function tablesOf(polynomial: Polynomial): Tables {
  const known = tables.get(polynomial);
  if (known) return known;
  const made = makeTables(polynomial);
  tables.set(polynomial, made);
  return made;
}

function makeTables(polynomial: Polynomial): Tables {
  const H = new Uint32Array(8 * 256);
  const L = new Uint32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let [high, low] = [0, byte];
    for (let bit = 0; bit < 8; bit++) {
      const odd = low & 1;
      low = (low >>> 1) | (high << 31);
      high >>>= 1;
      if (odd) [high, low] = [high ^ polynomial.high, low ^ polynomial.low];
    }
    [H[byte], L[byte]] = [high, low];
  }
  for (let at = 256; at < 8 * 256; at++) {
    const [high, low] = [H[at - 256]!, L[at - 256]!];
    L[at] = ((low >>> 8) | (high << 24)) ^ L[low & 255]!;
    H[at] = (high >>> 8) ^ H[low & 255]!;
  }
  return { high: H, low: L };
}
