import { describe, expect, it } from 'vitest';
import {
  concatSegments,
  DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
  type Edit,
  EXPLICIT_VR_BIG_ENDIAN,
  EXPLICIT_VR_LITTLE_ENDIAN,
  encodeText,
  IMPLICIT_VR_LITTLE_ENDIAN,
  type NewElement,
  type Part10,
  readPart10,
  type SpliceEditor,
  segmentsLength,
  splice,
  writePart10,
  writtenTransferSyntax,
} from '../../../shared/dicom/index.ts';
import { META, metaOf } from './meta.ts';
import {
  bytes,
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

const RLE = '1.2.840.10008.1.2.5';
const NAME = explicit(0x00100010, 'PN', 'Doe^Jane');
const ID = explicit(0x00100020, 'LO', 'ID 1');
const KEEP: Edit = { kind: 'keep' };

/** An editor of some tags at any depth; sequences are descended into. */
function editing(edits: Record<number, Edit>, add?: SpliceEditor['add']): SpliceEditor {
  const edit: SpliceEditor['edit'] = (element) =>
    edits[element.tag] ?? (element.items === undefined ? KEEP : { kind: 'items' });
  return add === undefined ? { edit } : { edit, add };
}

function spliced(
  source: Uint8Array,
  editor: SpliceEditor,
  transferSyntaxUid?: string,
): Part10 & { bytes: Uint8Array } {
  const part10 = readPart10(source);
  const written = concatSegments(splice(part10, editor, metaOf(part10, transferSyntaxUid)), source);
  return { ...readPart10(written), bytes: written };
}

/** The bytes of the data set of a written object. */
function dataSetBytes(part10: Part10 & { bytes: Uint8Array }): Uint8Array {
  return (part10.inflated ?? part10.bytes).subarray(part10.dataSet.elements[0]?.start ?? part10.size);
}

const text = (tag: number, value: string): NewElement => ({ tag, vr: 'LO', value: encodeText(value, 'LO') });

describe('an edited data set', () => {
  const nested = sequence(0x00081140, [item(bytes(NAME, ID))]);
  const all = bytes(nested, NAME, ID, explicit(0x7fe00010, 'OW', 'abcd'));

  it('is the same bytes when nothing is edited', () => {
    expect(dataSetBytes(spliced(file(all), editing({})))).toEqual(all);
    expect(dataSetBytes(spliced(file(all), { edit: () => KEEP }))).toEqual(all);
  });

  it('loses what is removed, and the lengths around it shrink', () => {
    const written = spliced(file(all), editing({ 1048592: { kind: 'remove' } }));
    const expected = bytes(sequence(0x00081140, [item(ID)]), ID, explicit(0x7fe00010, 'OW', 'abcd'));
    expect(dataSetBytes(written)).toEqual(expected);
  });

  it.each([
    ['longer', 'A much longer name'],
    ['of odd length', 'Odd'],
    ['empty', ''],
  ])('has a replaced value that is %s, and the lengths around it fit', (_, value) => {
    const written = spliced(file(all), editing({ 1048592: { kind: 'replace', value: bytes(value) } }));
    const replaced = explicit(0x00100010, 'PN', value.length % 2 === 1 ? `${value} ` : value);
    const expected = bytes(
      sequence(0x00081140, [item(bytes(replaced, ID))]),
      replaced,
      ID,
      explicit(0x7fe00010, 'OW', 'abcd'),
    );
    expect(dataSetBytes(written)).toEqual(expected);
  });

  it('keeps delimiters where they were', () => {
    const delimited = bytes(sequence(0x00081140, [item(bytes(NAME, ID), 'delimited')], 'delimited'), ID);
    const written = spliced(file(delimited), editing({ 1048592: { kind: 'remove' } }));
    expect(dataSetBytes(written)).toEqual(
      bytes(sequence(0x00081140, [item(ID, 'delimited')], 'delimited'), ID),
    );
  });

  it('has a sequence without items where it is emptied', () => {
    const written = spliced(file(all), editing({ 528704: { kind: 'empty-items' } }));
    expect(dataSetBytes(written).subarray(0, 12)).toEqual(sequence(0x00081140, []));
  });

  it('has what is added in tag order, in items as well, in place of what was there', () => {
    const add: SpliceEditor['add'] = (_, depth) =>
      depth === 0
        ? [text(0x00100030, 'z'), text(0x00080070, 'a'), text(0x00100020, 'new')]
        : [text(0x00100021, 'in')];
    const { dataSet } = spliced(file(all), editing({}, add));
    expect(dataSet.elements.map(({ tag }) => tag)).toEqual([
      0x00080070, 0x00081140, 0x00100010, 0x00100020, 0x00100030, 0x7fe00010,
    ]);
    expect(dataSet.text(0x00100020)).toBe('new');
    expect(dataSet.sequence(0x00081140)[0]?.elements.map(({ tag }) => tag)).toEqual([
      0x00100010, 0x00100020, 0x00100021,
    ]);
  });

  it('is not asked about items of a sequence that is kept', () => {
    const asked: number[] = [];
    const edit: SpliceEditor['edit'] = ({ tag }, _, depth) => {
      asked.push(depth);
      return tag === 0x00100010 ? { kind: 'remove' } : KEEP;
    };
    expect(spliced(file(all), { edit }).dataSet.sequence(0x00081140)[0]?.has(0x00100010)).toBe(true);
    expect(new Set(asked)).toEqual(new Set([0]));
  });

  it('has no group lengths', () => {
    const group = explicit(0x00080000, 'UL', bytes(u32(99)));
    const written = spliced(
      file(bytes(group, sequence(0x00081140, [item(bytes(group, ID))]), ID)),
      editing({}),
    );
    expect(dataSetBytes(written)).toEqual(bytes(sequence(0x00081140, [item(ID)]), ID));
  });

  it('has a value too long for its VR as UN', () => {
    const { dataSet } = spliced(
      file(all),
      editing({ 1048608: { kind: 'replace', value: new Uint8Array(70_000).fill(0x41) } }),
    );
    expect(dataSet.get(0x00100020)).toMatchObject({ headerVr: 'UN', vr: 'LO' });
    expect(dataSet.text(0x00100020)?.length).toBe(70_000);
  });

  it('gives a replaced element another VR when that is asked for', () => {
    const { dataSet } = spliced(
      file(all),
      editing({ 1048608: { kind: 'replace', value: bytes('x '), vr: 'SH' } }),
    );
    expect(dataSet.get(0x00100020)?.headerVr).toBe('SH');
  });
});

describe('the encoding of the source', () => {
  it('is kept: implicit VR', () => {
    const source = file(
      bytes(implicit(0x00081140, item(implicit(0x00100010, 'Doe '))), implicit(0x00100020, 'ID')),
      IMPLICIT_VR_LITTLE_ENDIAN,
    );
    const written = spliced(
      source,
      editing({ 1048592: { kind: 'replace', value: bytes('Xy') } }, (_, depth) =>
        depth === 0 ? [text(0x00100021, 'ab')] : [],
      ),
    );
    expect(dataSetBytes(written)).toEqual(
      bytes(
        implicit(0x00081140, item(implicit(0x00100010, 'Xy'))),
        implicit(0x00100020, 'ID'),
        implicit(0x00100021, 'ab'),
      ),
    );
  });

  it('is kept: big endian, with new elements in it and sequences carried as UN', () => {
    const big = { bigEndian: true };
    const carried = explicit(0x00091001, 'UN', item(implicit(0x00100010, 'Doe ')), big);
    const rows = explicit(0x00280010, 'US', bytes(u16(512, true)), big);
    const add: SpliceEditor['add'] = (_, depth) =>
      depth === 0 ? [{ tag: 0x00280011, vr: 'US', value: bytes(u16(7)) }] : [];
    const written = spliced(
      file(bytes(carried, rows), EXPLICIT_VR_BIG_ENDIAN),
      editing({ 1048592: { kind: 'replace', value: bytes('Xy') } }, add),
    );
    expect(dataSetBytes(written)).toEqual(
      bytes(
        explicit(0x00091001, 'UN', item(implicit(0x00100010, 'Xy')), big),
        rows,
        explicit(0x00280011, 'US', bytes(u16(7, true)), big),
      ),
    );
  });

  it('is kept: deflated, to an even length', () => {
    const source = writePart10([text(0x00100020, 'ID 1')], {
      ...META,
      transferSyntaxUid: DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
    });
    for (const value of ['a', 'ab', 'abc', 'abcd', 'abcde']) {
      const written = spliced(source, editing({ 1048608: { kind: 'replace', value: bytes(value) } }));
      expect(written.dataSet.text(0x00100020)).toBe(value);
      expect(written.size % 2).toBe(0);
    }
  });

  it.each([
    [IMPLICIT_VR_LITTLE_ENDIAN, EXPLICIT_VR_LITTLE_ENDIAN],
    [EXPLICIT_VR_LITTLE_ENDIAN, IMPLICIT_VR_LITTLE_ENDIAN],
    [EXPLICIT_VR_LITTLE_ENDIAN, DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN],
    [DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN, IMPLICIT_VR_LITTLE_ENDIAN],
  ])('%s can be written as %s', (from, to) => {
    const elements = [
      text(0x00100020, 'ID 1'),
      { tag: 0x00081140, vr: 'SQ', value: [[text(0x00100020, 'ID 2')], []] } as const,
      { tag: 0x00280010, vr: 'US', value: bytes(u16(512)) } as const,
    ];
    const source = writePart10(elements, { ...META, transferSyntaxUid: from });
    const written = spliced(source, { edit: () => KEEP }, to);
    expect(written.bytes).toEqual(
      writePart10(elements, { ...metaOf(readPart10(source)), transferSyntaxUid: to }),
    );
    expect(written.anomalies).toEqual([]);
  });

  it('changes its byte order never', () => {
    const part10 = readPart10(file(NAME));
    expect(() => splice(part10, editing({}), metaOf(part10, EXPLICIT_VR_BIG_ENDIAN))).toThrow('byte order');
  });

  it('is given up for explicit VR where there are fragments, which cannot be in implicit', () => {
    const pixels = bytes(
      implicit(0x7fe00010, '').subarray(0, 4),
      [0xff, 0xff, 0xff, 0xff],
      encapsulated(['abcd']).subarray(12),
    );
    const part10 = readPart10(file(bytes(implicit(0x00100020, 'ID'), pixels), RLE));
    expect(part10.encoding.explicitVr).toBe(false);
    expect(writtenTransferSyntax(part10).uid).toBe(RLE);
    const written = spliced(file(bytes(implicit(0x00100020, 'ID'), pixels), RLE), editing({}));
    expect(written.anomalies).toEqual([]);
    expect(dataSetBytes(written)).toEqual(bytes(explicit(0x00100020, 'LO', 'ID'), encapsulated(['abcd'])));
  });
});

describe('the segments', () => {
  const pixels = explicit(0x7fe00010, 'OW', new Uint8Array(100_000).fill(9));

  it('hold the pixels as a view of the source, and little else', () => {
    const source = file(bytes(NAME, ID, pixels));
    const part10 = readPart10(source);
    const segments = splice(part10, editing({ 1048592: { kind: 'remove' } }), metaOf(part10));
    const views = segments.filter(
      (segment) => segment instanceof Uint8Array && segment.buffer === source.buffer,
    );
    expect(views).toHaveLength(1);
    expect(segments.length).toBeLessThanOrEqual(3);
    expect(segmentsLength(segments)).toBe(concatSegments(segments, source).length);
  });

  it('begin with zeros, DICM and meta information of the right length, whatever the source had', () => {
    const source = bytes(opening(undefined).fill(0x55, 0, 128), explicit(0x00020016, 'AE', 'HOSPITAL'), NAME);
    const { bytes: written, meta, dataSet } = spliced(source, editing({}));
    expect(written.subarray(0, 132)).toEqual(bytes(new Uint8Array(128), 'DICM'));
    expect(meta?.elements.map(({ tag }) => tag & 0xffff)).toEqual([0, 1, 2, 3, 0x10, 0x12, 0x13]);
    const [length, version] = meta?.elements ?? [];
    expect(meta?.number(0x00020000)).toBe((dataSet.elements[0]?.start ?? 0) - (length?.end ?? 0));
    expect(version).toMatchObject({ vr: 'OB' });
    expect(Buffer.from(written).includes('HOSPITAL')).toBe(false);
  });
});
