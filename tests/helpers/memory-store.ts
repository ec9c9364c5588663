/** Buckets in memory, under the conditions and with the versions that S3 has. */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { PartsOptions, PartsWriter } from '../../shared/aws/multipart.ts';
import type { ObjectStore, PutOptions, Written } from '../../shared/aws/object-store.ts';

interface Stored {
  readonly versionId: string;
  readonly bytes: Uint8Array;
  readonly options: PutOptions;
}

export interface MemoryStore extends ObjectStore {
  writeInParts(key: string, options?: PartsOptions): Promise<PartsWriter>;
  /** Undefined where that writing has ended. */
  resumeInParts(key: string, id: string): Promise<PartsWriter | undefined>;
  /** Current objects by key. */
  readonly objects: ReadonlyMap<string, Stored>;
  /** Every request that was made, as `read uploads/…`. */
  readonly requests: string[];
}

/** A bucket; `others` are the buckets that it can copy from. */
export function memoryStore(bucket: string, others: readonly MemoryStore[] = []): MemoryStore {
  const objects = new Map<string, Stored>();
  const versions = new Map<string, Stored>();
  const requests: string[] = [];
  const writings = new Map<
    string,
    { readonly parts: Map<number, Uint8Array>; readonly options: PartsOptions | undefined }
  >();
  let last = 0;

  const find = (key: string, versionId?: string): Stored => {
    const found = versionId ? versions.get(`${key}\0${versionId}`) : objects.get(key);
    if (!found) throw Object.assign(new Error('no such key'), { name: 'NoSuchKey' });
    return found;
  };
  const revisionOf = ({ bytes }: Stored) => `"${createHash('md5').update(bytes).digest('hex')}"`;
  const factsOf = (stored: Stored) => ({
    size: stored.bytes.length,
    revision: revisionOf(stored),
    versionId: stored.versionId,
    metadata: stored.options.metadata ?? {},
  });
  const put = async (key: string, bytes: Uint8Array, options: PutOptions = {}): Promise<Written> => {
    const standing = objects.get(key);
    const { onlyIf } = options;
    if (onlyIf === 'absent' && standing) return { written: false };
    if (typeof onlyIf === 'object' && (!standing || revisionOf(standing) !== onlyIf.revision))
      return { written: false };
    const versionId = `v${++last}`;
    const stored = { versionId, bytes: Uint8Array.from(bytes), options };
    objects.set(key, stored);
    versions.set(`${key}\0${versionId}`, stored);
    return { written: true, versionId };
  };

  const store: MemoryStore = {
    bucket,
    objects,
    requests,
    put(key, bytes, options) {
      requests.push(`put ${key}`);
      return put(key, bytes, options);
    },
    async read({ key, versionId }, range) {
      requests.push(`read ${key}`);
      const stored = find(key, versionId);
      const bytes = range ? stored.bytes.subarray(range.start, range.start + range.length) : stored.bytes;
      return { ...factsOf(stored), bytes };
    },
    async stream({ key, versionId }, range) {
      requests.push(`stream ${key}`);
      const { bytes } = find(key, versionId);
      const wanted = range ? bytes.subarray(range.start, range.start + range.length) : bytes;
      return (async function* () {
        for (let at = 0; at < wanted.length; at += 65_536) yield wanted.subarray(at, at + 65_536);
      })();
    },
    async head({ key, versionId }) {
      requests.push(`head ${key}`);
      const stored = versionId ? versions.get(`${key}\0${versionId}`) : objects.get(key);
      if (!stored) return undefined;
      const digest = createHash('sha256').update(stored.bytes).digest('base64');
      return { ...factsOf(stored), checksum: `crc64nvme:${digest}`, crc32: crc32(stored.bytes) };
    },
    async *list(prefix, { after = '' } = {}) {
      requests.push(`list ${prefix}`);
      yield* [...objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
    },
    async writeInParts(key, options) {
      requests.push(`begin ${key}`);
      const id = `${key}#${requests.length}`;
      writings.set(id, { parts: new Map(), options });
      return writerOf(key, id);
    },
    async resumeInParts(key, id) {
      return writings.has(id) ? writerOf(key, id) : undefined;
    },
  };

  function writerOf(key: string, id: string): PartsWriter {
    const { parts, options } = writings.get(id)!;
    return {
      id,
      standing: new Set(parts.keys()),
      write: async (part, bytes) => void parts.set(part, bytes),
      copy: async (part, from, range) => {
        const source = [store, ...others].find((other) => other.bucket === from.bucket);
        const at = from.versionId ? { key: from.key, versionId: from.versionId } : { key: from.key };
        parts.set(part, (await source!.read(at, range)).bytes);
      },
      finish: (onlyIf) => {
        writings.delete(id);
        const ordered = [...parts].sort(([a], [b]) => a - b).map(([, bytes]) => bytes);
        return put(key, Buffer.concat(ordered), { ...options, ...(onlyIf ? { onlyIf } : {}) });
      },
      abandon: async () => void writings.delete(id),
    };
  }
  return store;
}
