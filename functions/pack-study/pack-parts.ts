/**
 * Writes some parts of an archive that others write the rest of. Each part is a range of bytes that the summary and metadata of
 * the study determine, so that a retry writes the same, and what stands is not written again. Whoever sees all parts ends it.
 */
import type { PartsWriter } from '../../shared/aws/multipart.ts';
import type { ArchiveParts } from '../../shared/contract/messages.ts';
import { answerKey } from '../../shared/contract/names.ts';
import { ARCHIVE_PART_BYTES, archivePart } from '../../shared/media/archive-parts.ts';
import { type MediaReader, mediaBytes } from '../../shared/media/media-bytes.ts';
import type { StudyMedia } from '../../shared/media/study-media.ts';
import { mapInParallel } from '../../shared/runtime/in-parallel.ts';

export interface PackPorts {
  readonly library: MediaReader;
  media(study: string): Promise<StudyMedia>;
  /** Undefined where that writing has ended. */
  resume(key: string, id: string): Promise<PartsWriter | undefined>;
}

/** Parts that are made at once: one is sent while the other one is read. */
const WIDTH = 2;

/** Writes the parts, and ends the archive when none is missing. */
export async function packParts(message: ArchiveParts, ports: PackPorts): Promise<undefined> {
  const key = answerKey(message.revision);
  const writer = await ports.resume(key, message.writing);
  if (writer === undefined) return undefined;
  const media = await ports.media(message.study);
  // The study has changed since: who asks for it is given another archive.
  if (media.revision !== message.revision) return undefined;
  const { length } = media.archive;
  const parts = Array.from({ length: message.parts }, (_, index) => message.firstPart + index);
  await mapInParallel(
    parts.filter((part) => !writer.standing.has(part)),
    WIDTH,
    async (part) => {
      const { start, end } = archivePart(part, length);
      const bytes = Buffer.allocUnsafe(end - start);
      let at = 0;
      for await (const piece of mediaBytes(media, start, end, ports.library)) {
        bytes.set(piece, at);
        at += piece.length;
      }
      await writer.write(part, bytes);
    },
  );
  // Asked anew, as the others have written meanwhile; the last of them sees all.
  const all = await ports.resume(key, message.writing);
  if (all?.standing.size === Math.ceil(length / ARCHIVE_PART_BYTES)) await all.finish('absent');
  return undefined;
}
