/** Frames decoded by dcmtk and GDCM, where they are installed: stored values beside ours. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import type { Codec } from '../../../shared/dicom/index.ts';
import { readPart10 } from '../../../shared/dicom/index.ts';
import { decodeFrame } from '../../../shared/pixels/decode.ts';
import type { PreviewSource } from '../../../shared/pixels/frames.ts';
import { readImagePixel } from '../../../shared/pixels/image-pixel.ts';
import { storedValue } from '../../../shared/pixels/samples.ts';

const present = (command: string): boolean => spawnSync(command, ['--version']).error === undefined;
export const hasNativeDecoders = ['gdcmconv', 'dcmdjpeg', 'dcmdjpls', 'dcmdrle', 'dcmconv'].every(present);
export const hasDcmtkEncoder = present('dcmcjpeg');

const BY_DCMTK: Readonly<Partial<Record<Codec, string>>> = {
  'jpeg-baseline': 'dcmdjpeg',
  'jpeg-extended': 'dcmdjpeg',
  'jpeg-lossless': 'dcmdjpeg',
  'jpeg-ls': 'dcmdjpls',
  rle: 'dcmdrle',
  native: 'dcmconv',
};

/** What each tool that knows the codec turns the file into; `scratch` is a file to write to. */
export function* nativelyDecoded(
  file: string,
  codec: Codec,
  scratch: string,
): Generator<{ readonly tool: string; readonly source: PreviewSource }> {
  const dcmtk = BY_DCMTK[codec];
  const options = dcmtk === 'dcmconv' ? ['+te'] : [];
  const calls: [string, string[]][] = [['gdcmconv', ['--raw', file, scratch]]];
  if (dcmtk !== undefined) calls.unshift([dcmtk, [...options, file, scratch]]);
  for (const [tool, parameters] of calls) {
    rmSync(scratch, { force: true });
    const { status } = spawnSync(tool, parameters, { timeout: 60_000 });
    if (status === 0 && existsSync(scratch)) yield { tool, source: sourceOfBytes(readFileSync(scratch)) };
  }
}

export function sourceOfBytes(bytes: Uint8Array): PreviewSource {
  return {
    part10: readPart10(bytes),
    read: async (start, length) => bytes.subarray(start, start + length),
  };
}

/** Stored values of a frame. */
export async function storedValues(source: PreviewSource, index = 0): Promise<Float64Array> {
  const samples = await decodeFrame(source, readImagePixel(source.part10.dataSet), index);
  return Float64Array.from(samples.data, (cell) =>
    samples.kind === 'cells' ? storedValue(cell, samples) : cell,
  );
}

/** The greatest difference of two frames; undefined where they are not of one size. */
export function greatestDifference(one: Float64Array, other: Float64Array): number | undefined {
  if (one.length !== other.length) return undefined;
  return one.reduce((most, value, at) => Math.max(most, Math.abs(value - (other[at] as number))), 0);
}
