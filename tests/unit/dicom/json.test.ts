import { describe, expect, it } from 'vitest';
import { EXPLICIT_VR_BIG_ENDIAN, readPart10, toDicomJson } from '../../../shared/dicom/index.ts';
import { bytes, encapsulated, explicit, file, item, sequence, u16, u32 } from './raw-bytes.ts';

const json = (dataSet: Uint8Array, options = {}) => toDicomJson(readPart10(file(dataSet)).dataSet, options);

describe('DICOM JSON', () => {
  it.each([
    [
      'PN',
      '00100010',
      explicit(0x00100010, 'PN', 'Yamada^T=Ideo=Phon\\B'),
      [{ Alphabetic: 'Yamada^T', Ideographic: 'Ideo', Phonetic: 'Phon' }, { Alphabetic: 'B' }],
    ],
    ['PN', '00100010', explicit(0x00100010, 'PN', '=Ideo '), [{ Ideographic: 'Ideo' }]],
    ['PN', '00100010', explicit(0x00100010, 'PN', 'Doe^Jane^^=^'), [{ Alphabetic: 'Doe^Jane' }]],
    ['FL', '00720070', explicit(0x00720070, 'FL', bytes([0xcd, 0xcc, 0xcc, 0x3d])), [0.1]],
    ['DS', '00200032', explicit(0x00200032, 'DS', '-1.50\\+2e1\\x '), [-1.5, 20, 'x']],
    ['IS', '00200013', explicit(0x00200013, 'IS', '007 '), [7]],
    ['CS', '00080008', explicit(0x00080008, 'CS', 'A\\\\ B'), ['A', null, 'B']],
    ['LT', '00104000', explicit(0x00104000, 'LT', ' a\\b'), [' a\\b']],
    ['US', '00280010', explicit(0x00280010, 'US', bytes(u16(512))), [512]],
    ['FD', '00189073', explicit(0x00189073, 'FD', bytes([0, 0, 0, 0, 0, 0, 0xf0, 0x7f])), ['Infinity']],
    ['AT', '00280009', explicit(0x00280009, 'AT', bytes(u16(0x18), u16(0x106a))), ['0018106A']],
    ['UI', '0020000D', explicit(0x0020000d, 'UI', '1.2\0'), ['1.2']],
    [
      'SQ',
      '00081140',
      sequence(0x00081140, [item(explicit(0x00080060, 'CS', 'CT')), item(bytes())]),
      [{ '00080060': { vr: 'CS', Value: ['CT'] } }, {}],
    ],
  ])('has %s in the form of PS3.18 F.2', (vr, key, element, Value) => {
    expect(json(element)).toEqual({ [key]: { vr, Value } });
  });

  it('omits what is empty, group lengths and Pixel Data', () => {
    const dataSet = bytes(
      explicit(0x00080000, 'UL', bytes(u32(8))),
      explicit(0x00080061, 'CS', ''),
      explicit(0x00080062, 'UI', '\0\0'),
      explicit(0x00081030, 'LO', '    '),
      sequence(0x00081140, []),
      explicit(0x00100010, 'PN', '^^=^'),
      explicit(0x00280010, 'US', ''),
      explicit(0x7fe00010, 'OW', 'abcd'),
    );
    expect(json(dataSet)).toEqual({});
  });

  it('inlines small binary values and names large ones by their path', () => {
    const small = explicit(0x00091001, 'OB', bytes([1, 2]));
    const large = explicit(0x00091002, 'UN', new Uint8Array(2000));
    const options = { bulkDataUri: (path: string) => `bulk/${path}` };
    expect(json(bytes(small, large), options)).toEqual({
      '00091001': { vr: 'OB', InlineBinary: 'AQI=' },
      '00091002': { vr: 'UN', BulkDataURI: 'bulk/00091002' },
    });
    expect(
      json(sequence(0x00081140, [item(bytes()), item(small)]), { ...options, maximumInlineBytes: 1 }),
    ).toEqual({
      '00081140': {
        vr: 'SQ',
        Value: [{}, { '00091001': { vr: 'OB', BulkDataURI: 'bulk/00081140/2/00091001' } }],
      },
    });
    expect(json(large)).toEqual({});
  });

  it('inlines words in little endian, whatever the object is in', () => {
    const words = explicit(0x00281201, 'OW', bytes([0, 1, 0, 2]), { bigEndian: true });
    expect(toDicomJson(readPart10(file(words, EXPLICIT_VR_BIG_ENDIAN)).dataSet)).toEqual({
      '00281201': { vr: 'OW', InlineBinary: Buffer.from([1, 0, 2, 0]).toString('base64') },
    });
  });

  it('is UTF-8, and says so where the object names a character set', () => {
    const dataSet = bytes(
      explicit(0x00080005, 'CS', 'ISO_IR 100'),
      explicit(0x00100010, 'PN', 'J\xe9r\xf4me'),
    );
    expect(json(dataSet)).toEqual({
      '00080005': { vr: 'CS', Value: ['ISO_IR 192'] },
      '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Jérôme' }] },
    });
  });

  it('takes time in proportion to the length of a text', () => {
    const spaces = `${' '.repeat(60_000)}x`;
    const start = performance.now();
    json(bytes(explicit(0x00081030, 'LO', spaces), explicit(0x00100010, 'PN', `${'^'.repeat(60_000)}xy`)));
    expect(performance.now() - start).toBeLessThan(500);
  });

  it('omits fragments of an icon', () => {
    const icon = sequence(0x00880200, [
      item(bytes(explicit(0x00280010, 'US', bytes(u16(1))), encapsulated(['ab']))),
    ]);
    expect(json(icon)).toEqual({
      '00880200': { vr: 'SQ', Value: [{ '00280010': { vr: 'US', Value: [1] } }] },
    });
  });
});
