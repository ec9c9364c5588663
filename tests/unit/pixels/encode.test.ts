import { afterAll, describe, expect, it } from 'vitest';
import type { Codec } from '../../../shared/dicom/index.ts';
import { stopCodecWorker } from '../../../shared/pixels/codecs/codec-worker.ts';
import { ENCODERS, encodeFrame } from '../../../shared/pixels/codecs/encode.ts';
import { DECODERS } from '../../../shared/pixels/decode.ts';
import { readImagePixel } from '../../../shared/pixels/image-pixel.ts';
import type { CellSamples } from '../../../shared/pixels/samples.ts';
import { type ImageDescription, imageSource, TRANSFER_SYNTAX_OF } from './image-object.ts';
import { decode, valuesOf } from './stored-values.ts';

afterAll(stopCodecWorker);

const ROWS = 21;
const COLUMNS = 35;

/** Noise of so many bits: no codec gets away with guessing. */
function noise(image: ImageDescription): CellSamples {
  const { samplesPerPixel = 1, bitsAllocated = 8, bitsStored = bitsAllocated, signed = false } = image;
  const count = ROWS * COLUMNS * samplesPerPixel;
  const data = bitsAllocated > 8 ? new Uint16Array(count) : new Uint8Array(count);
  for (let at = 0; at < count; at++) data[at] = (Math.imul(at + 1, 2654435761) >>> 9) & (2 ** bitsStored - 1);
  const colour = samplesPerPixel === 1 ? 'grey' : image.photometric === 'YBR_FULL' ? 'ybr-full' : 'rgb';
  const channels = samplesPerPixel as 1 | 3;
  return {
    kind: 'cells',
    width: COLUMNS,
    height: ROWS,
    channels,
    colour,
    bitsStored,
    shift: 0,
    signed,
    data,
  };
}

const greys = [
  [8, 1, false],
  [8, 8, false],
  [8, 8, true],
  [16, 10, false],
  [16, 12, true],
  [16, 16, false],
  [16, 16, true],
] as const;
const depths = greys.map(([bitsAllocated, bitsStored, signed]) => ({
  name: `${bitsStored} bits${signed ? ' signed' : ''}`,
  image: { rows: ROWS, columns: COLUMNS, bitsAllocated, bitsStored, signed },
}));
const colours = ['RGB', 'YBR_FULL', 'YBR_RCT'].map((photometric) => ({
  name: photometric,
  image: { rows: ROWS, columns: COLUMNS, samplesPerPixel: 3, photometric, planar: 0 },
}));

describe.each(Object.keys(ENCODERS) as Codec[])('what is encoded as %s', (codec) => {
  const described = (image: ImageDescription): ImageDescription => ({
    ...image,
    vr: 'OB',
    transferSyntax: TRANSFER_SYNTAX_OF[codec] as string,
  });

  it.each([...depths, ...colours])('decodes to the very same values, $name', async ({ image }) => {
    const samples = noise(image);
    const header = imageSource(described(image), undefined).part10.dataSet;

    const encoded = await encodeFrame(codec, samples, readImagePixel(header));
    const decoded = await decode(imageSource(described(image), { fragments: [encoded] }));

    expect(encoded.length % 2).toBe(0);
    expect(valuesOf(decoded)).toEqual(valuesOf(samples));
    expect(decoded.colour).toBe(samples.colour);
  });

  it.each([0, 1, 4095])('gives a frame of nothing but %i back', async (value) => {
    const image = described({ rows: ROWS, columns: COLUMNS, bitsAllocated: 16, bitsStored: 12 });
    const samples = noise(image);
    const data = samples.data.map(() => value);
    const header = imageSource(image, undefined).part10.dataSet;

    const encoded = await encodeFrame(codec, { ...samples, data }, readImagePixel(header));
    const decoded = await decode(imageSource(image, { fragments: [encoded] }));

    expect(Array.from(decoded.data)).toEqual(Array.from(data));
  });

  it('keeps an overlay that lies above the values', async () => {
    const image = described({ rows: ROWS, columns: COLUMNS, bitsAllocated: 16, bitsStored: 12 });
    const samples = noise(image);
    const data = samples.data.map((cell, at) => (at % 5 === 0 ? cell | 0x8000 : cell));
    const header = imageSource(image, undefined).part10.dataSet;

    const encoded = await encodeFrame(codec, { ...samples, data }, readImagePixel(header));
    const decoded = await decode(imageSource(image, { fragments: [encoded] }));

    expect(Array.from(decoded.data)).toEqual(Array.from(data));
  });
});

describe('what no encoder takes is refused', () => {
  it.each(['jpeg-baseline', 'jpeg-extended', 'mpeg', 'none', 'native'] as const)('%s', async (codec) => {
    const image = { rows: ROWS, columns: COLUMNS };
    const { dataSet } = imageSource(image, undefined).part10;

    await expect(encodeFrame(codec, noise(image), readImagePixel(dataSet))).rejects.toMatchObject({
      reason: 'unsupported-transfer-syntax',
    });
  });

  it.each(['jpeg-2000', 'htj2k'] as const)('colours of 12 bits in %s', async (codec) => {
    const image = {
      rows: ROWS,
      columns: COLUMNS,
      samplesPerPixel: 3,
      photometric: 'RGB',
      bitsAllocated: 16,
      bitsStored: 12,
    };
    const { dataSet } = imageSource(image, undefined).part10;

    await expect(encodeFrame(codec, noise(image), readImagePixel(dataSet))).rejects.toMatchObject({
      reason: 'unsupported-pixel-format',
    });
  });

  it('every encoder has its decoder', () => {
    for (const codec of Object.keys(ENCODERS)) expect(DECODERS[codec as Codec]).toBeDefined();
  });
});
