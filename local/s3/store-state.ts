/**
 * The state of the S3 server: buckets, the versions of their keys, uploads in progress and events not yet delivered.
 *
 * It changes only by applying records, whether just written or read back after a death, so both give the same state.
 */
import type { JournalState } from '../journal/journal.ts';
import type { BlobStore } from './blob-store.ts';
import type { BucketSettings } from './contract.ts';
import { KeyOrder } from './key-order.ts';
import type { StoredEvent, StoredPart, StoredVersion, StoreRecord, UploadFacts } from './records.ts';

export class Bucket {
  settings: BucketSettings;
  /** Versions of each key, newest first; never an empty list. */
  readonly versions = new Map<string, readonly StoredVersion[]>();
  readonly #order = new KeyOrder();

  constructor(settings: BucketSettings) {
    this.settings = settings;
  }

  get name(): string {
    return this.settings.name;
  }

  put(key: string, versions: readonly StoredVersion[]): void {
    if (!this.versions.has(key)) this.#order.add(key);
    this.versions.set(key, versions);
  }

  remove(key: string): void {
    if (this.versions.delete(key)) this.#order.removed();
  }

  /** Keys in listing order from the first that is not before `from`; those removed meanwhile are skipped. */
  *keysFrom(from: string): Generator<string, void, string | undefined> {
    const keys = this.#order.keys((key) => this.versions.has(key));
    let at = this.#order.indexOf(from);
    while (at < keys.length) {
      const key = keys[at]!;
      const jump = this.versions.has(key) ? yield key : undefined;
      at = jump === undefined ? at + 1 : Math.max(at + 1, this.#order.indexOf(jump));
    }
  }
}

export interface Upload {
  readonly id: string;
  readonly facts: UploadFacts;
  readonly parts: Map<number, StoredPart>;
}

export class StoreState implements JournalState<StoreRecord> {
  readonly buckets = new Map<string, Bucket>();
  readonly uploads = new Map<string, Upload>();
  readonly events = new Map<number, StoredEvent>();
  readonly #blobs: BlobStore;
  #versions = 0;
  #lastSequence = 0;

  constructor(blobs: BlobStore) {
    this.#blobs = blobs;
  }

  /** Grows with every event, across restarts too: what orders the events of one key. */
  nextSequence(): number {
    this.#lastSequence = Math.max(this.#lastSequence + 1, Date.now() * 4096);
    return this.#lastSequence;
  }

  apply(record: StoreRecord): void {
    switch (record.t) {
      case 'bucket':
        this.#applyBucket(record);
        break;
      case 'unbucket':
        this.#removeBucket(record.bucket);
        break;
      case 'put':
        this.#applyPut(record);
        break;
      case 'remove':
        this.#applyRemove(record);
        break;
      case 'amend':
        this.#amend(record);
        break;
      case 'upload':
        this.uploads.set(record.id, { id: record.id, facts: record.facts, parts: new Map() });
        break;
      case 'part':
        this.#applyPart(record);
        break;
      case 'abort':
        this.#removeUpload(record.upload);
        break;
      case 'events':
        for (const event of record.events) this.#addEvent(event);
        break;
      case 'sent':
        for (const sequence of record.sequences) this.events.delete(sequence);
    }
  }

  *snapshot(): Iterable<StoreRecord> {
    for (const bucket of this.buckets.values()) {
      yield { t: 'bucket', settings: bucket.settings };
      for (const [key, versions] of bucket.versions)
        for (const version of versions.toReversed()) yield { t: 'put', bucket: bucket.name, key, version };
    }
    for (const { id, facts, parts } of this.uploads.values()) {
      yield { t: 'upload', id, facts };
      for (const [number, part] of parts) yield { t: 'part', upload: id, number, part };
    }
    if (this.events.size > 0) yield { t: 'events', events: [...this.events.values()] };
  }

  liveRecords(): number {
    return this.#versions + this.uploads.size + this.buckets.size;
  }

  #applyBucket({ settings, events }: StoreRecord & { t: 'bucket' }): void {
    const bucket = this.buckets.get(settings.name);
    if (bucket) bucket.settings = settings;
    else this.buckets.set(settings.name, new Bucket(settings));
    for (const ticket of events ?? []) this.#addEvent({ ticket, bucket: settings.name, key: '' });
  }

  #removeBucket(name: string): void {
    for (const versions of this.buckets.get(name)?.versions.values() ?? [])
      for (const version of versions) this.#release(version);
    for (const upload of this.uploads.values())
      if (upload.facts.bucket === name) this.#removeUpload(upload.id);
    this.buckets.delete(name);
  }

  #applyPut({ bucket: name, key, version, upload, events }: StoreRecord & { t: 'put' }): void {
    const bucket = this.buckets.get(name);
    if (!bucket) return;
    this.#blobs.retain(version.body);
    this.#versions += 1;
    const before = bucket.versions.get(key) ?? [];
    const replaced = before.find((other) => other.id === version.id);
    bucket.put(key, [version, ...(replaced ? before.filter((other) => other !== replaced) : before)]);
    if (replaced) this.#release(replaced);
    if (upload !== undefined) this.#removeUpload(upload);
    for (const ticket of events ?? []) this.#addEvent({ ticket, bucket: name, key, version });
  }

  #applyRemove({ bucket: name, key, id, events }: StoreRecord & { t: 'remove' }): void {
    const bucket = this.buckets.get(name);
    const before = bucket?.versions.get(key) ?? [];
    const removed = before.find((version) => version.id === id);
    if (bucket && removed) {
      if (before.length === 1) bucket.remove(key);
      else
        bucket.put(
          key,
          before.filter((version) => version !== removed),
        );
      this.#release(removed);
      for (const ticket of events ?? []) this.#addEvent({ ticket, bucket: name, key, version: removed });
    }
  }

  #amend({ bucket: name, key, id, change }: StoreRecord & { t: 'amend' }): void {
    const bucket = this.buckets.get(name);
    const versions = bucket?.versions.get(key);
    if (!bucket || !versions) return;
    bucket.put(
      key,
      versions.map((version) => (version.id === id ? { ...version, ...change } : version)),
    );
  }

  #applyPart({ upload: id, number, part }: StoreRecord & { t: 'part' }): void {
    const upload = this.uploads.get(id);
    if (!upload) return;
    this.#blobs.retain(part.body);
    const replaced = upload.parts.get(number);
    upload.parts.set(number, part);
    if (replaced) this.#blobs.release(replaced.body);
  }

  #removeUpload(id: string): void {
    for (const part of this.uploads.get(id)?.parts.values() ?? []) this.#blobs.release(part.body);
    this.uploads.delete(id);
  }

  #release(version: StoredVersion): void {
    this.#versions -= 1;
    this.#blobs.release(version.body);
  }

  #addEvent(event: StoredEvent): void {
    const { sequence } = event.ticket;
    this.events.set(sequence, event);
    this.#lastSequence = Math.max(this.#lastSequence, sequence);
  }
}
