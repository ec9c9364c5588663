/**
 * Sends a large file in parts. S3 keeps the parts that have arrived with their checksums, so that after an interruption it
 * is asked for them and only the others are sent. The file is read once from its beginning in any case, for its SHA-256.
 */
import { createHash } from 'node:crypto';
import { crc64nvme, joinCrc64Nvme } from '../../shared/checksum/crc64nvme.ts';
import type { LocalFile } from '../ingest/list-files.ts';
import { inBatches } from './bounds.ts';
import type { SentFile } from './journal.ts';
import { FileChanged, type OpenFile, withFile } from './read-file.ts';
import type { Sending } from './sending.ts';
import type { CheckedPart, InParts } from './upload-api.ts';

/** S3 takes no more parts of one object. */
const MOST_PARTS = 10_000;
const SIGNED_AT_ONCE = 16;
const MOMENT_MS = 10;
const MIB = 1 << 20;

/** Parts are not awaited any more: they expired, or another sender gave them up. */
class PartsGone extends Error {}

/** Sends the file; it throws `FileChanged` where it was not one file from beginning to end. */
export async function sendInParts(file: LocalFile, sending: Sending): Promise<void> {
  for (;;) {
    try {
      return await withFile(file, (opened) => sendOpened(file.path, opened, sending));
    } catch (error) {
      if (error instanceof FileChanged) await giveUp(file.path, sending);
      // Everything has to be sent again, since nothing of it is there.
      else if (error instanceof PartsGone) sending.journal.dropped(file.path);
      else throw error;
      if (error instanceof FileChanged) throw error;
    }
  }
}

/** Bytes of each part but the last one. */
export function partLength(size: number, least: number): number {
  return Math.max(least, Math.ceil(size / MOST_PARTS / MIB) * MIB);
}

async function sendOpened(path: string, file: OpenFile, sending: Sending): Promise<void> {
  const { api, upload, journal, patiently } = sending;
  const { id, standing } = await begin(path, file, sending);
  const object = { path, id };
  const whole = standing
    ? await sendParts(object, file, standing, sending)
    : await onlyRead(path, file, sending);
  await file.checkUnchanged();
  if (standing) {
    const { size, crc64nvme: crc } = whole;
    await patiently(() => api.finishParts(upload, object, { size, crc64nvme: crc }));
  }
  journal.arrived(path, whole);
}

interface Begun {
  readonly id: string;
  /** Parts that have arrived; undefined where the object is complete already. */
  readonly standing: ReadonlyMap<number, CheckedPart> | undefined;
}

/** Goes on where an interrupted process was, or begins. */
async function begin(path: string, file: OpenFile, sending: Sending): Promise<Begun> {
  const { api, upload, journal, patiently } = sending;
  const { size, modifiedAt } = file;
  const known = journal.begun.get(path);
  if (known && 'parts' in known) {
    if (known.size === size && known.modifiedAt === modifiedAt) {
      const object = { path, id: known.parts };
      const parts = await patiently(() => api.standingParts(upload, object));
      if (parts) return { id: known.parts, standing: new Map(parts.map((part) => [part.part, part])) };
      const [stands] = await patiently(() => api.standing(upload, [path]));
      if (stands !== undefined) return { id: known.parts, standing: undefined };
    } else await giveUp(path, sending);
  }
  const id = await patiently(() => api.beginParts(upload, path));
  journal.begins({ path, size, modifiedAt, parts: id });
  return { id, standing: new Map() };
}

async function giveUp(path: string, { api, upload, journal, patiently }: Sending): Promise<void> {
  const begun = journal.begun.get(path);
  if (begun && 'parts' in begun) await patiently(() => api.abandonParts(upload, { path, id: begun.parts }));
  journal.dropped(path);
}

async function sendParts(
  object: InParts,
  file: OpenFile,
  standing: ReadonlyMap<number, CheckedPart>,
  sending: Sending,
): Promise<SentFile> {
  const { api, upload } = sending;
  const sign = inBatches(SIGNED_AT_ONCE, MOMENT_MS, (parts: readonly CheckedPart[]) =>
    api.partUrls(upload, object, parts),
  );
  const sent: Promise<void>[] = [];
  let failure: { error: unknown } | undefined;
  let whole: SentFile | undefined;
  try {
    whole = await readParts(object.path, file, sending, (part, bytes, release) => {
      if (failure) throw failure.error;
      const there = standing.get(part.part);
      const call = (async () => {
        if (there?.crc64nvme !== part.crc64nvme || there.size !== part.size) {
          const outcome = await sending.put(() => sign(part), bytes);
          if (outcome === 'gone') throw new PartsGone();
        }
        sending.onBytes(part.size);
      })()
        .catch((error: unknown) => {
          failure ??= { error };
        })
        .finally(release);
      sent.push(call);
    });
  } catch (error) {
    failure ??= { error };
  }
  await Promise.all(sent);
  if (failure || !whole) throw failure?.error;
  return whole;
}

/** The object is complete: only what is said of it is missing. */
function onlyRead(path: string, file: OpenFile, sending: Sending): Promise<SentFile> {
  return readParts(path, file, sending, (part, _bytes, release) => {
    sending.onBytes(part.size);
    release();
  });
}

/** Reads part after part, as fast as memory is given back; tells what is said of the whole. */
async function readParts(
  path: string,
  file: OpenFile,
  { memory, partBytes, signal }: Sending,
  onPart: (part: CheckedPart, bytes: Buffer, release: () => void) => void,
): Promise<SentFile> {
  const length = partLength(file.size, partBytes);
  const hash = createHash('sha256');
  let whole: string | undefined;
  for (let start = 0, part = 1; start < file.size; start += length, part++) {
    signal?.throwIfAborted();
    const size = Math.min(length, file.size - start);
    const release = await memory.take(size);
    try {
      const bytes = await file.read(start, size);
      hash.update(bytes);
      const crc = crc64nvme(bytes);
      whole = whole === undefined ? crc : joinCrc64Nvme(whole, crc, size);
      onPart({ part, size, crc64nvme: crc }, bytes, release);
    } catch (error) {
      release();
      throw error;
    }
  }
  const { size, modifiedAt } = file;
  return { path, size, modifiedAt, sha256: hash.digest('hex'), crc64nvme: whole ?? '' };
}
