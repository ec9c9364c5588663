/** The facts of one study against each other. */
import type { Differences } from './differences.ts';
import type { Fact } from './spill.ts';

export interface CompareOptions {
  /** What was written after it is left alone: it may be on its way. In milliseconds. */
  readonly before: number;
  /** Whether the items of all uploads are known, so that an object without any is one. */
  readonly allItems: boolean;
}

interface Known {
  readonly series: string;
  readonly instance: string;
  items: string[];
  object: number | undefined;
  preview: boolean;
  row: boolean;
}

/** Adds what differs. */
export function compareStudy(
  study: string,
  facts: readonly Fact[],
  { before, allItems }: CompareOptions,
  differences: Differences,
): void {
  const instances = new Map<string, Known>();
  let ready: boolean | undefined;
  let changed = 0;
  for (const { kind, series, instance, more = '' } of facts) {
    if (kind === 'ready' || kind === 'not-ready') {
      ready = kind === 'ready';
      continue;
    }
    const key = `${series}/${instance}`;
    const known = instances.get(key) ?? {
      series,
      instance,
      items: [],
      object: undefined,
      preview: false,
      row: false,
    };
    instances.set(key, known);
    if (kind === 'item') known.items.push(more);
    else if (kind === 'object') {
      known.object = Number(more);
      changed = Math.max(changed, known.object);
    } else known[kind] = true;
  }

  for (const { series, instance, items, object, preview, row } of instances.values()) {
    const uids = { studyInstanceUid: study, seriesInstanceUid: series, sopInstanceUid: instance };
    for (const booked of items) {
      const [upload = null, item = null] = booked.split('/');
      const of = { upload, item, ...uids };
      if (object === undefined) differences.add('indexed-without-object', of);
      if (!preview) differences.add('indexed-without-preview', of);
      if (!row) differences.add('indexed-without-row', of);
    }
    if (object === undefined) {
      if (row) differences.add('row-without-object', uids);
    } else if (object < before && items.length === 0) {
      if (!row) differences.add('object-without-row', uids);
      if (allItems) differences.add('object-without-item', uids);
    }
  }
  if (ready !== true && instances.size > 0 && changed < before)
    differences.add('study-not-ready', { studyInstanceUid: study });
}
