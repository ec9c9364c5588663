/**
 * Compares ledger, vault, library and index, and what the steps gave up. Each is read once, in its own order; the vault is
 * asked of the ledger in batches, the rest meets on disk. It reads names, sizes and times of objects, never their content.
 */
import { indexEntries } from '../../shared/aws/index-inventory.ts';
import { standingObjects, standingVersions } from '../../shared/aws/inventory.ts';
import { type LedgerItem, openLedger } from '../../shared/aws/ledger.ts';
import { waitingIn } from '../../shared/aws/move-messages.ts';
import {
  EXTRACTED_PREFIX,
  parseVaultKey,
  STUDIES_PREFIX,
  UPLOADS_PREFIX,
} from '../../shared/contract/names.ts';
import { itemIdOf } from '../../shared/runtime/opaque-id.ts';
import type { StackResources } from '../stack/resources.ts';
import { compareStudy } from './compare-study.ts';
import { collectDifferences, type DifferenceKind, type Differences, type Found } from './differences.ts';
import { openSpill, type Spill } from './spill.ts';

export interface ReconcileOptions {
  /** One upload, with the studies that it brought instances of; all where it is undefined. */
  readonly upload: string | undefined;
  /** What changed within so many minutes is left alone: it may be on its way. */
  readonly olderThanMinutes: number;
  readonly showPaths: boolean;
  readonly now: number;
  /** Hears each difference, also those that are too many to be named. */
  readonly onDifference?: (kind: DifferenceKind, of: Found) => void;
}

export interface Reconciled {
  readonly differences: Differences;
  readonly checked: {
    items: number;
    vaultObjects: number;
    instances: number;
    rows: number;
    studies: number;
  };
}

/** Objects of the vault that the ledger is asked for at once. */
const ASKED = 500;

interface Work extends ReconcileOptions, Reconciled {
  readonly resources: StackResources;
  readonly ledger: ReturnType<typeof openLedger>;
  readonly spill: Spill;
  readonly before: number;
}

/** Finds every difference. */
export async function reconcile(resources: StackResources, options: ReconcileOptions): Promise<Reconciled> {
  const spill = await openSpill();
  const work: Work = {
    ...options,
    resources,
    ledger: openLedger(resources.ledgerTable),
    spill,
    before: options.now - options.olderThanMinutes * 60_000,
    differences: collectDifferences(options.showPaths, options.onDifference),
    checked: { items: 0, vaultObjects: 0, instances: 0, rows: 0, studies: 0 },
  };
  try {
    // The ledger first: it is written last, so that what it knows of must be everywhere else.
    const studies = await readLedger(work);
    await compareVault(work);
    for (const study of options.upload === undefined ? [undefined] : studies) await readStudies(study, work);
    for await (const [study, facts] of spill.studies()) {
      work.checked.studies++;
      const allItems = options.upload === undefined;
      compareStudy(study, facts, { before: work.before, allItems }, work.differences);
    }
    await countDeadLetters(work);
    return work;
  } finally {
    await spill.remove();
  }
}

interface Announced {
  readonly upload: string;
  entries: number;
  seen: number;
  endedAt: number;
  path: string | undefined;
}

async function readLedger(work: Work): Promise<Set<string>> {
  const { upload, ledger, before, differences, checked, spill } = work;
  const studies = new Set<string>();
  // One of each upload and each archive is kept, not one of each item.
  const archives = new Map<string, Announced>();
  const files = new Map<string, number>();
  const archiveOf = (item: string, upload: string): Announced => {
    const known = archives.get(item) ?? { upload, entries: 0, seen: 0, endedAt: Infinity, path: undefined };
    archives.set(item, known);
    return known;
  };
  for await (const row of upload === undefined
    ? ledger.everything()
    : ofUpload(ledger.items(upload), upload)) {
    checked.items++;
    const { item, path, parent, state, study, series, instance } = row;
    const of = { upload: row.upload, item, path: path ?? null };
    if (parent === undefined) files.set(row.upload, (files.get(row.upload) ?? 0) + 1);
    else archiveOf(parent, row.upload).seen++;
    if (path === undefined) differences.add('item-without-arrival', of);
    if (state === 'pending' && time(row.receivedAt) < before) differences.add('item-pending', of);
    if (state === 'unpacked')
      Object.assign(archiveOf(item, row.upload), { entries: row.entries, endedAt: time(row.endedAt), path });
    if (state !== 'indexed' || study === undefined || series === undefined || instance === undefined)
      continue;
    if (upload !== undefined) studies.add(study);
    spill.add({ study, kind: 'item', series, instance, more: `${row.upload}/${item}` });
  }
  for (const [item, { upload, entries, seen, endedAt, path }] of archives)
    if (seen < entries && endedAt < before)
      differences.add('archive-incomplete', { upload, item, count: entries - seen, path: path ?? null });
  for (const [upload, seen] of files) {
    const row = await ledger.upload(upload);
    if (row?.expected !== undefined && seen < row.expected && time(row.closedAt) < before)
      differences.add('upload-incomplete', { upload, count: row.expected - seen });
  }
  return studies;
}

async function* ofUpload(items: AsyncIterable<LedgerItem>, upload: string) {
  for await (const item of items) yield { ...item, upload };
}

async function compareVault(work: Work): Promise<void> {
  const { resources, upload, ledger, before, differences, checked } = work;
  let asked: { upload: string; item: string; path: string; object: { key: string; versionId: string } }[] =
    [];
  const ask = async () => {
    const arrived = await ledger.arrived(asked);
    for (const of of asked) if (!arrived.has(of.item)) differences.add('vault-object-without-item', of);
    asked = [];
  };
  for (const prefix of [UPLOADS_PREFIX, EXTRACTED_PREFIX]) {
    const under = upload === undefined ? prefix : `${prefix}${upload}/`;
    for await (const { key, versionId, writtenAt } of standingVersions(resources.vaultBucket, under)) {
      checked.vaultObjects++;
      if (writtenAt.getTime() >= before) continue;
      const { upload } = parseVaultKey(key);
      asked.push({ upload, item: itemIdOf(key, versionId), path: key, object: { key, versionId } });
      if (asked.length >= ASKED) await ask();
    }
  }
  await ask();
}

const INSTANCE = /^([^/]+)\/([^/]+)\/([^/]+)\.(dcm|webp)$/;

async function readStudies(study: string | undefined, work: Work): Promise<void> {
  const { resources, spill, checked } = work;
  const prefix = study === undefined ? STUDIES_PREFIX : `${STUDIES_PREFIX}${study}/`;
  for await (const { key, writtenAt } of standingObjects(resources.libraryBucket, prefix)) {
    const [, study, series, instance, suffix] = INSTANCE.exec(key.slice(STUDIES_PREFIX.length)) ?? [];
    if (study === undefined || series === undefined || instance === undefined) continue;
    if (instance.startsWith('sprite-')) continue;
    const isObject = suffix === 'dcm';
    if (isObject) checked.instances++;
    const more = String(writtenAt.getTime());
    spill.add({ study, kind: isObject ? 'object' : 'preview', series, instance, more });
  }
  for await (const entry of indexEntries(resources.indexTable, study)) {
    checked.rows++;
    if ('ready' in entry) {
      const kind = entry.ready ? 'ready' : 'not-ready';
      spill.add({ study: entry.study, kind, series: '', instance: '' });
    } else spill.add({ ...entry, kind: 'row' });
  }
}

async function countDeadLetters({ resources, differences }: Work): Promise<void> {
  for (const [step, { deadLetters }] of Object.entries(resources.steps)) {
    const count = await waitingIn(deadLetters);
    if (count > 0) differences.add('dead-letters', { step, count });
  }
}

function time(iso: string | undefined): number {
  const milliseconds = Date.parse(iso ?? '');
  return Number.isNaN(milliseconds) ? 0 : milliseconds;
}
