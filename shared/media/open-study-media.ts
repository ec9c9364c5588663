/** The medium of a study, out of the two objects that its completion has written. */
import { crc32, gunzipSync } from 'node:zlib';
import { studyMetadataKey, studySummaryKey } from '../contract/names.ts';
import type { StudySummary } from '../contract/study-summary.ts';
import type { MediaReader } from './media-bytes.ts';
import { type StudyMedia, studyMedia } from './study-media.ts';

/** The medium; `lines` reads the stored metadata, an instance to a line. */
export async function openStudyMedia(
  study: string,
  reader: MediaReader,
  lines: (compressed: AsyncIterable<Uint8Array>) => AsyncIterable<string>,
): Promise<StudyMedia> {
  const [summary, metadata] = await Promise.all([
    reader.read(studySummaryKey(study)),
    reader.stream(studyMetadataKey(study)),
  ]);
  return studyMedia(JSON.parse(gunzipSync(summary).toString('utf8')) as StudySummary, {
    metadata: lines(metadata),
    async crc32(key) {
      let checksum = 0;
      for await (const bytes of await reader.stream(key)) checksum = crc32(bytes, checksum);
      return checksum;
    },
  });
}
