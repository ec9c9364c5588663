import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { type SampleFile, sampleFiles } from '../../../scripts/sample/make-sample.ts';
import { PATIENT, PLANTED } from '../../../scripts/sample/patient.ts';
import { BEAD_DISTANCE, BEADS, SIZE, SLICES } from '../../../scripts/sample/phantom.ts';
import { type Part10, readPart10, tagOf } from '../../../shared/dicom/index.ts';

let files: SampleFile[];
let parsed: Part10[];

beforeAll(() => {
  files = [...sampleFiles()];
  parsed = files.map(({ bytes }) => readPart10(bytes));
});

const digest = (all: Iterable<SampleFile>) => {
  const hash = createHash('sha256');
  for (const { path, bytes } of all) hash.update(path).update(bytes);
  return hash.digest('hex');
};

describe('the sample study', () => {
  it('is the same bytes at every run', () => {
    expect(digest(sampleFiles())).toBe(digest(files));
  });

  it('is one CT series and one ultrasound picture, read without a repair', () => {
    const modalities = parsed.map(({ dataSet }) => dataSet.text(tagOf('Modality')));
    expect(modalities).toEqual([...Array(SLICES).fill('CT'), 'US']);
    expect(new Set(parsed.map(({ dataSet }) => dataSet.uid(tagOf('SeriesInstanceUID')))).size).toBe(2);
    expect(new Set(parsed.map(({ dataSet }) => dataSet.uid(tagOf('SOPInstanceUID')))).size).toBe(
      files.length,
    );
    expect(parsed.flatMap(({ anomalies }) => anomalies)).toEqual([]);
  });

  it.each(PLANTED.map((planted) => [planted]))('names %j somewhere', (planted) => {
    const wanted = planted.toLowerCase();
    const found = files.some(
      ({ path, bytes }) =>
        path.toLowerCase().includes(wanted) ||
        Buffer.from(bytes).toString('latin1').toLowerCase().includes(wanted),
    );
    expect(found).toBe(true);
  });

  it('names the patient in every file and in every path', () => {
    for (const { path, bytes } of files) {
      expect(path.toLowerCase()).toContain(PATIENT.familyName.toLowerCase());
      expect(Buffer.from(bytes).includes(PATIENT.familyName)).toBe(true);
    }
  });

  it('holds two beads at a distance that is known', () => {
    const { dataSet } = parsed[12] as Part10;
    const [spacing] = dataSet.numbers(tagOf('PixelSpacing'));
    const [one, two] = BEADS;
    expect((two.column - one.column) * (spacing ?? 0)).toBeCloseTo(BEAD_DISTANCE, 6);
    const pixels = dataSet.value(tagOf('PixelData')) ?? new Uint8Array();
    const stored = new Uint16Array(pixels.slice().buffer);
    const row = [...stored.subarray(one.row * SIZE, (one.row + 1) * SIZE)];
    // Bone is darker than a bead, so the brightest of each half is the bead's middle.
    expect(row.slice(0, 40).indexOf(Math.max(...row.slice(0, 40)))).toBeGreaterThanOrEqual(one.column - 1);
    expect(Math.min(row[one.column] ?? 0, row[two.column] ?? 0)).toBeGreaterThan(2_500);
    expect(row[(one.column + two.column) / 2 + 95] ?? 0).toBeLessThan(200);
  });
});
