/**
 * How a second process finds a stack that runs on a data directory: `<dataDir>/running.json`, written when the stack is
 * ready and removed when it stops. A file left behind by a killed process is ignored, not an error.
 */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';

/** An access key that the loopback servers accept. */
export interface OperatorCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
}

/** Where the loopback servers listen. */
export interface Endpoints {
  readonly s3: string;
  readonly sqs: string;
  readonly dynamodb: string;
  /** Secrets Manager and EventBridge. */
  readonly control: string;
}

/** What a second process needs to talk to a running stack. */
export interface RunningStack {
  readonly pid: number;
  readonly outputs: Readonly<Record<string, string>>;
  readonly operator: OperatorCredentials;
  readonly endpoints: Endpoints;
}

const FILE = 'running.json';

/** Publishes a running stack; the file is replaced as a whole, so that a reader never sees half of it. */
export async function announceRunning(dataDir: string, running: RunningStack): Promise<void> {
  await mkdir(dataDir, { recursive: true });
  const file = join(dataDir, FILE);
  await writeFile(`${file}.new`, JSON.stringify(running, null, 2), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** Withdraws the announcement. */
export async function withdrawRunning(dataDir: string): Promise<void> {
  await rm(join(dataDir, FILE), { force: true });
}

/** The stack that runs on this data directory, if one does: its process lives and its S3 endpoint takes connections. */
export async function findRunning(dataDir: string): Promise<RunningStack | undefined> {
  const running = await readAnnouncement(join(dataDir, FILE));
  if (running === undefined || !isAlive(running.pid)) return undefined;
  // The pid of a killed process may belong to a stranger by now; the port tells.
  return (await takesConnections(new URL(running.endpoints.s3))) ? running : undefined;
}

async function readAnnouncement(file: string): Promise<RunningStack | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
  return JSON.parse(text) as RunningStack;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function takesConnections(address: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address.hostname, port: Number(address.port), timeout: 1_000 });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
}
