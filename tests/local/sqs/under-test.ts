/**
 * What the contract tests run against: the local SQS server, or real AWS when FILMROOM_CONTRACT_AWS=1 and the usual
 * environment names credentials and a region (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION). On AWS the queues have
 * random names and are deleted at the end.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  SQSClient,
  type SQSClientConfig,
} from '@aws-sdk/client-sqs';
import type { Authorize } from '../../../local/auth/authorize.ts';
import type { SqsServer } from '../../../local/sqs/contract.ts';
import { startSqs } from '../../../local/sqs/start-sqs.ts';

export const onAws = process.env.FILMROOM_CONTRACT_AWS === '1';

export const OPERATOR = { arn: 'arn:aws:iam::000000000000:user/operator', name: 'operator' };
export const LOCAL_CREDENTIALS = { accessKeyId: 'LOCALKEY', secretAccessKey: 'local-secret' };

export interface SqsUnderTest {
  readonly client: SQSClient;
  /** Creates a queue with a name of its own; returns its URL and ARN. */
  newQueue(attributes?: Record<string, string>): Promise<{ url: string; arn: string }>;
  close(): Promise<void>;
}

export async function sqsUnderTest(): Promise<SqsUnderTest> {
  if (onAws) return underTest(new SQSClient({}), async () => {});
  const dir = temporaryFolder();
  const server = await localServer(dir);
  return underTest(clientOf(server.endpoint), async () => {
    await server.close();
    rmSync(dir, { recursive: true });
  });
}

export function clientOf(endpoint: string, config: SQSClientConfig = {}): SQSClient {
  const usual = { region: 'eu-central-1', credentials: LOCAL_CREDENTIALS, maxAttempts: 1 };
  return new SQSClient({ endpoint, ...usual, ...config });
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'filmroom-sqs-'));
}

/** Starts the local server in `dir`. */
export function localServer(dir: string, authorize: Authorize = () => {}): Promise<SqsServer> {
  return startSqs({
    dir,
    region: 'eu-central-1',
    account: '000000000000',
    credentials: (id) =>
      id === LOCAL_CREDENTIALS.accessKeyId
        ? { secret: LOCAL_CREDENTIALS.secretAccessKey, principal: OPERATOR }
        : undefined,
    authorize,
  });
}

function underTest(client: SQSClient, closeServer: () => Promise<void>): SqsUnderTest {
  const urls: string[] = [];
  return {
    client,
    async newQueue(Attributes = {}) {
      const QueueName = `contract-${randomUUID()}`;
      const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName, Attributes }));
      urls.push(QueueUrl!);
      const described = await client.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
      );
      return { url: QueueUrl!, arn: described.Attributes!.QueueArn! };
    },
    async close() {
      for (const QueueUrl of urls) await client.send(new DeleteQueueCommand({ QueueUrl })).catch(() => {});
      client.destroy();
      await closeServer();
    },
  };
}
