/**
 * What the contract tests run against: the local S3 server, or real AWS when FILMROOM_CONTRACT_AWS=1 and the usual
 * environment names credentials and a region (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION).
 *
 * On AWS each bucket is created with a random name and removed with all it holds; FILMROOM_CONTRACT_KMS_KEY names the key of
 * buckets that need one, and tests of such buckets are skipped without it. The cost is a few cents.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  PutBucketCorsCommand,
  PutBucketEncryptionCommand,
  PutBucketVersioningCommand,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import type { Authorize } from '../../../local/auth/authorize.ts';
import type { CorsRule, ObjectNotification, S3Server } from '../../../local/s3/contract.ts';
import { startS3 } from '../../../local/s3/start-s3.ts';

export const onAws = process.env.FILMROOM_CONTRACT_AWS === '1';
export const kmsKeyArn = onAws
  ? process.env.FILMROOM_CONTRACT_KMS_KEY
  : 'arn:aws:kms:eu-central-1:000000000000:key/11111111-2222-3333-4444-555555555555';

export interface BucketWishes {
  readonly versioned?: boolean;
  readonly encrypted?: boolean;
  readonly cors?: CorsRule;
}

export interface S3UnderTest {
  readonly client: S3Client;
  /** Another client of the same server. */
  newClient(config: S3ClientConfig): S3Client;
  newBucket(wishes?: BucketWishes): Promise<string>;
  close(): Promise<void>;
}

export async function s3UnderTest(): Promise<S3UnderTest> {
  return onAws ? realS3() : localS3();
}

export const OPERATOR = { arn: 'arn:aws:iam::000000000000:user/operator', name: 'operator' };
export const LOCAL_CREDENTIALS = { accessKeyId: 'LOCALKEY', secretAccessKey: 'local-secret' };

/** A client of a local server, with the one key that `localServer` knows. */
export function clientOf(endpoint: string, config: S3ClientConfig = {}): S3Client {
  const usual = { region: 'eu-central-1', credentials: LOCAL_CREDENTIALS, maxAttempts: 1 };
  return new S3Client({ endpoint, ...usual, ...config });
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'filmroom-s3-'));
}

/** Starts the local server in `dir`. */
export function localServer(
  dir: string,
  given: { authorize?: Authorize; deliver?: (notification: ObjectNotification) => void | Promise<void> } = {},
): Promise<S3Server> {
  return startS3({
    dir,
    region: 'eu-central-1',
    account: '000000000000',
    credentials: (id) =>
      id === LOCAL_CREDENTIALS.accessKeyId
        ? { secret: LOCAL_CREDENTIALS.secretAccessKey, principal: OPERATOR }
        : undefined,
    authorize: given.authorize ?? (() => {}),
    deliver: given.deliver ?? (() => {}),
  });
}

async function localS3(): Promise<S3UnderTest> {
  const dir = temporaryFolder();
  const server = await localServer(dir);
  const client = clientOf(server.endpoint);
  return {
    client,
    newClient: (config) => clientOf(server.endpoint, config),
    async newBucket({ versioned, encrypted, cors } = {}) {
      const name = `contract-${randomUUID()}`;
      server.createBucket({
        name,
        ...(versioned ? { versioning: 'Enabled' } : {}),
        ...(encrypted && kmsKeyArn ? { kmsKeyArn } : {}),
        ...(cors ? { cors: [cors] } : {}),
      });
      return name;
    },
    async close() {
      client.destroy();
      await server.close();
      rmSync(dir, { recursive: true });
    },
  };
}

async function realS3(): Promise<S3UnderTest> {
  const client = new S3Client({});
  const region = await client.config.region();
  const made: string[] = [];
  return {
    client,
    newClient: (config) => new S3Client(config),
    async newBucket({ versioned, encrypted, cors } = {}) {
      const Bucket = `filmroom-contract-${randomUUID()}`;
      await client.send(
        new CreateBucketCommand({
          Bucket,
          ...(region === 'us-east-1'
            ? {}
            : { CreateBucketConfiguration: { LocationConstraint: region as 'eu-central-1' } }),
        }),
      );
      made.push(Bucket);
      if (versioned)
        await client.send(
          new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }),
        );
      if (encrypted)
        await client.send(
          new PutBucketEncryptionCommand({
            Bucket,
            ServerSideEncryptionConfiguration: {
              Rules: [
                {
                  ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: kmsKeyArn },
                },
              ],
            },
          }),
        );
      if (cors)
        await client.send(
          new PutBucketCorsCommand({
            Bucket,
            CORSConfiguration: {
              CORSRules: [
                {
                  AllowedOrigins: [...cors.allowedOrigins],
                  AllowedMethods: [...cors.allowedMethods],
                  AllowedHeaders: [...(cors.allowedHeaders ?? [])],
                  ExposeHeaders: [...(cors.exposeHeaders ?? [])],
                },
              ],
            },
          }),
        );
      return Bucket;
    },
    async close() {
      for (const bucket of made) await emptyAndDelete(client, bucket);
      client.destroy();
    },
  };
}

async function emptyAndDelete(client: S3Client, Bucket: string): Promise<void> {
  for (;;) {
    const { Versions = [], DeleteMarkers = [] } = await client.send(
      new ListObjectVersionsCommand({ Bucket }),
    );
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key: Key!, VersionId }));
    if (Objects.length === 0) break;
    await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  }
  await client.send(new DeleteBucketCommand({ Bucket }));
}
