/** A ledger in memory. */
import type { Arrival, EndedItem, Ledger, LedgerItem, UploadRow } from '../../shared/aws/ledger.ts';

export interface MemoryLedger extends Ledger {
  readonly arrivals: ReadonlyMap<string, Arrival>;
  readonly ends: ReadonlyMap<string, EndedItem>;
  /** What stands for an item now. */
  stateOf(item: string): LedgerItem['state'];
}

export function memoryLedger(): MemoryLedger {
  const arrivals = new Map<string, Arrival>();
  const ends = new Map<string, EndedItem>();
  const uploads = new Map<string, UploadRow>();
  const itemOf = (item: string): LedgerItem => {
    const end = ends.get(item)?.end;
    const arrival = arrivals.get(item);
    return {
      item,
      partition: '',
      path: arrival?.path,
      size: arrival?.size,
      parent: arrival?.parent,
      receivedAt: arrival?.receivedAt,
      key: arrival?.object?.key,
      versionId: arrival?.object?.versionId,
      series: end && 'instance' in end ? end.instance.series : undefined,
      modality: end && 'modality' in end ? end.modality : undefined,
      endedAt: end && '2020-01-02T03:04:05.006Z',
      state: end?.state ?? 'pending',
      reason: end && 'reason' in end ? end.reason : undefined,
      where: end && 'where' in end ? end.where : undefined,
      entries: end && 'entries' in end ? end.entries : 0,
      study: end && 'instance' in end ? end.instance.study : end && 'study' in end ? end.study : undefined,
      instance: end && 'instance' in end ? end.instance.instance : undefined,
    };
  };
  const itemsOf = (upload: string) =>
    [...new Set([...arrivals.values(), ...ends.values()].filter(({ item }) => item.upload === upload))]
      .map(({ item }) => item.item)
      .filter((item, index, all) => all.indexOf(item) === index)
      .map(itemOf);
  return {
    arrivals,
    ends,
    stateOf: (item) => itemOf(item).state,
    arrive: async (rows) => {
      for (const row of rows) arrivals.set(row.item.item, row);
    },
    end: async (rows) => {
      for (const row of rows) ends.set(row.item.item, row);
    },
    openUpload: async (upload, token) =>
      void uploads.set(upload, {
        createdAt: new Date().toISOString(),
        closedAt: undefined,
        expected: undefined,
        token,
      }),
    closeUpload: async (upload, expected) => {
      const row = uploads.get(upload);
      if (row) uploads.set(upload, { ...row, closedAt: new Date().toISOString(), expected });
      return row !== undefined;
    },
    upload: async (upload) => uploads.get(upload),
    items: async function* (upload) {
      yield* itemsOf(upload);
    },
    visit: async (upload, onItem) => itemsOf(upload).forEach(onItem),
    page: async (upload) => ({ items: itemsOf(upload), cursor: undefined }),
  };
}
