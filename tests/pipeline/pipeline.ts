/** A whole stack on a data directory of its own, started from the synthesized template, and the command line to drive it. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { IngestReport } from '../../cli/report/json-output.ts';
import { type Connection, startStack } from '../../cli/stack/connect.ts';
import type { Denial, LocalStack } from '../../local/start.ts';
import { writeSample } from '../../scripts/sample/make-sample.ts';

export const BIN = fileURLToPath(new URL('../../cli/filmroom.mjs', import.meta.url));
export const CORPUS = fileURLToPath(new URL('../../../shared/corpus', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line in a process of its own. */
export function filmroom(args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [BIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, ...said })));
}

/** Starts the command line and does not wait: for who means to kill it. */
export function startFilmroom(args: readonly string[]) {
  return spawn(process.execPath, [BIN, ...args], { stdio: 'ignore' });
}

/** The report that `ingest --json` printed; anything else on standard output fails here. */
export function reportOf(ended: Ended): IngestReport {
  if (ended.code === 1) throw new Error(`the command failed: ${ended.stderr}`);
  return IngestReport.strict().parse(JSON.parse(ended.stdout));
}

/** A folder that is gone when the tests are. */
export function scratch(name: string): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), `filmroom-${name}-`));
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}

export interface Pipeline extends Omit<Connection, 'stack'> {
  readonly stack: Pick<LocalStack, 'outputs' | 'operator' | 'endpoints'> & {
    /** Each call that AWS would have denied. */
    denials(): readonly Pick<Denial, 'message'>[];
  };
  /** The files of the sample study. */
  readonly sample: string;
  ingest(...paths: string[]): Promise<Ended>;
}

/**
 * Starts a stack in this process; the commands that `ingest` runs join it. For who empties it, kills it or counts everything in
 * it: `sharedPipeline()` in shared.ts serves all others, and faster.
 */
export async function startPipeline(
  name: string,
  context: Readonly<Record<string, string>> = {},
): Promise<Pipeline> {
  const folder = scratch(name);
  const dataDir = join(folder.path, 'data');
  const sample = join(folder.path, 'sample');
  writeSample(sample);
  const connection = await startStack({ dataDir, context, log: () => {} });
  return {
    ...connection,
    sample,
    ingest: async (...paths) => {
      const ended = await filmroom(['ingest', '--json', '--data', dataDir, ...paths]);
      // A pipeline that lacks a permission fails here first, by the name of the function, the action and the resource.
      const denied = connection.stack.denials().map(({ message }) => message);
      if (denied.length > 0) throw new Error(denied.join('\n'));
      return ended;
    },
    close: async () => {
      await connection.close();
      folder.remove();
    },
  };
}
