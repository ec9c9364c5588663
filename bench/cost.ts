/**
 * What a million instances cost: ingests slices of 0.5 MB through the whole stack on this machine, counts every request that
 * AWS would charge for, and puts them into the prices of `cost/prices.ts`. Requests are counted; compute is what the functions
 * took here, on a machine that runs the servers as well, at the memory that they are deployed with.
 *
 *     npm run cost [-- --slices 200] [--zip] [--json]
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { followUpload, realTime } from '../cli/ingest/follow-upload.ts';
import { listFiles } from '../cli/ingest/list-files.ts';
import { uploadFiles } from '../cli/ingest/upload-files.ts';
import { startStack } from '../cli/stack/connect.ts';
import type { Metered } from '../local/meter.ts';
import type { FunctionInvocations } from '../local/start.ts';
import { sliceFile } from './cost/made-study.ts';
import { PRICES } from './cost/prices.ts';
import { writeZip } from './cost/write-zip.ts';

const { values } = parseArgs({
  options: {
    slices: { type: 'string', default: '200' },
    zip: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
const slices = Number(values.slices);

const folder = mkdtempSync(join(tmpdir(), 'filmroom-cost-'));
try {
  const measured = await measure();
  const lines = costs(measured);
  const total = lines.reduce((sum, line) => sum + line.dollars, 0);
  if (!values.json) print(lines, total, measured.indexed);
  console.log(
    JSON.stringify({
      dollarsPerMillionInstances: round(total),
      instances: measured.indexed,
      from: values.zip ? 'zip' : 'folder',
      pricesReadOn: PRICES.readOn,
      ...Object.fromEntries(lines.map(({ name, dollars }) => [name, round(dollars)])),
    }),
  );
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

interface Measured {
  readonly indexed: number;
  readonly requests: readonly Metered[];
  readonly invocations: readonly FunctionInvocations[];
  readonly logBytes: number;
}

async function measure(): Promise<Measured> {
  const files = join(folder, 'study');
  mkdirSync(files);
  for (let index = 0; index < slices; index++) writeFileSync(join(files, `${index}.dcm`), sliceFile(index));
  const input = values.zip ? await writeZip(files, join(folder, 'study.zip')) : files;
  const dataDir = join(folder, 'data');
  const { stack, api, queues, close } = await startStack({ dataDir, log: (line) => console.error(line) });
  try {
    const upload = await api.openUpload();
    const list = await listFiles([input]);
    await uploadFiles(api, upload, list.files);
    await api.closeUpload(upload, list.files.length);
    const { summary } = await followUpload({
      ...realTime,
      summary: () => api.summary(upload),
      queues,
      onChange: () => {},
    });
    if (summary.states.indexed !== slices)
      throw new Error(`${summary.states.indexed} of ${slices} were indexed`);
    const logs = join(dataDir, 'logs');
    const logBytes = readdirSync(logs, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
    return {
      indexed: summary.states.indexed,
      requests: stack.requests(),
      invocations: stack.invocations(),
      logBytes,
    };
  } finally {
    await close();
  }
}

interface Line {
  readonly name: string;
  /** For each instance. */
  readonly amount: number;
  readonly unit: string;
  /** For a million instances. */
  readonly dollars: number;
}

function costs({ indexed, requests, invocations, logBytes }: Measured): Line[] {
  // Who watches the upload asks more often here than an evening's upload would; the readers are not the pipeline.
  const steps = invocations.filter(
    ({ function: name }) => !/^(Uploads|Links|Dicomweb|DownloadStudy)/.test(name),
  );
  const names = new Set(steps.map(({ function: name }) => name));
  const own = requests.filter(({ principal }) => names.has(principal));
  const count = (pattern: RegExp, of: readonly Metered[] = own) =>
    of.filter(({ action }) => pattern.test(action)).reduce((sum, line) => sum + line.requests, 0);
  const units = (pattern: RegExp) =>
    own.filter(({ action }) => pattern.test(action)).reduce((sum, line) => sum + line.units, 0);
  // The hospital's own PUTs are signed by the uploads function.
  const uploaded = count(/^s3:PutObject$/, requests) - count(/^s3:PutObject$/);
  const notified =
    uploaded +
    count(
      /^s3:PutObject$/,
      own.filter(({ principal }) => /^Unpack/.test(principal)),
    );
  const called = steps.reduce((sum, step) => sum + step.invocations, 0);
  const gigabyteSeconds = steps.reduce(
    (sum, step) => sum + (step.milliseconds / 1000) * (step.memoryMb / 1024),
    0,
  );
  const line = (name: string, total: number, unit: string, price: number): Line => ({
    name,
    amount: total / indexed,
    unit,
    dollars: (total / indexed) * price * 1e6,
  });
  return [
    line('s3Put', uploaded + count(/^s3:(PutObject|ListBucket)$/), 'PUT, POST and LIST', PRICES.s3Put),
    line('s3Get', count(/^s3:GetObject(Version)?$/), 'GET and HEAD', PRICES.s3Get),
    // A poller receives and deletes once for each invocation; S3 sends one message for each object of the vault.
    line('sqs', notified + count(/^sqs:SendMessage$/) + 2 * called, 'requests', PRICES.sqsRequest),
    line(
      'dynamodbWrite',
      units(/^dynamodb:(BatchWriteItem|PutItem|UpdateItem)$/),
      'write units',
      PRICES.dynamodbWrite,
    ),
    line('dynamodbRead', units(/^dynamodb:(GetItem|BatchGetItem|Query)$/), 'read units', PRICES.dynamodbRead),
    line('lambdaInvocations', called, 'invocations', PRICES.lambdaInvocation),
    line('lambdaCompute', gigabyteSeconds, 'GB-seconds', PRICES.lambdaGigabyteSecond),
    line('logs', logBytes / 1e9, 'GB of log lines', PRICES.logGigabyte),
  ];
}

function print(lines: readonly Line[], total: number, instances: number): void {
  console.log(
    `${instances} instances of 0.5 MB, as ${values.zip ? 'a ZIP archive' : 'a folder'}; prices of ${PRICES.region}, ${PRICES.readOn}\n`,
  );
  console.log(`${'for an instance'.padEnd(44)}dollars for a million`);
  for (const { name, amount, unit, dollars } of lines)
    console.log(
      `${name.padEnd(20)}${amount.toPrecision(3).padStart(9)} ${unit.padEnd(22)}${dollars.toFixed(2).padStart(8)}`,
    );
  console.log(`${'together'.padEnd(52)}${total.toFixed(2).padStart(8)}\n`);
  const most = [...lines].sort((a, b) => b.dollars - a.dollars)[0] as Line;
  console.log(`${most.name} is ${((100 * most.dollars) / total).toFixed(0)} % of it`);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
