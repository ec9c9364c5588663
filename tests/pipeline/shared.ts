/**
 * One stack for every test file that needs a stack and not one of its own: started by the first file that asks, joined by the
 * others, stopped when all have ended. The sample study is ingested once. What a test finds here is not its alone: it names
 * what it put there (an upload, a study, a link) and counts nothing else.
 */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inject } from 'vitest';
import type { IngestReport } from '../../cli/report/json-output.ts';
import { connect } from '../../cli/stack/connect.ts';
import { findRunning } from '../../local/running.ts';
import { writeSample } from '../../scripts/sample/make-sample.ts';
import { BIN, type Ended, filmroom, type Pipeline, reportOf } from './pipeline.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of the shared stack. */
    sharedStack: string;
  }
}

export interface SharedPipeline extends Pipeline {
  /** The report of the sample, which is there when this resolves. */
  sampleReport(): Promise<IngestReport>;
}

const START_LIMIT_MS = 300_000;
/** An ingest of the sample takes ten seconds on a quiet machine. */
const MAKE_LIMIT_MS = 600_000;

/** Joins the shared stack, which is started where it does not run yet. */
export async function sharedPipeline(): Promise<SharedPipeline> {
  const root = inject('sharedStack');
  const dataDir = join(root, 'data');
  const sample = join(root, 'sample');
  await once(root, 'started', async () => {
    writeSample(sample);
    return start(root, dataDir);
  });
  const running = await findRunning(dataDir);
  if (running === undefined) throw new Error(`the shared stack has ended:\n${said(root)}`);
  // Of functions: what a test tries in the operator's name and is refused is no fault of the stack.
  const denials = () =>
    [...said(root).matchAll(/^denied: (?!operator )(.*)$/gm)].map(([, message = '']) => ({ message }));
  const ingest = async (...paths: string[]): Promise<Ended> => {
    const ended = await filmroom(['ingest', '--json', '--data', dataDir, ...paths]);
    const denied = denials().map(({ message }) => message);
    if (denied.length > 0) throw new Error(denied.join('\n'));
    return ended;
  };
  return {
    ...(await connect({ dataDir, log: () => {} })),
    stack: { ...running, denials },
    sample,
    ingest,
    sampleReport: async () => reportOf(await once(root, 'sample-report', () => ingest(sample))),
    close: async () => {},
  };
}

const said = (root: string) => readFileSync(join(root, 'said'), 'utf8');

/** Starts the stack as a person does, in a process that outlives the test file. */
async function start(root: string, dataDir: string): Promise<number> {
  const output = openSync(join(root, 'said'), 'a');
  const child = spawn(process.execPath, [BIN, 'local', '--data', dataDir], {
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  child.unref();
  writeFileSync(join(root, 'pid'), String(child.pid));
  for (
    const until = Date.now() + START_LIMIT_MS;
    (await findRunning(dataDir)) === undefined;
    await sleep(50)
  ) {
    if (child.exitCode !== null || Date.now() > until)
      throw new Error(`the shared stack did not start:\n${said(root)}`);
  }
  return child.pid ?? 0;
}

/** What `make` returns, made by whichever test file comes first and kept for the others. */
async function once<Result>(root: string, name: string, make: () => Promise<Result>): Promise<Result> {
  const kept = join(root, `${name}.json`);
  const failed = join(root, `${name}.failed`);
  let isFirst = true;
  try {
    mkdirSync(join(root, `${name}.begun`));
  } catch {
    isFirst = false;
  }
  if (isFirst) {
    try {
      writeFileSync(`${kept}.new`, JSON.stringify(await make()));
      renameSync(`${kept}.new`, kept);
    } catch (error) {
      writeFileSync(failed, String(error));
      throw error;
    }
  }
  for (const until = Date.now() + MAKE_LIMIT_MS; !existsSync(kept); await sleep(50)) {
    if (existsSync(failed)) throw new Error(`${name}: ${readFileSync(failed, 'utf8')}`);
    if (Date.now() > until) throw new Error(`${name} was not made in time`);
  }
  return JSON.parse(readFileSync(kept, 'utf8')) as Result;
}
