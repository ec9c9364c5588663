/**
 * One authenticated call to S3 while it is being answered: what was asked, by whom, and the questions put to the policies.
 */
import type { IncomingMessage } from 'node:http';
import type { Authorize } from '../auth/authorize.ts';
import type { VerifiedRequest } from '../auth/verify-request.ts';
import type { Extent } from './blob-store.ts';
import type { ObjectStore } from './object-store.ts';
import type { StoredVersion } from './records.ts';
import { noSuchKey, noSuchVersion, S3Error } from './s3-error.ts';

/** The answer: headers, and a document or the bytes of an object. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly xml?: string;
  readonly extents?: readonly Extent[];
}

export interface S3Surroundings {
  readonly store: ObjectStore;
  readonly authorize: Authorize;
  readonly region: string;
  readonly account: string;
}

export interface S3CallFacts {
  readonly method: string;
  readonly bucket: string;
  /** Empty for calls on a bucket. */
  readonly key: string;
  readonly query: ReadonlyMap<string, string>;
  /** Lower-case names, with the `x-amz-` parameters of a presigned URL among them. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly verified: VerifiedRequest;
  readonly stream: IncomingMessage;
}

export class S3Call {
  readonly method: string;
  readonly bucket: string;
  readonly key: string;
  readonly query: ReadonlyMap<string, string>;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly verified: VerifiedRequest;
  readonly stream: IncomingMessage;
  readonly store: ObjectStore;
  readonly region: string;
  readonly account: string;
  readonly #authorize: Authorize;

  constructor(facts: S3CallFacts, surroundings: S3Surroundings) {
    this.method = facts.method;
    this.bucket = facts.bucket;
    this.key = facts.key;
    this.query = facts.query;
    this.headers = facts.headers;
    this.verified = facts.verified;
    this.stream = facts.stream;
    this.store = surroundings.store;
    this.region = surroundings.region;
    this.account = surroundings.account;
    this.#authorize = surroundings.authorize;
  }

  get bucketArn(): string {
    return bucketArn(this.bucket);
  }

  get objectArn(): string {
    return objectArn(this.bucket, this.key);
  }

  /** Throws `AccessDenied` unless the policies allow the action, by default on the object of the call. */
  allow(action: string, resource = this.objectArn, context?: Readonly<Record<string, string>>): void {
    const { principal } = this.verified;
    this.#authorize(context ? { principal, action, resource, context } : { principal, action, resource });
  }

  /** The same for the use of the key an object is encrypted with, if there is one. */
  allowKey(
    action: 'kms:Decrypt' | 'kms:GenerateDataKey',
    keyArn: string | undefined,
    arn = this.objectArn,
  ): void {
    if (keyArn === undefined) return;
    this.allow(action, keyArn, {
      'kms:ViaService': `s3.${this.region}.amazonaws.com`,
      'kms:EncryptionContext:aws:s3:arn': arn,
    });
  }

  /** The version a reader means. Whoever may not list the bucket is not told that a key does not exist. */
  readable(bucket = this.bucket, key = this.key, id = this.query.get('versionId')): StoredVersion {
    const version = this.store.version(bucket, key, id);
    if (version && !version.marker) return version;
    this.allow('s3:ListBucket', bucketArn(bucket));
    if (!version) throw id === undefined ? noSuchKey() : noSuchVersion();
    const headers = { 'x-amz-delete-marker': 'true', 'x-amz-version-id': version.id };
    if (id === undefined) throw noSuchKey(headers);
    throw new S3Error(
      'MethodNotAllowed',
      405,
      'The specified method is not allowed against this resource.',
      headers,
    );
  }

  /** The key that what this call writes is encrypted with: the request's, or the bucket's. */
  writtenKey(): string | undefined {
    const asked = this.headers['x-amz-server-side-encryption'];
    const bucketKey = this.store.bucket(this.bucket).settings.kmsKeyArn;
    if (asked === undefined) return bucketKey;
    if (asked !== 'aws:kms') return undefined;
    const named = this.headers['x-amz-server-side-encryption-aws-kms-key-id'];
    const ours = `arn:aws:kms:${this.region}:${this.account}:`;
    if (named === undefined) return bucketKey ?? `${ours}alias/aws/s3`;
    if (named.startsWith('arn:')) return named;
    return named.startsWith('alias/') ? ours + named : `${ours}key/${named}`;
  }
}

export function bucketArn(bucket: string): string {
  return `arn:aws:s3:::${bucket}`;
}

export function objectArn(bucket: string, key: string): string {
  return `arn:aws:s3:::${bucket}/${key}`;
}
