/**
 * Which actions each call puts to the policies, on which ARNs, and what a caller who lacks one of them is told.
 */
import { rmSync } from 'node:fs';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AccessDenied, type AuthorizationRequest } from '../../../local/auth/authorize.ts';
import type { S3Server } from '../../../local/s3/contract.ts';
import { clientOf, localServer, OPERATOR, temporaryFolder } from './under-test.ts';

const KEY = 'arn:aws:kms:eu-central-1:000000000000:key/k';
const VAULT = 'arn:aws:s3:::vault';
const LIBRARY = 'arn:aws:s3:::library';

describe('what S3 asks of the policies', () => {
  const dir = temporaryFolder();
  let server: S3Server;
  let client: S3Client;
  let asked: AuthorizationRequest[] = [];
  let denied = new Set<string>();
  let versionId = '';
  let UploadId = '';

  beforeAll(async () => {
    server = await localServer(dir, {
      authorize: (request) => {
        asked.push(request);
        if (denied.has(`${request.action} ${request.resource}`)) throw new AccessDenied(request);
      },
    });
    server.createBucket({ name: 'vault', versioning: 'Enabled', kmsKeyArn: KEY });
    server.createBucket({ name: 'library' });
    client = clientOf(server.endpoint);
    versionId = (await server.putObject('vault', 'k', Buffer.from('original'))).versionId!;
    await server.putObject('library', 'k', Buffer.from('x'));
    const upload = await client.send(new CreateMultipartUploadCommand({ Bucket: 'vault', Key: 'm' }));
    UploadId = upload.UploadId!;
  });
  beforeEach(() => {
    asked = [];
    denied = new Set();
  });
  afterAll(async () => {
    client.destroy();
    await server.close();
    rmSync(dir, { recursive: true });
  });

  const send = (command: unknown) => client.send(command as HeadBucketCommand);
  const questions = () => asked.map(({ action, resource }) => `${action} ${resource}`);
  const inVault = { Bucket: 'vault', Key: 'k' };
  const inLibrary = { Bucket: 'library', Key: 'k' };

  it.each<[string, () => unknown, string[]]>([
    ['GetObject', () => new GetObjectCommand(inLibrary), [`s3:GetObject ${LIBRARY}/k`]],
    [
      'GetObject under a key',
      () => new GetObjectCommand(inVault),
      [`s3:GetObject ${VAULT}/k`, `kms:Decrypt ${KEY}`],
    ],
    [
      'GetObject of a version',
      () => new GetObjectCommand({ ...inVault, VersionId: versionId }),
      [`s3:GetObjectVersion ${VAULT}/k`, `kms:Decrypt ${KEY}`],
    ],
    ['HeadObject', () => new HeadObjectCommand(inVault), [`s3:GetObject ${VAULT}/k`]],
    [
      'HeadObject with its checksum',
      () => new HeadObjectCommand({ ...inVault, ChecksumMode: 'ENABLED' }),
      [`s3:GetObject ${VAULT}/k`, `kms:Decrypt ${KEY}`],
    ],
    ['PutObject', () => new PutObjectCommand({ ...inLibrary, Body: 'x' }), [`s3:PutObject ${LIBRARY}/k`]],
    [
      'PutObject under a key, once, with tags',
      () =>
        new PutObjectCommand({ Bucket: 'vault', Key: 'once', Body: 'x', IfNoneMatch: '*', Tagging: 'a=b' }),
      [`s3:PutObject ${VAULT}/once`, `s3:PutObjectTagging ${VAULT}/once`, `kms:GenerateDataKey ${KEY}`],
    ],
    [
      'PutObject that declines the key of the bucket',
      () => new PutObjectCommand({ Bucket: 'vault', Key: 'aes', Body: 'x', ServerSideEncryption: 'AES256' }),
      [`s3:PutObject ${VAULT}/aes`],
    ],
    [
      'DeleteObject',
      () => new DeleteObjectCommand({ Bucket: 'library', Key: 'none' }),
      [`s3:DeleteObject ${LIBRARY}/none`],
    ],
    [
      'DeleteObject of a version',
      () => new DeleteObjectCommand({ ...inVault, VersionId: 'none' }),
      [`s3:DeleteObjectVersion ${VAULT}/k`],
    ],
    [
      'CopyObject',
      () => new CopyObjectCommand({ Bucket: 'library', Key: 'copy', CopySource: 'vault/k' }),
      [`s3:PutObject ${LIBRARY}/copy`, `s3:GetObject ${VAULT}/k`, `kms:Decrypt ${KEY}`],
    ],
    [
      'CreateMultipartUpload',
      () => new CreateMultipartUploadCommand(inVault),
      [`s3:PutObject ${VAULT}/k`, `kms:GenerateDataKey ${KEY}`],
    ],
    [
      'UploadPart',
      () => new UploadPartCommand({ Bucket: 'vault', Key: 'm', UploadId, PartNumber: 1, Body: 'x' }),
      [`s3:PutObject ${VAULT}/m`, `kms:Decrypt ${KEY}`],
    ],
    [
      'UploadPartCopy of a version',
      () =>
        new UploadPartCopyCommand({
          Bucket: 'vault',
          Key: 'm',
          UploadId,
          PartNumber: 2,
          CopySource: `vault/k?versionId=${versionId}`,
        }),
      [
        `s3:PutObject ${VAULT}/m`,
        `kms:Decrypt ${KEY}`,
        `s3:GetObjectVersion ${VAULT}/k`,
        `kms:Decrypt ${KEY}`,
      ],
    ],
    [
      'ListParts',
      () => new ListPartsCommand({ Bucket: 'vault', Key: 'm', UploadId }),
      [`s3:ListMultipartUploadParts ${VAULT}/m`],
    ],
    [
      'CompleteMultipartUpload',
      () =>
        new CompleteMultipartUploadCommand({
          Bucket: 'vault',
          Key: 'm',
          UploadId,
          MultipartUpload: { Parts: [{ PartNumber: 1, ETag: '"0"' }] },
        }),
      [`s3:PutObject ${VAULT}/m`, `kms:Decrypt ${KEY}`],
    ],
    [
      'AbortMultipartUpload',
      () => new AbortMultipartUploadCommand({ Bucket: 'vault', Key: 'm', UploadId }),
      [`s3:AbortMultipartUpload ${VAULT}/m`],
    ],
    [
      'ListObjectsV2',
      () => new ListObjectsV2Command({ Bucket: 'library', Prefix: 'studies/' }),
      [`s3:ListBucket ${LIBRARY}`],
    ],
    [
      'ListObjectVersions',
      () => new ListObjectVersionsCommand({ Bucket: 'vault' }),
      [`s3:ListBucketVersions ${VAULT}`],
    ],
    ['HeadBucket', () => new HeadBucketCommand({ Bucket: 'library' }), [`s3:ListBucket ${LIBRARY}`]],
    ['GetObjectTagging', () => new GetObjectTaggingCommand(inLibrary), [`s3:GetObjectTagging ${LIBRARY}/k`]],
  ])('%s', async (_, command, expected) => {
    await send(command()).catch(() => {});
    expect(questions()).toEqual(expected);
    expect(asked.every(({ principal }) => principal === OPERATOR)).toBe(true);
  });

  it('passes the prefix of a listing and the service that uses a key as conditions', async () => {
    await send(new ListObjectsV2Command({ Bucket: 'library', Prefix: 'studies/' }));
    await send(new GetObjectCommand(inVault));
    expect(asked[0]?.context).toMatchObject({ 's3:prefix': 'studies/' });
    expect(asked[2]?.context).toEqual({
      'kms:ViaService': 's3.eu-central-1.amazonaws.com',
      'kms:EncryptionContext:aws:s3:arn': `${VAULT}/k`,
    });
  });

  it.each<[string, string, () => unknown]>([
    ['reading', `s3:GetObject ${LIBRARY}/k`, () => new GetObjectCommand(inLibrary)],
    ['decrypting', `kms:Decrypt ${KEY}`, () => new GetObjectCommand(inVault)],
    [
      'writing',
      `s3:PutObject ${LIBRARY}/new`,
      () => new PutObjectCommand({ Bucket: 'library', Key: 'new', Body: 'x' }),
    ],
    [
      'encrypting',
      `kms:GenerateDataKey ${KEY}`,
      () => new PutObjectCommand({ Bucket: 'vault', Key: 'new', Body: Buffer.alloc(3 << 20) }),
    ],
    [
      'the source of a copy',
      `s3:GetObject ${VAULT}/k`,
      () => new CopyObjectCommand({ Bucket: 'library', Key: 'new', CopySource: 'vault/k' }),
    ],
  ])('refuses %s with a message that names who, what and where', async (_, question, command) => {
    denied.add(question);
    const [action, resource] = question.split(' ');
    await expect(send(command())).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining(
        `${OPERATOR.arn} is not authorized to perform: ${action} on resource: "${resource}"`,
      ),
    });
    expect(server.openObject('library', 'new')).toBeUndefined();
    expect(server.openObject('vault', 'new')).toBeUndefined();
  });

  it('does not tell whether a key exists to whoever may not list the bucket', async () => {
    const missing = new GetObjectCommand({ Bucket: 'library', Key: 'missing' });
    await expect(send(missing)).rejects.toMatchObject({ name: 'NoSuchKey' });
    denied.add(`s3:ListBucket ${LIBRARY}`);
    await expect(send(missing)).rejects.toMatchObject({ name: 'AccessDenied' });
    const head = send(new HeadObjectCommand({ Bucket: 'library', Key: 'missing' }));
    await expect(head).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
  });

  it('deletes of several keys only those that may be', async () => {
    await server.putObject('library', 'd/1', Buffer.from('1'));
    await server.putObject('library', 'd/2', Buffer.from('2'));
    denied.add(`s3:DeleteObject ${LIBRARY}/d/1`);
    const Objects = [{ Key: 'd/1' }, { Key: 'd/2' }];
    const result = await client.send(new DeleteObjectsCommand({ Bucket: 'library', Delete: { Objects } }));
    expect(result.Deleted?.map(({ Key }) => Key)).toEqual(['d/2']);
    expect(result.Errors).toMatchObject([{ Key: 'd/1', Code: 'AccessDenied' }]);
    expect([...server.listObjects('library', 'd/')].map(({ key }) => key)).toEqual(['d/1']);
  });
});
