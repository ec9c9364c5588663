/**
 * A study as a medium to be taken away, in the layout of IHE PDI: DICOMDIR, INDEX.HTM and README.TXT at the root, instances below DICOM, in
 * one archive. Summary and metadata say everything ahead: its length, its revision and each of its bytes.
 */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { type StoredArchive, storedArchive } from '../archive/zip/stored-archive.ts';
import { instanceKey } from '../contract/names.ts';
import type { StudySummary } from '../contract/study-summary.ts';
import { indexPage } from './index-page.ts';
import { READ_ME } from './read-me.ts';
import { fileIdOf, studyDirectory } from './study-directory.ts';

/** A file of the medium: made here, or an object of the library. */
export type MediaFile = {
  readonly name: string;
  readonly size: number;
  readonly crc32: number;
} & ({ readonly bytes: Uint8Array } | { readonly key: string });

export interface StudyMedia {
  readonly archive: StoredArchive;
  readonly files: readonly MediaFile[];
  /** In hexadecimal; another one where a byte of the archive is another one. */
  readonly revision: string;
}

export interface MediaSource {
  /** The header of each instance of the study as JSON text. */
  readonly metadata: AsyncIterable<string>;
  /** The CRC-32 of an object of which it was not kept. */
  crc32(key: string): Promise<number>;
}

/** The medium of a study. */
export async function studyMedia(summary: StudySummary, source: MediaSource): Promise<StudyMedia> {
  const known = await withChecksums(summary, source);
  const directory = await studyDirectory(known, source.metadata);
  const files: MediaFile[] = [
    madeHere('DICOMDIR', directory),
    madeHere('INDEX.HTM', Buffer.from(indexPage(known))),
    madeHere('README.TXT', Buffer.from(READ_ME, 'latin1')),
    ...known.series.flatMap(({ seriesInstanceUid: series, instances }, seriesIndex) =>
      instances.map(({ sopInstanceUid: instance, bytes, crc32 }, index) => ({
        name: fileIdOf(seriesIndex, index).join('/'),
        size: bytes,
        crc32: crc32 ?? 0,
        key: instanceKey({ study: summary.studyInstanceUid, series, instance }),
      })),
    ),
  ];
  const revision = createHash('sha256').update(directory).update(READ_ME);
  for (const file of files) revision.update(`${file.name} ${file.size} ${file.crc32}\n`);
  return { archive: storedArchive(files), files, revision: revision.digest('hex') };
}

function madeHere(name: string, bytes: Uint8Array): MediaFile {
  return { name, size: bytes.length, crc32: crc32(bytes), bytes };
}

async function withChecksums(summary: StudySummary, source: MediaSource): Promise<StudySummary> {
  const series = [];
  for (const one of summary.series) {
    const instances = [];
    for (const instance of one.instances) {
      const key = () =>
        instanceKey({
          study: summary.studyInstanceUid,
          series: one.seriesInstanceUid,
          instance: instance.sopInstanceUid,
        });
      instances.push(instance.crc32 === null ? { ...instance, crc32: await source.crc32(key()) } : instance);
    }
    series.push({ ...one, instances });
  }
  return { ...summary, series };
}
