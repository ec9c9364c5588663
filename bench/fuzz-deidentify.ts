/**
 * Fuzzes de-identification with mutated real objects: `npx tsx bench/fuzz-deidentify.ts [--count 100000] [--first 0]
 * [--workers 2] [--folder DIR]`, or `--seed N` to replay one case with its stack. Each case must end in an output that passes
 * the gate and can be read again, or in a refusal of the closed list; within 1 s, in a process of 512 MB. Anything else is
 * printed with its seed, and the exit status is 1.
 */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { attempt, type Ending, fuzzProfiles } from './deid-fuzz-case.ts';
import { mutated, type Specimen, specimenOf } from './deid-mutations.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '100000' },
    first: { type: 'string', default: '0' },
    workers: { type: 'string', default: String(availableParallelism()) },
    folder: { type: 'string', default: fileURLToPath(new URL('../../shared/corpus', import.meta.url)) },
    seed: { type: 'string' },
    worker: { type: 'string' },
  },
});

/** Larger objects differ from these in their pixels, which are not looked at. */
const MAXIMUM_BYTES = 64 * 1024;
/** A few larger ones all the same, for what depends on size. */
const LARGER_EVERY = 12;
const LIMIT_MILLISECONDS = 1000;
/** Silence after which a case is taken to hang for good. */
const HANG_MILLISECONDS = 10_000;
const START_MILLISECONDS = 60_000;
const LIMIT_MEGABYTES = 512;

function specimens(): Specimen[] {
  const objects = readdirSync(values.folder, { recursive: true })
    .map((name) => join(values.folder, String(name)))
    .filter((path) => !/\.(?:csv|md|zip)$/.test(path) && statSync(path).isFile())
    .sort();
  const isSmall = (path: string) => statSync(path).size <= MAXIMUM_BYTES;
  const larger = objects.filter((path) => !isSmall(path) && statSync(path).size < 1_000_000);
  const read = [...objects.filter(isSmall), ...larger.filter((_, index) => index % LARGER_EVERY === 0)].map(
    (path) => specimenOf(new Uint8Array(readFileSync(path))),
  );
  // What is refused as it is reaches less of the code: one such object to three of the others.
  const sound = read.filter(({ headers }) => headers.length > 20);
  return [...read, ...sound, ...sound];
}

/** What a case came to, with how long it took. */
async function run(all: readonly Specimen[], seed: number): Promise<Ending & { milliseconds: number }> {
  const { bytes } = mutated(all, seed);
  const profile = PROFILES[seed % PROFILES.length]!;
  const start = performance.now();
  const ending = await attempt(bytes, profile, seed);
  return { ...ending, milliseconds: performance.now() - start };
}

/** Runs the cases first, first + step, … below the end; each is announced, so that a hang can be told from its silence. */
async function work(first: number, end: number, step: number): Promise<void> {
  const all = specimens();
  const say = (line: object): void => void writeSync(1, `${JSON.stringify(line)}\n`);
  for (let seed = first; seed < end; seed += step) {
    say({ seed });
    let ending = await run(all, seed);
    // On a machine that does other things as well a case may wait for them: only what is slow twice is slow.
    if (ending.milliseconds > LIMIT_MILLISECONDS) ending = await run(all, seed);
    const megabytes = process.resourceUsage().maxRSS / 1024;
    if (ending.milliseconds > LIMIT_MILLISECONDS)
      say({ seed, fault: `took ${Math.round(ending.milliseconds)} ms` });
    if (megabytes > LIMIT_MEGABYTES) {
      say({ seed, fault: `the process holds ${Math.round(megabytes)} MB` });
      process.exit(2);
    }
    say({ seed, ...ending, milliseconds: Math.round(ending.milliseconds), megabytes: Math.round(megabytes) });
  }
}

interface Tally {
  readonly endings: Map<string, number>;
  readonly faults: string[];
  slowest: number;
  megabytes: number;
  done: number;
}

/** One process after another over the worker's share of the cases, until all are done. */
function supervise(worker: number, workers: number, end: number, tally: Tally): Promise<void> {
  return new Promise((resolve) => {
    const begin = (first: number): void => {
      // A process that has not spoken yet is starting, not hanging.
      let [last, heard, rest] = [first - workers, Date.now() + START_MILLISECONDS, ''];
      const flags = [`--max-old-space-size=${LIMIT_MEGABYTES / 2}`, '--worker', `${first}/${end}/${workers}`];
      const child = spawn(
        process.execPath,
        [
          ...process.execArgv,
          flags[0]!,
          fileURLToPath(import.meta.url),
          ...flags.slice(1),
          '--folder',
          values.folder,
        ],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      const watchdog = setInterval(() => {
        if (Date.now() - heard < HANG_MILLISECONDS) return;
        tally.faults.push(`--seed ${last}: hangs`);
        child.kill('SIGKILL');
      }, 250);
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        heard = Date.now();
        const lines = (rest + text).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          const said = JSON.parse(line) as Partial<Ending> & {
            seed: number;
            milliseconds?: number;
            megabytes?: number;
          };
          last = said.seed;
          if (said.fault !== undefined) tally.faults.push(`--seed ${said.seed}: ${said.fault}`);
          if (said.ending === undefined) continue;
          tally.done++;
          tally.slowest = Math.max(tally.slowest, said.milliseconds ?? 0);
          tally.megabytes = Math.max(tally.megabytes, said.megabytes ?? 0);
          tally.endings.set(said.ending, (tally.endings.get(said.ending) ?? 0) + 1);
        }
      });
      child.on('close', (status, signal) => {
        clearInterval(watchdog);
        if (status === 0) return resolve();
        if (status !== 2 && signal !== 'SIGKILL')
          tally.faults.push(`--seed ${last}: the process ended (${signal ?? status})`);
        if (last + workers < end) begin(last + workers);
        else resolve();
      });
    };
    begin(Number(values.first) + worker);
  });
}

const PROFILES = fuzzProfiles();

if (values.worker !== undefined) {
  const [first, end, step] = values.worker.split('/').map(Number) as [number, number, number];
  await work(first, end, step);
} else if (values.seed !== undefined) {
  const ending = await run(specimens(), Number(values.seed));
  console.log(ending);
  process.exitCode = ending.fault === undefined ? 0 : 1;
} else {
  const [first, count, workers] = [Number(values.first), Number(values.count), Number(values.workers)];
  const tally: Tally = { endings: new Map(), faults: [], slowest: 0, megabytes: 0, done: 0 };
  const start = Date.now();
  await Promise.all(
    Array.from({ length: workers }, (_, worker) => supervise(worker, workers, first + count, tally)),
  );
  console.log(`${tally.done} mutations, ${((Date.now() - start) / 1000).toFixed(0)} s`);
  for (const [ending, times] of [...tally.endings].sort((one, other) => other[1] - one[1]))
    console.log(`${String(times).padStart(8)}  ${ending}`);
  console.log(
    `slowest ${tally.slowest} ms, largest process ${tally.megabytes} MB, ${tally.faults.length} faults`,
  );
  for (const fault of tally.faults.slice(0, 100)) console.log(fault);
  process.exitCode = tally.faults.length === 0 && tally.done === count ? 0 : 1;
}
