/** What is written is read back as it was meant, and what is read is rewritten as it was. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  concatSegments,
  type DataSet,
  DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
  EXPLICIT_VR_BIG_ENDIAN,
  EXPLICIT_VR_LITTLE_ENDIAN,
  encodeNumbers,
  IMPLICIT_VR_LITTLE_ENDIAN,
  type NewElement,
  readPart10,
  splice,
  type VR,
  writePart10,
} from '../../../shared/dicom/index.ts';
import { strayBytes } from '../../unit/dicom/extents.ts';
import { META, metaOf } from '../../unit/dicom/meta.ts';

const SYNTAXES = [
  EXPLICIT_VR_LITTLE_ENDIAN,
  IMPLICIT_VR_LITTLE_ENDIAN,
  EXPLICIT_VR_BIG_ENDIAN,
  DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
];

/** Tags with the VR that the dictionary has for them, so that implicit VR says the same. */
const TEXT: readonly [number, VR][] = [
  [0x00080060, 'CS'],
  [0x00081030, 'LO'],
  [0x00100010, 'PN'],
  [0x00104000, 'LT'],
  [0x00200032, 'DS'],
  [0x0040a160, 'UT'],
];
const WORDS: readonly [number, VR][] = [
  [0x00280010, 'US'],
  [0x00281201, 'OW'],
  [0x00091001, 'UN'],
];
const SEQUENCES = [0x00081140, 0x00400275, 0x52009229];

const textElement = fc
  .tuple(fc.constantFrom(...TEXT), fc.stringMatching(/^[A-Za-z0-9 ]{0,40}$/))
  .map(([[tag, vr], text]): NewElement => ({ tag, vr, value: Buffer.from(text, 'latin1') }));
const wordElement = fc
  .tuple(fc.constantFrom(...WORDS), fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 6 }))
  // What begins like an item would rightly be read as a sequence.
  .map(([[tag, vr], words]): NewElement => {
    const even = words.map((word) => (word === 0xfffe ? 0 : word));
    return { tag, vr, value: encodeNumbers(even, 'US') };
  });

const { elements } = fc.letrec<{ elements: NewElement[]; element: NewElement; sequence: NewElement }>(
  (tie) => ({
    elements: fc.uniqueArray(tie('element'), {
      selector: ({ tag }) => tag,
      maxLength: 6,
      depthIdentifier: 'nesting',
    }),
    element: fc.oneof({ depthIdentifier: 'nesting', maxDepth: 4 }, textElement, wordElement, tie('sequence')),
    sequence: fc
      .tuple(fc.constantFrom(...SEQUENCES), fc.array(tie('elements'), { maxLength: 3 }))
      .map(([tag, value]): NewElement => ({ tag, vr: 'SQ', value })),
  }),
);

function padded(element: NewElement): Uint8Array {
  const value = element.value as Uint8Array;
  const even = new Uint8Array(value.length + (value.length % 2)).fill(
    element.vr === 'UN' || element.vr === 'OW' || element.vr === 'US' ? 0 : 0x20,
  );
  even.set(value);
  return even;
}

function expectToHold(dataSet: DataSet, expected: readonly NewElement[]): void {
  const ordered = [...expected].sort((a, b) => a.tag - b.tag);
  expect(dataSet.elements.map(({ tag, vr }) => [tag, vr])).toEqual(ordered.map(({ tag, vr }) => [tag, vr]));
  for (const element of ordered) {
    if (element.vr === 'SQ') {
      const items = element.value as readonly (readonly NewElement[])[];
      const read = dataSet.sequence(element.tag);
      expect(read).toHaveLength(items.length);
      for (const [index, item] of items.entries()) expectToHold(read[index] as DataSet, item);
    } else if (element.vr === 'US' || element.vr === 'OW') {
      const value = padded(element);
      const words = Array.from(
        { length: value.length / 2 },
        (_, at) => (value[2 * at] ?? 0) + 256 * (value[2 * at + 1] ?? 0),
      );
      expect(dataSet.numbers(element.tag)).toEqual(words);
    } else {
      expect(Buffer.from(dataSet.value(element.tag) ?? []).equals(padded(element))).toBe(true);
    }
  }
}

describe('any data set', () => {
  it.each(SYNTAXES)('written in %s is read back', (transferSyntaxUid) => {
    fc.assert(
      fc.property(elements, (all) => {
        const part10 = readPart10(writePart10(all, { ...META, transferSyntaxUid }));
        expect(part10.anomalies).toEqual([]);
        expect(strayBytes(part10)).toEqual([]);
        expectToHold(part10.dataSet, all);
      }),
      { numRuns: 150 },
    );
  });

  it.each(SYNTAXES)('in %s is spliced to the same bytes when nothing is edited', (transferSyntaxUid) => {
    fc.assert(
      fc.property(elements, fc.boolean(), (all, descend) => {
        const source = writePart10(all, { ...META, transferSyntaxUid });
        const part10 = readPart10(source);
        const edit = ({ items }: { items: unknown }) =>
          descend && items !== undefined ? ({ kind: 'items' } as const) : ({ kind: 'keep' } as const);
        expect(
          Buffer.from(concatSegments(splice(part10, { edit }, metaOf(part10)), source)).equals(source),
        ).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it('loses a tag at every depth, and nothing else, when the tag is removed', () => {
    fc.assert(
      fc.property(
        elements,
        fc.constantFrom(...SYNTAXES),
        fc.constantFrom(0x00100010, 0x00091001),
        (all, transferSyntaxUid, tag) => {
          const source = writePart10(all, { ...META, transferSyntaxUid });
          const part10 = readPart10(source);
          const segments = splice(
            part10,
            {
              edit: (element) => ({
                kind: element.tag === tag ? 'remove' : element.items ? 'items' : 'keep',
              }),
            },
            metaOf(part10),
          );
          const again = readPart10(concatSegments(segments, source));
          expect(again.anomalies).toEqual([]);
          expectToHold(again.dataSet, without(all, tag));
        },
      ),
      { numRuns: 150 },
    );
  });
});

function without(all: readonly NewElement[], tag: number): NewElement[] {
  return all
    .filter((element) => element.tag !== tag)
    .map((element) =>
      element.vr === 'SQ'
        ? {
            ...element,
            value: (element.value as readonly (readonly NewElement[])[]).map((item) => without(item, tag)),
          }
        : element,
    );
}
