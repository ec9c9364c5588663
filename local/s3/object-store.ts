/**
 * Buckets and objects on disk, apart from how they are asked for: lookups, and changes that are durable when they return.
 *
 * A change checks its precondition and is recorded without giving up the thread in between, so two writers of one key
 * never both win a conditional write.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Journal } from '../journal/journal.ts';
import { BlobStore } from './blob-store.ts';
import type { BucketSettings, ObjectNotification } from './contract.ts';
import { EventDelivery, ticketsFor } from './event-delivery.ts';
import type { EventTicket, StoredPart, StoredVersion, StoreRecord, UploadFacts } from './records.ts';
import { noSuchBucket, noSuchUpload } from './s3-error.ts';
import { type Bucket, StoreState, type Upload } from './store-state.ts';

export interface StoreOptions {
  readonly dir: string;
  readonly region: string;
  readonly deliver: (notification: ObjectNotification) => void | Promise<void>;
}

/** A version that has no identity yet. */
export type NewVersion = Omit<StoredVersion, 'id' | 'at'>;

export interface PutOptions {
  /** `ObjectCreated:Put`, `ObjectCreated:Copy`, … */
  readonly event: string;
  /** Throws when the object that stands there now forbids the write. */
  readonly precondition?: (current: StoredVersion | undefined) => void;
  /** The multipart upload that this completes. */
  readonly upload?: string;
}

export class ObjectStore {
  readonly blobs: BlobStore;
  readonly #state: StoreState;
  readonly #journal: Journal<StoreRecord>;
  readonly #delivery: EventDelivery;

  constructor(options: StoreOptions) {
    this.blobs = new BlobStore(join(options.dir, 'objects'));
    this.#state = new StoreState(this.blobs);
    this.#journal = new Journal(join(options.dir, 'metadata.log'), this.#state);
    this.blobs.loaded();
    this.#delivery = new EventDelivery({
      region: options.region,
      deliver: options.deliver,
      isWanted: ({ bucket, ticket }) =>
        this.#state.buckets
          .get(bucket)
          ?.settings.notifications?.some(({ queueArn }) => queueArn === ticket.queueArn) ?? false,
      sent: (sequences) => this.#journal.append({ t: 'sent', sequences }),
    });
    this.#delivery.send([...this.#state.events.values()]);
  }

  get buckets(): ReadonlyMap<string, Bucket> {
    return this.#state.buckets;
  }

  get uploads(): ReadonlyMap<string, Upload> {
    return this.#state.uploads;
  }

  get undelivered(): number {
    return this.#state.events.size;
  }

  bucket(name: string): Bucket {
    const bucket = this.#state.buckets.get(name);
    if (!bucket) throw noSuchBucket();
    return bucket;
  }

  /** The version a request means: that of the id, or the newest; a delete marker is one. */
  version(bucket: string, key: string, id?: string): StoredVersion | undefined {
    const versions = this.bucket(bucket).versions.get(key);
    return id === undefined ? versions?.[0] : versions?.find((version) => version.id === id);
  }

  upload(id: string, bucket: string, key: string): Upload {
    const upload = this.#state.uploads.get(id);
    if (!upload || upload.facts.bucket !== bucket || upload.facts.key !== key) throw noSuchUpload();
    return upload;
  }

  configure(settings: BucketSettings): void {
    const before = this.#state.buckets.get(settings.name)?.settings;
    if (JSON.stringify(before) === JSON.stringify(settings)) return;
    const known = new Set(before?.notifications?.map((notification) => notification.queueArn));
    const queues = new Set(settings.notifications?.map((notification) => notification.queueArn));
    const events = [...queues]
      .filter((queueArn) => !known.has(queueArn))
      .map((queueArn) => this.#testTicket(queueArn));
    this.#journal.append({ t: 'bucket', settings, ...(events.length > 0 ? { events } : {}) });
    this.#delivery.send(events.map((ticket) => ({ ticket, bucket: settings.name, key: '' })));
  }

  removeBucket(name: string): void {
    if (this.#state.buckets.has(name)) this.#journal.append({ t: 'unbucket', bucket: name });
  }

  /** Makes the version the newest of its key. */
  put(bucketName: string, key: string, made: NewVersion, options: PutOptions): StoredVersion {
    const bucket = this.bucket(bucketName);
    options.precondition?.(bucket.versions.get(key)?.[0]);
    const version: StoredVersion = { ...this.#identity(bucket), ...made };
    const events = this.#tickets(bucket, options.event, key);
    this.#journal.append({
      t: 'put',
      bucket: bucketName,
      key,
      version,
      ...(options.upload === undefined ? {} : { upload: options.upload }),
      ...(events.length > 0 ? { events } : {}),
    });
    this.#delivery.send(events.map((ticket) => ({ ticket, bucket: bucketName, key, version })));
    return version;
  }

  /** Removes the object, or hides it under a delete marker where the bucket keeps versions; returns what was written or removed. */
  remove(bucketName: string, key: string, id?: string): StoredVersion | undefined {
    const bucket = this.bucket(bucketName);
    if (id === undefined && bucket.settings.versioning !== undefined)
      return this.put(
        bucketName,
        key,
        { marker: true, size: 0, etag: '', body: [] },
        { event: 'ObjectRemoved:DeleteMarkerCreated' },
      );
    const version = this.version(bucketName, key, id);
    if (!version) return undefined;
    const events = this.#tickets(bucket, 'ObjectRemoved:Delete', key);
    this.#journal.append({
      t: 'remove',
      bucket: bucketName,
      key,
      id: version.id,
      ...(events.length > 0 ? { events } : {}),
    });
    this.#delivery.send(events.map((ticket) => ({ ticket, bucket: bucketName, key, version })));
    return version;
  }

  amend(
    bucket: string,
    key: string,
    id: string,
    change: Partial<Pick<StoredVersion, 'tags' | 'checksum'>>,
  ): void {
    this.#journal.append({ t: 'amend', bucket, key, id, change });
  }

  startUpload(facts: UploadFacts): string {
    const id = randomBytes(24).toString('base64url');
    this.#journal.append({ t: 'upload', id, facts });
    return id;
  }

  putPart(upload: string, number: number, part: StoredPart): void {
    if (!this.#state.uploads.has(upload)) throw noSuchUpload();
    this.#journal.append({ t: 'part', upload, number, part });
  }

  abortUpload(upload: string): void {
    this.#journal.append({ t: 'abort', upload });
  }

  close(): void {
    this.#delivery.close();
    this.#journal.close();
    this.blobs.close();
  }

  #identity(bucket: Bucket): { id: string; at: number } {
    const keepsVersions = bucket.settings.versioning === 'Enabled';
    return { id: keepsVersions ? randomBytes(24).toString('base64url') : 'null', at: Date.now() };
  }

  #tickets(bucket: Bucket, name: string, key: string): EventTicket[] {
    return ticketsFor(bucket.settings, name, key, () => this.#state.nextSequence());
  }

  #testTicket(queueArn: string): EventTicket {
    return { sequence: this.#state.nextSequence(), queueArn, configuration: '', name: 'TestEvent' };
  }
}
