/**
 * CRC-64/NVME, the checksum S3 keeps of whole objects: computed over pieces, and joined from those of parts. Knows neither
 * Node nor a browser, so that both count alike. Eight tables, eight bytes a step, on pairs of 32-bit words because BigInt
 * would be a hundred times slower.
 */

/** The reflected polynomial of NVM Express, Section 5.2.1.3.4 ("64b CRC"), its two halves. */
const POLYNOMIAL_HIGH = 0x9a6c9329;
const POLYNOMIAL_LOW = 0xac4bc9b5;
const POLYNOMIAL = (BigInt(POLYNOMIAL_HIGH) << 32n) | BigInt(POLYNOMIAL_LOW);
const TABLES = 8;

const [HIGH, LOW] = makeTables();

/** A running CRC-64/NVME. */
export class Crc64Nvme {
  #high = -1;
  #low = -1;

  update(bytes: Uint8Array): this {
    const [H, L] = [HIGH, LOW];
    let [high, low, at] = [this.#high, this.#low, 0];
    for (const end = bytes.length - 7; at < end; at += 8) {
      const first = low ^ wordAt(bytes, at);
      const second = high ^ wordAt(bytes, at + 4);
      const a = 1792 + (first & 255);
      const b = 1536 + ((first >>> 8) & 255);
      const c = 1280 + ((first >>> 16) & 255);
      const d = 1024 + (first >>> 24);
      const e = 768 + (second & 255);
      const f = 512 + ((second >>> 8) & 255);
      const g = 256 + ((second >>> 16) & 255);
      const h = second >>> 24;
      low =
        at32(L, a) ^ at32(L, b) ^ at32(L, c) ^ at32(L, d) ^ at32(L, e) ^ at32(L, f) ^ at32(L, g) ^ at32(L, h);
      high =
        at32(H, a) ^ at32(H, b) ^ at32(H, c) ^ at32(H, d) ^ at32(H, e) ^ at32(H, f) ^ at32(H, g) ^ at32(H, h);
    }
    for (; at < bytes.length; at++) {
      const index = (low ^ at8(bytes, at)) & 255;
      low = ((low >>> 8) | (high << 24)) ^ at32(L, index);
      high = (high >>> 8) ^ at32(H, index);
    }
    [this.#high, this.#low] = [high, low];
    return this;
  }

  /** As in `x-amz-checksum-crc64nvme`: eight bytes, the highest first, in base64. */
  base64(): string {
    const value = (BigInt(~this.#high >>> 0) << 32n) | BigInt(~this.#low >>> 0);
    return base64Of(value);
  }
}

/** The checksum of the bytes, in base64. */
export function crc64nvme(bytes: Uint8Array): string {
  return new Crc64Nvme().update(bytes).base64();
}

/** The checksum of A followed by B from those of both and the length of B. */
export function joinCrc64Nvme(first: string, second: string, secondLength: number): string {
  return base64Of(multiply(powerOfX(BigInt(secondLength) * 8n), numberOf(first)) ^ numberOf(second));
}

function at8(bytes: Uint8Array, index: number): number {
  return bytes[index] as number;
}

function at32(table: Uint32Array, index: number): number {
  return table[index] as number;
}

function wordAt(bytes: Uint8Array, at: number): number {
  return at8(bytes, at) | (at8(bytes, at + 1) << 8) | (at8(bytes, at + 2) << 16) | (at8(bytes, at + 3) << 24);
}

function makeTables(): [high: Uint32Array, low: Uint32Array] {
  const H = new Uint32Array(TABLES * 256);
  const L = new Uint32Array(TABLES * 256);
  for (let byte = 0; byte < 256; byte++) {
    let [high, low] = [0, byte];
    for (let bit = 0; bit < 8; bit++) {
      const isOdd = low & 1;
      low = (low >>> 1) | (high << 31);
      high >>>= 1;
      if (isOdd) [high, low] = [high ^ POLYNOMIAL_HIGH, low ^ POLYNOMIAL_LOW];
    }
    [H[byte], L[byte]] = [high, low];
  }
  for (let at = 256; at < TABLES * 256; at++) {
    const [high, low] = [at32(H, at - 256), at32(L, at - 256)];
    L[at] = ((low >>> 8) | (high << 24)) ^ at32(L, low & 255);
    H[at] = (high >>> 8) ^ at32(H, low & 255);
  }
  return [H, L];
}

/** x to the power of `exponent` modulo the polynomial; the highest bit is the coefficient of x to the 0. */
function powerOfX(exponent: bigint): bigint {
  let square = 1n << 62n;
  let result = 1n << 63n;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = multiply(square, result);
    square = multiply(square, square);
  }
  return result;
}

function multiply(a: bigint, b: bigint): bigint {
  let product = 0n;
  let shifted = b;
  for (let mask = 1n << 63n; mask > 0n; mask >>= 1n) {
    if (a & mask) product ^= shifted;
    shifted = shifted & 1n ? (shifted >> 1n) ^ POLYNOMIAL : shifted >> 1n;
  }
  return product;
}

function base64Of(value: bigint): string {
  let binary = '';
  for (let shift = 56n; shift >= 0n; shift -= 8n)
    binary += String.fromCharCode(Number((value >> shift) & 255n));
  return btoa(binary);
}

function numberOf(base64: string): bigint {
  let value = 0n;
  for (const character of atob(base64)) value = (value << 8n) | BigInt(character.charCodeAt(0));
  return value;
}
