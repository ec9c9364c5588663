/**
 * Looks over the whole tree of a disk image once, before anything is unpacked: refuses one that cannot be trusted (directories
 * that lead back, extents that lie partly within each other, sizes over the limits) and cuts it into slices of bounded work.
 * Files of the very same extent are one file under two names, which writers make of equal files.
 */
import { UnprocessableInstanceError } from '../../errors.ts';
import type { ArchiveLimits } from '../limits.ts';
import type { RangedSource } from '../ranged-source.ts';
import { corrupt, hex, overLimit } from '../refuse.ts';
import type { SliceLimits } from '../zip/survey.ts';
import type { Extent } from './record.ts';
import { openSectors } from './sectors.ts';
import { countUdfFiles } from './udf.ts';
import { findVolume, type IsoVolume } from './volume.ts';
import { type IsoFile, type IsoPlace, walkIso } from './walk-iso.ts';

/** Files that are unpacked by one call. */
export interface IsoSlice {
  /** Where the walk begins. */
  readonly place: IsoPlace;
  readonly firstEntry: number;
  readonly entries: number;
}

export interface IsoSurvey {
  readonly volume: IsoVolume;
  readonly files: number;
  readonly slices: readonly IsoSlice[];
}

/** Surveys the image. */
export async function surveyIso(
  source: RangedSource,
  limits: ArchiveLimits,
  sliceLimits: SliceLimits,
): Promise<IsoSurvey> {
  const sectors = openSectors(source);
  const volume = await findVolume(sectors);
  const slices: (IsoSlice & { bytes: number })[] = [];
  const extents: Extent[] = [];
  const folders = new Set<number>();
  let folderBytes = 0;
  let files = 0;
  let total = 0;
  const enter = (extent: Extent) => {
    if (folders.has(extent.start)) throw corrupt(`a directory at ${hex(extent.start)} is reached twice`);
    folders.add(extent.start);
    folderBytes += extent.length;
    if (folderBytes > limits.maximumDirectoryBytes)
      throw overLimit('directory bytes', folderBytes, limits.maximumDirectoryBytes);
    if (extent.start + extent.length > source.size)
      throw corrupt(`a directory at ${hex(extent.start)} reaches over the image's end`);
    extents.push(extent);
  };
  enter(volume.root);
  for await (const found of walkIso(sectors, volume)) {
    if (files + folders.size >= limits.maximumEntries)
      throw overLimit('entries', files + folders.size + 1, limits.maximumEntries);
    if (found.kind === 'folder') {
      enter(found.extent);
      continue;
    }
    extents.push(...found.extents);
    total += found.size;
    const last = slices.at(-1);
    const fits =
      last !== undefined &&
      last.entries < sliceLimits.maximumEntries &&
      last.bytes + found.size <= sliceLimits.maximumBytes;
    if (fits)
      slices[slices.length - 1] = { ...last, entries: last.entries + 1, bytes: last.bytes + found.size };
    else slices.push({ place: found.place(), firstEntry: files, entries: 1, bytes: found.size });
    files++;
  }
  if (total > limits.maximumTotalBytes) throw overLimit('bytes', total, limits.maximumTotalBytes);
  if (total > limits.ratioFloorBytes && total > source.size * limits.maximumRatio)
    throw overLimit('expansion ratio', Math.round(total / source.size), limits.maximumRatio);
  refuseOverlaps(extents);
  const inUdf = (await countUdfFiles(sectors)) ?? 0;
  if (inUdf > files)
    throw new UnprocessableInstanceError('unsupported-archive', `UDF has ${inUdf} files, ISO 9660 ${files}`);
  return { volume, files, slices: slices.map(({ bytes: _, ...slice }) => slice) };
}

/** The files of a slice of an image that was looked over before. */
export async function readIsoSlice(source: RangedSource, { place, entries }: IsoSlice): Promise<IsoFile[]> {
  const sectors = openSectors(source);
  const files: IsoFile[] = [];
  for await (const found of walkIso(sectors, await findVolume(sectors), place)) {
    if (found.kind === 'file') files.push(found);
    if (files.length >= entries) break;
  }
  return files;
}

function refuseOverlaps(extents: Extent[]): void {
  const sorted = extents
    .filter(({ length }) => length > 0)
    .sort((a, b) => a.start - b.start || a.length - b.length);
  for (const [position, { start, length }] of sorted.entries()) {
    const before = sorted[position - 1];
    if (before === undefined || start >= before.start + before.length) continue;
    if (start !== before.start || length !== before.length)
      throw corrupt(`extents at ${hex(before.start)} and ${hex(start)} overlap`);
  }
}
