/** What the retrieving routes read: instances opened by their header, the roll-up of a study. A missing object is a 404. */
import { gunzipSync } from 'node:zlib';
import { isMissingObject } from '../aws/errors.ts';
import type { ObjectStore } from '../aws/object-store.ts';
import { type InstanceUids, instanceKey, studySummaryKey } from '../contract/names.ts';
import type { StudySummary } from '../contract/study-summary.ts';
import { isValidUid, readPart10From } from '../dicom/index.ts';
import type { PreviewSource } from '../pixels/frames.ts';
import { HttpRefusal, type HttpRequest } from '../runtime/http-handler.ts';
import { type Acceptable, parseAccept } from './media-types.ts';

export type Library = Pick<ObjectStore, 'read' | 'stream'>;

/** Read first of an instance: most slices are in it whole; default 1 MiB. */
const FIRST_BYTES = 1024 * 1024;

export interface OpenedInstance extends PreviewSource {
  readonly key: string;
  readonly size: number;
  readonly revision: string;
  /** A range in pieces; from what was read already where it lies there. */
  stream(start: number, length: number): AsyncIterable<Uint8Array>;
}

/** The instance of a request's path. */
export async function openInstance(library: Library, uids: InstanceUids): Promise<OpenedInstance> {
  const key = instanceKey(uids);
  const first = await orNotFound(library.read({ key }, { start: 0, length: FIRST_BYTES }));
  const { size, revision, bytes } = first;
  const read = async (start: number, length: number): Promise<Uint8Array> =>
    start + length <= bytes.length
      ? bytes.subarray(start, start + length)
      : (await library.read({ key }, { start, length: Math.min(length, size - start) })).bytes;
  const part10 = await readPart10From({ size, read }, {}, bytes);
  return {
    key,
    size,
    revision,
    part10,
    read,
    stream: async function* (start, length) {
      if (length === 0) return;
      // What was read already is not read again.
      const held = bytes.subarray(start, start + length);
      if (held.length > 0) yield held;
      if (held.length < length)
        yield* await library.stream({ key }, { start: start + held.length, length: length - held.length });
    },
  };
}

/** The roll-up of a complete study. */
export async function readSummary(library: Library, study: string): Promise<StudySummary> {
  const { bytes } = await orNotFound(library.read({ key: studySummaryKey(study) }));
  return JSON.parse(gunzipSync(bytes).toString('utf8')) as StudySummary;
}

/** What is read, or 404 where it is not there. */
export async function orNotFound<Found>(reading: Promise<Found>): Promise<Found> {
  try {
    return await reading;
  } catch (error) {
    if (isMissingObject(error)) throw new HttpRefusal(404, 'not-found');
    throw error;
  }
}

/** A UID of the path. */
export function uidOf({ parameters }: HttpRequest, name: 'study' | 'series' | 'instance'): string {
  const value = parameters[name] ?? '';
  if (!isValidUid(value)) throw new HttpRefusal(400, 'invalid-uid');
  return value;
}

/** The UIDs of an instance in the path. */
export function instanceOf(request: HttpRequest): InstanceUids {
  return {
    study: uidOf(request, 'study'),
    series: uidOf(request, 'series'),
    instance: uidOf(request, 'instance'),
  };
}

/** What the client takes; the parameter goes before the header (PS3.18 8.3.3.1). */
export function acceptedBy(request: HttpRequest): Acceptable[] {
  return parseAccept(request.query.get('accept') ?? request.header('accept'));
}
