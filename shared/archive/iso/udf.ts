/**
 * How many files the other file system of a disk has. Burners write UDF beside ISO 9660, mostly over the same files; some leave
 * there what ISO 9660 cannot hold, or a note in place of everything. UDF itself is not read: its integrity descriptor
 * (ECMA-167, 3/10.10; UDF 2.2.6) counts its files, which tells whether any of them are not to be had the other way.
 */

import { SECTOR_BYTES, type SectorReader } from './sectors.ts';
import { DESCRIPTORS_AT } from './volume.ts';

/** Where an anchor stands, among other places (3/8.4.2.1). */
const ANCHOR_AT = 256 * SECTOR_BYTES;
const ANCHOR = 2;
const LOGICAL_VOLUME = 6;
const TERMINATING = 8;
const INTEGRITY = 9;
/** Sectors behind the descriptors of ISO 9660 among which UDF says that it is there. */
const RECOGNITION_SECTORS = 32;
/** Descriptors of a sequence; a disk has six, and an integrity for each time it was written to. */
const MAXIMUM_DESCRIPTORS = 64;
const MAIN_SEQUENCE_AT = 16;
const INTEGRITY_SEQUENCE_AT = 432;
const NEXT_INTEGRITY_AT = 64;
const PARTITIONS_AT = 72;
const IMPLEMENTATION_AT = 80;
const FILES_AT = 32;

interface Sequence {
  readonly bytes: number;
  readonly sector: number;
}

/** The number of files, undefined where there is no UDF or it does not say. */
export async function countUdfFiles(sectors: SectorReader): Promise<number | undefined> {
  if (!(await hasUdf(sectors))) return undefined;
  const anchor = view(await sectors.read(ANCHOR_AT, SECTOR_BYTES));
  if (anchor === undefined || tagOf(anchor) !== ANCHOR) return undefined;
  let volume: DataView | undefined;
  for await (const descriptor of sequence(sectors, extentAt(anchor, MAIN_SEQUENCE_AT)))
    if (tagOf(descriptor) === LOGICAL_VOLUME) volume = descriptor;
  if (volume === undefined) return undefined;
  let integrity: DataView | undefined;
  let next: Sequence | undefined = extentAt(volume, INTEGRITY_SEQUENCE_AT);
  for (let count = 0; next !== undefined && next.bytes > 0 && count < MAXIMUM_DESCRIPTORS; count++) {
    const before: DataView | undefined = integrity;
    for await (const descriptor of sequence(sectors, next))
      if (tagOf(descriptor) === INTEGRITY) integrity = descriptor;
    next =
      integrity === undefined || integrity === before ? undefined : extentAt(integrity, NEXT_INTEGRITY_AT);
  }
  return integrity && filesOf(integrity);
}

async function hasUdf(sectors: SectorReader): Promise<boolean> {
  const bytes = await sectors.read(DESCRIPTORS_AT, RECOGNITION_SECTORS * SECTOR_BYTES);
  for (let at = 0; at + SECTOR_BYTES <= bytes.length; at += SECTOR_BYTES)
    if (/^NSR0[23]$/.test(Buffer.from(bytes.subarray(at + 1, at + 6)).toString('latin1'))) return true;
  return false;
}

async function* sequence(sectors: SectorReader, { bytes, sector }: Sequence): AsyncGenerator<DataView> {
  const last = Math.min(Math.ceil(bytes / SECTOR_BYTES), MAXIMUM_DESCRIPTORS);
  for (let number = 0; number < last; number++) {
    const descriptor = view(await sectors.read((sector + number) * SECTOR_BYTES, SECTOR_BYTES));
    if (descriptor === undefined || tagOf(descriptor) === TERMINATING) return;
    yield descriptor;
  }
}

function filesOf(integrity: DataView): number | undefined {
  // Two tables of four bytes a partition stand between.
  const at = IMPLEMENTATION_AT + 8 * integrity.getUint32(PARTITIONS_AT, true) + FILES_AT;
  return at + 4 <= integrity.byteLength ? integrity.getUint32(at, true) : undefined;
}

function extentAt(descriptor: DataView, at: number): Sequence {
  return { bytes: descriptor.getUint32(at, true), sector: descriptor.getUint32(at + 4, true) };
}

function tagOf(descriptor: DataView): number {
  return descriptor.getUint16(0, true);
}

/** Undefined where the image ends before. */
function view(sector: Uint8Array): DataView | undefined {
  return sector.length < SECTOR_BYTES
    ? undefined
    : new DataView(sector.buffer, sector.byteOffset, sector.byteLength);
}
