import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readPart10, referencedFiles } from '../../../shared/dicom/index.ts';
import { makeMediaDirectory } from '../../helpers/media-directory.ts';

const CORPUS = fileURLToPath(new URL('../../../../shared/corpus/11-dicomdir', import.meta.url));
const read = (bytes: Uint8Array) => [...referencedFiles(readPart10(bytes))];

describe('a DICOMDIR', () => {
  it('names the file and the instance of each record that refers to one', () => {
    const bytes = makeMediaDirectory([{ file: ['CD', 'IM1'], instance: '1.2.3' }, { file: ['README'] }]);
    expect(read(bytes)).toEqual([
      { fileId: 'CD/IM1', instance: '1.2.3' },
      { fileId: 'README', instance: undefined },
    ]);
  });

  it('leaves out records that are not in use', () => {
    expect(read(makeMediaDirectory([{ file: ['IM1'], inUse: false }]))).toEqual([]);
  });

  it('may refer to nothing', () => {
    expect(read(makeMediaDirectory([]))).toEqual([]);
  });
});

let isThere = true;
try {
  readFileSync(join(CORPUS, 'pydicom', 'DICOMDIR'));
} catch {
  isThere = false;
}

describe.skipIf(!isThere)(
  `DICOMDIRs of the corpus${isThere ? '' : ': skipped, ../shared/corpus is not here'}`,
  () => {
    it.each(['pydicom/DICOMDIR', 'pydicom/DICOMDIR-bigEnd', 'fo-dicom/DICOMDIR'])(
      '%s refers to files, each with its instance',
      (name) => {
        const files = read(readFileSync(join(CORPUS, name)));
        expect(files.length).toBeGreaterThan(0);
        for (const { fileId, instance } of files) {
          expect(fileId).toMatch(/^[A-Z0-9_]+(\/[A-Z0-9_]+)*$/);
          expect(instance).toMatch(/^[0-9.]+$/);
        }
      },
    );
  },
);
