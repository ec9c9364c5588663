/**
 * What the rest of `local/` sees of the S3 server: how to start it, administer buckets and reach objects without HTTP.
 *
 * Over the wire it speaks the S3 REST protocol to the AWS SDK. In-process calls are the machine's own and are not
 * authorised: whoever uses them for a caller asks the policies first.
 */
import type { Readable } from 'node:stream';
import type { Authorize, CredentialLookup } from '../auth/authorize.ts';

export interface S3Options {
  /** Where objects and their metadata are kept. */
  readonly dir: string;
  /** 0 (the default) takes a free port. */
  readonly port?: number;
  readonly region: string;
  readonly account: string;
  readonly credentials: CredentialLookup;
  readonly authorize: Authorize;
  /** Puts one event on its queue; a rejection is tried again, so an event may arrive twice but is never lost. */
  readonly deliver: (notification: ObjectNotification) => void | Promise<void>;
  /** Told of faults of the server itself (default: written to stderr). */
  readonly onFault?: (error: unknown) => void;
}

/** An event on its way to a queue, as S3 words it. */
export interface ObjectNotification {
  readonly queueArn: string;
  /** The message: JSON with `Records`, or the `s3:TestEvent` sent when notifications are configured. */
  readonly body: string;
}

export interface BucketSettings {
  readonly name: string;
  readonly versioning?: 'Enabled' | 'Suspended';
  /** Objects are "encrypted" with this key unless a request names another: the policies are asked for its use. */
  readonly kmsKeyArn?: string;
  readonly notifications?: readonly QueueNotification[];
  readonly cors?: readonly CorsRule[];
  /** Kept for those who ask; there are no anonymous requests, so nothing more is refused. */
  readonly publicAccessBlock?: Readonly<Record<string, boolean>>;
}

export interface QueueNotification {
  readonly id?: string;
  readonly queueArn: string;
  /** `s3:ObjectCreated:*`, `s3:ObjectCreated:Put`, … */
  readonly events: readonly string[];
  readonly prefix?: string;
  readonly suffix?: string;
}

export interface CorsRule {
  readonly allowedOrigins: readonly string[];
  readonly allowedMethods: readonly string[];
  readonly allowedHeaders?: readonly string[];
  readonly exposeHeaders?: readonly string[];
  readonly maxAgeSeconds?: number;
}

/** What an object is, without its bytes. */
export interface ObjectFacts {
  readonly key: string;
  readonly size: number;
  /** Quoted, as in the header. */
  readonly etag: string;
  readonly lastModified: Date;
  readonly versionId?: string;
  /** Lower-case header names: `content-type`, `cache-control`, … */
  readonly headers: Readonly<Record<string, string>>;
  /** User metadata without its `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
}

export interface OpenedObject extends ObjectFacts {
  /** The bytes, or those from `start` to `end` (both included). */
  stream(range?: { readonly start: number; readonly end: number }): Readable;
}

export interface S3Server {
  readonly endpoint: string;
  readonly port: number;
  /** Creates the bucket or gives an existing one these settings; its objects stay. */
  createBucket(settings: BucketSettings): void;
  /** Removes the bucket with everything in it. */
  deleteBucket(name: string): void;
  bucketNames(): readonly string[];
  /** Writes an object as PutObject does, events included; `headers` may hold `content-type`, `x-amz-meta-…`. */
  putObject(
    bucket: string,
    key: string,
    body: Uint8Array | AsyncIterable<Uint8Array>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<ObjectFacts>;
  /** The current object (or that version of it); undefined when there is none. */
  openObject(bucket: string, key: string, versionId?: string): OpenedObject | undefined;
  deleteObject(bucket: string, key: string): void;
  /** Current objects in the order of their keys. */
  listObjects(bucket: string, prefix?: string): Iterable<ObjectFacts>;
  /** Events that have not reached their queue yet. */
  undelivered(): number;
  close(): Promise<void>;
}
