/**
 * Checksums against published values, and the joining of those of parts.
 */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CHECKSUM_ALGORITHMS,
  type ChecksumAlgorithm,
  compositeChecksum,
  isLinear,
  joinChecksums,
  startChecksum,
} from '../../../local/s3/checksums.ts';

function sumOf(algorithm: ChecksumAlgorithm, ...pieces: Uint8Array[]): Buffer {
  const checksum = startChecksum(algorithm);
  for (const piece of pieces) checksum.update(piece);
  return checksum.digest();
}

describe('checksums', () => {
  // The check values of the CRC catalogue: the CRC of the text "123456789".
  it.each<[ChecksumAlgorithm, string]>([
    ['crc32', 'cbf43926'],
    ['crc32c', 'e3069283'],
    ['crc64nvme', 'ae8b14860a799888'],
    ['sha1', 'f7c3bc1d808e04732adf679965ccc34ca7ae3441'],
  ])('%s of the catalogue text is %s', (algorithm, expected) => {
    expect(sumOf(algorithm, Buffer.from('123456789')).toString('hex')).toBe(expected);
  });

  it.each(CHECKSUM_ALGORITHMS)('%s does not depend on how the bytes are cut', (algorithm) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(300), (bytes, cut) => {
        const cutUp = sumOf(algorithm, bytes.subarray(0, cut), bytes.subarray(cut));
        expect(cutUp.equals(sumOf(algorithm, bytes))).toBe(true);
      }),
    );
  });

  it.each(CHECKSUM_ALGORITHMS.filter(isLinear))('%s of a whole is had from its parts', (algorithm) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.uint8Array({ maxLength: 200 }), (first, second) => {
        const [a, b] = [first, second].map((bytes) => sumOf(algorithm, bytes).toString('base64'));
        const whole = sumOf(algorithm, first, second).toString('base64');
        expect(joinChecksums(algorithm, a!, b!, second.length)).toBe(whole);
      }),
    );
  });

  it('joins parts of megabytes', () => {
    const [first, second] = [randomBytes(5 << 20), randomBytes((5 << 20) + 3)];
    const [a, b] = [first, second].map((bytes) => sumOf('crc64nvme', bytes).toString('base64'));
    const whole = sumOf('crc64nvme', first, second).toString('base64');
    expect(joinChecksums('crc64nvme', a!, b!, second.length)).toBe(whole);
  });

  it('cannot be joined when they are hashes; then the whole is the hash of hashes', () => {
    expect(() => joinChecksums('sha256', 'AA==', 'AA==', 1)).toThrow();
    expect(compositeChecksum('sha256', ['AA==', 'AA=='])).toMatch(/^[A-Za-z0-9+/]{43}=-2$/);
  });
});
