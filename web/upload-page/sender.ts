/**
 * Sends files to one upload: small ones whole, large ones in parts, a few requests at a time. After a reload the same
 * folder may be dropped again: what has arrived is only read, for the manifest, and not sent.
 */
import { crc64nvme, joinCrc64Nvme } from '../../shared/checksum/crc64nvme.ts';
import type { CheckedObject, CheckedPart, UploadsApi, Weather } from './api.ts';
import type { ChosenFile } from './dropped-files.ts';
import { gate, inBatches } from './limits.ts';
import { put } from './put.ts';
import type { Remembered } from './remembered.ts';
import { Sha256 } from './sha256.ts';

export interface Sent {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  readonly crc64nvme: string;
}

export interface SenderPorts {
  readonly api: UploadsApi;
  readonly upload: string;
  readonly weather: Weather;
  readonly remembered: Remembered;
  /** Bytes that have left, or, below 0, were lost on the way. */
  onBytes(bytes: number): void;
}

/** Larger files are sent in parts of this many bytes, or of more where they would be too many. */
const PART_BYTES = 8 << 20;
const MOST_PARTS = 10_000;
const MIB = 1 << 20;
/** A browser opens six connections to one host. */
const REQUESTS = 6;
/** Files that are read and signed for ahead. */
const FILES = 24;
const SIGNED_AT_ONCE = 50;
const MOMENT_MS = 20;

/** A sender to the upload. */
export function startSender({ api, upload, weather, remembered, onBytes }: SenderPorts) {
  const requests = gate(REQUESTS);
  const files = gate(FILES);
  const largeFiles = gate(1);
  const sign = inBatches(SIGNED_AT_ONCE, MOMENT_MS, (objects: readonly CheckedObject[]) =>
    api.urls(upload, objects),
  );
  const isStanding = inBatches(SIGNED_AT_ONCE, MOMENT_MS, async (paths: readonly string[]) => {
    const standing = new Set(await api.standing(upload, paths));
    return paths.map((path) => standing.has(path));
  });

  const sendWhole = async (path: string, file: File): Promise<Sent> => {
    const bytes = await file.arrayBuffer();
    const sha256 = hex(await crypto.subtle.digest('SHA-256', bytes));
    const object = { path, size: bytes.byteLength, crc64nvme: crc64nvme(new Uint8Array(bytes)) };
    if (remembered.isResumed && (await isStanding(path))) onBytes(object.size);
    else await requests(() => put(() => sign(object), bytes, weather, onBytes));
    return { ...object, sha256 };
  };

  const sendInParts = async (path: string, file: File): Promise<Sent> => {
    const known = remembered.partsOf(path);
    const found = known === undefined ? undefined : await api.standingParts(upload, { path, id: known });
    const isComplete =
      remembered.isResumed && known !== undefined && found === undefined && (await isStanding(path));
    const id = found && known !== undefined ? known : isComplete ? '' : await api.beginParts(upload, path);
    if (!isComplete) remembered.keepParts(path, id);
    const standing = new Map((found ?? []).map((part) => [part.part, part.crc64nvme]));
    const signPart = inBatches(SIGNED_AT_ONCE, MOMENT_MS, (parts: readonly CheckedPart[]) =>
      api.partUrls(upload, { path, id }, parts),
    );
    const length = Math.max(PART_BYTES, Math.ceil(file.size / MOST_PARTS / MIB) * MIB);
    const sha = new Sha256();
    const sending: Promise<void>[] = [];
    let whole: string | undefined;
    for (let start = 0, part = 1; start < file.size; start += length, part++) {
      const bytes = await file.slice(start, start + length).arrayBuffer();
      const view = new Uint8Array(bytes);
      await hashGently(sha, view);
      const one = { part, size: bytes.byteLength, crc64nvme: crc64nvme(view) };
      whole = whole === undefined ? one.crc64nvme : joinCrc64Nvme(whole, one.crc64nvme, one.size);
      if (isComplete || standing.get(part) === one.crc64nvme) onBytes(one.size);
      else {
        // The next part is read when one has left: memory holds few of them.
        let begun = () => {};
        const hasBegun = new Promise<void>((resolve) => {
          begun = resolve;
        });
        const call = requests(async () => {
          begun();
          await put(() => signPart(one), bytes, weather, onBytes);
        });
        call.catch(() => {});
        sending.push(call);
        await Promise.race([hasBegun, call]);
      }
    }
    await Promise.all(sending);
    const checked = { size: file.size, crc64nvme: whole ?? '' };
    if (!isComplete) await api.finishParts(upload, { path, id }, checked);
    return { path, ...checked, sha256: sha.hex() };
  };

  return {
    /** Sends the file; throws where it cannot be read or nothing may be sent any more. */
    send: ({ path, file }: ChosenFile): Promise<Sent> =>
      files(() =>
        file.size <= PART_BYTES ? sendWhole(path, file) : largeFiles(() => sendInParts(path, file)),
      ),
    /** Sends the manifest and closes the upload. */
    async close(sent: readonly Sent[]): Promise<void> {
      const lines = [...sent]
        .sort((a, b) => (a.path < b.path ? -1 : 1))
        .map((file) => `${JSON.stringify(file)}\n`);
      const bytes = await new Response(
        new Blob(lines).stream().pipeThrough(new CompressionStream('gzip')),
      ).arrayBuffer();
      const checked = { size: bytes.byteLength, crc64nvme: crc64nvme(new Uint8Array(bytes)) };
      await put(() => api.manifestUrl(upload, checked), bytes, weather);
      await api.close(upload, sent.length);
    },
  };
}

export type UploadSender = ReturnType<typeof startSender>;

/** In pieces, so that the page answers meanwhile. */
async function hashGently(sha: Sha256, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; at += MIB) {
    sha.update(bytes.subarray(at, at + MIB));
    await new Promise((resolve) => setTimeout(resolve));
  }
}

function hex(digest: ArrayBuffer): string {
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
