/** Masks an object and reads what was written, so that each test compares pictures and nothing else. */
import {
  concatSegments,
  isPixelData,
  type Part10,
  readPart10,
  splice,
  writtenTransferSyntax,
} from '../../../../shared/dicom/index.ts';
import { decodeFrame } from '../../../../shared/pixels/decode.ts';
import type { PreviewSource } from '../../../../shared/pixels/frames.ts';
import { readImagePixel } from '../../../../shared/pixels/image-pixel.ts';
import type { Mask } from '../../../../shared/pixels/mask/mask.ts';
import { maskPixels, type PixelRewrite } from '../../../../shared/pixels/mask/mask-pixels.ts';
import { type Samples, storedValue } from '../../../../shared/pixels/samples.ts';
import { sourceOf } from '../image-object.ts';

/** The object with the rewrite carried out, everything else as it was. */
export function rewritten(part10: Part10, bytes: Uint8Array, treatment: PixelRewrite): Uint8Array {
  const segments = splice(
    part10,
    {
      edit: (element, _, depth) =>
        depth === 0 && isPixelData(element.tag) ? treatment.rewrite : { kind: 'keep' },
      add: (_, depth) => (depth === 0 ? treatment.attributes : []),
    },
    {
      mediaStorageSopClassUid: '1.2.840.10008.5.1.4.1.1.7',
      mediaStorageSopInstanceUid: '1.2.3',
      transferSyntaxUid: treatment.transferSyntaxUid ?? writtenTransferSyntax(part10).uid,
      implementationClassUid: '1.2.3',
      implementationVersionName: 'TEST',
    },
  );
  return concatSegments(segments, bytes);
}

/** The object masked, as bytes. */
export async function masked(bytes: Uint8Array, masks: readonly Mask[]): Promise<Uint8Array> {
  const part10 = readPart10(bytes);
  const source = {
    part10,
    read: async (start: number, length: number) => bytes.subarray(start, start + length),
  };
  return rewritten(part10, bytes, (await maskPixels(source, masks)).treatment);
}

/** The stored values of a frame. */
export async function valuesOf(
  bytes: Uint8Array,
  frame = 0,
): Promise<{ values: number[]; samples: Samples }> {
  const source: PreviewSource = sourceOf(bytes);
  const samples = await decodeFrame(source, readImagePixel(source.part10.dataSet), frame);
  const values = Array.from(samples.data, (cell) =>
    samples.kind === 'cells' ? storedValue(cell, samples) : cell,
  );
  return { values, samples };
}

/** The values with a rectangle filled. */
export function filled(
  { values, samples }: Awaited<ReturnType<typeof valuesOf>>,
  { x, y, width, height }: Mask,
  black: readonly number[],
): number[] {
  return values.map((value, at) => {
    const pixel = Math.floor(at / samples.channels);
    const column = pixel % samples.width;
    const row = Math.floor(pixel / samples.width);
    const inside = column >= x && column < x + width && row >= y && row < y + height;
    return inside ? (black[at % samples.channels] as number) : value;
  });
}
