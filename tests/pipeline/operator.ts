/** The stack in the hands of an operator: its objects, rows and messages, and the commands that repair it. */
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { reconcile } from '../../cli/reconcile/reconcile.ts';
import { notificationOf } from '../../cli/redrive/notification.ts';
import { type StackResources, withResources } from '../../cli/stack/resources.ts';
import { standingObjects, standingVersions } from '../../shared/aws/inventory.ts';
import { type LedgerItem, openLedger } from '../../shared/aws/ledger.ts';
import { openQueue } from '../../shared/aws/queue.ts';
import { type Key, openTable } from '../../shared/aws/table.ts';
import { STUDIES_PREFIX, UPLOADS_PREFIX, uploadKey } from '../../shared/contract/names.ts';
import type { UploadSummary } from '../../shared/contract/report.ts';
import type { Pipeline } from './pipeline.ts';

export interface Operator {
  readonly resources: StackResources;
  readonly ledger: ReturnType<typeof openLedger>;
  /** Puts a file into an upload as if a hospital's own tool did. */
  put(upload: string, path: string, bytes: Uint8Array): Promise<void>;
  remove(bucket: string, key: string): Promise<void>;
  /** Takes away every instance and every row of the index, so that what comes again comes for the first time. */
  emptyLibrary(): Promise<void>;
  /** Announces every file of the upload to parse once more, the last one first. */
  announceAgain(upload: string, times: number): Promise<void>;
  items(upload: string): Promise<LedgerItem[]>;
  /** The counts of reconcile over everything. */
  differences(upload?: string): Promise<Awaited<ReturnType<typeof reconcile>>['differences']>;
}

/** What an operator holds of a running stack. */
export function operatorOf(pipeline: Pipeline): Promise<Operator> {
  return withResources({ data: pipeline.dataDir }, async (resources) => {
    const { region, ...credentials } = pipeline.stack.operator;
    const endpoint = pipeline.stack.endpoints.s3;
    const s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
    const ledger = openLedger(resources.ledgerTable);
    return {
      resources,
      ledger,
      put: async (upload, path, bytes) => {
        const at = { Bucket: resources.vaultBucket, Key: uploadKey(upload, path) };
        await s3.send(new PutObjectCommand({ ...at, Body: bytes }));
      },
      remove: async (bucket, key) => {
        await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
      },
      emptyLibrary: async () => {
        const { libraryBucket, indexTable } = resources;
        for await (const { key } of standingObjects(libraryBucket, STUDIES_PREFIX))
          await s3.send(new DeleteObjectCommand({ Bucket: libraryBucket, Key: key }));
        const table = openTable(indexTable);
        const keys: Key[] = [];
        for await (const row of table.scan({}))
          keys.push({ pk: row.text('pk') ?? '', sk: row.text('sk') ?? '' });
        await table.deleteAll(keys);
      },
      announceAgain: async (upload, times) => {
        const bucket = resources.vaultBucket;
        const messages: object[] = [];
        for await (const version of standingVersions(bucket, `${UPLOADS_PREFIX}${upload}/`))
          messages.unshift(notificationOf(bucket, version));
        for (let time = 0; time < times; time++)
          await openQueue(resources.steps.parse?.queue ?? '')(messages);
      },
      items: async (upload) => {
        const items: LedgerItem[] = [];
        for await (const item of ledger.items(upload)) items.push(item);
        return items;
      },
      differences: async (upload) => {
        const options = { upload, olderThanMinutes: 0, showPaths: false, now: Date.now() + 1_000 };
        return (await reconcile(resources, options)).differences;
      },
    };
  });
}

/** Asks for the summary until it is as wanted. */
export async function summaryWhen(
  { api }: Pick<Pipeline, 'api'>,
  upload: string,
  isWanted: (summary: UploadSummary) => boolean,
): Promise<UploadSummary> {
  for (const until = Date.now() + 30_000; ; ) {
    const summary = await api.summary(upload);
    if (isWanted(summary)) return summary;
    if (Date.now() > until) throw new Error(`the upload stands at ${JSON.stringify(summary)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Waits until no queue has anything to do. */
export async function untilQuiet({ queues }: Pick<Pipeline, 'queues'>): Promise<void> {
  let quiet = 0;
  while (quiet < 3) {
    const busy = (await queues()).some(
      ({ visible, delayed, inFlight, deadLetter }) => !deadLetter && visible + delayed + inFlight > 0,
    );
    quiet = busy ? 0 : quiet + 1;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
