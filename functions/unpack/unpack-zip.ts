/** Unpacks a ZIP archive, or the slice of one that a message names. */
import { openZip, readSlice } from '../../shared/archive/zip/central-directory.ts';
import { isFolder, type ZipEntry } from '../../shared/archive/zip/entry.ts';
import { planWindows } from '../../shared/archive/zip/read-windows.ts';
import type { ArchiveFound, ArchivePart } from '../../shared/contract/messages.ts';
import { mapInParallel } from '../../shared/runtime/in-parallel.ts';
import { openEntries } from './entries.ts';
import type { UnpackCall } from './unpack-archive.ts';
import { unpackWindow } from './unpack-window.ts';

type Slice = Extract<ArchivePart, { kind: 'zip-slice' }>;

/** Windows that are held at once. */
const WINDOWS = 2;

/** Unpacks an archive of one slice, or returns a message for each of its slices. */
export async function unpackZip(message: ArchiveFound, call: UnpackCall): Promise<ArchiveFound[]> {
  const { part } = message;
  if (part?.kind === 'zip-slice') {
    await unpackEntries(message, await entriesOf(part, message, call), call);
    return [];
  }
  const zip = await openZip(call.source(message.object, message.size), call.limits, call.sliceLimits);
  const { slices, files, ordered } = zip.survey;
  const [only] = slices;
  if (slices.length === 1 && only) await unpackEntries(message, await zip.entries(only), call);
  await call.end(message.item, files, call.run);
  return slices.length > 1
    ? slices.map((slice) => ({ ...message, part: { kind: 'zip-slice', ordered, ...slice } }))
    : [];
}

async function entriesOf(
  { kind: _, ordered, ...slice }: Slice,
  { object, size }: ArchiveFound,
  call: UnpackCall,
): Promise<ZipEntry[]> {
  const source = call.source(object, size);
  if (ordered) return readSlice(source, slice);
  return (await openZip(source, call.limits, call.sliceLimits)).entries(slice);
}

async function unpackEntries(
  message: ArchiveFound,
  all: readonly ZipEntry[],
  call: UnpackCall,
): Promise<void> {
  const source = call.source(message.object, message.size);
  const files = all.filter((entry) => !isFolder(entry));
  const [first, last] = [files[0]?.index ?? 0, files.at(-1)?.index ?? 0];
  const entries = await openEntries(message, call, call, { first, last });
  const windows = planWindows(files.filter((entry) => !entries.isDone(entry)));
  await mapInParallel(windows, WINDOWS, (window) => unpackWindow(window, source, call, entries.unpack));
  await entries.finish();
}
