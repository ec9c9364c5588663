/**
 * Writes the sample study to a folder: a CT series of a phantom head and an ultrasound picture, of a patient who never
 * lived. The same bytes at every run.
 *
 *     npx tsx scripts/sample/make-sample.ts <folder>
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { authorPart10 } from './author-part10.ts';
import { ctInstance, ultrasoundInstance } from './data-sets.ts';
import { PATIENT, PATIENT_FOLDER } from './patient.ts';
import { SLICES } from './phantom.ts';

export interface SampleFile {
  /** Relative, with slashes. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** The files of the sample, one at a time. */
export function* sampleFiles(): Iterable<SampleFile> {
  for (let slice = 0; slice < SLICES; slice++) {
    const name = `IM_${String(slice + 1).padStart(4, '0')}.dcm`;
    yield { path: `${PATIENT_FOLDER}/CT head/${name}`, bytes: authorPart10(ctInstance(slice)) };
  }
  const picture = `${PATIENT.givenName}_${PATIENT.familyName}_${PATIENT.birthDate}.dcm`;
  yield { path: `${PATIENT_FOLDER}/US/${picture}`, bytes: authorPart10(ultrasoundInstance()) };
}

/** Writes the sample below `folder` and returns how many files it has. */
export function writeSample(folder: string): number {
  let count = 0;
  for (const file of sampleFiles()) {
    const target = join(folder, file.path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, file.bytes);
    count += 1;
  }
  return count;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const folder = process.argv[2];
  if (folder === undefined) throw new Error('usage: make-sample.ts <folder>');
  console.log(`${writeSample(folder)} files`);
}
