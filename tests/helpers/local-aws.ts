/**
 * The real adapters against servers that speak the real protocols: S3, SQS and DynamoDB on the loopback interface, everything
 * allowed. What it sets in the environment it takes back at the end.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDynamoDb } from '../../local/dynamodb/start-dynamodb.ts';
import type { S3Server } from '../../local/s3/contract.ts';
import { startS3 } from '../../local/s3/start-s3.ts';
import type { SqsServer } from '../../local/sqs/contract.ts';
import { startSqs } from '../../local/sqs/start-sqs.ts';

export interface LocalAws {
  readonly s3: S3Server;
  readonly sqs: SqsServer;
  readonly dir: string;
  /** A table with string keys `pk` and `sk`, and one index over `gsi1pk` and `gsi1sk` where it is named. */
  createTable(name: string, index?: string): Promise<void>;
  close(): Promise<void>;
}

const ACCOUNT = '000000000000';
const REGION = 'eu-central-1';
const SECRET = 'not-a-secret';

/** Starts the servers and points the SDK at them. */
export async function startLocalAws(): Promise<LocalAws> {
  const dir = mkdtempSync(join(tmpdir(), 'filmroom-test-'));
  const principal = { arn: `arn:aws:iam::${ACCOUNT}:user/test`, name: 'test' };
  const common = {
    account: ACCOUNT,
    region: REGION,
    credentials: () => ({ secret: SECRET, principal }),
    authorize: () => {},
    onFault: (error: unknown) => console.error(error),
  };
  const sqs = await startSqs({ ...common, dir: join(dir, 'sqs') });
  const s3 = await startS3({
    ...common,
    dir: join(dir, 's3'),
    deliver: ({ queueArn, body }) => void sqs.send(queueArn.slice(queueArn.lastIndexOf(':') + 1), body),
  });
  const dynamodb = await startDynamoDb({ ...common, dir: join(dir, 'dynamodb') });
  const restore = setEnvironment({
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: SECRET,
    // Node 20 is enough for the version that is installed.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    AWS_ENDPOINT_URL_S3: s3.endpoint,
    AWS_ENDPOINT_URL_SQS: sqs.endpoint,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint,
  });
  return {
    s3,
    sqs,
    dir,
    createTable: async (name, index) => {
      const { store } = dynamodb;
      const key = (pk: string, sk: string) => [
        { AttributeName: pk, KeyType: 'HASH' },
        { AttributeName: sk, KeyType: 'RANGE' },
      ];
      const names = index === undefined ? ['pk', 'sk'] : ['pk', 'sk', 'gsi1pk', 'gsi1sk'];
      const answer = await store.ask(
        'CreateTable',
        JSON.stringify({
          TableName: name,
          BillingMode: 'PAY_PER_REQUEST',
          KeySchema: key('pk', 'sk'),
          AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
          ...(index === undefined
            ? {}
            : {
                GlobalSecondaryIndexes: [
                  {
                    IndexName: index,
                    KeySchema: key('gsi1pk', 'gsi1sk'),
                    Projection: { ProjectionType: 'ALL' },
                  },
                ],
              }),
        }),
      );
      if (answer.status !== 200) throw new Error(answer.body);
    },
    close: async () => {
      await Promise.all([s3.close(), sqs.close(), dynamodb.close()]);
      restore();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function setEnvironment(values: Readonly<Record<string, string>>): () => void {
  const before = Object.keys(values).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, values);
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}
