/**
 * What the download of a study costs ahead of its first byte: the medium of 1,000 and of 10,000 instances, planned from summary
 * and metadata, then all of its own bytes made. `npx tsx bench/study-media.ts`
 */
import { gzipSync } from 'node:zlib';
import { studyMetadataKey, studySummaryKey } from '../shared/contract/names.ts';
import type { StudySummary } from '../shared/contract/study-summary.ts';
import { metadataLines } from '../shared/dicomweb/metadata-lines.ts';
import { openStudyMedia } from '../shared/media/open-study-media.ts';

const STUDY = '2.25.1';
/** As much text as the header of a CT slice has in the index. */
const PADDING = 'x'.repeat(4_000);

function stored(count: number): Map<string, Uint8Array> {
  const uid = (index: number) => `2.25.1.1.${index}`;
  const instances = Array.from({ length: count }, (_, index) => ({
    sopInstanceUid: uid(index),
    sopClassUid: '1.2.840.10008.5.1.4.1.1.2',
    instanceNumber: index + 1,
    rows: 512,
    columns: 512,
    frames: 1,
    bytes: 527_000,
    crc32: index,
    transferSyntaxUid: '1.2.840.10008.1.2.1',
    preview: { width: 1, height: 1 },
  }));
  const summary: Pick<StudySummary, 'studyInstanceUid' | 'series'> = {
    studyInstanceUid: STUDY,
    series: [
      { seriesInstanceUid: '2.25.1.1', modality: 'CT', seriesNumber: 1, seriesDescription: null, instances },
    ],
  };
  const lines = instances.map(({ sopInstanceUid, instanceNumber }) =>
    JSON.stringify({
      '00080018': { vr: 'UI', Value: [sopInstanceUid] },
      '00080060': { vr: 'CS', Value: ['CT'] },
      '00100020': { vr: 'LO', Value: ['P'] },
      '0020000D': { vr: 'UI', Value: [STUDY] },
      '0020000E': { vr: 'UI', Value: ['2.25.1.1'] },
      '00200013': { vr: 'IS', Value: [instanceNumber] },
      '00280010': { vr: 'US', Value: [512] },
      '00280011': { vr: 'US', Value: [512] },
      '00204000': { vr: 'LT', Value: [PADDING] },
    }),
  );
  return new Map([
    [studySummaryKey(STUDY), gzipSync(JSON.stringify(summary))],
    [studyMetadataKey(STUDY), gzipSync(`[${lines.join(',\n')}]`)],
  ]);
}

async function measure(count: number) {
  const objects = stored(count);
  const reader = {
    read: async (key: string) => objects.get(key) as Uint8Array,
    stream: async (key: string) =>
      (async function* () {
        yield objects.get(key) as Uint8Array;
      })(),
  };
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const began = process.cpuUsage();
  const { archive, files } = await openStudyMedia(STUDY, reader, metadataLines);
  const planned = process.cpuUsage(began);
  const held = process.memoryUsage().heapUsed - before;
  let own = 0;
  for (const piece of archive.pieces(0, archive.length)) if ('bytes' in piece) own += piece.bytes.length;
  return {
    instances: count,
    'ms of processor to plan': Math.round((planned.user + planned.system) / 1000),
    'MB of heap grown': Math.round(held / 1e6),
    'DICOMDIR bytes an instance': Math.round((files[0]?.size ?? 0) / count),
    'archive bytes of its own an instance': Math.round(own / count),
  };
}

await measure(1_000);
console.table([await measure(1_000), await measure(10_000), await measure(100_000)]);
