/**
 * What the journal of the S3 server holds: the state is what these records make of an empty store, applied in order.
 */
import type { Extent } from './blob-store.ts';
import type { ChecksumAlgorithm } from './checksums.ts';
import type { BucketSettings } from './contract.ts';

/** A checksum as clients see it; without a value it is computed when first asked for. */
export interface StoredChecksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly value?: string;
  /** Of all bytes when not given. */
  readonly type?: 'COMPOSITE';
}

/** What a client says of an object when it writes it. */
export interface ObjectDescription {
  /** `content-type` and its like. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
  /** ARN of the key it is encrypted with, if with one of KMS. */
  readonly kmsKeyArn?: string;
}

export interface StoredVersion extends ObjectDescription {
  /** `null` as text when written to a bucket without versioning. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  readonly body: readonly Extent[];
  readonly checksum?: StoredChecksum;
  /** Sizes of the parts of a multipart upload. */
  readonly parts?: readonly number[];
  /** A delete marker: no object, but a version. */
  readonly marker?: true;
}

export interface StoredPart {
  readonly at: number;
  readonly size: number;
  readonly etag: string;
  readonly body: readonly Extent[];
  readonly checksums: Readonly<Partial<Record<ChecksumAlgorithm, string>>>;
}

export interface UploadFacts {
  readonly bucket: string;
  readonly key: string;
  readonly at: number;
  readonly description: ObjectDescription;
  readonly checksum: { readonly algorithm: ChecksumAlgorithm; readonly type?: 'COMPOSITE' };
}

/** That an event must reach a queue; what it tells is in the record of the change beside which it stands. */
export interface EventTicket {
  /** Orders the events of a key and names this one. */
  readonly sequence: number;
  readonly queueArn: string;
  /** The id of the notification that asked for it. */
  readonly configuration: string;
  /** `ObjectCreated:Put` and its like, or `TestEvent`. */
  readonly name: string;
}

/** An event with all it tells. */
export interface StoredEvent {
  readonly ticket: EventTicket;
  readonly bucket: string;
  readonly key: string;
  /** What was written or removed; none for a test event. */
  readonly version?: Omit<StoredVersion, 'body'>;
}

export type StoreRecord =
  | { readonly t: 'bucket'; readonly settings: BucketSettings; readonly events?: readonly EventTicket[] }
  | { readonly t: 'unbucket'; readonly bucket: string }
  | {
      readonly t: 'put';
      readonly bucket: string;
      readonly key: string;
      readonly version: StoredVersion;
      /** The upload that this completes. */
      readonly upload?: string;
      readonly events?: readonly EventTicket[];
    }
  | {
      readonly t: 'remove';
      readonly bucket: string;
      readonly key: string;
      readonly id: string;
      readonly events?: readonly EventTicket[];
    }
  /** Replaces what is said of a version: its tags or its checksum. */
  | {
      readonly t: 'amend';
      readonly bucket: string;
      readonly key: string;
      readonly id: string;
      readonly change: Partial<Pick<StoredVersion, 'tags' | 'checksum'>>;
    }
  | { readonly t: 'upload'; readonly id: string; readonly facts: UploadFacts }
  | { readonly t: 'part'; readonly upload: string; readonly number: number; readonly part: StoredPart }
  | { readonly t: 'abort'; readonly upload: string }
  | { readonly t: 'events'; readonly events: readonly StoredEvent[] }
  | { readonly t: 'sent'; readonly sequences: readonly number[] };
