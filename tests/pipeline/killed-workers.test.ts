import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { afterAll, expect, it } from 'vitest';
import type { IngestReport } from '../../cli/report/json-output.ts';
import { startStack } from '../../cli/stack/connect.ts';
import { makeInstance } from '../helpers/instance.ts';
import { makeZip } from '../helpers/zip.ts';
import { filmroom, reportOf, scratch } from './pipeline.ts';

const FILES = 1_000;
const KILLS = 8;
const folder = scratch('killed-workers');
afterAll(() => folder.remove());

/** Of each twenty files six are slices, seven the same bytes again, seven texts; of each hundred one slice is cut off, and its copy. */
function writeArchive(file: string): void {
  const slices: Uint8Array[] = [];
  const contentOf = (index: number): Uint8Array => {
    const place = index % 20;
    if (place >= 13) return Buffer.from(`text ${index}`);
    if (place >= 6) return slices[slices.length - 1 - ((12 - place) % 6)] as Uint8Array;
    const series = `1.2.3.${place}`;
    const whole = makeInstance({
      series,
      instance: `${series}.${index}`,
      number: index,
      rows: 4,
      columns: 4,
    });
    const slice = index % 100 === 3 ? whole.subarray(0, whole.length - 9) : whole;
    slices.push(slice);
    return slice;
  };
  const members = Array.from({ length: FILES }, (_, index) => ({
    name: `${index}`,
    content: contentOf(index),
  }));
  writeFileSync(file, makeZip(members));
}

/** What a report says, without what differs from run to run: when it was, and which of two equal files came first. */
function essence({ upload: _, rates: __, studies, items, ...report }: IngestReport) {
  return {
    ...report,
    studies: studies.map(({ link: _, ...study }) => study),
    items: items.map(({ receivedAt: _, endedAt: __, state, reason, ...item }) =>
      state === 'indexed' || state === 'duplicate' ? item : { ...item, state, reason },
    ),
  };
}

/** Ingests over a stack of this process; `disturb` runs beside it until it is told that the ingest has ended. */
async function ingest(name: string, zip: string, disturb: (ended: AbortSignal) => Promise<void>) {
  const dataDir = join(folder.path, name);
  mkdirSync(dataDir, { recursive: true });
  if (name !== 'undisturbed')
    copyFileSync(join(folder.path, 'undisturbed', 'secrets.json'), join(dataDir, 'secrets.json'));
  const stack = await startStack({ dataDir, log: () => {} });
  const ended = new AbortController();
  try {
    const disturbing = disturb(ended.signal);
    const report = reportOf(await filmroom(['ingest', '--json', '--data', dataDir, zip]));
    ended.abort();
    await disturbing;
    return {
      report,
      deadLetters: (await stack.queues()).filter((queue) => queue.deadLetter && queue.visible > 0),
    };
  } finally {
    await stack.close();
  }
}

it(`killing ${KILLS} workers at random moments of an ingest of ${FILES} files leaves the undisturbed report`, async () => {
  const zip = join(folder.path, 'archive.zip');
  writeArchive(zip);
  const workers = new Set<Worker>();
  const watch = (worker: Worker) => {
    workers.add(worker);
    worker.once('exit', () => workers.delete(worker));
  };
  process.on('worker', watch);
  try {
    const began = performance.now();
    const undisturbed = await ingest('undisturbed', zip, async () => {});
    const milliseconds = performance.now() - began;
    let killed = 0;
    const disturbed = await ingest('disturbed', zip, async (ended) => {
      while (killed < KILLS && !ended.aborted) {
        await sleep((Math.random() * milliseconds) / KILLS);
        // One that is not loaded yet is as good as one that works.
        const all = [...workers];
        const victim = all[Math.floor(Math.random() * all.length)];
        if (victim === undefined || ended.aborted) continue;
        await victim.terminate();
        killed++;
      }
    });
    expect(killed).toBeGreaterThan(0);
    expect(disturbed.deadLetters).toEqual([]);
    expect(essence(disturbed.report), `after ${killed} kills`).toEqual(essence(undisturbed.report));
    const { states, total } = undisturbed.report;
    expect(total).toBe(FILES);
    expect(states).toEqual({ indexed: 290, duplicate: 340, ignored: 350, quarantined: 20 });
  } finally {
    process.off('worker', watch);
  }
}, 240_000);
