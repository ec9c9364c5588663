/** Makes the folder of the shared stack before the first test file, and ends the stack after the last one. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestProject } from 'vitest/node';
import './shared.ts';

const PATIENCE_MS = 20_000;

export default function setup(project: TestProject) {
  const root = mkdtempSync(join(tmpdir(), 'filmroom-shared-'));
  project.provide('sharedStack', root);
  return async () => {
    const pid = join(root, 'pid');
    if (existsSync(pid)) await end(Number(readFileSync(pid, 'utf8')));
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  };
}

async function end(pid: number): Promise<void> {
  const kill = (signal: NodeJS.Signals | 0) => {
    try {
      return process.kill(pid, signal);
    } catch {
      return false;
    }
  };
  kill('SIGINT');
  for (const until = Date.now() + PATIENCE_MS; kill(0) && Date.now() < until; ) await sleep(50);
  kill('SIGKILL');
}
