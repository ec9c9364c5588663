/** Everything that a stack keeps or has said, piece by piece, apart by zone: what a search for planted names goes through. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DynamoDBClient, ListTablesCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListBucketsCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { LocalStack } from '../../local/start.ts';
import { OUTPUTS } from '../../shared/contract/outputs.ts';

export interface Piece {
  readonly kind: 'vault' | 'object' | 'row' | 'message' | 'log';
  readonly where: string;
  /** What it holds, inflated where it is compressed. */
  readonly content: Buffer;
  /** What is said of it: its key, its metadata. */
  readonly beside?: Buffer;
}

/** The queues and tables that may know names. */
const VAULT_QUEUES = /Parse|Unpack|Deidentify|CleanPixels/;
const VAULT_TABLES = /Ledger|Crosswalk/;
const GZIP_MAGIC = 0x8b1f;

export interface Kept {
  readonly stack: Pick<LocalStack, 'outputs' | 'operator' | 'endpoints'>;
  readonly dataDir: string;
}

/** All pieces. Those of kind `vault` may name patients, the others may not. */
export async function* everythingKept(pipeline: Kept): AsyncIterable<Piece> {
  yield* objects(pipeline);
  yield* rows(pipeline);
  yield* messages(pipeline.dataDir);
  const logs = readdirSync(join(pipeline.dataDir, 'logs')).map((name) => join('logs', name));
  for (const name of [...logs, 'events.jsonl']) {
    yield { kind: 'log', where: name, content: readFileSync(join(pipeline.dataDir, name)) };
  }
}

function clientOptions({ stack }: Kept, endpoint: string) {
  const { region, ...credentials } = stack.operator;
  return { endpoint, region, credentials };
}

async function* objects(pipeline: Kept): AsyncIterable<Piece> {
  const s3 = new S3Client({ ...clientOptions(pipeline, pipeline.stack.endpoints.s3), forcePathStyle: true });
  const vault = pipeline.stack.outputs[OUTPUTS.vaultBucket];
  const { Buckets: buckets = [] } = await s3.send(new ListBucketsCommand({}));
  for (const { Name: bucket } of buckets) {
    let token: string | undefined;
    do {
      const page = await s3.send(new ListObjectsV2Command({ Bucket: bucket, ContinuationToken: token }));
      token = page.NextContinuationToken;
      for (const { Key: key } of page.Contents ?? []) {
        const { Body: body, Metadata: metadata } = await s3.send(
          new GetObjectCommand({ Bucket: bucket, Key: key }),
        );
        const bytes = Buffer.from((await body?.transformToByteArray()) ?? []);
        const beside = Buffer.from(`${key} ${JSON.stringify(metadata)} `);
        const where = `${bucket}/${key}`;
        yield { kind: bucket === vault ? 'vault' : 'object', where, content: inflated(bytes), beside };
      }
    } while (token !== undefined);
  }
  s3.destroy();
}

async function* rows(pipeline: Kept): AsyncIterable<Piece> {
  const dynamodb = new DynamoDBClient(clientOptions(pipeline, pipeline.stack.endpoints.dynamodb));
  const { TableNames: tables = [] } = await dynamodb.send(new ListTablesCommand({}));
  for (const table of tables) {
    const { Items: items = [] } = await dynamodb.send(new ScanCommand({ TableName: table }));
    for (const item of items) {
      const binaries = Object.values(item).flatMap((value) =>
        value.B === undefined ? [] : [inflated(Buffer.from(value.B))],
      );
      const content = Buffer.concat([Buffer.from(JSON.stringify(item)), ...binaries]);
      yield { kind: VAULT_TABLES.test(table) ? 'vault' : 'row', where: `${table} ${item.sk?.S}`, content };
    }
  }
  dynamodb.destroy();
}

/** Every message that was ever sent, off the journal of the queues. */
function* messages(dataDir: string): Iterable<Piece> {
  for (const line of readFileSync(join(dataDir, 'sqs', 'messages.log'), 'utf8').split('\n')) {
    if (!line.startsWith('{"t":"send"') && !line.startsWith('{"t":"move"')) continue;
    const { queue, to } = JSON.parse(line) as { queue: string; to?: string };
    const kind = VAULT_QUEUES.test(to ?? queue) ? 'vault' : 'message';
    yield { kind, where: to ?? queue, content: Buffer.from(line) };
  }
}

function inflated(bytes: Buffer): Buffer {
  return bytes.length > 2 && bytes.readUInt16LE(0) === GZIP_MAGIC ? gunzipSync(bytes) : bytes;
}

/** Which of the texts stand in the bytes, whatever their case: in one byte a character, or in UTF-16. */
export function textsIn(bytes: Buffer, texts: readonly string[]): string[] {
  const wide = [0, 1].map((from) =>
    bytes.subarray(from, bytes.length - ((bytes.length - from) % 2)).toString('utf16le'),
  );
  const haystacks = [bytes.toString('latin1'), bytes.toString('utf8'), ...wide].map((text) =>
    text.toLowerCase(),
  );
  return texts.filter((text) => haystacks.some((haystack) => haystack.includes(text.toLowerCase())));
}
