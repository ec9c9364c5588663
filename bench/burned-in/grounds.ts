/**
 * Pictures without text, to plant text on and to count false boxes in: real frames of ../shared/corpus that were looked at,
 * and noise as an ultrasound device and a detector make it.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readPart10 } from '../../shared/dicom/index.ts';
import { decodeFrame } from '../../shared/pixels/decode.ts';
import { readImagePixel } from '../../shared/pixels/image-pixel.ts';
import { renderFrame } from '../../shared/pixels/render/render.ts';
import type { Picture } from '../../shared/pixels/text/find-text.ts';
import { randomOf } from './planted-text.ts';

export interface Ground {
  readonly name: string;
  /** CT and MR: recognition may excuse a box. */
  readonly excuseByReading: boolean;
  readonly picture: Picture;
}

export const CORPUS = fileURLToPath(new URL('../../../shared/corpus/', import.meta.url));

const numbered = (from: number, to: number, name: (number: string) => string, digits: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => name(String(from + index).padStart(digits, '0')));

/** Slices of CT and MR; nothing is written on them. */
export const PLAIN_SLICES: readonly string[] = [
  '01-transfer-syntax/ct-family/CTImage.dcm_LittleEndianExplicitTransferSyntax_1.2.840.10008.1.2.1.dcm',
  '01-transfer-syntax/fragments-bot/CT0012.not_fragmented_bot_rle.dcm',
  '01-transfer-syntax/fragments-bot/D_CLUNIE_CT1_RLE_FRAGS.dcm',
  ...numbered(1, 20, (number) => `02-series/ct-ge-20/${number}.dcm`, 2),
  ...numbered(180, 199, (number) => `02-series/mr-20/N2D_${number}.dcm`, 4),
  '03-modality/HasFragmentSequence.dcm',
  '03-modality/MOVEKNEE.dcm',
  '03-modality/liver.dcm',
  '03-modality/mr_brucker.dcm',
  '06-no-preamble/GH340.dcm',
  '07-malformed/J2K_pixelrep_mismatch.dcm',
  '07-malformed/explicit_VR-UN.dcm',
  '07-malformed/invalid-vr-length-test.dcm',
];

/** Other kinds without a letter in them: radiographs, PET, a slide, colour Doppler, a test pattern, a photograph. */
export const PLAIN_OTHERS: readonly string[] = [
  '01-transfer-syntax/colour-family/TestPattern_JPEG-Baseline_YBR422.dcm',
  '03-modality/color-pl.dcm',
  '03-modality/dx_image.dcm',
  '03-modality/multiframe.dcm',
  '05-burned-in-phi/RGB_ORIGINAL.dcm',
  '05-burned-in-phi/image1.dcm',
  '06-no-preamble/CR-MONO1-10-chest',
];

/** A frame of a file as it is rendered at its full size: the middle one. */
export async function renderFile(path: string): Promise<Picture> {
  const bytes = readFileSync(path);
  const part10 = readPart10(bytes);
  const source = {
    part10,
    read: async (start: number, length: number) => bytes.subarray(start, start + length),
  };
  const image = readImagePixel(part10.dataSet);
  const index = Math.floor(image.frames / 2);
  return renderFrame(part10.dataSet, image, await decodeFrame(source, image, index), index);
}

/** The real grounds that are at hand. */
export async function realGrounds(): Promise<Ground[]> {
  const grounds: Ground[] = [];
  for (const [paths, excuseByReading] of [
    [PLAIN_SLICES, true],
    [PLAIN_OTHERS, false],
  ] as const) {
    for (const path of paths.filter((name) => existsSync(CORPUS + name))) {
      grounds.push({ name: path, excuseByReading, picture: await renderFile(CORPUS + path) });
    }
  }
  return grounds;
}

/** A sector of speckle on black, as ultrasound shows it. */
export function speckle(width: number, height: number, seed: number): Picture {
  const random = randomOf(seed);
  const data = new Uint8Array(width * height);
  // One draw in four pixels, spread along the row: speckle is longer across the beam.
  let value = 0;
  for (let at = 0; at < data.length; at++) {
    if (at % 3 === 0) value = Math.sqrt(-2 * Math.log(1 - random()));
    const [x, y] = [(at % width) - width / 2, Math.floor(at / width)];
    const inSector = Math.abs(Math.atan2(x, y + 40)) < 0.6 && Math.hypot(x, y) < 0.9 * height;
    const level = inSector ? value * (30 + 25 * Math.sin(y / 37 + x / 90)) : 2 * value;
    data[at] = Math.max(0, Math.min(255, Math.round(level)));
  }
  return { width, height, channels: 1, data };
}

/** A gradient with the noise of a detector, grey or in colour. */
export function noise(width: number, height: number, seed: number, channels: 1 | 3 = 1): Picture {
  const random = randomOf(seed);
  const data = new Uint8Array(width * height * channels);
  for (let at = 0; at < data.length; at++) {
    const pixel = Math.floor(at / channels);
    const slope = 40 + (150 * (pixel % width)) / width;
    const deviation = (random() + random() + random() - 1.5) * 24;
    data[at] = Math.max(0, Math.min(255, Math.round(slope + deviation)));
  }
  return { width, height, channels, data };
}

/** Colours of a Doppler map: towards the probe, away from it, and where the flow is turbulent. */
const FLOW = [
  [180, 20, 20],
  [240, 120, 20],
  [250, 230, 60],
  [20, 30, 180],
  [30, 130, 240],
  [60, 230, 240],
  [40, 200, 60],
] as const;
const SPECK = 3;

/** A jet of colour Doppler over a sector of speckle: where it is, and the picture. */
export function colourFlow(
  width: number,
  height: number,
  seed: number,
): { picture: Picture; jet: { left: number; top: number; width: number; height: number } } {
  const grey = speckle(width, height, seed);
  const random = randomOf(seed);
  const jet = { left: width >> 2, top: height >> 2, width: width >> 1, height: height >> 1 };
  const data = new Uint8Array(width * height * 3);
  const specks = new Map<number, readonly [number, number, number]>();
  for (let at = 0; at < width * height; at++) {
    const [x, y] = [at % width, Math.floor(at / width)];
    const across = (2 * (x - jet.left)) / jet.width - 1;
    const down = (2 * (y - jet.top)) / jet.height - 1;
    const inJet = across ** 2 + down ** 2 < 1;
    const speck = Math.floor(y / SPECK) * width + Math.floor(x / SPECK);
    if (!specks.has(speck)) specks.set(speck, FLOW[Math.floor(random() * FLOW.length)] ?? FLOW[0]);
    const colour = specks.get(speck) ?? FLOW[0];
    const dimmed = 0.7 + 0.3 * random();
    for (let channel = 0; channel < 3; channel++)
      data[3 * at + channel] = inJet
        ? Math.round((colour[channel] as number) * dimmed)
        : (grey.data[at] as number);
  }
  return { picture: { width, height, channels: 3, data }, jet };
}
