/**
 * Looks over a whole central directory once, before anything is unpacked: refuses an archive that cannot be trusted (entries
 * that overlap each other or the directory, counts that differ, sizes over the limits) and cuts it into slices of bounded
 * work. Of each entry it keeps two numbers.
 */
import type { ArchiveLimits } from '../limits.ts';
import type { RangedSource } from '../ranged-source.ts';
import { corrupt, hex, overLimit } from '../refuse.ts';
import type { CentralHeader } from './central-header.ts';
import type { DirectoryExtent } from './end-record.ts';
import { isFolderHeader, LOCAL_HEADER_BYTES } from './entry.ts';
import { type HeaderRange, walkDirectory } from './walk-directory.ts';

/** Entries that are unpacked by one call. */
export interface ZipSlice extends HeaderRange {
  /** Where the last entry must have ended. */
  readonly limit: number;
}

export interface Survey {
  /** Entries that stand for files. */
  readonly files: number;
  /** In the order of the directory. */
  readonly slices: readonly ZipSlice[];
  /** Where each entry must have ended, by its number. */
  readonly limits: Float64Array;
  /** Whether entries lie in the order of the directory, so that a slice needs to know no more than its own headers. */
  readonly ordered: boolean;
}

export interface SliceLimits {
  /** Entries of a slice. Default 2,000: a call writes some hundred objects a second. */
  readonly maximumEntries: number;
  /** Bytes of a slice, expanded. Default 1 GiB: a fraction of what a call can write in its time. An entry is never cut. */
  readonly maximumBytes: number;
}

export const SLICE_LIMITS: SliceLimits = { maximumEntries: 2_000, maximumBytes: 1024 ** 3 };

/** Surveys the directory that was found. */
export async function surveyDirectory(
  source: RangedSource,
  extent: DirectoryExtent,
  limits: ArchiveLimits,
  sliceLimits: SliceLimits = SLICE_LIMITS,
): Promise<Survey> {
  const offsets = new Float64Array(extent.entries);
  const ends = new Float64Array(extent.entries);
  const slices: (HeaderRange & { bytes: number })[] = [];
  let files = 0;
  let total = 0;
  for await (const { header, start, end } of walkDirectory(
    source,
    { ...extent, firstEntry: 0 },
    extent.tail,
  )) {
    offsets[header.index] = header.offset;
    ends[header.index] = reachOf(header);
    if (!isFolderHeader(header)) files++;
    total += header.size;
    const last = slices.at(-1);
    const fits =
      last !== undefined &&
      last.entries < sliceLimits.maximumEntries &&
      last.bytes + header.size <= sliceLimits.maximumBytes;
    if (fits)
      slices[slices.length - 1] = {
        ...last,
        length: end - last.start,
        entries: last.entries + 1,
        bytes: last.bytes + header.size,
      };
    else
      slices.push({ start, length: end - start, firstEntry: header.index, entries: 1, bytes: header.size });
  }
  if (total > limits.maximumTotalBytes) throw overLimit('expanded bytes', total, limits.maximumTotalBytes);
  if (total > limits.ratioFloorBytes && total > source.size * limits.maximumRatio)
    throw overLimit('expansion ratio', Math.round(total / source.size), limits.maximumRatio);
  const { limits: entryLimits, ordered } = limitsOf(offsets, ends, extent.start);
  return {
    files,
    ordered,
    limits: entryLimits,
    slices: slices.map(({ bytes: _, ...slice }) => ({
      ...slice,
      limit: entryLimits[slice.firstEntry + slice.entries - 1] as number,
    })),
  };
}

/** The least offset at which the entry can have ended. */
function reachOf({ offset, nameBytes, compressedSize }: CentralHeader): number {
  return offset + LOCAL_HEADER_BYTES + nameBytes.length + compressedSize;
}

/** Gives each entry the place where it must have ended; entries that share bytes are how small archives become huge. */
function limitsOf(
  offsets: Float64Array,
  ends: Float64Array,
  directoryStart: number,
): { limits: Float64Array; ordered: boolean } {
  const count = offsets.length;
  const ordered = offsets.every((offset, index) => index === 0 || offset >= (offsets[index - 1] as number));
  const order = ordered
    ? undefined
    : Uint32Array.from(offsets.keys()).sort(
        (a, b) => (offsets[a] as number) - (offsets[b] as number) || a - b,
      );
  const at = (position: number) => (order === undefined ? position : (order[position] as number));
  const limits = new Float64Array(count);
  for (let position = 0; position < count; position++) {
    const index = at(position);
    const limit = position + 1 < count ? (offsets[at(position + 1)] as number) : directoryStart;
    if ((ends[index] as number) > limit)
      throw corrupt(`entry ${index} at ${hex(offsets[index] as number)} reaches over ${hex(limit)}`);
    limits[index] = limit;
  }
  return { limits, ordered };
}
