/** Whatever the bytes are: a data set in which every byte has its place, or the one error; and what is accepted can be rewritten. */
import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  concatSegments,
  dumpLines,
  looksLikeDicom,
  type Part10,
  readPart10,
  readPart10From,
  splice,
  toDicomJson,
  transferSyntaxes,
} from '../../../shared/dicom/index.ts';
import { isUnprocessable } from '../../../shared/errors.ts';
import { strayBytes } from '../../unit/dicom/extents.ts';
import { metaOf } from '../../unit/dicom/meta.ts';
import { bytes, opening } from '../../unit/dicom/raw-bytes.ts';

const CORPUS = new URL('../../../../shared/corpus/', import.meta.url);
const SMALL_FILES = [
  '01-transfer-syntax/small/MR_small_RLE.dcm',
  '01-transfer-syntax/small/JPEGLSNearLossless_16.dcm',
  '01-transfer-syntax/new/liver_deflate.dcm',
  '03-modality/rtplan.dcm',
  '03-modality/sample-sr.dcm',
  '03-modality/report_dfl',
  '04-charset/chrH32.dcm',
  '06-no-preamble/ExplVR_BigEndNoMeta.dcm',
  '06-no-preamble/rtstruct.dcm',
  '07-malformed/UN_sequence.dcm',
  '07-malformed/GH220.dcm',
  '07-malformed/meta_missing_tsyntax.dcm',
  '11-dicomdir/pydicom/DICOMDIR-bigEnd',
];

type Verdict = { readonly part10: Part10 } | { readonly reason: string };

async function verdict(read: () => Part10 | Promise<Part10>): Promise<Verdict> {
  try {
    return { part10: await read() };
  } catch (error) {
    if (isUnprocessable(error)) return { reason: error.reason };
    throw error;
  }
}

/** Holds for all input: no other error, no stray byte, the same from a ranged source, rewriting is stable. */
async function expectVerdict(source: Uint8Array): Promise<void> {
  const whole = await verdict(() => readPart10(source));
  const ranged = {
    size: source.length,
    read: async (start: number, length: number) => source.slice(start, start + length),
  };
  const header = await verdict(() => readPart10From(ranged, {}, source.slice(0, 1024)));
  if ('reason' in whole || 'reason' in header) {
    // The reason may be another: a guess at the encoding can depend on how much is at hand.
    expect('reason' in header && 'reason' in whole).toBe(true);
    return;
  }
  expect(header.part10.anomalies).toEqual(whole.part10.anomalies);
  expect(looksLikeDicom(source)).toBe(true);
  expect(strayBytes(whole.part10)).toEqual([]);
  expectReadable(whole.part10);
  const once = rewritten(whole.part10, source);
  const again = readPart10(once);
  // Nonsense whose group lengths are gone may look like the other byte order: then it is not the same data set any more.
  if (again.anomalies.includes('wrong-byte-order')) return;
  expect(Buffer.compare(once, rewritten(again, once))).toBe(0);
}

function expectReadable(part10: Part10): void {
  try {
    toDicomJson(part10.dataSet);
    expect([...dumpLines(part10, { values: true })].length).toBeGreaterThan(0);
  } catch (error) {
    if (!isUnprocessable(error) || error.reason !== 'unsupported-character-set') throw error;
  }
}

function rewritten(part10: Part10, source: Uint8Array): Uint8Array {
  const editor = {
    edit: ({ items }: { items: unknown }) => ({
      kind: items === undefined ? ('keep' as const) : ('items' as const),
    }),
  };
  return concatSegments(splice(part10, editor, metaOf(part10)), source);
}

type Mutation = (source: Uint8Array) => Uint8Array;
const at = fc.nat();
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(at, fc.integer({ min: 0, max: 255 })).map(
    ([where, byte]): Mutation =>
      (source) => {
        const copy = source.slice();
        copy[where % source.length] = byte;
        return copy;
      },
  ),
  fc.tuple(at, fc.constantFrom(0, 1, 0xff, 0xfe, 0x7f)).map(
    ([where, byte]): Mutation =>
      (source) => {
        const copy = source.slice();
        copy.fill(byte, where % source.length, (where % source.length) + 4);
        return copy;
      },
  ),
  fc.tuple(at, fc.integer({ min: 1, max: 40 })).map(
    ([where, count]): Mutation =>
      (source) => {
        const start = where % source.length;
        return bytes(source.subarray(0, start), source.subarray(start + count));
      },
  ),
  fc.tuple(at, fc.uint8Array({ minLength: 1, maxLength: 24 })).map(
    ([where, added]): Mutation =>
      (source) => {
        const start = where % source.length;
        return bytes(source.subarray(0, start), added, source.subarray(start));
      },
  ),
  fc.tuple(at, at, fc.integer({ min: 4, max: 400 })).map(
    ([from, to, count]): Mutation =>
      (source) => {
        const copy = source.slice();
        copy.set(
          source
            .subarray(from % source.length, (from % source.length) + count)
            .subarray(0, copy.length - (to % copy.length)),
          to % copy.length,
        );
        return copy;
      },
  ),
  at.map(
    (where): Mutation =>
      (source) =>
        source.subarray(0, where % source.length),
  ),
);

describe('any bytes', () => {
  it('after nothing at all', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 600 }), expectVerdict), { numRuns: 500 });
  });

  it('after a preamble and a transfer syntax', async () => {
    const uid = fc.constantFrom(...transferSyntaxes().map((syntax) => syntax.uid));
    const likely = fc.constantFrom(
      [8, 0, 0x40, 0x11],
      [0x10, 0, 0x10, 0],
      [0xe0, 0x7f, 0x10, 0],
      [0xfe, 0xff, 0, 0xe0],
      [0xfe, 0xff, 0x0d, 0xe0],
      [0xfe, 0xff, 0xdd, 0xe0],
      [0xff, 0xff, 0xff, 0xff],
      [0, 0, 0, 0],
      [8, 0, 0, 0],
      [0x53, 0x51, 0, 0],
      [0x55, 0x4e, 0, 0],
      [0x4c, 0x4f, 4, 0],
      [0x4f, 0x42, 0, 0],
      [9, 0, 1, 0x10],
      [0x61, 0x62, 0x63, 0x64],
    );
    const soup = fc.array(
      fc.oneof(
        { weight: 6, arbitrary: likely },
        { weight: 1, arbitrary: fc.uint8Array({ maxLength: 5 }).map((some) => [...some]) },
      ),
      { maxLength: 60 },
    );
    await fc.assert(
      fc.asyncProperty(uid, soup, (syntax, parts) => expectVerdict(bytes(opening(syntax), ...parts))),
      { numRuns: 3000 },
    );
  });
});

describe.skipIf(!existsSync(CORPUS))(
  'real files, mutated (skipped where ../shared/corpus is not there)',
  () => {
    it.each(SMALL_FILES)('%s', async (name) => {
      const source = new Uint8Array(readFileSync(new URL(name, CORPUS)));
      await fc.assert(
        fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) =>
          expectVerdict(
            mutations.reduce<Uint8Array>(
              (mutated, mutate) => (mutated.length === 0 ? mutated : mutate(mutated)),
              source,
            ),
          ),
        ),
        { numRuns: 150 },
      );
    });
  },
);
