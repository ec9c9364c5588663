/** Unpacks an ISO 9660 image: a small one at once, of a large one the slice that a message names. */

import { type IsoSlice, readIsoSlice, surveyIso } from '../../shared/archive/iso/survey.ts';
import type { IsoFile } from '../../shared/archive/iso/walk-iso.ts';
import type { RangedSource } from '../../shared/archive/ranged-source.ts';
import { corrupt, overLimit } from '../../shared/archive/refuse.ts';
import type { ArchiveFound } from '../../shared/contract/messages.ts';
import { UnprocessableInstanceError } from '../../shared/errors.ts';
import { mapInParallel } from '../../shared/runtime/in-parallel.ts';
import { openEntries } from './entries.ts';
import type { UnpackCall } from './unpack-archive.ts';

/** Files that lie together and are read in one range. */
const WINDOW_BYTES = 8 * 1024 * 1024;
/** Bytes between two files that are read in vain rather than begin another range. */
const GAP_BYTES = 64 * 1024;
/** Windows that are held at once. */
const WINDOWS = 2;
/** Files of a window that are written at once. */
const WIDTH = 8;
/** Bytes of a file that are held. */
const MAXIMUM_HELD = 4 * 1024 * 1024;

type NumberedFile = IsoFile & { readonly index: number };

interface Window {
  readonly start: number;
  end: number;
  readonly files: NumberedFile[];
}

/** Unpacks an image of one slice, or returns a message for each of its slices. */
export async function unpackIso(message: ArchiveFound, call: UnpackCall): Promise<ArchiveFound[]> {
  const { part, object, size } = message;
  if (part?.kind === 'iso-slice') {
    await unpackFiles(message, part, call);
    return [];
  }
  const { slices, files } = await surveyIso(call.source(object, size), call.limits, call.sliceLimits);
  const [only] = slices;
  if (slices.length === 1 && only) await unpackFiles(message, only, call);
  await call.end(message.item, files, call.run);
  return slices.length > 1
    ? slices.map((slice) => ({
        ...message,
        part: { kind: 'iso-slice', ...slice, place: slice.place.map((frame) => ({ ...frame })) },
      }))
    : [];
}

async function unpackFiles(message: ArchiveFound, slice: IsoSlice, call: UnpackCall): Promise<void> {
  const source = call.source(message.object, message.size);
  const { firstEntry, entries: count } = slice;
  const entries = await openEntries(message, call, call, { first: firstEntry, last: firstEntry + count - 1 });
  const files = (await readIsoSlice(source, slice))
    .map((file, position) => ({ ...file, index: firstEntry + position }))
    .filter((file) => !entries.isDone(file));
  await mapInParallel(windowsOf(files, source.size), WINDOWS, async ({ start, end, files: within }) => {
    const bytes = end > start ? await source.read(start, end - start) : new Uint8Array(0);
    await mapInParallel(within, WIDTH, (file) =>
      entries.unpack(file, async ({ key, metadata }) => {
        checkFile(file, source, call);
        if (!isHeld(file, source.size)) return call.writePieces(key, piecesOf(file, source), metadata);
        const at = (file.extents[0]?.start ?? 0) - start;
        return call.write(
          key,
          file.size === 0 ? new Uint8Array(0) : bytes.subarray(at, at + file.size),
          metadata,
        );
      }),
    );
  });
  await entries.finish();
}

/** Small files that lie together in one window; one that is large, in parts or not all there in a window that reads nothing. */
function windowsOf(files: readonly NumberedFile[], imageSize: number): Window[] {
  const windows: Window[] = [];
  const held = files.filter((file) => isHeld(file, imageSize) && file.size > 0);
  const startOf = (file: NumberedFile) => file.extents[0]?.start ?? 0;
  for (const file of held.sort((a, b) => startOf(a) - startOf(b))) {
    const start = startOf(file);
    const end = start + file.size;
    const last = windows.at(-1);
    if (last && start - last.end <= GAP_BYTES && end - last.start <= WINDOW_BYTES) {
      last.end = Math.max(last.end, end);
      last.files.push(file);
    } else windows.push({ start, end, files: [file] });
  }
  const others = files.filter((file) => !isHeld(file, imageSize) || file.size === 0);
  return [...windows, ...others.map((file) => ({ start: 0, end: 0, files: [file] }))];
}

function isHeld({ extents, size }: IsoFile, imageSize: number): boolean {
  const [only] = extents;
  return extents.length === 1 && only !== undefined && size <= MAXIMUM_HELD && only.start + size <= imageSize;
}

async function* piecesOf({ extents }: IsoFile, source: RangedSource): AsyncIterable<Uint8Array> {
  for (const { start, length } of extents) if (length > 0) yield* await source.stream(start, length);
}

function checkFile(
  { index, extents, size, isInterleaved }: NumberedFile,
  source: RangedSource,
  { limits }: UnpackCall,
): void {
  if (isInterleaved)
    throw new UnprocessableInstanceError('unsupported-archive', `entry ${index}: an interleaved file`);
  if (size > limits.maximumEntryBytes)
    throw overLimit(`entry ${index}: bytes`, size, limits.maximumEntryBytes);
  for (const { start, length } of extents)
    if (length > 0 && start + length > source.size)
      throw corrupt(`entry ${index}: ${length} bytes at ${start}, the image has ${source.size}`);
}
