import { describe, expect, it } from 'vitest';
import {
  EXPLICIT_VR_BIG_ENDIAN,
  encodeNumbers,
  encodeText,
  encodeUid,
  readPart10,
  type VR,
  writePart10,
} from '../../../shared/dicom/index.ts';
import { META } from './meta.ts';
import { bytes, explicit, file } from './raw-bytes.ts';

const TAG = 0x00091001;
const read = (vr: string, value: Uint8Array | string) => readPart10(file(explicit(TAG, vr, value))).dataSet;

describe('numbers', () => {
  it.each<[VR, number[]]>([
    ['US', [0, 65535]],
    ['SS', [-32768, 32767]],
    ['UL', [0, 4294967295]],
    ['SL', [-2147483648, 7]],
    ['FL', [0.5, -1.25]],
    ['FD', [0.1, -1e300]],
    ['SV', [-9007199254740991]],
    ['UV', [9007199254740991]],
    ['AT', [0x00100010, 0x7fe00010]],
    ['OW', [1, 65535]],
    ['OF', [1.5]],
    ['OL', [4000000000]],
    ['OB', [1, 255]],
    ['DS', [1.5, -2e-3]],
    ['IS', [12, -3]],
  ])('of %s are the same in either byte order', (vr, numbers) => {
    for (const transferSyntaxUid of [META.transferSyntaxUid, EXPLICIT_VR_BIG_ENDIAN]) {
      const written = writePart10([{ tag: TAG, vr, value: encodeNumbers(numbers, vr) }], {
        ...META,
        transferSyntaxUid,
      });
      expect(readPart10(written).dataSet.numbers(TAG)).toEqual(numbers);
    }
  });

  it.each([
    ['DS', '1.5\\+2\\ 3 ', [1.5, 2, 3]],
    ['DS', 'abc ', []],
    ['DS', '1\\\\2', []],
    ['DS', '    ', []],
    ['IS', '12\0', [12]],
    ['US', 'abc', []],
    ['LO', '12', []],
    ['US', '', []],
  ])('of %s %j are %j', (vr, value, numbers) => {
    expect(read(vr, value).numbers(TAG)).toEqual(numbers);
  });

  it('are none of an absent element', () => {
    const dataSet = read('US', 'ab');
    expect([
      dataSet.numbers(1),
      dataSet.number(1),
      dataSet.strings(1),
      dataSet.text(1),
      dataSet.uid(1),
    ]).toEqual([[], undefined, [], undefined, undefined]);
    expect([dataSet.sequence(1), dataSet.value(1), dataSet.has(1)]).toEqual([[], undefined, false]);
  });
});

describe('text', () => {
  it.each([
    ['LO', ' a \\b  \\ ', [' a \\b  \\', ['a', 'b', '']]],
    ['UI', '1.2\\1.3\0', ['1.2\\1.3', ['1.2', '1.3']]],
    ['LT', ' a\\b  ', [' a\\b', [' a\\b']]],
    ['UT', 'a\\b', ['a\\b', ['a\\b']]],
    ['CS', '', ['', []]],
    ['CS', '    ', ['', []]],
    ['CS', '\\A', ['\\A', ['', 'A']]],
  ] as [string, string, [string, string[]]][])(
    'of %s %j is whole and in values',
    (vr, value, [text, strings]) => {
      expect(read(vr, value).text(TAG)).toBe(text);
      expect(read(vr, value).strings(TAG)).toEqual(strings);
    },
  );
});

describe('value bytes', () => {
  it('are padded: text with space, UIDs with NUL', () => {
    expect(encodeText('abc', 'LO')).toEqual(bytes('abc '));
    expect(encodeUid('1.2')).toEqual(bytes('1.2\0'));
    expect(encodeNumbers([1], 'OB')).toEqual(bytes([1, 0]));
    expect(encodeNumbers([1.5, 2], 'DS')).toEqual(bytes('1.5\\2 '));
  });

  it('are refused for what they cannot say', () => {
    expect(() => encodeText('é', 'LO')).toThrow();
    expect(() => encodeNumbers([1], 'LO')).toThrow('LO has no numbers');
  });
});
