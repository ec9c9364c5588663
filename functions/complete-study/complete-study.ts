/**
 * Rolls up a study that has been quiet: DICOM JSON metadata, sprites, summary, contact sheet, the counts in its row, and the
 * event that says so. A message of a change that is no longer the last one does nothing, because the later one has its own.
 *
 * Two completions may run at once. Each object is written only in place of the one that stood there before the rows were
 * read, so that what is written last was read last; the row is written only while the change is still the last one.
 */
import type { StudyReady } from '../../shared/aws/event-bus.ts';
import type { IndexedInstance, IndexTable } from '../../shared/aws/index-table.ts';
import type { ObjectFacts, PutOptions, Written } from '../../shared/aws/object-store.ts';
import type { StudyChanged } from '../../shared/contract/messages.ts';
import {
  contactSheetKey,
  METADATA,
  previewKey,
  studyMetadataKey,
  studySummaryKey,
} from '../../shared/contract/names.ts';
import type { StudySummary } from '../../shared/contract/study-summary.ts';
import type { DicomJson } from '../../shared/dicom/index.ts';
import type { StepContext } from '../../shared/runtime/queue-step.ts';
import { chooseForContactSheet } from './contact-sheet.ts';
import { gzipPieces, gzipText } from './gzip.ts';
import { factsOf, type InstanceFacts } from './instance-facts.ts';
import { type SpritePorts, withSprites } from './series-sprites.ts';
import { studyAttributes } from './study-attributes.ts';
import { summarizeStudy } from './summarize-study.ts';

export interface CompletePorts extends Pick<SpritePorts, 'composeSprite' | 'layout'> {
  readonly index: Pick<IndexTable, 'study' | 'instances' | 'complete'>;
  head(key: string): Promise<Pick<ObjectFacts, 'revision'> | undefined>;
  put(key: string, bytes: Uint8Array, options: PutOptions): Promise<Written>;
  putPieces(key: string, pieces: AsyncIterable<Uint8Array>, options: PutOptions): Promise<Written>;
  readPreview(key: string): Promise<Uint8Array>;
  /** One picture of several previews. */
  composeContactSheet(previews: readonly Uint8Array[]): Promise<Uint8Array>;
  announce(event: StudyReady): Promise<void>;
  now(): Date;
}

/** Completes the study unless it has changed since. */
export async function completeStudy(
  { study, changeToken }: StudyChanged,
  ports: CompletePorts,
  { run }: Pick<StepContext, 'run'>,
): Promise<undefined> {
  if ((await ports.index.study(study))?.changeToken !== changeToken) return undefined;
  const keys = [studyMetadataKey(study), studySummaryKey(study), contactSheetKey(study)] as const;
  const standing = await Promise.all(keys.map((key) => ports.head(key)));
  const options = (index: 0 | 1 | 2, contentType: string, contentEncoding?: string): PutOptions => {
    const before = standing[index];
    return {
      contentType,
      ...(contentEncoding ? { contentEncoding } : {}),
      metadata: { [METADATA.run]: run },
      onlyIf: before ? { revision: before.revision } : 'absent',
    };
  };

  const rows = readRows(ports.index.instances(study));
  const metadata = gzipPieces(rows.json);
  taken(await ports.putPieces(keys[0], metadata, options(0, 'application/dicom+json', 'gzip')));
  if (!rows.header) throw new Error('a study that was marked as changed has no rows');
  const summary = await withSprites(
    summarizeStudy(study, rows.header, rows.facts, ports.now().toISOString()),
    {
      ...ports,
      exists: async (key) => (await ports.head(key)) !== undefined,
      putNew: (key, bytes) =>
        ports.put(key, bytes, {
          contentType: 'image/webp',
          metadata: { [METADATA.run]: run },
          onlyIf: 'absent',
        }),
    },
  );
  taken(
    await ports.put(keys[1], await gzipText(JSON.stringify(summary)), options(1, 'application/json', 'gzip')),
  );
  taken(await ports.put(keys[2], await contactSheet(summary, ports), options(2, 'image/webp')));

  const isLast = await ports.index.complete(study, changeToken, {
    completedAt: summary.completedAt,
    patientId: summary.patientId,
    series: summary.series.length,
    instances: summary.instances,
    bytes: summary.bytes,
    attributes: JSON.stringify(studyAttributes(rows.header, summary)),
  });
  if (isLast)
    await ports.announce({
      study,
      changeToken,
      series: summary.series.length,
      instances: summary.instances,
    });
  return undefined;
}

interface Rows {
  /** The JSON array of all headers, piece by piece; the rest is known when it has been read to its end. */
  readonly json: AsyncIterable<string>;
  readonly facts: InstanceFacts[];
  header: DicomJson | undefined;
}

/** Reads the rows once: their text goes into the metadata, of their contents only the facts are kept. */
function readRows(instances: AsyncIterable<IndexedInstance>): Rows {
  const rows: Rows = { json: pieces(), facts: [], header: undefined };
  return rows;

  async function* pieces() {
    let separator = '[';
    for await (const instance of instances) {
      const header = JSON.parse(instance.header) as DicomJson;
      rows.header ??= header;
      rows.facts.push(factsOf(instance, header));
      yield separator + instance.header;
      separator = ',\n';
    }
    yield separator === '[' ? '[]' : ']';
  }
}

async function contactSheet(summary: StudySummary, ports: CompletePorts): Promise<Uint8Array> {
  const chosen = chooseForContactSheet(summary);
  const previews = await Promise.all(
    chosen.map((uids) => ports.readPreview(previewKey({ study: summary.studyInstanceUid, ...uids }))),
  );
  return ports.composeContactSheet(previews);
}

/** Another completion wrote meanwhile: this one is delivered again, and sees then whether it is still needed. */
function taken(written: Written): void {
  if (!written.written) throw new Error('two completions of a study ran at once');
}
