/** Masked frames of encapsulated pixels: what is touched is written anew without loss, what is not stays the bytes it was. */
import { afterAll, describe, expect, it } from 'vitest';
import { readPart10 } from '../../../../shared/dicom/index.ts';
import { TAG } from '../../../../shared/pixels/attributes.ts';
import { stopCodecWorker } from '../../../../shared/pixels/codecs/codec-worker.ts';
import { encodeJpeg, encodeJpeg2000, encodeJpegLs, encodeRle, type PlainFrame } from '../encoders.ts';
import { imageBytes, JPEG_2000, JPEG_BASELINE, JPEG_LS, JPEG_LS_NEAR, RLE } from '../image-object.ts';
import { filled, masked, valuesOf } from './masking.ts';

const SIDE = 64;
const MASK = { x: 10, y: 12, width: 20, height: 9 };

afterAll(stopCodecWorker);

function frame(seed: number, bits: number): PlainFrame {
  const data = bits > 8 ? new Uint16Array(SIDE * SIDE) : new Uint8Array(SIDE * SIDE);
  for (let at = 0; at < data.length; at++)
    data[at] = ((at % SIDE) * 13 + Math.floor(at / SIDE) * seed * 7) % 2 ** bits;
  return { width: SIDE, height: SIDE, components: 1, bits, bytes: new Uint8Array(data.buffer) };
}

async function object(
  transferSyntax: string,
  bits: number,
  encode: (frame: PlainFrame) => Promise<Uint8Array>,
): Promise<Uint8Array> {
  const fragments = await Promise.all([1, 2, 3].map((seed) => encode(frame(seed, bits))));
  const allocated = bits > 8 ? 16 : 8;
  const image = { rows: SIDE, columns: SIDE, bitsAllocated: allocated, bitsStored: bits, frames: 3 };
  return imageBytes({ ...image, transferSyntax, vr: 'OB' }, { fragments });
}

const evened = (bytes: Uint8Array) => (bytes.length % 2 === 0 ? bytes : Uint8Array.from([...bytes, 0]));

const KINDS = [
  ['RLE', RLE, 8, async ({ bytes }: PlainFrame) => encodeRle([bytes])],
  ['JPEG-LS', JPEG_LS, 12, encodeJpegLs],
  ['JPEG-LS near-lossless', JPEG_LS_NEAR, 8, (plain: PlainFrame) => encodeJpegLs(plain, { near: 2 })],
  ['JPEG 2000', JPEG_2000, 12, encodeJpeg2000],
] as const;

describe('masks over encapsulated frames', () => {
  it.each(KINDS)('lose nothing outside: %s', async (_, syntax, bits, encode) => {
    const bytes = await object(syntax, bits, encode as (frame: PlainFrame) => Promise<Uint8Array>);
    const written = await masked(bytes, [MASK]);
    for (const index of [0, 1, 2]) {
      const after = await valuesOf(written, index);
      expect(after.values).toEqual(filled(await valuesOf(bytes, index), MASK, [0]));
    }
  });

  it('keep the fragments of frames that no mask names', async () => {
    const bytes = await object(RLE, 8, async ({ bytes: plane }) => encodeRle([plane]));
    const before = readPart10(bytes).pixelData?.fragments ?? [];
    const written = await masked(bytes, [{ ...MASK, frame: 1 }]);
    const after = readPart10(written).pixelData?.fragments ?? [];
    expect(after).toHaveLength(3);
    for (const index of [0, 2]) {
      const [from, to] = [before[index], after[index]];
      if (from === undefined || to === undefined) throw new Error('a fragment is missing');
      expect(written.subarray(to.start, to.start + to.length)).toEqual(
        bytes.subarray(from.start, from.start + from.length),
      );
    }
  });

  it('give an extended offset table its new offsets and lengths', async () => {
    const fragments = [1, 2].map((seed) => evened(encodeRle([frame(seed, 8).bytes])));
    const table = (...values: number[]) => new Uint8Array(BigUint64Array.from(values, BigInt).buffer);
    const [first = new Uint8Array(), second = new Uint8Array()] = fragments;
    const bytes = imageBytes(
      {
        rows: SIDE,
        columns: SIDE,
        frames: 2,
        transferSyntax: RLE,
        more: [
          { tag: TAG.ExtendedOffsetTable, vr: 'OV', value: table(0, first.length + 8) },
          { tag: TAG.ExtendedOffsetTableLengths, vr: 'OV', value: table(first.length, second.length) },
        ],
      },
      { fragments },
    );
    const { dataSet, pixelData } = readPart10(await masked(bytes, [MASK]));
    const starts = (pixelData?.fragments ?? []).map(({ start }) => start);
    const value = Uint8Array.from(dataSet.value(TAG.ExtendedOffsetTable) ?? []);
    expect([...new BigUint64Array(value.buffer)].map(Number)).toEqual(
      starts.map((start) => start - (starts[0] as number)),
    );
    expect(pixelData?.basicOffsetTable?.length).toBe(0);
  });

  it('mask JPEG among its coefficients, in the same transfer syntax', async () => {
    const bytes = await object(JPEG_BASELINE, 8, (plain) => encodeJpeg(plain));
    const written = await masked(bytes, [MASK]);
    expect(readPart10(written).transferSyntax.uid).toBe(JPEG_BASELINE);
    const [before, after] = [await valuesOf(bytes, 2), await valuesOf(written, 2)];
    expect(after.values[15 * SIDE + 15]).toBe(0);
    expect(after.values.slice(40 * SIDE)).toEqual(before.values.slice(40 * SIDE));
  });

  it.each([
    ['that is damaged', JPEG_LS],
    ['of a codec that is not known', '1.2.840.10008.1.2.4.103'],
  ])('are refused on a frame %s', async (_, transferSyntax) => {
    const bytes = imageBytes(
      { rows: SIDE, columns: SIDE, transferSyntax },
      { fragments: [Uint8Array.from({ length: 64 }, (_, at) => at)] },
    );
    await expect(masked(bytes, [MASK])).rejects.toMatchObject({ reason: 'burned-in-annotation' });
  });
});
