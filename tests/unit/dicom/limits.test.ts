/** Limits by name, and effort that stays in proportion to the size of the input. */
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
  EXPLICIT_VR_BIG_ENDIAN,
  IMPLICIT_VR_LITTLE_ENDIAN,
  type ReadLimits,
  readPart10From,
} from '../../../shared/dicom/index.ts';
import {
  bytes,
  encapsulated,
  explicit,
  file,
  implicit,
  item,
  sequence,
  UNDEFINED,
  u32,
} from './raw-bytes.ts';
import { nested, refusal } from './refusal.ts';

const JPEG_BASELINE = '1.2.840.10008.1.2.4.50';

describe('a limit', () => {
  it.each<[string, Uint8Array, Partial<ReadLimits>, string]>([
    ['maximumDepth', file(nested(5)), { maximumDepth: 4 }, 'too-deep'],
    ['maximumDepth', file(nested(65)), {}, 'too-deep'],
    [
      'maximumElements',
      file(bytes(...Array.from({ length: 10 }, (_, i) => explicit(0x00091000 + i, 'LO', '')))),
      { maximumElements: 9 },
      'too-many-elements',
    ],
    [
      'maximumElements',
      file(sequence(0x00081140, Array(10).fill(item(bytes())))),
      { maximumElements: 9 },
      'too-many-elements',
    ],
    [
      'maximumFragments',
      file(encapsulated(['ab', 'cd', 'ef']), JPEG_BASELINE),
      { maximumFragments: 2 },
      'too-many-elements',
    ],
    [
      'maximumHeaderBytes',
      file(explicit(0x00420011, 'OB', new Uint8Array(5000))),
      { maximumHeaderBytes: 4096 },
      'too-large',
    ],
    [
      'maximumHeaderBytes',
      file(bytes(explicit(0x7fe00010, 'OW', 'ab'), explicit(0xfffcfffc, 'OB', new Uint8Array(5000)))),
      { maximumHeaderBytes: 4096 },
      'too-large',
    ],
    [
      'maximumInflatedBytes',
      file(
        deflateRawSync(explicit(0x00420011, 'OB', new Uint8Array(9000))),
        DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
      ),
      { maximumInflatedBytes: 8192 },
      'too-large',
    ],
  ])('%s is named when it is exceeded', async (limit, source, limits, reason) => {
    expect(refusal(source, limits)).toEqual([reason, expect.stringContaining(limit)]);
    const ranged = {
      size: source.length,
      read: async (start: number, length: number) => source.slice(start, start + length),
    };
    await expect(readPart10From(ranged, limits)).rejects.toMatchObject({ reason });
  });

  it('does not refuse what just keeps to it', () => {
    expect(refusal(file(nested(4)), { maximumDepth: 4 })[0]).toBe('accepted');
    expect(refusal(file(nested(64)))[0]).toBe('accepted');
    expect(refusal(file(encapsulated(['ab', 'cd']), JPEG_BASELINE), { maximumFragments: 2 })[0]).toBe(
      'accepted',
    );
  });
});

describe('hostile input', () => {
  const repeated = (part: Uint8Array, times: number) => bytes(...Array<Uint8Array>(times).fill(part));

  it.each([
    [
      'values that begin like sequences',
      file(repeated(explicit(0x00091001, 'UN', item(bytes(u32(0)))), 100_000)),
    ],
    ['unknown values in unknown values', file(explicit(0x00091001, 'UN', likeSequences(60)))],
    [
      'sequences that never end',
      file(
        repeated(
          sequence(0x00081140, [bytes([0xfe, 0xff, 0, 0xe0], u32(UNDEFINED))], 'delimited').subarray(0, 20),
          100_000,
        ),
      ),
    ],
    [
      'zeros amid big endian elements',
      file(bytes(repeated(explicit(0, 'UL', '', { bigEndian: true }), 100_000), [1]), EXPLICIT_VR_BIG_ENDIAN),
    ],
    [
      'implicit items that lie',
      file(
        implicit(0x00081140, repeated(bytes([0xfe, 0xff, 0, 0xe0], u32(0)), 100_000)),
        IMPLICIT_VR_LITTLE_ENDIAN,
      ),
    ],
  ])('takes time in proportion to its size: %s', (_, source) => {
    const start = performance.now();
    refusal(source);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

/** Values that look like sequences to the last level, where they turn out to be none. */
function likeSequences(levels: number): Uint8Array {
  let value = item(bytes(u32(9)));
  for (let level = 0; level < levels; level++) {
    value = item(bytes(implicit(0x00091001, value), implicit(0x00091002, 'x', { length: 9 })));
  }
  return value;
}
