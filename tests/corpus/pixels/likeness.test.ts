import { afterAll, describe, expect, it } from 'vitest';
import { compareWithReference } from '../../../scripts/gallery/compare.ts';
import {
  EXPLAINED_DIFFERENCES,
  GREATEST_DIFFERENCE,
  LEAST_SIMILARITY,
} from '../../../scripts/gallery/explained-differences.ts';
import { hasDcmtk, hasGdcm } from '../../../scripts/gallery/reference.ts';
import { isUnprocessable } from '../../../shared/errors.ts';
import { stopCodecWorker } from '../../../shared/pixels/codecs/codec-worker.ts';
import { CORPUS, corpusFiles, hasCorpus, openCorpusFile } from './corpus.ts';
import { EXPECTED_PLACEHOLDERS } from './expected-placeholders.ts';

const ready = hasCorpus && hasDcmtk && hasGdcm;
const skipped = hasCorpus ? 'dcmtk or GDCM is not installed' : '../shared/corpus is not there';

afterAll(stopCodecWorker);

describe.skipIf(!ready)(`pictures beside those of dcmtk${ready ? '' : ` (skipped: ${skipped})`}`, () => {
  // The series add time and nothing else: neighbouring slices are rendered alike.
  const files = corpusFiles().filter((file) => !/^02-series\/.*(0[2-9]|1\d|8[1-9]|9\d)\.dcm$/.test(file));

  it.each(files.filter(rendersHere))('%s', async (file) => {
    const comparison = await compareWithReference(CORPUS + file, openCorpusFile(file));

    expect(comparison).toBeDefined();
    const { similarity = 0, difference = 255 } = comparison?.likeness ?? {};
    const alike = similarity >= LEAST_SIMILARITY && difference <= GREATEST_DIFFERENCE;
    // Either it is alike, or the table tells why it is not; a line that explains nothing any more has to go.
    expect({ file, similarity, difference, alike }).toMatchObject({
      alike: !(file in EXPLAINED_DIFFERENCES),
    });
  });
});

function rendersHere(file: string): boolean {
  try {
    const { part10 } = openCorpusFile(file);
    const hasImage = part10.pixelData !== undefined && EXPECTED_PLACEHOLDERS[file] === undefined;
    return hasImage && !file.startsWith('11-dicomdir/');
  } catch (error) {
    if (isUnprocessable(error)) return false;
    throw error;
  }
}
