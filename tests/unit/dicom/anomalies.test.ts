import { crc32, deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  concatSegments,
  DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
  EXPLICIT_VR_BIG_ENDIAN,
  EXPLICIT_VR_LITTLE_ENDIAN,
  IMPLICIT_VR_LITTLE_ENDIAN,
  type Part10,
  readPart10,
  splice,
} from '../../../shared/dicom/index.ts';
import { metaOf } from './meta.ts';
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
  u16,
  u32,
} from './raw-bytes.ts';

const NAME = explicit(0x00100010, 'PN', 'Doe^Jane');
const MODALITY = explicit(0x00080060, 'CS', 'CT');
const IMPLICIT_SET = bytes(implicit(0x00080060, 'CT'), implicit(0x00100010, 'Doe^Jane'));
const BIG_SET = bytes(
  explicit(0x00080060, 'CS', 'CT', { bigEndian: true }),
  explicit(0x00100010, 'PN', 'Doe^Jane', { bigEndian: true }),
);
const IMPLICIT_META = bytes(new Uint8Array(128), 'DICM', implicit(0x00020010, '1.2.840.10008.1.2\0'));
const DEFLATED = deflateRawSync(bytes(MODALITY, NAME));
const GZIP_TRAILER = bytes(u32(crc32(bytes(MODALITY, NAME))), u32(MODALITY.length + NAME.length));

function rewritten(part10: Part10, source: Uint8Array): Part10 {
  return readPart10(
    concatSegments(splice(part10, { edit: () => ({ kind: 'keep' }) }, metaOf(part10)), source),
  );
}

describe('an object that is not quite Part 10', () => {
  it.each([
    ['no preamble', bytes(opening(EXPLICIT_VR_LITTLE_ENDIAN).subarray(132), MODALITY, NAME), ['no-preamble']],
    ['neither, explicit', bytes(MODALITY, NAME), ['no-preamble', 'no-file-meta', 'no-transfer-syntax']],
    ['neither, implicit', IMPLICIT_SET, ['no-preamble', 'no-file-meta', 'no-transfer-syntax']],
    ['neither, big endian', BIG_SET, ['no-preamble', 'no-file-meta', 'no-transfer-syntax']],
    [
      'preamble but no meta information',
      bytes(new Uint8Array(128), 'DICM', MODALITY, NAME),
      ['no-file-meta', 'no-transfer-syntax'],
    ],
    ['no transfer syntax', bytes(opening(undefined), MODALITY, NAME), ['no-transfer-syntax']],
    ['meta information in implicit VR', bytes(IMPLICIT_META, IMPLICIT_SET), ['implicit-file-meta']],
    ['implicit data under explicit', file(IMPLICIT_SET), ['implicit-vr-under-explicit']],
    [
      'explicit data under implicit',
      file(bytes(MODALITY, NAME), IMPLICIT_VR_LITTLE_ENDIAN),
      ['explicit-vr-under-implicit'],
    ],
    ['big endian data under little', file(BIG_SET), ['wrong-byte-order']],
    [
      'little endian data under big',
      file(bytes(MODALITY, NAME), EXPLICIT_VR_BIG_ENDIAN),
      ['wrong-byte-order'],
    ],
    [
      'data that is not deflated',
      file(bytes(MODALITY, NAME), DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN),
      ['not-deflated'],
    ],
    [
      'the trailer of gzip after deflated data',
      file(bytes(DEFLATED, GZIP_TRAILER), DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN),
      [],
    ],
    ['zero bytes at the end', file(bytes(MODALITY, NAME, new Uint8Array(5))), ['trailing-zeros']],
    ['an odd length', file(bytes(explicit(0x00080060, 'CS', 'CTX'), NAME)), ['odd-length']],
    [
      'a group length of 2 bytes',
      file(bytes(explicit(0x00080000, 'US', bytes(u16(1))), MODALITY, NAME)),
      ['group-length-not-4-bytes'],
    ],
    ['tags out of order', file(bytes(NAME, MODALITY)), ['order-of-tags']],
    ['an element twice', file(bytes(MODALITY, NAME, NAME)), ['order-of-tags']],
  ] as [string, Uint8Array, string[]][])('is read and the repair is named: %s', (_, source, anomalies) => {
    const part10 = readPart10(source);
    expect(part10.anomalies).toEqual(anomalies);
    expect(part10.dataSet.text(0x00100010)).toBe('Doe^Jane');
    expect(part10.dataSet.text(0x00080060)).toMatch(/^CT/);
  });

  it('says what the data set is really in, and is written as that', () => {
    const cases = [
      [file(IMPLICIT_SET), IMPLICIT_VR_LITTLE_ENDIAN],
      [file(bytes(MODALITY, NAME), IMPLICIT_VR_LITTLE_ENDIAN), EXPLICIT_VR_LITTLE_ENDIAN],
      [file(BIG_SET), EXPLICIT_VR_BIG_ENDIAN],
      [BIG_SET, EXPLICIT_VR_BIG_ENDIAN],
      [file(bytes(MODALITY, NAME), DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN), EXPLICIT_VR_LITTLE_ENDIAN],
    ] as const;
    for (const [source, uid] of cases) {
      const again = rewritten(readPart10(source), source);
      expect(again.transferSyntax.uid).toBe(uid);
      expect(again.anomalies).toEqual([]);
      expect(again.dataSet.text(0x00100010)).toBe('Doe^Jane');
    }
  });
});

describe('an element with a header that is not legal', () => {
  const follows = explicit(0x00100020, 'LO', 'ID 1');

  it.each([
    ['blank VR', bytes([0x10, 0, 0x10, 0], '  ', u16(8), 'Doe^Jane')],
    ['VR --', bytes([0x10, 0, 0x10, 0], '--', u16(8), 'Doe^Jane')],
    ['VR ??', bytes([0x10, 0, 0x10, 0], '??', u16(8), 'Doe^Jane')],
    ['zero VR', bytes([0x10, 0, 0x10, 0], [0, 0], u16(8), 'Doe^Jane')],
    ['a VR of a later edition', bytes([0x10, 0, 0x10, 0], 'ZZ', [0, 0], u32(8), 'Doe^Jane')],
    ['an implicit header', implicit(0x00100010, 'Doe^Jane')],
  ])('is read by what follows it, and written with a legal one: %s', (_, element) => {
    const source = file(bytes(MODALITY, element, follows));
    const part10 = readPart10(source);
    expect(part10.dataSet.get(0x00100010)).toMatchObject({ vr: 'PN', headerVr: undefined, regular: false });
    expect(part10.dataSet.text(0x00100010)).toBe('Doe^Jane');
    expect(part10.dataSet.text(0x00100020)).toBe('ID 1');
    const again = rewritten(part10, source);
    expect(again.anomalies).toEqual([]);
    expect(again.dataSet.get(0x00100010)).toMatchObject({ vr: 'PN', headerVr: 'PN', regular: true });
    expect(again.dataSet.text(0x00100010)).toBe('Doe^Jane');
  });
});

describe('an item in another encoding than its data set', () => {
  const implicitItem = item(bytes(implicit(0x00100020, 'ID 1'), implicit(0x00280010, bytes(u16(9)))));
  const explicitItem = item(
    bytes(explicit(0x00100020, 'LO', 'ID 1'), explicit(0x00280010, 'US', bytes(u16(9)))),
  );

  it.each([
    [
      'implicit in explicit',
      file(bytes(sequence(0x00081140, [implicitItem, explicitItem]), NAME)),
      'implicit-vr-in-explicit',
    ],
    [
      'implicit in explicit, delimited',
      file(bytes(sequence(0x00081140, [item(implicitItem.subarray(8), 'delimited')], 'delimited'), NAME)),
      'implicit-vr-in-explicit',
    ],
    [
      'explicit in implicit',
      file(implicit(0x00081140, explicitItem), IMPLICIT_VR_LITTLE_ENDIAN),
      'explicit-vr-in-implicit',
    ],
    [
      'explicit in UN',
      file(bytes(sequence(0x00081140, [explicitItem], 'delimited', 'UN'), NAME)),
      'explicit-vr-in-implicit',
    ],
  ])('is read, and written in the encoding of its data set: %s', (_, source, anomaly) => {
    const part10 = readPart10(source);
    expect(part10.anomalies).toEqual([anomaly]);
    const again = rewritten(part10, source);
    for (const one of [part10, again]) {
      for (const dataSet of one.dataSet.sequence(0x00081140)) {
        expect(dataSet.text(0x00100020)).toBe('ID 1');
        expect(dataSet.number(0x00280010)).toBe(9);
      }
    }
    expect(again.anomalies).toEqual([]);
    expect(again.dataSet.get(0x00081140)?.regular).toBe(true);
  });
});

describe('fragments under VR UN', () => {
  const asUnknown = (pixels: Uint8Array) => {
    const copy = pixels.slice();
    copy.set([0x55, 0x4e], 4);
    return copy;
  };
  const pixels = encapsulated(['abcd']);

  it.each([
    ['of the instance', asUnknown(pixels), pixels],
    ['of an icon', sequence(0x00880200, [item(asUnknown(pixels))]), sequence(0x00880200, [item(pixels)])],
  ])('are fragments all the same, and written as OB: %s', (_, element, legal) => {
    const source = file(bytes(MODALITY, element), '1.2.840.10008.1.2.4.50');
    const part10 = readPart10(source);
    const [, found] = part10.dataSet.elements;
    expect(found?.items?.[0]?.dataSet.get(0x7fe00010) ?? found).toMatchObject({ vr: 'OB', headerVr: 'UN' });
    const written = concatSegments(
      splice(part10, { edit: () => ({ kind: 'keep' }) }, metaOf(part10)),
      source,
    );
    expect(written.subarray(-legal.length)).toEqual(legal);
  });
});

describe('a delimiter that is not needed', () => {
  it.each([
    [
      'of an item',
      sequence(0x00081140, [item(bytes(explicit(0x00100020, 'LO', 'ID 1'), delimiter('item')))]),
    ],
    [
      'of a sequence',
      sequence(0x00081140, [item(explicit(0x00100020, 'LO', 'ID 1')), delimiter('sequence')]),
    ],
  ])('is accepted at the end of what has a length, and not written again: %s', (_, element) => {
    const source = file(bytes(element, NAME));
    const part10 = readPart10(source);
    expect(part10.anomalies).toEqual(['stray-delimiter']);
    const again = rewritten(part10, source);
    expect(again.anomalies).toEqual([]);
    expect(again.size).toBe(metaSize(again) + source.length - opening(EXPLICIT_VR_LITTLE_ENDIAN).length - 8);
    expect(again.dataSet.sequence(0x00081140)[0]?.text(0x00100020)).toBe('ID 1');
  });
});

function metaSize(part10: Part10): number {
  return part10.dataSet.elements[0]?.start ?? 0;
}
