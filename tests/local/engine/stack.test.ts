import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, it } from 'vitest';
import { findRunning } from '../../../local/running.ts';
import { type LocalStack, startLocal } from '../../../local/start.ts';
import { COPY_ASSETS, copyApp } from './copy-app.ts';
import { type Fixture, lambda, type Resources, type Running, ref, run, writeAssembly } from './fixture.ts';

let running: Running | undefined;
const clients: S3Client[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await running?.stop();
  running = undefined;
});

function upload(stack: LocalStack, key: string, body = 'text') {
  const client = new S3Client({
    region: stack.operator.region,
    endpoint: stack.endpoints.s3,
    forcePathStyle: true,
    credentials: stack.operator,
  });
  clients.push(client);
  return client.send(new PutObjectCommand({ Bucket: stack.outputs.VaultName, Key: key, Body: body }));
}
type Row = Record<'pk' | 'text' | 'secret', { S: string }>;
const rows = async (stack: LocalStack) =>
  (await (await fetch(stack.outputs.ListUrl as string)).json()) as Row[];
const inboxEmpty = (stack: LocalStack) =>
  expect
    .poll(
      () =>
        stack.queues().filter(({ logicalId, ...q }) => logicalId === 'Inbox' && q.visible + q.inFlight > 0),
      {
        timeout: 10_000,
      },
    )
    .toEqual([]);

describe('a stack', () => {
  it('runs its template: from the upload through bucket, queue and function to table and event', async () => {
    running = await run(copyApp(), COPY_ASSETS);
    const { stack, dataDir } = running;
    await upload(stack, 'uploads/a b.txt', 'hello');
    await upload(stack, 'elsewhere/c.txt');
    await expect.poll(() => rows(stack), { timeout: 10_000 }).toHaveLength(1);
    await inboxEmpty(stack);
    const [row] = await rows(stack);
    expect(row).toMatchObject({ pk: { S: 'uploads/a b.txt' }, text: { S: 'hello' } });
    expect(row?.secret.S).toMatch(/^[A-Za-z0-9]{20}$/);
    const journal = await readFile(join(dataDir, 'events.jsonl'), 'utf8');
    expect(JSON.parse(journal)).toMatchObject({
      bus: 'app-events',
      'detail-type': 'copied',
      detail: { key: 'uploads/a b.txt' },
    });
    expect(stack.denials()).toEqual([]);
  });

  it('tells per function what was granted and never used', async () => {
    running = await run(copyApp(), COPY_ASSETS);
    const { stack } = running;
    await upload(stack, 'uploads/a.txt');
    await expect.poll(() => rows(stack), { timeout: 10_000 }).toHaveLength(1);
    await inboxEmpty(stack);
    const report = stack.iamReport().find(({ function: name }) => name === 'CopyFunction');
    expect(report?.neverUsed).toEqual([
      { action: 'logs:CreateLogGroup', resource: '*' },
      { action: 's3:DeleteObject', resource: expect.stringMatching(/^arn:aws:s3:::.*\/uploads\/\*$/) },
    ]);
    expect(report?.used).toContainEqual(expect.stringMatching(/^kms:Decrypt arn:aws:kms:.*key\/VaultKey/));
  });

  it.each([
    ['read', 's3:GetObject', /^arn:aws:s3:::app-vault\/uploads\/\*$/],
    ['decrypt', 'kms:Decrypt', /:key\/VaultKey/],
    ['secret', 'secretsmanager:GetSecretValue', /:secret:App-Secret/],
    ['decryptSecret', 'kms:Decrypt', /:key\/SecretKey/],
    ['write', 'dynamodb:PutItem', /:table\/App-Rows/],
    ['announce', 'events:PutEvents', /:event-bus\/app-events$/],
  ] as const)(
    'denies a call that the role is not granted, and names it: without %s',
    async (without, action, resource) => {
      running = await run(copyApp({ without }), COPY_ASSETS);
      const { stack } = running;
      await upload(stack, 'uploads/a.txt');
      await expect
        .poll(() => stack.queues().find(({ deadLetter }) => deadLetter)?.visible, { timeout: 10_000 })
        .toBe(1);
      expect(stack.denials()).toMatchObject([
        { function: 'CopyFunction', action, resource: expect.stringMatching(resource) },
      ]);
      expect(stack.denials()[0]?.message).toMatch(/^CopyFunction is not allowed /);
    },
  );
});

describe('a stack that is started again', () => {
  it('keeps objects, rows, secrets and names', async () => {
    running = await run(copyApp(), COPY_ASSETS);
    const { stack: first, assembly, dataDir } = running;
    await upload(first, 'uploads/a.txt');
    await expect.poll(() => rows(first), { timeout: 10_000 }).toHaveLength(1);
    await inboxEmpty(first);
    const before = await rows(first);
    await first.stop();
    const second = await startLocal({ assembly, dataDir });
    running = { ...running, stack: second, stop: chain(second, running) };
    expect(second.operator.secretAccessKey).toBe(first.operator.secretAccessKey);
    expect(second.outputs.VaultName).toBe(first.outputs.VaultName);
    expect(await rows(second)).toEqual(before);
    await upload(second, 'uploads/b.txt');
    await expect.poll(() => rows(second), { timeout: 10_000 }).toHaveLength(2);
    expect(new Set((await rows(second)).map(({ secret }) => secret.S)).size).toBe(1);
  });

  it('keeps the state of what another template still declares', async () => {
    running = await run(copyApp(), COPY_ASSETS);
    const { stack: first, directory, dataDir } = running;
    await upload(first, 'uploads/a.txt');
    await expect.poll(() => rows(first), { timeout: 10_000 }).toHaveLength(1);
    await first.stop();
    const changed = copyApp({ more: { Extra: { Type: 'AWS::S3::Bucket' } } });
    delete changed.Resources.CopyFromInbox;
    const assembly = join(directory, 'changed');
    await writeAssembly(assembly, { App: changed }, COPY_ASSETS);
    const second = await startLocal({ assembly, dataDir });
    running = { ...running, stack: second, stop: chain(second, running) };
    expect(await rows(second)).toHaveLength(1);
  });

  it('can be found by another process while it runs, and only then', async () => {
    running = await run(copyApp(), COPY_ASSETS);
    const { stack, dataDir, assembly } = running;
    expect(await findRunning(dataDir)).toMatchObject({
      pid: process.pid,
      outputs: stack.outputs,
      operator: stack.operator,
    });
    await expect(startLocal({ assembly, dataDir })).rejects.toThrow(
      'a stack already runs on this data directory',
    );
    await stack.stop();
    expect(await findRunning(dataDir)).toBeUndefined();
    const again = await startLocal({ assembly, dataDir });
    running = { ...running, stack: again, stop: chain(again, running) };
  });
});

function chain(stack: LocalStack, before: Running): () => Promise<void> {
  return async () => {
    await stack.stop();
    await before.stop();
  };
}

describe('a template that cannot be run', () => {
  const bucket: Resources = { Vault: { Type: 'AWS::S3::Bucket' } };
  it.each([
    [
      'a resource type nobody knows',
      { Resources: { ...bucket, Cache: { Type: 'AWS::ElastiCache::CacheCluster' } } },
      'Cache: the resource type AWS::ElastiCache::CacheCluster is not known to the local run',
    ],
    [
      'a reference to nothing',
      { Resources: { Alias: { Type: 'AWS::KMS::Alias', Properties: { AliasName: { Ref: 'Lost' } } } } },
      'Alias.AliasName: there is nothing named Lost',
    ],
    ['a function without its asset', { Resources: lambda('Lost', []) }, 'the assembly has no asset lost.zip'],
    [
      'a FIFO queue',
      { Resources: { Ordered: { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true } } } },
      'Ordered: FIFO queues are not known to the local run',
    ],
    [
      'a managed policy nobody knows',
      {
        Resources: {
          Role: {
            Type: 'AWS::IAM::Role',
            Properties: {
              AssumeRolePolicyDocument: {},
              ManagedPolicyArns: ['arn:aws:iam::aws:policy/PowerUserAccess'],
            },
          },
        },
      },
      'Role: the managed policy arn:aws:iam::aws:policy/PowerUserAccess is not known',
    ],
  ])('says why: %s', async (_, template: Fixture, message) => {
    await expect(run(template)).rejects.toThrow(message);
  });

  it('says that a role does not trust Lambda', async () => {
    const resources = lambda('Copy', []);
    const role = resources.CopyRole?.Properties as { AssumeRolePolicyDocument: object };
    role.AssumeRolePolicyDocument = {
      Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'ec2.amazonaws.com' } }],
    };
    await expect(run({ Resources: resources }, COPY_ASSETS)).rejects.toThrow('cannot be assumed by Lambda');
  });

  it('says that a bucket may not send to its queue', async () => {
    await expect(run(copyApp({ queuePolicy: {} }), COPY_ASSETS)).rejects.toThrow(
      /sqs:SendMessage on resource: "arn:aws:sqs:.*App-Inbox/,
    );
  });

  it('leaves out what a condition excludes', async () => {
    running = await run({
      Parameters: { Stage: { Type: 'String', Default: 'dev' } },
      Conditions: { IsProduction: { 'Fn::Equals': [{ Ref: 'Stage' }, 'production'] } },
      Resources: {
        ...bucket,
        Cache: { Type: 'AWS::ElastiCache::CacheCluster', Condition: 'IsProduction' } as Resources[string],
      },
      Outputs: { Name: { Value: ref('Vault') } },
    });
    expect(running.stack.outputs).toEqual({ Name: 'app-vault' });
  });
});

describe('access keys', () => {
  it('differ between data directories', async () => {
    const template: Fixture = { Resources: { Vault: { Type: 'AWS::S3::Bucket' } } };
    const [one, other] = await Promise.all([run(template), run(template)]);
    const digests = [one, other].map(({ stack }) =>
      createHash('sha256').update(stack.operator.secretAccessKey).digest('hex'),
    );
    await Promise.all([one.stop(), other.stop()]);
    expect(digests[0]).not.toBe(digests[1]);
  });
});
