import { createHash } from 'node:crypto';
import { copyFileSync, createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import yazl from 'yazl';
import { startStack } from '../../cli/stack/connect.ts';
import { sampleFiles } from '../../scripts/sample/make-sample.ts';
import { SLICES } from '../../scripts/sample/phantom.ts';
import { everythingKept } from './everything-kept.ts';
import { filmroom, reportOf, scratch, startFilmroom } from './pipeline.ts';

const ROUNDS = 4;
const folder = scratch('killed');
let files: string;
let undisturbed: Record<string, string>;
let milliseconds: number;

beforeAll(async () => {
  files = join(folder.path, 'files');
  mkdirSync(files);
  const slices = [...sampleFiles()].slice(0, SLICES);
  const zip = new yazl.ZipFile();
  for (const { path, bytes } of slices.slice(0, SLICES / 2)) zip.addBuffer(Buffer.from(bytes), path);
  zip.end();
  await finished(zip.outputStream.pipe(createWriteStream(join(files, 'half.zip'))));
  for (const [index, { bytes }] of slices.slice(SLICES / 2).entries())
    writeFileSync(join(files, `${index}.dcm`), bytes);

  const data = join(folder.path, 'undisturbed');
  const began = performance.now();
  const report = reportOf(await filmroom(['ingest', '--json', '--data', data, files]));
  milliseconds = performance.now() - began;
  expect(report.states).toEqual({ indexed: SLICES, duplicate: 0, ignored: 0, quarantined: 0 });
  undisturbed = (await stateOf(data)).library;
}, 180_000);
afterAll(() => folder.remove());

/** The library, object by object, without what names a run or a time; and every item of the ledger that has not ended. */
async function stateOf(dataDir: string): Promise<{ library: Record<string, string>; pending: string[] }> {
  const connection = await startStack({ dataDir, log: () => {} });
  try {
    const busy = async () =>
      (await connection.queues()).some((queue) => queue.visible + queue.inFlight + queue.delayed > 0);
    while (await busy()) await sleep(100);
    const library: Record<string, string> = {};
    const pending: string[] = [];
    for await (const { where, content } of everythingKept({ ...connection, dataDir })) {
      if (where.includes('/studies/')) library[where] = digest(where, content);
      else if (where.includes('LedgerTable') && content.includes('{"S":"pending"}')) pending.push(where);
    }
    return { library, pending };
  } finally {
    await connection.close();
  }
}

function digest(where: string, content: Buffer): string {
  const text = where.endsWith('summary.json.gz')
    ? Buffer.from(content.toString().replace(/"completedAt":"[^"]*"/, ''))
    : content;
  return createHash('sha256').update(text).digest('hex');
}

describe('killing the process at a random moment of an ingest', () => {
  it(`leaves nothing that a new start does not finish, ${ROUNDS} times over`, async () => {
    const data = join(folder.path, 'disturbed');
    mkdirSync(data);
    // The same secret gives the same pseudonyms, so that the two libraries can be compared byte by byte.
    copyFileSync(join(folder.path, 'undisturbed', 'secrets.json'), join(data, 'secrets.json'));
    const moments: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const moment = Math.round((0.25 + 0.75 * Math.random()) * milliseconds);
      moments.push(moment);
      const child = startFilmroom(['ingest', '--json', '--data', data, files]);
      const ended = new Promise((resolve) => child.once('close', resolve));
      await Promise.race([sleep(moment), ended]);
      child.kill('SIGKILL');
      await ended;
    }
    const report = reportOf(await filmroom(['ingest', '--json', '--data', data, files]));
    const told = `killed after ${moments.join(', ')} ms`;
    expect(report.states.indexed + report.states.duplicate, told).toBe(SLICES);
    expect(report.studies, told).toMatchObject([{ series: 1, instances: SLICES, ready: true }]);
    const { library, pending } = await stateOf(data);
    expect(pending, told).toEqual([]);
    expect(library, told).toEqual(undisturbed);
  }, 240_000);
});
