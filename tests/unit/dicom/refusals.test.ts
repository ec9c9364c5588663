import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN, EXPLICIT_VR_BIG_ENDIAN } from '../../../shared/dicom/index.ts';
import {
  bytes,
  delimiter,
  encapsulated,
  explicit,
  file,
  implicit,
  item,
  opening,
  sequence,
  UNDEFINED,
  u32,
} from './raw-bytes.ts';
import { nested, refusal } from './refusal.ts';

const JPEG_BASELINE = '1.2.840.10008.1.2.4.50';
const EXPLICIT = '1.2.840.10008.1.2.1';
const NAME = explicit(0x00100010, 'PN', 'Doe^Jane');
const START = `0x${opening(EXPLICIT).length.toString(16)}`;

describe('an input that is refused', () => {
  it.each([
    ['no bytes', new Uint8Array(0), 'empty', '0 bytes'],
    ['text', bytes('not a picture at all'.repeat(20)), 'not-dicom', 'at 0x0'],
    ['a ZIP', bytes('PK\x03\x04', new Uint8Array(500)), 'not-dicom', 'at 0x0'],
    ['zero bytes', new Uint8Array(1000), 'not-dicom', 'at 0x0'],
    ['an unknown transfer syntax', file(NAME, '1.2.3.4'), 'unsupported-transfer-syntax', 'PS3.6'],
    [
      'implicit VR big endian',
      implicit(0x00080060, 'CT', { bigEndian: true }),
      'unsupported-transfer-syntax',
      'big endian',
    ],
    [
      'a value cut short',
      file(NAME).subarray(0, -3),
      'truncated',
      `(0010,0010) at ${START}: 8 value bytes announced, 5 left`,
    ],
    ['a header cut short', file(bytes(NAME, [0x10, 0, 0x20, 0])), 'truncated', '4 stray bytes'],
    [
      'a long header cut short',
      file(explicit(0x00420011, 'OB', '').subarray(0, 10)),
      'truncated',
      '10 bytes of a header of 12',
    ],
    [
      'a length of nearly 4 GB',
      file(explicit(0x00420011, 'OB', 'ab', { length: 0xfffffffe })),
      'truncated',
      '4294967294 value bytes announced, 2 left',
    ],
    [
      'Pixel Data cut short',
      file(explicit(0x7fe00010, 'OW', 'ab', { length: 4 })),
      'truncated',
      '(7FE0,0010)',
    ],
    [
      'fragments without end',
      file(encapsulated(['ab']).subarray(0, -8), JPEG_BASELINE),
      'truncated',
      'no delimiter before the end',
    ],
    [
      'a fragment cut short',
      file(encapsulated(['abcd']).subarray(0, -10), JPEG_BASELINE),
      'truncated',
      'a fragment of 4 bytes, 2 left',
    ],
    [
      'no fragment among fragments',
      file(bytes(encapsulated(['ab']).subarray(0, -8), NAME), JPEG_BASELINE),
      'malformed',
      'neither a fragment nor the delimiter',
    ],
    [
      'a sequence without end',
      file(sequence(0x00081140, [item(NAME)], 'delimited').subarray(0, -8)),
      'truncated',
      'not delimited',
    ],
    [
      'an item without end',
      file(sequence(0x00081140, [item(NAME, 'delimited')], 'delimited').subarray(0, -16)),
      'truncated',
      'not delimited',
    ],
    [
      'an item that outgrows its sequence',
      file(bytes(sequence(0x00081140, [bytes([0xfe, 0xff, 0, 0xe0], u32(99), NAME)]), NAME)),
      'malformed',
      '(FFFE,E000)',
    ],
    [
      'an element that outgrows its item',
      file(bytes(sequence(0x00081140, [item(explicit(0x00100010, 'PN', 'Doe', { length: 9 }))]), NAME)),
      'malformed',
      '9 value bytes announced, 3 left',
    ],
    [
      'no item in a sequence',
      file(bytes(sequence(0x00081140, [NAME]), NAME)),
      'malformed',
      'neither an item',
    ],
    ['an item outside of a sequence', file(bytes(NAME, item(NAME))), 'malformed', 'outside of a sequence'],
    [
      'a delimiter amid an item',
      file(sequence(0x00081140, [item(bytes(delimiter('item'), NAME))])),
      'malformed',
      'out of place',
    ],
    [
      'an undefined length where there can be none',
      file(explicit(0x0040a160, 'UT', NAME, { length: UNDEFINED })),
      'malformed',
      'an undefined length with VR UT',
    ],
    [
      'no value representation',
      file(bytes(NAME, [0x10, 0, 0x20, 0, 1, 2, 3, 4], 'rest of it, and more')),
      'malformed',
      'no value representation',
    ],
    [
      'zeros amid elements',
      file(bytes(NAME, new Uint8Array(12), NAME)),
      'malformed',
      'zero bytes and then others',
    ],
    [
      'two elements of pixels',
      file(bytes(explicit(0x7fe00008, 'OF', 'abcd'), explicit(0x7fe00010, 'OW', 'abcd'))),
      'malformed',
      'second element',
    ],
    [
      'no deflate stream',
      file(bytes([0xff, 0xff], 'nothing deflated'), DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN),
      'malformed',
      'no deflate stream',
    ],
    [
      'a deflate stream cut short',
      file(deflateRawSync(NAME).subarray(0, -4), DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN),
      'truncated',
      'ends early',
    ],
    [
      'bytes after the deflate stream',
      file(bytes(deflateRawSync(NAME), 'more'), DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN),
      'malformed',
      'bytes after',
    ],
    [
      'fragments without transfer syntax',
      bytes(opening(undefined), NAME, encapsulated(['ab'])),
      'unsupported-transfer-syntax',
      'encapsulated',
    ],
    [
      'fragments in big endian',
      file(
        explicit(0x7fe00010, 'OB', bytes(delimiter('sequence', true)), {
          length: UNDEFINED,
          bigEndian: true,
        }),
        EXPLICIT_VR_BIG_ENDIAN,
      ),
      'unsupported-transfer-syntax',
      'big endian',
    ],
  ])('has a reason and a place: %s', (_, source, reason, where) => {
    const [gotReason, gotWhere] = refusal(source);
    expect([gotReason, gotWhere]).toEqual([reason, expect.stringContaining(where)]);
  });

  it('never has a value in its message', () => {
    const secret = explicit(0x00100010, 'PN', 'Doe^Secret', { length: 400 });
    expect(refusal(file(secret)).join()).not.toContain('Secret');
    expect(refusal(file(NAME, '1.2.3.777')).join()).not.toContain('777');
  });

  it.each([1, 5, 9, 13, 40, 133, 140, 150, 160, 170])(
    'is refused when cut at %i bytes, or read to a boundary',
    (cut) => {
      const source = file(bytes(nested(2), NAME));
      const [reason] = refusal(source.subarray(0, cut));
      expect(['truncated', 'not-dicom', 'accepted']).toContain(reason);
    },
  );
});
