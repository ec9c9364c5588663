/**
 * Unpacks a GZIP file into the one file that it holds, mostly a TAR, which then arrives like any other. DEFLATE cannot be
 * entered in the middle: a call that runs out of time leaves the parts it wrote, and the next one expands again from the
 * beginning but writes only what is missing.
 */
import { gunzip } from '../../shared/archive/gzip/gunzip.ts';
import type { ArchiveFound } from '../../shared/contract/messages.ts';
import { openEntries } from './entries.ts';
import type { UnpackCall } from './unpack-archive.ts';

/** Writes the content as entry 0; returns a message where another call has to go on. */
export async function unpackGzip(message: ArchiveFound, call: UnpackCall): Promise<ArchiveFound[]> {
  const { part, object, size } = message;
  const entries = await openEntries(message, call, call, { first: 0, last: 0 });
  const entry = { index: 0, name: contentName(await call.pathOf(object)), size: 0 };
  const rest: ArchiveFound[] = [];
  if (!entries.isDone(entry))
    await entries.unpack(entry, async ({ key, metadata }) => {
      const compressed = await call.source(object, size).stream(0, size);
      const writing = await call.writeLong(key, gunzip(compressed, size, call.limits), {
        metadata,
        isLate: call.isLate,
        ...(part?.kind === 'gzip-rest' ? { writing: part.writing } : {}),
      });
      if (writing !== undefined) rest.push({ ...message, part: { kind: 'gzip-rest', writing } });
    });
  await entries.finish();
  if (rest.length === 0) await call.end(message.item, 1, call.run);
  return rest;
}

/** The name without what says that it is compressed; for people only. */
function contentName(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (/\.tgz$/i.test(name)) return name.replace(/\.tgz$/i, '.tar');
  return name.replace(/\.gz$/i, '') || 'content';
}
