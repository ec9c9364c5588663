/**
 * The volume descriptors of an ISO 9660 image (ECMA-119, 8): where the root directory is, and whether names are Joliet's. The
 * Joliet tree is taken where there is one, as it has the names that people gave; Rock Ridge is not read.
 */
import { corrupt } from '../refuse.ts';
import { type Extent, readRecord } from './record.ts';
import { SECTOR_BYTES, type SectorReader } from './sectors.ts';

export interface IsoVolume {
  readonly root: Extent;
  readonly blockBytes: number;
  /** Whether names are UCS-2. */
  readonly isJoliet: boolean;
}

/** The first descriptor, behind a system area that may hold anything; five letters in it tell an image. */
export const DESCRIPTORS_AT = 16 * SECTOR_BYTES;
const MAGIC_AT = 1;
const MAGIC = 'CD001';
/** A disk has three or four. */
const MAXIMUM_DESCRIPTORS = 32;
const PRIMARY = 1;
const SUPPLEMENTARY = 2;
const TERMINATOR = 255;
const ESCAPES_AT = 88;
/** The three levels of UCS-2 that Joliet names. */
const JOLIET_ESCAPES = ['%/@', '%/C', '%/E'];
const BLOCK_BYTES_AT = 128;
const ROOT_AT = 156;
const ROOT_BYTES = 34;

/** Whether a sector is a volume descriptor. */
export function isVolumeDescriptor(sector: Uint8Array): boolean {
  return latin1(sector, MAGIC_AT, MAGIC_AT + MAGIC.length) === MAGIC;
}

/** The volume whose tree is read. */
export async function findVolume(sectors: SectorReader): Promise<IsoVolume> {
  let primary: IsoVolume | undefined;
  for (let number = 0; number < MAXIMUM_DESCRIPTORS; number++) {
    const place = `descriptor ${number}`;
    const sector = await sectors.read(DESCRIPTORS_AT + number * SECTOR_BYTES, SECTOR_BYTES);
    if (sector.length < SECTOR_BYTES || !isVolumeDescriptor(sector)) {
      // Some writers forget the terminator.
      if (primary) return primary;
      throw corrupt(`${place}: none`);
    }
    const type = sector[0];
    if (type === PRIMARY) primary ??= readVolume(sector, false, place);
    if (type === SUPPLEMENTARY && JOLIET_ESCAPES.includes(latin1(sector, ESCAPES_AT, ESCAPES_AT + 3)))
      return readVolume(sector, true, place);
    if (type === TERMINATOR && primary) return primary;
  }
  if (primary) return primary;
  throw corrupt(`no primary volume in ${MAXIMUM_DESCRIPTORS} descriptors`);
}

function readVolume(sector: Uint8Array, isJoliet: boolean, place: string): IsoVolume {
  const blockBytes = (sector[BLOCK_BYTES_AT] ?? 0) | ((sector[BLOCK_BYTES_AT + 1] ?? 0) << 8);
  if (![512, 1024, 2048].includes(blockBytes)) throw corrupt(`${place}: blocks of ${blockBytes} bytes`);
  const record = readRecord(sector.subarray(ROOT_AT, ROOT_AT + ROOT_BYTES), blockBytes, `${place}: root`);
  if (!record.isFolder) throw corrupt(`${place}: the root is no directory`);
  return { root: record.extent, blockBytes, isJoliet };
}

function latin1(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.subarray(from, to)).toString('latin1');
}
