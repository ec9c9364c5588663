/**
 * What `deidentify` costs for a multi-frame object of 1 GB: its peak memory, and the bytes that it reads and writes itself; the
 * rest is copied by S3. Makes the object, runs the bundled handler in a process of its own against `local/`'s servers.
 *
 *     npx tsx bench/large-object.ts [MiB]
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { startDynamoDb } from '../local/dynamodb/start-dynamodb.ts';
import { startS3 } from '../local/s3/start-s3.ts';
import { startSqs } from '../local/sqs/start-sqs.ts';
import {
  encodeNumbers,
  encodeText,
  encodeUid,
  type NewElement,
  type VR,
  writePart10,
} from '../shared/dicom/index.ts';

const MiB = 1024 * 1024;
const FRAME = 1024 * 1024;
const REGION = 'eu-central-1';
const SECRET = 'bench';

/** The header of a native multi-frame object, Pixel Data with the length of all frames, no frames. */
function headerOf(frames: number): Uint8Array {
  const text = (tag: number, vr: VR, value: string): NewElement => ({
    tag,
    vr,
    value: encodeText(value, vr),
  });
  const us = (tag: number, value: number): NewElement => ({
    tag,
    vr: 'US',
    value: encodeNumbers([value], 'US'),
  });
  const header = writePart10(
    [
      { tag: 0x00080016, vr: 'UI', value: encodeUid('1.2.840.10008.5.1.4.1.1.12.1') },
      { tag: 0x00080018, vr: 'UI', value: encodeUid('1.2.3.4.5') },
      text(0x00080060, 'CS', 'XA'),
      text(0x00100010, 'PN', 'Doe^Jane'),
      text(0x00100020, 'LO', 'MRN4711'),
      { tag: 0x0020000d, vr: 'UI', value: encodeUid('1.2.3') },
      { tag: 0x0020000e, vr: 'UI', value: encodeUid('1.2.3.4') },
      us(0x00280002, 1),
      text(0x00280004, 'CS', 'MONOCHROME2'),
      text(0x00280008, 'IS', String(frames)),
      us(0x00280010, 1024),
      us(0x00280011, 1024),
      us(0x00280100, 8),
      us(0x00280101, 8),
      us(0x00280102, 7),
      us(0x00280103, 0),
      { tag: 0x7fe00010, vr: 'OW', value: new Uint8Array(0) },
    ],
    {
      mediaStorageSopClassUid: '1.2.840.10008.5.1.4.1.1.12.1',
      mediaStorageSopInstanceUid: '1.2.3.4.5',
      transferSyntaxUid: '1.2.840.10008.1.2.1',
      implementationClassUid: '2.25.1',
      implementationVersionName: 'BENCH',
    },
  );
  new DataView(header.buffer, header.byteOffset).setUint32(header.length - 4, frames * FRAME, true);
  return header;
}

async function* objectOf(frames: number): AsyncGenerator<Uint8Array> {
  yield headerOf(frames);
  const frame = Buffer.alloc(FRAME);
  for (let number = 0; number < frames; number++) {
    frame.writeUInt32LE(number);
    yield Buffer.from(frame);
  }
}

async function main(): Promise<void> {
  const frames = Number(process.argv[2] ?? 1024);
  const dir = mkdtempSync(join(tmpdir(), 'filmroom-bench-'));
  const principal = { arn: 'arn:aws:iam::000000000000:user/bench', name: 'bench' };
  const common = {
    account: '000000000000',
    region: REGION,
    credentials: () => ({ secret: SECRET, principal }),
    authorize: () => {},
    onFault: (error: unknown) => console.error(error),
  };
  const sqs = await startSqs({ ...common, dir: join(dir, 'sqs') });
  const s3 = await startS3({ ...common, dir: join(dir, 's3'), deliver: () => {} });
  const dynamodb = await startDynamoDb({ ...common, dir: join(dir, 'dynamodb') });
  const secrets = createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify({ SecretString: '0'.repeat(64) }));
    });
  });
  await new Promise<void>((resolve) => secrets.listen(0, '127.0.0.1', resolve));
  try {
    for (const table of ['ledger', 'crosswalk']) await createTable(dynamodb.store, table);
    s3.createBucket({ name: 'vault', versioning: 'Enabled' });
    s3.createBucket({ name: 'library', versioning: 'Enabled' });
    const key = `uploads/${'0'.repeat(26)}/cine.dcm`;
    const { size, versionId } = await s3.putObject('vault', key, objectOf(frames));

    const script = join(dir, 'deidentify-once.cjs');
    const entry = new URL('./large-object/deidentify-once.ts', import.meta.url).pathname;
    buildSync({
      entryPoints: [entry],
      outfile: script,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      logLevel: 'warning',
    });
    const message = {
      item: { upload: '0'.repeat(26), item: '1'.repeat(26) },
      object: { bucket: 'vault', key, versionId },
      size,
    };
    const measured = await runOnce(script, JSON.stringify(message), {
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: 'bench',
      AWS_SECRET_ACCESS_KEY: SECRET,
      AWS_ENDPOINT_URL_S3: s3.endpoint,
      AWS_ENDPOINT_URL_SQS: sqs.endpoint,
      AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://127.0.0.1:${(secrets.address() as AddressInfo).port}`,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      VAULT_BUCKET: 'vault',
      LIBRARY_BUCKET: 'library',
      LEDGER_TABLE: 'ledger',
      CROSSWALK_TABLE: 'crosswalk',
      DEIDENTIFICATION_POLICY: 'share',
      PSEUDONYM_SECRET_ARN: 'arn:aws:secretsmanager:eu-central-1:000000000000:secret:bench',
      THUMBNAIL_QUEUE_URL: sqs.createQueue('thumbnail').url,
    });
    const written = [...s3.listObjects('library')].map((object) => object.size);
    const own = (measured.sent + measured.received) / size;
    console.log(
      `object                    ${(size / MiB).toFixed(0)} MiB, in the library ${((written[0] ?? 0) / MiB).toFixed(0)} MiB`,
    );
    console.log(
      `time                      ${measured.seconds.toFixed(1)} s, ${measured.requests} requests to S3`,
    );
    console.log(`peak memory               ${measured.peakMiB.toFixed(0)} MiB (bound: 256)`);
    console.log(
      `read and written by itself ${((measured.sent + measured.received) / MiB).toFixed(1)} MiB, ${(own * 100).toFixed(2)} % (bound: 2)`,
    );
    if (measured.failed > 0 || written.length !== 1 || measured.peakMiB > 256 || own > 0.02)
      process.exitCode = 1;
  } finally {
    secrets.close();
    secrets.closeAllConnections();
    await Promise.all([s3.close(), sqs.close(), dynamodb.close()]);
    rmSync(dir, { recursive: true, force: true });
  }
}

async function createTable(
  store: { ask(action: string, body: string): Promise<unknown> },
  TableName: string,
): Promise<void> {
  const names = ['pk', 'sk'];
  await store.ask(
    'CreateTable',
    JSON.stringify({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: names.map((AttributeName, index) => ({
        AttributeName,
        KeyType: index === 0 ? 'HASH' : 'RANGE',
      })),
      AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    }),
  );
}

interface Measured {
  readonly failed: number;
  readonly seconds: number;
  readonly peakMiB: number;
  readonly sent: number;
  readonly received: number;
  readonly requests: number;
}

/** Runs the script beside this process, which serves it meanwhile. */
async function runOnce(
  script: string,
  message: string,
  environment: Record<string, string>,
): Promise<Measured> {
  const child = spawn(process.execPath, [script, message], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString();
  });
  await new Promise((resolve) => child.once('close', resolve));
  const line = /^measured (.*)$/m.exec(output)?.[1];
  if (line === undefined) throw new Error(`the handler did not end well: ${output}`);
  return JSON.parse(line) as Measured;
}

await main();
