/** What reconcile may find: a closed list, each with what it means. Differences are counted; the first of them are named. */
import { z } from 'zod';

export const DIFFERENCES = {
  'vault-object-without-item':
    'an object of the vault that never arrived at parse: its notification was lost',
  'item-without-arrival': 'an item that has ended and never arrived',
  'item-pending': 'an item that has not ended for too long',
  'archive-incomplete': 'an archive that announced more entries than have arrived',
  'upload-incomplete': 'an upload that was closed with more files than have arrived',
  'indexed-without-object': 'an instance that ended as indexed and is not in the library',
  'indexed-without-preview': 'an instance that ended as indexed and has no preview',
  'indexed-without-row': 'an instance that ended as indexed and has no row in the index',
  'object-without-row': 'an instance in the library that has no row in the index',
  'object-without-item': 'an instance in the library that no item of the ledger brought to the index',
  'row-without-object': 'a row of the index whose instance is not in the library',
  'study-not-ready': 'a study that has not been completed after its last change',
  'dead-letters': 'messages that a step gave up',
} as const;

export const DifferenceKind = z.enum(Object.keys(DIFFERENCES) as [keyof typeof DIFFERENCES]);
export type DifferenceKind = keyof typeof DIFFERENCES;

/** One difference, by ids that say nothing; `path` only where paths were asked for. */
export const Difference = z.object({
  kind: DifferenceKind,
  upload: z.string().nullable(),
  item: z.string().nullable(),
  studyInstanceUid: z.string().nullable(),
  seriesInstanceUid: z.string().nullable(),
  sopInstanceUid: z.string().nullable(),
  /** The step whose dead-letter queue it is. */
  step: z.string().nullable(),
  /** How many messages, entries or files. */
  count: z.number().int().nullable(),
  path: z.string().nullable(),
});
export type Difference = z.infer<typeof Difference>;

/** Differences that are named; of more than these a person fixes the cause, not the case. */
const NAMED = 10_000;

/** What is known of a difference; the object in the vault is told to who listens and is not kept. */
export interface Found extends Partial<Omit<Difference, 'kind'>> {
  readonly object?: { readonly key: string; readonly versionId: string };
}

export interface Differences {
  add(kind: DifferenceKind, of: Found): void;
  readonly counts: Partial<Record<DifferenceKind, number>>;
  readonly named: readonly Difference[];
}

const NOTHING: Omit<Difference, 'kind'> = {
  upload: null,
  item: null,
  studyInstanceUid: null,
  seriesInstanceUid: null,
  sopInstanceUid: null,
  step: null,
  count: null,
  path: null,
};

/** An empty collection; without `showPaths` it keeps no path. `listen` hears each difference. */
export function collectDifferences(
  showPaths: boolean,
  listen: (kind: DifferenceKind, of: Found) => void = () => {},
): Differences {
  const counts: Partial<Record<DifferenceKind, number>> = {};
  const named: Difference[] = [];
  return {
    counts,
    named,
    add(kind, found) {
      listen(kind, found);
      const { object: _, ...of } = found;
      counts[kind] = (counts[kind] ?? 0) + 1;
      if (named.length < NAMED)
        named.push({ kind, ...NOTHING, ...of, path: showPaths ? (of.path ?? null) : null });
    },
  };
}
