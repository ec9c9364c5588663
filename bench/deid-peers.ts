/** What others take for less over the same slices: dcmjs, gdcmanon, Orthanc; the programs only where they are installed. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import dcmjs from 'dcmjs';

/** What is used of dcmjs, which ships no types. */
const { data, log } = dcmjs as unknown as {
  data: {
    DicomMessage: {
      readFile(buffer: ArrayBuffer): {
        dict: Record<string, { vr: string; Value: unknown[] }>;
        write(options: { allowInvalidVRLength: boolean }): ArrayBuffer;
      };
    };
  };
  log: { setLevel(level: string): void; getLogger(name: string): { setLevel(level: string): void } };
};
// It reports each value that it repairs.
for (const logger of [log, log.getLogger('validation.dcmjs')]) logger.setLevel('silent');

const GDCMANON_RUNS = 10;
const ORTHANC_ROUNDS = 5;
const START_MILLISECONDS = 15_000;
/** Of what Linux counts in /proc. */
const TICK_MILLISECONDS = 10;

/** Reads the slice, changes one attribute and writes it. */
export function rewriteWithDcmjs(slice: Uint8Array): ArrayBuffer {
  const object = data.DicomMessage.readFile(slice.slice().buffer);
  object.dict['00100010'] = { vr: 'PN', Value: ['PSEUDONYM'] };
  return object.write({ allowInvalidVRLength: true });
}

/** Processor milliseconds of a slice over the whole folder, four attributes; undefined where gdcmanon is not installed. */
export function gdcmanon(folder: string, slices: number): number | undefined {
  const target = mkdtempSync(join(tmpdir(), 'filmroom-bench-'));
  const flags = '--dumb --empty 10,10 --empty 10,20 --remove 10,30 --remove 8,80 -r';
  const loop = `for run in $(seq ${GDCMANON_RUNS}); do gdcmanon ${flags} "$1" "$2" >/dev/null 2>&1 || exit 1; done`;
  const script = `TIMEFORMAT='%U %S'; time { ${loop}; }`;
  const { status, stderr } = spawnSync('bash', ['-c', script, 'bench', folder, target], { encoding: 'utf8' });
  rmSync(target, { recursive: true, force: true });
  const [user, system] = stderr.trim().split(/\s+/).map(Number);
  if (status !== 0 || user === undefined || system === undefined) return undefined;
  return ((user + system) * 1000) / GDCMANON_RUNS / slices;
}

/** Processor milliseconds of `/instances/{id}/anonymize` of an Orthanc of our own; undefined where it is not installed. */
export async function orthanc(slices: readonly Uint8Array<ArrayBuffer>[]): Promise<number | undefined> {
  if (spawnSync('Orthanc', ['--version']).error !== undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'filmroom-bench-'));
  const port = await freePort();
  const config = join(folder, 'orthanc.json');
  writeFileSync(
    config,
    JSON.stringify({
      StorageDirectory: folder,
      IndexDirectory: folder,
      HttpPort: port,
      DicomServerEnabled: false,
      RemoteAccessAllowed: false,
      AuthenticationEnabled: false,
      Plugins: [],
    }),
  );
  const server = spawn('Orthanc', [config], { stdio: 'ignore' });
  try {
    return await timeAnonymize(server, `http://127.0.0.1:${port}`, slices);
  } finally {
    const ended = new Promise((resolve) => server.once('exit', resolve));
    if (server.exitCode === null) {
      server.kill();
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

async function timeAnonymize(
  server: ChildProcess,
  url: string,
  slices: readonly Uint8Array<ArrayBuffer>[],
): Promise<number> {
  await answers(server, url);
  const post = async (path: string, body: string | Uint8Array<ArrayBuffer>) => {
    const response = await fetch(`${url}${path}`, { method: 'POST', body });
    if (!response.ok) throw new Error(`Orthanc answers ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  };
  const ids: string[] = [];
  for (const slice of slices) {
    ids.push((JSON.parse(Buffer.from(await post('/instances', slice)).toString()) as { ID: string }).ID);
  }
  const before = processorTime(server);
  for (let round = 0; round < ORTHANC_ROUNDS; round++)
    for (const id of ids) await post(`/instances/${id}/anonymize`, '{}');
  return (processorTime(server) - before) / ORTHANC_ROUNDS / ids.length;
}

/** Milliseconds that a process has spent: over a connection one measures how it waits for acknowledgements. */
function processorTime({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * TICK_MILLISECONDS;
}

async function answers(server: ChildProcess, url: string): Promise<void> {
  const end = Date.now() + START_MILLISECONDS;
  while (Date.now() < end && server.exitCode === null) {
    const isUp = await fetch(`${url}/system`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('Orthanc does not answer');
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
