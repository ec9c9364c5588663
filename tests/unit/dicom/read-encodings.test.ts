import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
  EXPLICIT_VR_BIG_ENDIAN,
  IMPLICIT_VR_LITTLE_ENDIAN,
  readPart10,
} from '../../../shared/dicom/index.ts';
import {
  bytes,
  delimiter,
  encapsulated,
  explicit,
  file,
  implicit,
  item,
  sequence,
  UNDEFINED,
  u16,
  u32,
} from './raw-bytes.ts';

const JPEG_BASELINE = '1.2.840.10008.1.2.4.50';
const NAME = explicit(0x00100010, 'PN', 'Doe^Jane');
const ID_IN_ITEM = explicit(0x00100020, 'LO', 'ID 1');

describe('a data set in explicit VR little endian', () => {
  it('has elements with the VR of their headers', () => {
    const { dataSet, anomalies } = readPart10(
      file(bytes(explicit(0x00091001, 'FD', new Uint8Array(8)), NAME)),
    );
    expect(dataSet.elements.map(({ vr }) => vr)).toEqual(['FD', 'PN']);
    expect(anomalies).toEqual([]);
  });

  it('reads long lengths after two reserved bytes', () => {
    const text = 'x'.repeat(70_000);
    const { dataSet } = readPart10(
      file(bytes(explicit(0x0040a160, 'UT', text), explicit(0x0040db00, 'CS', 'A '))),
    );
    expect(dataSet.text(0x0040a160)).toBe(text);
    expect(dataSet.text(0x0040db00)).toBe('A');
  });

  it.each([
    ['defined', 'defined'],
    ['defined', 'delimited'],
    ['delimited', 'defined'],
    ['delimited', 'delimited'],
  ] as const)('reads a %s sequence with a %s item', (ofSequence, ofItem) => {
    const nested = sequence(0x00081140, [item(ID_IN_ITEM, ofItem), item(bytes(), ofItem)], ofSequence);
    const { dataSet, anomalies } = readPart10(file(bytes(nested, NAME)));
    expect(dataSet.sequence(0x00081140).map((one) => one.text(0x00100020))).toEqual(['ID 1', undefined]);
    expect(dataSet.text(0x00100010)).toBe('Doe^Jane');
    expect(anomalies).toEqual([]);
  });

  it('gives each nested data set its parent and each element its place', () => {
    const { dataSet } = readPart10(file(bytes(sequence(0x00081140, [item(ID_IN_ITEM)]), NAME)));
    const [inner] = dataSet.sequence(0x00081140);
    expect(inner?.parent).toBe(dataSet);
    const element = inner?.get(0x00100020);
    expect(element?.offset).toBe(element?.start);
    expect(
      element && Buffer.from(element.bytes.subarray(element.valueStart, element.valueEnd)).toString(),
    ).toBe('ID 1');
  });
});

describe('a data set in implicit VR little endian', () => {
  const read = (dataSet: Uint8Array) => readPart10(file(dataSet, IMPLICIT_VR_LITTLE_ENDIAN)).dataSet;

  it('takes each VR from the dictionary', () => {
    const dataSet = read(
      bytes(
        implicit(0x00080000, bytes(u32(4))),
        implicit(0x00080005, 'ISO_IR 100'),
        implicit(0x00090010, 'CREATOR '),
        implicit(0x00091001, 'private '),
        implicit(0x00280010, bytes(u16(512))),
        implicit(0x60003000, bytes([1, 2])),
      ),
    );
    expect(dataSet.elements.map(({ vr }) => vr)).toEqual(['UL', 'CS', 'LO', 'UN', 'US', 'OW']);
    expect(dataSet.number(0x00280010)).toBe(512);
  });

  it.each([
    [0, 'US', 65535],
    [1, 'SS', -1],
  ])(
    'resolves US or SS by Pixel Representation %i, also in an item before it',
    (representation, vr, value) => {
      const dataSet = read(
        bytes(
          implicit(0x00189810, bytes(u16(65535))),
          implicit(0x00280103, bytes(u16(representation))),
          implicit(0x00283010, item(implicit(0x00283002, bytes(u16(65535), u16(0), u16(16))))),
        ),
      );
      expect(dataSet.get(0x00189810)?.vr).toBe(vr);
      expect(dataSet.number(0x00189810)).toBe(value);
      expect(dataSet.sequence(0x00283010)[0]?.get(0x00283002)?.vr).toBe(vr);
    },
  );

  it('reads a private value that begins with an item as a sequence', () => {
    const dataSet = read(implicit(0x00091001, item(implicit(0x00100010, 'Doe '))));
    expect(dataSet.get(0x00091001)?.vr).toBe('SQ');
    expect(dataSet.sequence(0x00091001)[0]?.text(0x00100010)).toBe('Doe');
  });

  it('reads sequences of undefined length, known and unknown', () => {
    const items = bytes(item(implicit(0x00100010, 'Doe '), 'delimited'), delimiter('sequence'));
    const dataSet = read(
      bytes(
        implicit(0x00081140, items, { length: UNDEFINED }),
        implicit(0x00091001, items, { length: UNDEFINED }),
      ),
    );
    expect(dataSet.sequence(0x00081140)[0]?.text(0x00100010)).toBe('Doe');
    expect(dataSet.sequence(0x00091001)[0]?.text(0x00100010)).toBe('Doe');
  });
});

describe('a data set in explicit VR big endian', () => {
  it('reads headers, items and numbers in its byte order', () => {
    const big = { bigEndian: true };
    const rows = explicit(0x00280010, 'US', bytes(u16(512, true)), big);
    const nested = explicit(0x00081140, 'SQ', item(rows, 'delimited', true), big);
    const unknown = explicit(0x00091001, 'UN', item(implicit(0x00280011, bytes(u16(7)))), big);
    const { dataSet, encoding } = readPart10(file(bytes(nested, unknown, rows), EXPLICIT_VR_BIG_ENDIAN));
    expect(encoding).toEqual({ explicitVr: true, bigEndian: true });
    expect(dataSet.number(0x00280010)).toBe(512);
    expect(dataSet.sequence(0x00081140)[0]?.number(0x00280010)).toBe(512);
    expect(dataSet.sequence(0x00091001)[0]?.number(0x00280011)).toBe(7);
  });
});

describe('a deflated data set', () => {
  it.each([
    ['alone', []],
    ['padded', [0]],
  ])('is inflated when it stands %s', (_, padding) => {
    const deflated = deflateRawSync(bytes(NAME, explicit(0x7fe00010, 'OW', 'abcd')));
    const part10 = readPart10(file(bytes(deflated, padding), DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN));
    expect(part10.dataSet.text(0x00100010)).toBe('Doe^Jane');
    expect(part10.pixelData).toMatchObject({ start: NAME.length, end: NAME.length + 16 });
    expect(part10.inflated?.length).toBe(NAME.length + 16);
  });
});

describe('a value carried as UN', () => {
  const inner = implicit(0x00100020, 'ID 1');

  it.each([
    ['known, defined', sequence(0x00081140, [item(inner)], 'defined', 'UN')],
    ['known, undefined', sequence(0x00081140, [item(inner, 'delimited')], 'delimited', 'UN')],
    ['private, defined', sequence(0x00091001, [item(inner, 'delimited')], 'defined', 'UN')],
    ['private, undefined', sequence(0x00091001, [item(inner)], 'delimited', 'UN')],
  ])('is a sequence in implicit VR little endian: %s', (_, element) => {
    const { dataSet, anomalies } = readPart10(file(element));
    const [sequenceElement] = dataSet.elements;
    expect(sequenceElement).toMatchObject({ vr: 'SQ', headerVr: 'UN', regular: true });
    expect(sequenceElement?.items?.[0]?.dataSet.text(0x00100020)).toBe('ID 1');
    expect(anomalies).toEqual([]);
  });

  it('has the VR of the dictionary where the tag is known, and numbers in little endian', () => {
    const rows = explicit(0x00280010, 'UN', bytes(u16(512)), { bigEndian: true });
    const { dataSet } = readPart10(file(rows, EXPLICIT_VR_BIG_ENDIAN));
    expect(dataSet.get(0x00280010)).toMatchObject({ vr: 'US', headerVr: 'UN' });
    expect(dataSet.number(0x00280010)).toBe(512);
  });

  it('stays UN when it only begins like a sequence', () => {
    const { dataSet, anomalies } = readPart10(file(explicit(0x00091001, 'UN', item(bytes('no elements ')))));
    expect(dataSet.get(0x00091001)).toMatchObject({ vr: 'UN', items: undefined });
    expect(anomalies).toEqual(['unreadable-sequence']);
  });
});

describe('Pixel Data', () => {
  const after = explicit(0xfffcfffc, 'OB', bytes([0, 0]));

  it('is jumped, and what follows it is read', () => {
    const { dataSet, pixelData, headerEnd } = readPart10(
      file(bytes(NAME, explicit(0x7fe00010, 'OW', 'abcd'), after)),
    );
    expect(dataSet.elements.map(({ tag }) => tag)).toEqual([0x00100010, 0x7fe00010, 0xfffcfffc]);
    expect(pixelData?.start).toBe(headerEnd);
    expect(pixelData).toMatchObject({ end: headerEnd + 16 });
    expect(pixelData?.fragments).toBeUndefined();
  });

  it('in fragments gives the offset table and the place of each fragment', () => {
    const pixels = encapsulated(['abcd', 'ef'], bytes(u32(0)));
    const source = file(bytes(NAME, pixels, after), JPEG_BASELINE);
    const { pixelData, dataSet } = readPart10(source);
    const text = (start: number, length: number) =>
      Buffer.from(source.subarray(start, start + length)).toString();
    expect(pixelData?.fragments?.map(({ start, length }) => text(start, length))).toEqual(['abcd', 'ef']);
    expect(pixelData?.basicOffsetTable?.length).toBe(4);
    expect(pixelData?.element).toMatchObject({ vr: 'OB', undefinedLength: true, regular: true });
    expect(dataSet.has(0xfffcfffc)).toBe(true);
  });

  it('may be without fragments', () => {
    expect(readPart10(file(encapsulated([]), JPEG_BASELINE)).pixelData?.fragments).toEqual([]);
  });

  it('of an icon in an item is an element like any other', () => {
    const icon = sequence(0x00880200, [item(encapsulated(['ab'], bytes()), 'delimited')], 'delimited');
    const { dataSet, pixelData } = readPart10(file(bytes(NAME, icon), JPEG_BASELINE));
    expect(pixelData).toBeUndefined();
    expect(dataSet.sequence(0x00880200)[0]?.get(0x7fe00010)).toMatchObject({
      undefinedLength: true,
      items: undefined,
    });
  });
});
