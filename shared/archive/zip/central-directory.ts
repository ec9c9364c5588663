/** The entries of a ZIP archive, all of them or those of one slice, as its central directory describes them. */
import { ARCHIVE_LIMITS, type ArchiveLimits } from '../limits.ts';
import type { RangedSource } from '../ranged-source.ts';
import { findDirectory } from './end-record.ts';
import type { ZipEntry } from './entry.ts';
import { decodeEntryName } from './entry-name.ts';
import { SLICE_LIMITS, type SliceLimits, type Survey, surveyDirectory, type ZipSlice } from './survey.ts';
import { type HeaderRange, type HeldBytes, type PlacedHeader, walkDirectory } from './walk-directory.ts';

/** All entries in the order of the directory, folders too. */
export async function readDirectory(
  source: RangedSource,
  limits: ArchiveLimits = ARCHIVE_LIMITS,
): Promise<ZipEntry[]> {
  const whole = { maximumEntries: Infinity, maximumBytes: Infinity };
  const { survey, entries } = await openZip(source, limits, whole);
  return survey.slices.length === 0 ? [] : entries(survey.slices[0] as ZipSlice);
}

/** An archive that was looked over, and what reads the entries of its slices. */
export interface OpenedZip {
  readonly survey: Survey;
  entries(slice: ZipSlice): Promise<ZipEntry[]>;
}

/** Looks over the archive; refuses one that contradicts itself. */
export async function openZip(
  source: RangedSource,
  limits: ArchiveLimits = ARCHIVE_LIMITS,
  sliceLimits: SliceLimits = SLICE_LIMITS,
): Promise<OpenedZip> {
  const extent = await findDirectory(source, limits);
  const held = await heldDirectory(source, extent);
  const survey = await surveyDirectory(source, held, limits, sliceLimits);
  return {
    survey,
    entries: (slice) => collect(source, slice, (index) => survey.limits[index] as number, held.tail),
  };
}

/** The entries of a slice of an archive that was looked over before and whose entries lie in the order of the directory. */
export async function readSlice(source: RangedSource, slice: ZipSlice): Promise<ZipEntry[]> {
  const entries = await collect(source, slice, () => slice.limit, undefined);
  return entries.map((entry, position) => ({
    ...entry,
    limit: entries[position + 1]?.offset ?? slice.limit,
  }));
}

/** A directory that is read in one range need not be read again for its only slice. */
const HELD_BYTES = 4 * 1024 * 1024;

async function heldDirectory<Extent extends { start: number; length: number; tail: HeldBytes }>(
  source: RangedSource,
  extent: Extent,
): Promise<Extent> {
  if (extent.start >= extent.tail.start || extent.length > HELD_BYTES) return extent;
  const bytes = Buffer.from(await source.read(extent.start, extent.length));
  return { ...extent, tail: { start: extent.start, bytes } };
}

async function collect(
  source: RangedSource,
  range: HeaderRange,
  limitOf: (index: number) => number,
  held: HeldBytes | undefined,
): Promise<ZipEntry[]> {
  const entries: ZipEntry[] = [];
  for await (const placed of walkDirectory(source, range, held)) entries.push(entryOf(placed, limitOf));
  return entries;
}

function entryOf({ header }: PlacedHeader, limitOf: (index: number) => number): ZipEntry {
  return { ...header, name: decodeEntryName(header.nameBytes, header.flags), limit: limitOf(header.index) };
}
