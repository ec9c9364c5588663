/**
 * An archive that is too long to be streamed is written once beside the library, in parts that several calls make at the same
 * time, and kept for a day under its revision. What says how far it is are S3's own parts: nothing is counted. Two visitors who
 * ask at once may begin it twice; what they write is the same.
 */
import type { PartsWriter } from '../../shared/aws/multipart.ts';
import type { PutOptions, Written } from '../../shared/aws/object-store.ts';
import type { ArchiveParts } from '../../shared/contract/messages.ts';
import { answerKey, begunArchiveKey } from '../../shared/contract/names.ts';
import { ARCHIVE_PART_BYTES, PARTS_PER_CALL } from '../../shared/media/archive-parts.ts';
import type { StudyMedia } from '../../shared/media/study-media.ts';

export interface PreparePorts {
  exists(key: string): Promise<boolean>;
  /** What stands there with its revision; undefined where nothing does. */
  find(key: string): Promise<{ readonly bytes: Uint8Array; readonly revision: string } | undefined>;
  put(key: string, bytes: Uint8Array, options: PutOptions): Promise<Written>;
  begin(key: string): Promise<Pick<PartsWriter, 'id'>>;
  /** Undefined where that writing has ended. */
  resume(key: string, id: string): Promise<PartsWriter | undefined>;
  send(messages: readonly ArchiveParts[]): Promise<void>;
  now(): Date;
}

export type Preparation =
  | { readonly ready: true; readonly key: string }
  | { readonly ready: false; readonly done: number; readonly parts: number };

interface Begun {
  readonly writing: string;
  readonly at: string;
}

/** After that long without an end it is begun anew: what hinders it has raised an alarm by then; default 20 minutes. */
const GIVEN_UP_MILLISECONDS = 20 * 60_000;

/** Where the archive is, or how far it is; begins it where nobody has. */
export async function prepareArchive(
  study: string,
  { archive, revision }: Pick<StudyMedia, 'archive' | 'revision'>,
  ports: PreparePorts,
): Promise<Preparation> {
  const key = answerKey(revision);
  if (await ports.exists(key)) return { ready: true, key };
  const parts = Math.ceil(archive.length / ARCHIVE_PART_BYTES);
  const found = await ports.find(begunArchiveKey(revision));
  const begun = found && (JSON.parse(Buffer.from(found.bytes).toString('utf8')) as Begun);
  if (begun && ports.now().getTime() - Date.parse(begun.at) < GIVEN_UP_MILLISECONDS) {
    const writer = await ports.resume(key, begun.writing);
    if (writer === undefined)
      return (await ports.exists(key)) ? { ready: true, key } : { ready: false, done: 0, parts };
    return { ready: false, done: writer.standing.size, parts };
  }

  const { id: writing } = await ports.begin(key);
  // Sent before it is said that they are: a call that ends in between is followed by one that begins anew.
  await ports.send(calls(study, revision, writing, parts));
  const state: Begun = { writing, at: ports.now().toISOString() };
  await ports.put(begunArchiveKey(revision), Buffer.from(JSON.stringify(state)), {
    contentType: 'application/json',
    onlyIf: found ? { revision: found.revision } : 'absent',
  });
  return { ready: false, done: 0, parts };
}

function calls(study: string, revision: string, writing: string, parts: number): ArchiveParts[] {
  return Array.from({ length: Math.ceil(parts / PARTS_PER_CALL) }, (_, index) => ({
    study,
    revision,
    writing,
    firstPart: index * PARTS_PER_CALL + 1,
    parts: Math.min(PARTS_PER_CALL, parts - index * PARTS_PER_CALL),
  }));
}
