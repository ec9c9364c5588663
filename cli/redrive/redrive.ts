/**
 * Sends items round again after a fix. A refused item begins anew at parse, as its object did when it was created: a message
 * shaped like S3's notification, of the very version. An entry that never became an object has none; its archive is sent. The
 * message goes first and the item becomes pending after it, unless it has its new end by then, so that an interruption loses
 * nothing: at worst an item is refused twice.
 */
import { type LedgerItem, openLedger } from '../../shared/aws/ledger.ts';
import { openObjectStore } from '../../shared/aws/object-store.ts';
import { openQueue } from '../../shared/aws/queue.ts';
import { mapInParallel } from '../../shared/runtime/in-parallel.ts';
import { Failure } from '../failure.ts';
import type { StackResources } from '../stack/resources.ts';
import { notificationOf } from './notification.ts';

export interface RedriveSelection {
  readonly reason?: string;
  readonly upload?: string;
  /** Pseudonymous Study Instance UID. */
  readonly study?: string;
}

export interface RedriveOptions extends RedriveSelection {
  readonly dryRun: boolean;
  /** Items at most: what is sent is worked on at once, beside what hospitals send meanwhile. */
  readonly limit: number;
  /** Seconds after which an archive is unpacked again: time to take back the ends of its entries. Default 20. */
  readonly archiveDelaySeconds?: number;
}

export interface Redriven {
  /** Items that fit the selection, up to the limit. */
  items: number;
  readonly reasons: Record<string, number>;
  /** Objects that were sent. */
  sent: number;
  /** Items whose bytes are not in the vault any more. */
  gone: number;
}

type Item = LedgerItem & { readonly upload: string };

/** Objects that are looked for at once. */
const WIDTH = 10;
/** What is held at once. */
const BATCH = 200;

/** Sends every refused item of the selection. */
export async function redrive(resources: StackResources, options: RedriveOptions): Promise<Redriven> {
  const steps = resources.steps.parse;
  if (steps === undefined) throw new Failure('the stack has no step parse');
  const ledger = openLedger(resources.ledgerTable);
  const vault = openObjectStore(resources.vaultBucket);
  const result: Redriven = { items: 0, reasons: {}, sent: 0, gone: 0 };
  const send = openQueue(steps.queue);
  const sendLater = openQueue(steps.queue, { delaySeconds: options.archiveDelaySeconds ?? 20 });
  const archives = new Set<string>();

  const sendAll = async (items: readonly Item[]): Promise<void> => {
    const own: { item: Item; message: object }[] = [];
    await mapInParallel(items, WIDTH, async (item) => {
      if (item.key === undefined) return;
      const { key, versionId = '' } = item;
      const facts = await vault.head({ key, versionId });
      if (!facts) result.gone++;
      else own.push({ item, message: notificationOf(vault.bucket, { key, versionId, size: facts.size }) });
    });
    const outcomes = await send(own.map(({ message }) => message));
    for (const [index, { item }] of own.entries()) {
      const outcome = outcomes[index];
      if (outcome?.status !== 'fulfilled') throw outcome?.reason ?? new Error('a message was not sent');
      result.sent++;
      if (item.endedAt !== undefined) await ledger.reopen(item, item.endedAt);
    }
    await sendArchives(items.filter(({ key }) => key === undefined));
  };

  const sendArchives = async (entries: readonly Item[]): Promise<void> => {
    for (const { upload, parent } of entries) {
      if (parent === undefined || archives.has(parent)) continue;
      const archive = await ledger.find({ upload, item: parent });
      const { key, versionId = '' } = archive ?? {};
      const facts = key === undefined ? undefined : await vault.head({ key, versionId });
      if (key === undefined || !facts) continue;
      archives.add(parent);
      const message = notificationOf(vault.bucket, { key, versionId, size: facts.size });
      const [outcome] = await sendLater([message]);
      if (outcome?.status !== 'fulfilled') throw outcome?.reason ?? new Error('a message was not sent');
      result.sent++;
    }
    const sent = entries.filter(({ parent }) => parent !== undefined && archives.has(parent));
    result.gone += entries.length - sent.length;
    // What is refused again is booked again; what becomes an object is another item, and may not be booked beside this one.
    await ledger.forget(sent);
  };

  let batch: Item[] = [];
  for await (const item of selected(ledger, options)) {
    if (result.items >= options.limit) break;
    result.items++;
    const reason = item.reason ?? '';
    result.reasons[reason] = (result.reasons[reason] ?? 0) + 1;
    if (options.dryRun) continue;
    batch.push(item);
    if (batch.length < BATCH) continue;
    await sendAll(batch);
    batch = [];
  }
  await sendAll(batch);
  return result;
}

async function* selected(
  ledger: ReturnType<typeof openLedger>,
  { reason, upload, study }: RedriveSelection,
): AsyncGenerator<Item> {
  const items = upload === undefined ? ledger.everything() : ofUpload(ledger.items(upload), upload);
  for await (const item of items) {
    // What was ignored is nothing that an archive of images lacks, unless it is asked for by its reason.
    const refused = item.state === 'quarantined' || (item.state === 'ignored' && reason !== undefined);
    if (!refused || (reason !== undefined && item.reason !== reason)) continue;
    if (study === undefined || item.study === study) yield item;
  }
}

async function* ofUpload(items: AsyncIterable<LedgerItem>, upload: string): AsyncGenerator<Item> {
  for await (const item of items) yield { ...item, upload };
}
