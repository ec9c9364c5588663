import { describe, expect, it } from 'vitest';
import {
  EXPLICIT_VR_BIG_ENDIAN,
  encodeNumbers,
  encodeText,
  encodeUid,
  IMPLICIT_VR_LITTLE_ENDIAN,
  readPart10,
  writePart10,
} from '../../../shared/dicom/index.ts';
import { META } from './meta.ts';
import { bytes, encapsulated, explicit } from './raw-bytes.ts';

const NAME = { tag: 0x00100010, vr: 'PN', value: encodeText('Doe^Jane', 'PN') } as const;
const SEQUENCE = { tag: 0x00081140, vr: 'SQ', value: [[NAME], []] } as const;

describe('an authored object', () => {
  it.each([[META.transferSyntaxUid], [IMPLICIT_VR_LITTLE_ENDIAN], [EXPLICIT_VR_BIG_ENDIAN]])(
    'is read back in %s',
    (transferSyntaxUid) => {
      const rows = { tag: 0x00280010, vr: 'US', value: encodeNumbers([512], 'US') } as const;
      const part10 = readPart10(writePart10([rows, NAME, SEQUENCE], { ...META, transferSyntaxUid }));
      expect(part10.anomalies).toEqual([]);
      expect(part10.transferSyntax.uid).toBe(transferSyntaxUid);
      expect(part10.dataSet.elements.map(({ tag }) => tag)).toEqual([0x00081140, 0x00100010, 0x00280010]);
      expect(part10.dataSet.number(0x00280010)).toBe(512);
      expect(part10.dataSet.sequence(0x00081140).map((one) => one.text(0x00100010))).toEqual([
        'Doe^Jane',
        undefined,
      ]);
      expect(part10.meta?.uid(0x00020002)).toBe(META.mediaStorageSopClassUid);
      expect(part10.meta?.uid(0x00020003)).toBe(META.mediaStorageSopInstanceUid);
    },
  );

  it('has fragments of even length after an empty offset table', () => {
    const transferSyntaxUid = '1.2.840.10008.1.2.4.50';
    const pixels = {
      tag: 0x7fe00010,
      vr: 'OB',
      value: { fragments: [bytes('abcd'), bytes('efg')] },
    } as const;
    const written = writePart10([pixels], { ...META, transferSyntaxUid });
    expect(written.subarray(-encapsulated(['abcd', 'efg\0']).length)).toEqual(
      encapsulated(['abcd', 'efg\0']),
    );
    expect(readPart10(written).pixelData?.fragments).toHaveLength(2);
  });

  it('pads an odd value by its VR', () => {
    const written = writePart10(
      [
        { tag: 0x00080018, vr: 'UI', value: bytes('1.2') },
        { tag: 0x00100020, vr: 'LO', value: bytes('abc') },
      ],
      META,
    );
    const expected = bytes(explicit(0x00080018, 'UI', '1.2\0'), explicit(0x00100020, 'LO', 'abc '));
    expect(written.subarray(-expected.length)).toEqual(expected);
    expect(encodeUid('1.2')).toHaveLength(4);
  });

  it('is refused as a bug when it has an element twice or an unknown transfer syntax', () => {
    expect(() => writePart10([NAME, NAME], META)).toThrow('(0010,0010)');
    expect(() => writePart10([NAME], { ...META, transferSyntaxUid: '1.2.3' })).toThrow('transfer syntax');
  });
});
