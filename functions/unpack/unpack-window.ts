/** Reads one window of an archive and writes its entries: small ones out of memory, a large one in pieces. */
import type { RangedSource } from '../../shared/archive/ranged-source.ts';
import { corrupt } from '../../shared/archive/refuse.ts';
import { LOCAL_HEADER_BYTES, type ZipEntry } from '../../shared/archive/zip/entry.ts';
import { expand, expandStream } from '../../shared/archive/zip/expand.ts';
import { checkEntry, dataStart } from '../../shared/archive/zip/local-header.ts';
import { WINDOW_LIMITS, type Window } from '../../shared/archive/zip/read-windows.ts';
import { mapInParallel } from '../../shared/runtime/in-parallel.ts';
import type { Target } from './entries.ts';
import type { UnpackCall } from './unpack-archive.ts';

/** Bytes of an entry that are expanded in memory; several are at once. */
const MAXIMUM_HELD = 4 * 1024 * 1024;
/** Entries of a window that are written at once. */
const WIDTH = 8;
/** A local header with the longest name and the longest extra field. */
const MAXIMUM_HEADER = LOCAL_HEADER_BYTES + 2 * 65_535;

/** Hands each entry of the window to `unpack`, with what writes it to its target. */
export async function unpackWindow(
  window: Window,
  source: RangedSource,
  { limits, ...vault }: Pick<UnpackCall, 'limits' | 'write' | 'writePieces'>,
  unpack: (entry: ZipEntry, write: (target: Target) => Promise<void>) => Promise<void>,
): Promise<void> {
  const isHeld = window.length <= WINDOW_LIMITS.maximumBytes;
  const bytes = isHeld ? await source.read(window.start, window.length) : undefined;
  /** From the window where it reaches so far, else by a range of its own. */
  const read = async (start: number, length: number) => {
    const at = start - window.start;
    return bytes && at + length <= bytes.length
      ? bytes.subarray(at, at + length)
      : source.read(start, length);
  };

  await mapInParallel(window.entries, WIDTH, (entry) =>
    unpack(entry, async (target) => {
      checkEntry(entry, limits);
      const header = await read(entry.offset, headerLength(entry, bytes, window.start));
      const start = dataStart(entry, header);
      if (entry.size <= MAXIMUM_HELD && isHeld) {
        const expanded = expand(entry, await read(start, entry.compressedSize));
        return vault.write(target.key, expanded, target.metadata);
      }
      if (entry.compressedSize === 0) throw corrupt(`entry ${entry.index}: no bytes for ${entry.size}`);
      const compressed = await source.stream(start, entry.compressedSize);
      return vault.writePieces(target.key, expandStream(entry, compressed), target.metadata);
    }),
  );
}

/** As many bytes as certainly hold the local header and lie before what follows it. */
function headerLength(entry: ZipEntry, bytes: Uint8Array | undefined, windowStart: number): number {
  const room = Math.min(MAXIMUM_HEADER, entry.limit - entry.offset);
  return bytes ? Math.min(room, windowStart + bytes.length - entry.offset) : room;
}
