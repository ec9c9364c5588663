/**
 * Overlay planes (60xx; PS3.3 C.9.2, PS3.5 8.1.2): one bit a pixel, in Overlay Data or, in old objects, in bits of the pixel
 * words that the stored value leaves free. They are painted on request alone, as they may hold text.
 */
import type { DataSet } from '../../dicom/index.ts';
import { TAG } from '../attributes.ts';
import type { ImagePixel } from '../image-pixel.ts';
import type { Raster } from '../raster.ts';
import type { Samples } from '../samples.ts';
import { wordsOf } from './lookup-table.ts';

/** The set bits of an overlay for one frame, as pixels of the image counted from 0. */
export interface OverlayPlane {
  /** 0x00 to 0x1e: the low byte of its group, which presentation states refer to. */
  readonly group: number;
  /** A region of interest, painted so that the image stays visible below it; else graphics. */
  readonly isRegion: boolean;
  readonly forEach: (visit: (x: number, y: number) => void) => void;
}

/** The sixteen groups 6000 to 601E. */
const GROUPS = Array.from({ length: 16 }, (_, index) => index * 2);

/** The tag of an attribute of group 6000 in another overlay group. */
export const inGroup = (tag: number, group: number): number => tag + group * 0x10000;

/** The overlays of a frame; planes whose description contradicts itself are passed over. */
export function readOverlays(
  dataSet: DataSet,
  index: number,
  embedded?: { readonly image: ImagePixel; readonly samples: Samples },
): OverlayPlane[] {
  return GROUPS.flatMap((group) => readOverlay(dataSet, group, index, embedded) ?? []);
}

function readOverlay(
  dataSet: DataSet,
  group: number,
  index: number,
  embedded: { readonly image: ImagePixel; readonly samples: Samples } | undefined,
): OverlayPlane | undefined {
  const number = (tag: number) => dataSet.number(inGroup(tag, group));
  const rows = number(TAG.OverlayRows) ?? 0;
  const columns = number(TAG.OverlayColumns) ?? 0;
  if (rows < 1 || columns < 1) return undefined;
  const [top = 1, left = 1] = dataSet.numbers(inGroup(TAG.OverlayOrigin, group));
  const isRegion = dataSet.strings(inGroup(TAG.OverlayType, group))[0] === 'R';
  const element = dataSet.get(inGroup(TAG.OverlayData, group));
  const value = dataSet.value(inGroup(TAG.OverlayData, group));
  if (element !== undefined && value !== undefined && value.length > 0) {
    const frame = frameOfOverlay(dataSet, group, index);
    if (frame === undefined) return undefined;
    const bits = element.encoding.bigEndian ? new Uint8Array(wordsOf(value, true).buffer) : value;
    const first = frame * rows * columns;
    return {
      group,
      isRegion,
      forEach: (visit) =>
        visitBits(bits, first, rows * columns, (at) => {
          visit(left - 1 + (at % columns), top - 1 + Math.floor(at / columns));
        }),
    };
  }
  const bit = number(TAG.OverlayBitPosition);
  if (embedded === undefined || bit === undefined) return undefined;
  return embeddedPlane(embedded, bit, { group, isRegion });
}

/** Which frame of a multi-frame overlay lies over a frame of the image; one without frames lies over all (PS3.3 C.9.2.1.4). */
function frameOfOverlay(dataSet: DataSet, group: number, index: number): number | undefined {
  const frames = dataSet.number(inGroup(TAG.NumberOfFramesInOverlay, group));
  if (frames === undefined) return 0;
  const frame = index - ((dataSet.number(inGroup(TAG.ImageFrameOrigin, group)) ?? 1) - 1);
  return frame >= 0 && frame < frames ? frame : undefined;
}

/** Bits run from the least significant of each byte on; bytes without any are passed over whole. */
function visitBits(bits: Uint8Array, first: number, count: number, visit: (at: number) => void): void {
  const end = Math.min(first + count, bits.length * 8);
  for (let bit = first; bit < end; ) {
    const byte = bits[bit >> 3] as number;
    if (byte === 0) {
      bit = (bit | 7) + 1;
      continue;
    }
    if ((byte >> (bit & 7)) & 1) visit(bit - first);
    bit++;
  }
}

/** A plane in the pixel words; only where words kept the bits, which no codec of 8 or 12 bits does. */
function embeddedPlane(
  { image, samples }: { readonly image: ImagePixel; readonly samples: Samples },
  bit: number,
  plane: Pick<OverlayPlane, 'group' | 'isRegion'>,
): OverlayPlane | undefined {
  const stored = samples.kind === 'cells' && bit >= samples.shift && bit < samples.shift + samples.bitsStored;
  if (samples.kind !== 'cells' || stored || bit >= image.bitsAllocated) return undefined;
  if (samples.width !== image.columns || samples.channels !== 1) return undefined;
  const { data, width } = samples;
  return {
    ...plane,
    forEach: (visit) => {
      for (let at = 0; at < data.length; at++) {
        if (((data[at] as number) >> bit) & 1) visit(at % width, Math.floor(at / width));
      }
    },
  };
}

export type Rgb = readonly [red: number, green: number, blue: number];
/** A region covers what it marks; at this strength both are seen. */
const REGION_STRENGTH = 0.45;

/** Paints planes over a raster of the image, which may be smaller than the image. */
export function paintOverlay(raster: Raster, image: ImagePixel, plane: OverlayPlane, colour: Rgb): Raster {
  const isGrey = colour[0] === colour[1] && colour[1] === colour[2];
  const painted = isGrey ? { ...raster, data: raster.data.slice() } : toTriplets(raster);
  const { width, height, channels, data } = painted;
  const cover = coverage(raster, image, plane);
  const strength = plane.isRegion ? REGION_STRENGTH : 1;
  for (let at = 0; at < width * height; at++) {
    const alpha = (cover[at] as number) * strength;
    if (alpha === 0) continue;
    for (let channel = 0; channel < channels; channel++) {
      const to = at * channels + channel;
      data[to] = Math.round((data[to] as number) * (1 - alpha) + (colour[channel] as number) * alpha);
    }
  }
  return painted;
}

/** How much of each raster pixel is covered: a line of one pixel covers those it crosses however far the image is reduced. */
function coverage({ width, height }: Raster, image: ImagePixel, { forEach }: OverlayPlane): Float32Array {
  const cover = new Float32Array(width * height);
  const [across, down] = [width / image.columns, height / image.rows];
  const share = Math.max(across, down);
  forEach((x, y) => {
    if (x < 0 || y < 0 || x >= image.columns || y >= image.rows) return;
    const at = Math.floor(y * down) * width + Math.floor(x * across);
    cover[at] = Math.min(1, (cover[at] as number) + share);
  });
  return cover;
}

function toTriplets(raster: Raster): Raster & { readonly channels: 3 } {
  const { width, height, channels, data } = raster;
  const triplets = new Uint8Array(width * height * 3);
  for (let at = 0; at < triplets.length; at++) {
    triplets[at] = data[channels === 3 ? at : Math.floor(at / 3)] as number;
  }
  return { ...raster, channels: 3, data: triplets };
}
