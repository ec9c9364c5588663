/**
 * Walks the tree of an ISO 9660 volume from directory to directory and can begin anywhere in it: a place is the directories that
 * lead there, each with the offset of a record. Refuses a directory that is cut off and a tree that is too deep; who walks all of
 * it looks for cycles.
 */
import { corrupt, hex, overLimit } from '../refuse.ts';
import { type DirectoryRecord, type Extent, isDot, nameOf, readRecord } from './record.ts';
import { SECTOR_BYTES, type SectorReader } from './sectors.ts';
import type { IsoVolume } from './volume.ts';

/** A directory, and the offset in it of the record that comes next, or of the directory below that is being walked. */
export interface IsoFrame extends Extent {
  readonly at: number;
}

/** The directories from the root on. */
export type IsoPlace = readonly IsoFrame[];

export interface IsoFile {
  readonly kind: 'file';
  /** The path within the image, for people only. */
  readonly name: string;
  readonly size: number;
  /** Mostly one; a file of more than 4 GiB has several. */
  readonly extents: readonly Extent[];
  readonly isInterleaved: boolean;
  /** Where a walk begins with this file; to be asked for before the walk goes on. */
  place(): IsoPlace;
}

/** A directory, before it is walked. */
export interface IsoFolder {
  readonly kind: 'folder';
  readonly extent: Extent;
}

/** The standard allows 8; those who burn ignore that. */
const MAXIMUM_DEPTH = 32;
const MAXIMUM_RECORD_BYTES = 255;
/** Of 4 GiB each: more than the largest file that is accepted has. */
const MAXIMUM_EXTENTS = 16;

interface Open extends IsoFrame {
  at: number;
  /** With a slash at its end; empty for the root. */
  readonly path: string;
}

/** Files and directories in the order of the tree. */
export async function* walkIso(
  sectors: SectorReader,
  volume: IsoVolume,
  from: IsoPlace = [{ ...volume.root, at: 0 }],
): AsyncGenerator<IsoFile | IsoFolder> {
  const open = await reopen(sectors, volume, from);
  const place = (): IsoPlace => open.map(({ start, length, at }) => ({ start, length, at }));
  for (let folder = open.at(-1); folder !== undefined; folder = open.at(-1)) {
    const record = await nextRecord(sectors, volume, folder);
    if (record === undefined) {
      open.pop();
      const above = open.at(-1);
      if (above) above.at += (await nextRecord(sectors, volume, above))?.bytes ?? 0;
    } else if (isDot(record)) {
      folder.at += record.bytes;
    } else if (record.isFolder) {
      if (open.length > MAXIMUM_DEPTH) throw overLimit('directory depth', open.length, MAXIMUM_DEPTH);
      yield { kind: 'folder', extent: record.extent };
      open.push({ ...record.extent, at: 0, path: `${folder.path}${nameOf(record, volume.isJoliet)}/` });
    } else {
      const { parts, end } = await partsOf(record, sectors, volume, folder);
      yield {
        kind: 'file',
        name: folder.path + nameOf(record, volume.isJoliet),
        size: parts.reduce((sum, { extent }) => sum + extent.length, 0),
        extents: parts.map(({ extent }) => extent),
        isInterleaved: parts.some(({ isInterleaved }) => isInterleaved),
        place,
      };
      folder.at = end;
    }
  }
}

/** The directories of a place with their paths. */
async function reopen(sectors: SectorReader, volume: IsoVolume, place: IsoPlace): Promise<Open[]> {
  const open: Open[] = [];
  let path = '';
  for (const frame of place) {
    const folder = { ...frame, path };
    open.push(folder);
    if (open.length === place.length) break;
    const below = await nextRecord(sectors, volume, folder);
    if (below) path += `${nameOf(below, volume.isJoliet)}/`;
  }
  return open;
}

/** The record at the place of the directory, or behind the zeros that end a sector; undefined at the end of the directory. */
async function nextRecord(
  sectors: SectorReader,
  { blockBytes }: IsoVolume,
  folder: Open,
): Promise<DirectoryRecord | undefined> {
  while (folder.at < folder.length) {
    const start = folder.start + folder.at;
    const room = Math.min(SECTOR_BYTES - (start % SECTOR_BYTES), folder.length - folder.at);
    const bytes = await sectors.read(start, Math.min(room, MAXIMUM_RECORD_BYTES));
    if (bytes.length === 0) throw corrupt(`a directory at ${hex(folder.start)} reaches over the image's end`);
    if (bytes[0] !== 0) return readRecord(bytes, blockBytes, `record at ${hex(start)}`);
    // No record lies over the end of a sector.
    folder.at += room;
  }
  return undefined;
}

/** All records of a file whose first one is given, and where the next file's begins. */
async function partsOf(
  first: DirectoryRecord,
  sectors: SectorReader,
  volume: IsoVolume,
  folder: Open,
): Promise<{ parts: DirectoryRecord[]; end: number }> {
  const parts = [first];
  const ahead = { ...folder, at: folder.at + first.bytes };
  for (let last = first; last.continues; ) {
    if (parts.length >= MAXIMUM_EXTENTS) throw overLimit('extents', parts.length + 1, MAXIMUM_EXTENTS);
    const next = await nextRecord(sectors, volume, ahead);
    if (next === undefined || next.isFolder || Buffer.compare(next.name, first.name) !== 0)
      throw corrupt(`record at ${hex(folder.start + folder.at)}: its last extent is missing`);
    parts.push(next);
    ahead.at += next.bytes;
    last = next;
  }
  return { parts, end: ahead.at };
}
