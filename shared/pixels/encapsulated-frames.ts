/**
 * Which fragments make which frame (PS3.5 A.4): by the extended offset table, the basic offset table, one fragment a frame,
 * or by looking at how each fragment begins. A table whose offsets are not those of fragments is passed over.
 */
import type { DataSet, Fragment, PixelDataExtent } from '../dicom/index.ts';
import { TAG } from './attributes.ts';
import type { PixelLimits } from './limits.ts';
import { UndisplayableError } from './undisplayable.ts';

export interface EncodedFrames {
  readonly kind: 'encapsulated';
  /** The fragments of a frame, in order. */
  fragmentsOf(index: number): readonly Fragment[];
}

type Read = (start: number, length: number) => Promise<Uint8Array>;

export async function encapsulatedFrames(
  read: Read,
  dataSet: DataSet,
  extent: PixelDataExtent,
  fragments: readonly Fragment[],
  frames: number,
  limits: PixelLimits,
): Promise<EncodedFrames> {
  if (fragments.length === 0)
    throw new UndisplayableError('pixel-data-missing', '(7FE0,0010) has no fragment');
  if (frames === 1) return split(fragments, [0]);
  if (fragments.length < frames) {
    throw new UndisplayableError('pixel-data-mismatch', `${frames} frames in ${fragments.length} fragments`);
  }
  if (fragments.length === frames)
    return split(
      fragments,
      fragments.map((_, index) => index),
    );
  const starts =
    firstFragments(extendedOffsets(dataSet), fragments, frames) ??
    firstFragments(await basicOffsets(read, extent, frames), fragments, frames) ??
    (await probe(read, fragments, frames, limits));
  return split(fragments, starts);
}

function split(fragments: readonly Fragment[], starts: readonly number[]): EncodedFrames {
  return { kind: 'encapsulated', fragmentsOf: (index) => fragments.slice(starts[index], starts[index + 1]) };
}

/** Extended Offset Table (7FE0,0001): 64-bit offsets of the first item of each frame (PS3.3 C.7.6.3.1.8). */
function extendedOffsets(dataSet: DataSet): number[] {
  const value = dataSet.value(TAG.ExtendedOffsetTable);
  if (value === undefined || value.length % 8 !== 0) return [];
  const view = new DataView(value.buffer, value.byteOffset, value.length);
  return Array.from({ length: value.length / 8 }, (_, index) => Number(view.getBigUint64(index * 8, true)));
}

/** Basic Offset Table: 32-bit offsets in the first item (PS3.5 A.4); read only when its length is that of the frames. */
async function basicOffsets(read: Read, extent: PixelDataExtent, frames: number): Promise<number[]> {
  const table = extent.basicOffsetTable;
  if (table === undefined || table.length !== frames * 4) return [];
  const value = await read(table.start, table.length);
  const view = new DataView(value.buffer, value.byteOffset, value.length);
  return Array.from({ length: frames }, (_, index) => view.getUint32(index * 4, true));
}

/** The index of the first fragment of each frame; undefined where the offsets are not those of fragments, ascending. */
function firstFragments(
  offsets: readonly number[],
  fragments: readonly Fragment[],
  frames: number,
): number[] | undefined {
  if (offsets.length !== frames || offsets[0] !== 0) return undefined;
  const base = (fragments[0] as Fragment).start;
  const starts: number[] = [];
  let at = 0;
  for (const offset of offsets) {
    while (at < fragments.length && (fragments[at] as Fragment).start - base < offset) at++;
    if (fragments[at]?.start !== base + offset || starts.at(-1) === at) return undefined;
    starts.push(at);
  }
  return starts;
}

const PROBES_AT_ONCE = 16;

/** Without a table, a frame begins where a fragment begins with the start of a JPEG or JPEG 2000 codestream. */
async function probe(
  read: Read,
  fragments: readonly Fragment[],
  frames: number,
  limits: PixelLimits,
): Promise<number[]> {
  if (fragments.length > limits.maximumProbedFragments) {
    throw new UndisplayableError(
      'too-large',
      `${fragments.length} fragments without an offset table, limit ${limits.maximumProbedFragments}`,
    );
  }
  const starts: number[] = [];
  for (let from = 0; from < fragments.length; from += PROBES_AT_ONCE) {
    const batch = fragments.slice(from, from + PROBES_AT_ONCE);
    const begins = await Promise.all(
      batch.map(async ({ start, length }) => length >= 4 && beginsCodestream(await read(start, 4))),
    );
    begins.forEach((yes, index) => {
      if (yes) starts.push(from + index);
    });
  }
  if (starts.length !== frames || starts[0] !== 0) {
    throw new UndisplayableError(
      'pixel-data-mismatch',
      `${frames} frames, ${starts.length} beginnings of one in ${fragments.length} fragments`,
    );
  }
  return starts;
}

/** SOI and a marker (ITU-T T.81 B.1), or SOC and SIZ (ISO 15444-1 A.4). */
function beginsCodestream(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0xff) return false;
  return (
    (bytes[1] === 0xd8 && bytes[2] === 0xff) || (bytes[1] === 0x4f && bytes[2] === 0xff && bytes[3] === 0x51)
  );
}
