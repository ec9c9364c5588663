/** A complete study in a library: instances, metadata and summary, as the steps write them. */
import { crc32, gzipSync } from 'node:zlib';
import { factsOf } from '../../functions/complete-study/instance-facts.ts';
import { summarizeStudy } from '../../functions/complete-study/summarize-study.ts';
import { instanceKey, studyMetadataKey, studySummaryKey } from '../../shared/contract/names.ts';
import type { StudySummary } from '../../shared/contract/study-summary.ts';
import { readPart10, toDicomJson } from '../../shared/dicom/index.ts';
import type { MemoryStore } from './memory-store.ts';

/** Writes the study of the instances, which are Part 10 objects that name it. */
export async function storeStudy(
  library: MemoryStore,
  study: string,
  objects: readonly Uint8Array[],
): Promise<StudySummary> {
  const headers = objects.map((bytes) => {
    const { dataSet, transferSyntax } = readPart10(bytes);
    const uids = { study, series: dataSet.uid(0x0020000e) ?? '', instance: dataSet.uid(0x00080018) ?? '' };
    return { bytes, uids, header: toDicomJson(dataSet), transferSyntaxUid: transferSyntax.uid };
  });
  const facts = headers.map(({ bytes, uids, header, transferSyntaxUid }) =>
    factsOf(
      {
        uids,
        header: '',
        bytes: bytes.length,
        crc32: crc32(bytes),
        transferSyntaxUid,
        preview: { width: 1, height: 1 },
      },
      header,
    ),
  );
  const summary = summarizeStudy(study, headers[0]?.header ?? {}, facts, '2026-01-01T00:00:00.000Z');
  for (const { bytes, uids } of headers) await library.put(instanceKey(uids), bytes);
  const lines = headers.map(({ header }) => JSON.stringify(header)).join(',\n');
  await library.put(studyMetadataKey(study), gzipSync(`[${lines}]`));
  await library.put(studySummaryKey(study), gzipSync(JSON.stringify(summary)));
  return summary;
}
