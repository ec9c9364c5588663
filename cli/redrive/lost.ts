/**
 * Sends round again what reconcile finds to be lost: objects that never arrived, items that do not end, archives whose entries
 * did not all arrive, instances whose object, preview or row is gone. Each begins at parse with the very version that it is, and
 * every step finds what it has written already.
 */
import { openLedger } from '../../shared/aws/ledger.ts';
import { openObjectStore } from '../../shared/aws/object-store.ts';
import { openQueue } from '../../shared/aws/queue.ts';
import { mapInParallel } from '../../shared/runtime/in-parallel.ts';
import { Failure } from '../failure.ts';
import type { DifferenceKind } from '../reconcile/differences.ts';
import { reconcile } from '../reconcile/reconcile.ts';
import type { StackResources } from '../stack/resources.ts';
import { notificationOf } from './notification.ts';
import type { Redriven } from './redrive.ts';

export interface LostOptions {
  readonly upload: string | undefined;
  readonly olderThanMinutes: number;
  readonly dryRun: boolean;
  readonly limit: number;
  readonly now: number;
}

const SENT: ReadonlySet<DifferenceKind> = new Set([
  'vault-object-without-item',
  'item-pending',
  'archive-incomplete',
  'indexed-without-object',
  'indexed-without-preview',
  'indexed-without-row',
]);
/** Objects that are looked for at once. */
const WIDTH = 10;

interface Lost {
  readonly upload: string;
  readonly item: string;
  /** Of an object that never arrived; the ledger knows the others. */
  readonly object: { readonly key: string; readonly versionId: string } | undefined;
}

/** Sends what is lost; the counts are by kind of difference. */
export async function redriveLost(resources: StackResources, options: LostOptions): Promise<Redriven> {
  const steps = resources.steps.parse;
  if (steps === undefined) throw new Failure('the stack has no step parse');
  const result: Redriven = { items: 0, reasons: {}, sent: 0, gone: 0 };
  const lost = new Map<string, Lost>();
  await reconcile(resources, {
    ...options,
    showPaths: false,
    onDifference(kind, { upload, item, object }) {
      if (!SENT.has(kind) || !upload || !item || lost.has(item) || lost.size >= options.limit) return;
      lost.set(item, { upload, item, object });
      result.items++;
      result.reasons[kind] = (result.reasons[kind] ?? 0) + 1;
    },
  });
  if (options.dryRun) return result;

  const ledger = openLedger(resources.ledgerTable);
  const vault = openObjectStore(resources.vaultBucket);
  const messages: object[] = [];
  await mapInParallel([...lost.values()], WIDTH, async (item) => {
    const { key, versionId = '' } = item.object ?? (await ledger.find(item)) ?? {};
    const facts = key === undefined ? undefined : await vault.head({ key, versionId });
    if (key === undefined || !facts) result.gone++;
    else messages.push(notificationOf(vault.bucket, { key, versionId, size: facts.size }));
  });
  for (const outcome of await openQueue(steps.queue)(messages)) {
    if (outcome.status === 'rejected') throw outcome.reason;
    result.sent++;
  }
  return result;
}
