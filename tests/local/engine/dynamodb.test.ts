import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, PutItemCommand, QueryCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureTable } from '../../../local/dynamodb/ensure-table.ts';
import { type DynamoServer, startDynamoDb } from '../../../local/dynamodb/start-dynamodb.ts';
import { createAuthority } from '../../../local/iam/authority.ts';
import { parsePolicy } from '../../../local/iam/policy.ts';

const ACCOUNT = '000000000000';
const region = 'us-east-1';
const KEY = `arn:aws:kms:${region}:${ACCOUNT}:key/1`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/Index`;
const TABLE = `arn:aws:dynamodb:${region}:${ACCOUNT}:table/index`;

const table = (indexes: readonly string[] = []) => ({
  TableName: 'index',
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  AttributeDefinitions: ['pk', 'sk', ...indexes].map((AttributeName) => ({
    AttributeName,
    AttributeType: 'S',
  })),
  ...(indexes.length === 0
    ? {}
    : {
        GlobalSecondaryIndexes: indexes.map((name) => ({
          IndexName: `by-${name}`,
          KeySchema: [{ AttributeName: name, KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
        })),
      }),
});

let directory: string;
let server: DynamoServer | undefined;
const clients: DynamoDBClient[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'local-dynamodb-'));
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await server?.close();
  server = undefined;
  await rm(directory, { recursive: true, force: true });
});

/** A server, and a client under a role with these statements. */
async function start(statements: readonly object[], keyPolicy: readonly object[] = []) {
  const authority = createAuthority({ account: ACCOUNT, region, secret: 'secret' });
  const identity = parsePolicy({ Statement: statements }, 'policy');
  authority.addRole({ arn: ROLE, name: 'Index', identity, trust: [] });
  authority.addResourcePolicy(KEY, parsePolicy({ Statement: keyPolicy }, 'key'));
  const { authorize, credentials } = authority;
  server = await startDynamoDb({
    dir: join(directory, 'store'),
    account: ACCOUNT,
    region,
    credentials,
    authorize,
    onFault: (error) => {
      throw error;
    },
  });
  const key = authority.accessKey(authority.session(ROLE, 'index', 'Index'));
  const client = new DynamoDBClient({ region, endpoint: server.endpoint, credentials: key });
  clients.push(client);
  return { server, client, authority };
}
const everything = [{ Effect: 'Allow', Action: '*', Resource: '*' }];
const put = (sk: string, more: object = {}) =>
  new PutItemCommand({ TableName: 'index', Item: { pk: { S: 'p' }, sk: { S: sk }, ...more } });

describe('the local DynamoDB', () => {
  it('keeps items over a restart', async () => {
    const first = await start(everything);
    await ensureTable(first.server.store, table(), directory);
    await first.client.send(put('1'));
    await first.server.close();
    const second = await start(everything);
    await ensureTable(second.server.store, table(), directory);
    expect((await second.client.send(new ScanCommand({ TableName: 'index' }))).Count).toBe(1);
  });

  it('keeps items when the template adds a secondary index, and finds them through it', async () => {
    const { server, client } = await start(everything);
    await ensureTable(server.store, table(), directory);
    for (let n = 0; n < 60; n += 1)
      await client.send(put(String(n), { kind: { S: n < 7 ? 'few' : 'many' } }));
    await ensureTable(server.store, table(['kind']), directory);
    const few = await client.send(
      new QueryCommand({
        TableName: 'index',
        IndexName: 'by-kind',
        KeyConditionExpression: 'kind = :k',
        ExpressionAttributeValues: { ':k': { S: 'few' } },
      }),
    );
    expect(few.Count).toBe(7);
    expect((await client.send(new ScanCommand({ TableName: 'index' }))).Count).toBe(60);
  });

  it('takes up a change of indexes again after a process was killed in the middle of it', async () => {
    const { server, client } = await start(everything);
    await ensureTable(server.store, table(), directory);
    await client.send(put('1'));
    const kept = [
      { pk: { S: 'p' }, sk: { S: '1' } },
      { pk: { S: 'p' }, sk: { S: '2' } },
    ];
    await writeFile(join(directory, 'index.items'), kept.map((item) => JSON.stringify(item)).join('\n'));
    await ensureTable(server.store, table(['kind']), directory);
    expect((await client.send(new ScanCommand({ TableName: 'index' }))).Count).toBe(2);
  });

  it('refuses a call that the policies do not allow, naming action and table', async () => {
    const { server, client, authority } = await start([
      { Effect: 'Allow', Action: 'dynamodb:Scan', Resource: TABLE },
    ]);
    await ensureTable(server.store, table(), directory);
    await expect(client.send(put('1'))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(`dynamodb:PutItem on resource: "${TABLE}"`),
    });
    await expect(client.send(new ScanCommand({ TableName: 'index' }))).resolves.toMatchObject({ Count: 0 });
    await expect(client.send(new ScanCommand({ TableName: 'index', IndexName: 'by-kind' }))).rejects.toThrow(
      `"${TABLE}/index/by-kind"`,
    );
    expect(authority.denials()).toHaveLength(2);
  });

  it('asks for the key of an encrypted table, used through the service', async () => {
    const through = { StringEquals: { 'kms:ViaService': 'dynamodb.us-east-1.amazonaws.com' } };
    const grant = { Effect: 'Allow', Action: 'kms:Decrypt', Resource: KEY, Condition: through };
    const writes = { Effect: 'Allow', Action: 'dynamodb:PutItem', Resource: TABLE };
    const delegate = {
      Effect: 'Allow',
      Action: 'kms:*',
      Resource: '*',
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
    };
    const without = await start([writes], [delegate]);
    await ensureTable(without.server.store, table(), directory);
    without.server.encryptWith('index', KEY);
    await expect(without.client.send(put('1'))).rejects.toThrow(`kms:Decrypt on resource: "${KEY}"`);
    await without.server.close();
    const granted = await start([writes, grant], [delegate]);
    granted.server.encryptWith('index', KEY);
    await granted.client.send(put('1'));
  });

  it('refuses who is not known and what was changed on its way', async () => {
    const { server } = await start(everything);
    const stranger = new DynamoDBClient({
      region,
      endpoint: server.endpoint,
      credentials: { accessKeyId: 'AKIASTRANGER', secretAccessKey: 'x' },
    });
    clients.push(stranger);
    await expect(stranger.send(put('1'))).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
    const unsigned = await fetch(server.endpoint, {
      method: 'POST',
      headers: { 'x-amz-target': 'DynamoDB_20120810.ListTables' },
      body: '{}',
    });
    expect(unsigned.status).toBe(400);
  });
});
