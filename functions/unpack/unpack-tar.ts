/** Unpacks a TAR archive: a small one from its beginning to its end, of a large one the slice that a message names. */
import { openBlocks } from '../../shared/archive/tar/block-reader.ts';
import type { TarEntry } from '../../shared/archive/tar/entry.ts';
import { planTar, type TarProgress } from '../../shared/archive/tar/plan-tar.ts';
import { walkTar } from '../../shared/archive/tar/walk-tar.ts';
import type { ArchiveFound } from '../../shared/contract/messages.ts';
import { isUnprocessable, UnprocessableInstanceError } from '../../shared/errors.ts';
import { forEachInParallel } from '../../shared/runtime/in-parallel.ts';
import { type Entries, openEntries } from './entries.ts';
import type { UnpackCall } from './unpack-archive.ts';

/** What is read at once of a range that is unpacked: headers and bytes together. */
const WINDOW_BYTES = 8 * 1024 * 1024;
/** Bytes of an entry that are held; several are at once. */
const MAXIMUM_HELD = 4 * 1024 * 1024;
/** Entries that are written at once. */
const WIDTH = 8;

const BEGINNING: TarProgress = { at: 0, entry: 0, files: 0 };

/** Unpacks an archive that is one slice, or returns messages for its slices and for what is left to be cut. */
export async function unpackTar(message: ArchiveFound, call: UnpackCall): Promise<ArchiveFound[]> {
  const { part, size } = message;
  if (part?.kind === 'tar-slice') {
    const { start, end, firstEntry } = part;
    const fault = await unpackRange(message, { start, end, firstEntry }, call);
    if (fault) throw fault;
    return [];
  }
  const from = part?.kind === 'tar-rest' ? { at: part.at, entry: part.entry, files: part.files } : BEGINNING;
  const plan = await planTar(call.source(message.object, size), from, call);
  const [only] = plan.slices;
  const isSmall = from === BEGINNING && plan.done && plan.slices.length <= 1;
  if (isSmall && only) await unpackRange(message, only, call);
  if (plan.fault) await call.refuseArchive(message.item, plan.fault, call.run);
  else if (plan.done) await call.end(message.item, plan.progress.files, call.run);
  const slices = isSmall ? [] : plan.slices;
  return [
    ...slices.map((slice): ArchiveFound => ({ ...message, part: { kind: 'tar-slice', ...slice } })),
    ...(plan.done ? [] : [{ ...message, part: { kind: 'tar-rest' as const, ...plan.progress } }]),
  ];
}

/** Unpacks the entries of a range; the fault where it breaks off. */
async function unpackRange(
  message: ArchiveFound,
  { start, end, firstEntry }: { readonly start: number; readonly end: number; readonly firstEntry: number },
  call: UnpackCall,
): Promise<UnprocessableInstanceError | undefined> {
  const source = call.source(message.object, message.size);
  const blocks = openBlocks(source, { wide: WINDOW_BYTES, narrow: WINDOW_BYTES });
  const last = firstEntry + Math.ceil((end - start) / 512);
  const entries = await openEntries(message, call, call, { first: firstEntry, last });
  const walk = walkTar(source, { from: start, to: end, firstEntry, limits: call.limits, blocks });
  try {
    await forEachInParallel(held(walk, blocks, entries), WIDTH, ({ entry, bytes }) =>
      entries.unpack(entry, async ({ key, metadata }) => {
        checkEntry(entry, call);
        if (bytes) return call.write(key, bytes, metadata);
        return call.writePieces(key, await source.stream(entry.dataStart, entry.size), metadata);
      }),
    );
    return undefined;
  } catch (error) {
    if (!isUnprocessable(error)) throw error;
    return error;
  } finally {
    await entries.finish();
  }
}

/** Entries that are to be written, small ones with their bytes out of the window that their header was read in. */
async function* held(
  walk: AsyncIterable<TarEntry>,
  blocks: { read(start: number, length: number): Promise<Uint8Array> },
  entries: Entries,
): AsyncGenerator<{ readonly entry: TarEntry; readonly bytes?: Uint8Array }> {
  for await (const entry of walk) {
    if (entry.kind === 'folder' || entries.isDone(entry)) continue;
    if (entry.kind === 'file' && entry.size <= MAXIMUM_HELD)
      yield { entry, bytes: await blocks.read(entry.dataStart, entry.size) };
    else yield { entry };
  }
}

function checkEntry({ index, kind, size, nameBytes }: TarEntry, { limits }: UnpackCall): void {
  if (kind === 'link') throw new UnprocessableInstanceError('not-dicom', `entry ${index}: a link`);
  if (kind === 'device') throw new UnprocessableInstanceError('not-dicom', `entry ${index}: no file`);
  if (kind === 'sparse')
    throw new UnprocessableInstanceError('unsupported-archive', `entry ${index}: a sparse file`);
  if (nameBytes > limits.maximumNameBytes)
    throw new UnprocessableInstanceError(
      'archive-limit',
      `entry ${index}: name bytes ${nameBytes} over ${limits.maximumNameBytes}`,
    );
  if (size > limits.maximumEntryBytes)
    throw new UnprocessableInstanceError(
      'archive-limit',
      `entry ${index}: bytes ${size} over ${limits.maximumEntryBytes}`,
    );
}
