/**
 * Clears overlays that lie in unused bits of native pixel words (PS3.5 8.1.2, retired): exactly the bits that the groups 60xx
 * name, in every sample. A bit within Bits Stored belongs to the picture; such an overlay is not touched, and refused elsewhere.
 */
import type { DataSet, Part10 } from '../../dicom/index.ts';
import { type EmbeddedOverlay, embeddedOverlays } from '../overlays.ts';
import type { PixelEdits } from './pixel-edits.ts';

const BITS_ALLOCATED = 0x00280100;
const BITS_STORED = 0x00280101;
const HIGH_BIT = 0x00280102;
const PIXEL_DATA = 0x7fe00010;

/** The edit that clears all overlays in the pixel words; undefined where there is none or one cannot be cleared. */
export function overlayBitEdits(part10: Part10): PixelEdits | undefined {
  const { dataSet, pixelData, transferSyntax, encoding } = part10;
  const overlays = embeddedOverlays(dataSet);
  if (overlays.length === 0 || pixelData === undefined) return undefined;
  if (transferSyntax.encapsulated || pixelData.fragments || pixelData.element.tag !== PIXEL_DATA)
    return undefined;
  const bits = clearableBits(dataSet, overlays);
  if (bits === undefined) return undefined;
  const { element } = pixelData;
  const start = pixelData.start + element.valueStart - element.start;
  const length = element.valueEnd - element.valueStart;
  // Writers disagree about how long words lie in words of big endian (PS3.5 7.3).
  if (encoding.bigEndian && bits.allocated > 16) return undefined;
  const mask = maskOf(bits.allocated, bits.cleared, encoding.bigEndian);
  return { ranges: [{ start, length }], through: (bytes, at) => masked(bytes, at - start, mask, length) };
}

/** Bits Allocated, and the bits that the overlays name; undefined where they cannot be cleared without harm to the picture. */
function clearableBits(
  dataSet: DataSet,
  overlays: readonly EmbeddedOverlay[],
): { readonly allocated: number; readonly cleared: number } | undefined {
  const allocated = dataSet.number(BITS_ALLOCATED) ?? 0;
  const stored = dataSet.number(BITS_STORED) ?? 0;
  const highBit = dataSet.number(HIGH_BIT) ?? stored - 1;
  if (![8, 16, 32].includes(allocated) || stored < 1 || highBit >= allocated || highBit < stored - 1)
    return undefined;
  let cleared = 0;
  for (const { bitPosition } of overlays) {
    const isUnused = bitPosition > highBit || bitPosition <= highBit - stored;
    if (bitPosition < 0 || bitPosition >= allocated || !isUnused) return undefined;
    cleared |= 1 << bitPosition;
  }
  return { allocated, cleared };
}

/** Four bytes that repeat: what stays of each, in the order in which they are stored. */
function maskOf(allocated: number, cleared: number, bigEndian: boolean): Uint8Array {
  const unit = allocated / 8;
  return Uint8Array.from({ length: 4 }, (_, index) => {
    const within = index % unit;
    const byte = bigEndian ? unit - 1 - within : within;
    return ~(cleared >>> (8 * byte)) & 0xff;
  });
}

/** Bytes of the value from `offset` under the mask; what lies outside of the value is left alone. */
function masked(bytes: Uint8Array, offset: number, mask: Uint8Array, valueLength: number): Uint8Array {
  const out = new Uint8Array(bytes);
  const from = Math.max(0, -offset);
  const to = Math.max(from, Math.min(out.length, valueLength - offset));
  const byteMask = (at: number) => mask[(offset + at) & 3] as number;
  const wordsFrom = Math.min(to, (from + 3) & ~3);
  const wordCount = (to - wordsFrom) >> 2;
  for (let at = from; at < wordsFrom; at++) out[at] = (out[at] as number) & byteMask(at);
  const wordMask = new Uint32Array(
    Uint8Array.from([0, 1, 2, 3], (at) => byteMask(wordsFrom + at)).buffer,
  )[0] as number;
  const words = new Uint32Array(out.buffer, wordsFrom, wordCount);
  for (let at = 0; at < wordCount; at++) words[at] = (words[at] as number) & wordMask;
  for (let at = wordsFrom + 4 * wordCount; at < to; at++) out[at] = (out[at] as number) & byteMask(at);
  return out;
}
