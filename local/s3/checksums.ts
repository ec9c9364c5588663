/**
 * The checksums a client of S3 may ask for, and the joining of CRCs of parts to the CRC of the whole.
 */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { type Polynomial, ReflectedCrc } from './reflected-crc.ts';

export const CHECKSUM_ALGORITHMS = ['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'] as const;

/** As in the header name `x-amz-checksum-<algorithm>`. */
export type ChecksumAlgorithm = (typeof CHECKSUM_ALGORITHMS)[number];

/** What S3 computes when a client asks for nothing. */
export const DEFAULT_CHECKSUM: ChecksumAlgorithm = 'crc64nvme';

export interface RunningChecksum {
  update(bytes: Uint8Array): void;
  digest(): Buffer;
}

const CRC32: Polynomial = { width: 32, high: 0, low: 0xedb88320 };
const CRC32C: Polynomial = { width: 32, high: 0, low: 0x82f63b78 };
const CRC64NVME: Polynomial = { width: 64, high: 0x9a6c9329, low: 0xac4bc9b5 };
const CRCS: Partial<Record<ChecksumAlgorithm, Polynomial>> = {
  crc32: CRC32,
  crc32c: CRC32C,
  crc64nvme: CRC64NVME,
};

export function isChecksumAlgorithm(text: string): text is ChecksumAlgorithm {
  return (CHECKSUM_ALGORITHMS as readonly string[]).includes(text);
}

/** Whether the checksum of a whole can be had from those of its parts. */
export function isLinear(algorithm: ChecksumAlgorithm): boolean {
  return CRCS[algorithm] !== undefined;
}

export function startChecksum(algorithm: ChecksumAlgorithm): RunningChecksum {
  switch (algorithm) {
    case 'crc32':
      return nativeCrc32();
    case 'crc32c':
      return new ReflectedCrc(CRC32C);
    case 'crc64nvme':
      return new ReflectedCrc(CRC64NVME);
    default: {
      const hash = createHash(algorithm);
      return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() };
    }
  }
}

function nativeCrc32(): RunningChecksum {
  let value = 0;
  return {
    update(bytes) {
      value = crc32(bytes, value);
    },
    digest() {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value);
      return bytes;
    },
  };
}

/** The CRC of A followed by B from the CRCs of both (base64) and the length of B. */
export function joinChecksums(
  algorithm: ChecksumAlgorithm,
  first: string,
  second: string,
  secondLength: number,
): string {
  const polynomial = CRCS[algorithm];
  if (!polynomial) throw new Error(`${algorithm} of a whole cannot be had from its parts`);
  const width = BigInt(polynomial.width);
  const reflected = (BigInt(polynomial.high) << 32n) | BigInt(polynomial.low);
  const shift = powerOfX(BigInt(secondLength) * 8n, reflected, width);
  const joined = multiply(shift, numberOf(first), reflected, width) ^ numberOf(second);
  return Buffer.from(joined.toString(16).padStart(polynomial.width / 4, '0'), 'hex').toString('base64');
}

/** The checksum of the checksums of the parts, as S3 gives for an upload of type COMPOSITE. */
export function compositeChecksum(algorithm: ChecksumAlgorithm, parts: readonly string[]): string {
  const checksum = startChecksum(algorithm);
  for (const part of parts) checksum.update(Buffer.from(part, 'base64'));
  return `${checksum.digest().toString('base64')}-${parts.length}`;
}

function numberOf(base64: string): bigint {
  return BigInt(`0x${Buffer.from(base64, 'base64').toString('hex')}`);
}

/** x to the power of `exponent`, modulo the polynomial; the highest bit is the coefficient of x to the 0. */
function powerOfX(exponent: bigint, polynomial: bigint, width: bigint): bigint {
  let square = 1n << (width - 2n);
  let result = 1n << (width - 1n);
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = multiply(square, result, polynomial, width);
    square = multiply(square, square, polynomial, width);
  }
  return result;
}

function multiply(a: bigint, b: bigint, polynomial: bigint, width: bigint): bigint {
  let product = 0n;
  let shifted = b;
  for (let mask = 1n << (width - 1n); mask > 0n; mask >>= 1n) {
    if (a & mask) product ^= shifted;
    shifted = shifted & 1n ? (shifted >> 1n) ^ polynomial : shifted >> 1n;
  }
  return product;
}
