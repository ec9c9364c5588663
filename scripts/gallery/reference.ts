/** The picture of a frame by dcmtk, with GDCM to unpack what dcmtk cannot; told to apply what the object asks for. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TAG } from '../../shared/pixels/attributes.ts';
import { decodeFrame } from '../../shared/pixels/decode.ts';
import type { ImagePixel } from '../../shared/pixels/image-pixel.ts';
import type { PreviewSource } from '../../shared/pixels/preview.ts';
import { automaticWindow } from '../../shared/pixels/render/automatic-window.ts';
import { frameScope } from '../../shared/pixels/render/functional-groups.ts';
import { modalityTransform } from '../../shared/pixels/render/modality.ts';
import { readWindow } from '../../shared/pixels/render/voi.ts';

const missing = (command: string): boolean => spawnSync(command, ['--version']).error !== undefined;

export const hasDcmtk = !missing('dcmj2pnm');
export const hasGdcm = !missing('gdcmconv');

/** One frame as dcmtk renders it, as PNG; undefined where it gives nothing. */
export async function referencePicture(
  file: string,
  source: PreviewSource,
  image: ImagePixel,
  index: number,
): Promise<Uint8Array | undefined> {
  const { codec } = source.part10.transferSyntax;
  const options = await voiOptions(source, image, index);
  const folder = mkdtempSync(join(tmpdir(), 'filmroom-reference-'));
  try {
    const raw = join(folder, 'raw.dcm');
    const unpack = codec === 'jpeg-2000' || codec === 'jpeg-ls';
    if (unpack && spawnSync('gdcmconv', ['--raw', file, raw]).status !== 0) return undefined;
    const png = join(folder, 'frame.png');
    const all = ['-q', '+Ma', '-O', '+F', String(index + 1), ...options, '+on', unpack ? raw : file, png];
    return spawnSync('dcmj2pnm', all).status === 0 ? readFileSync(png) : undefined;
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Greys of a presentation state by dcmtk, as PGM; it paints overlays of the image alone, and no annotations. */
export function referencePresentation(file: string, state: string): Uint8Array | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'filmroom-reference-'));
  try {
    const pgm = join(folder, 'frame.pgm');
    const { status } = spawnSync('dcmp2pgm', ['-q', '-p', state, file, pgm]);
    return status === 0 ? readFileSync(pgm) : undefined;
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A PGM of 8 bits, which sharp does not read. */
export function readPgm(file: Uint8Array): { width: number; height: number; pixels: Uint8Array } {
  const match = /^P5\s+(?:#.*\s+)*(\d+)\s+(\d+)\s+\d+\s/.exec(Buffer.from(file).toString('latin1'));
  if (match === null) throw new Error('not a PGM');
  return {
    width: Number(match[1]),
    height: Number(match[2]),
    pixels: file.subarray((match[0] as string).length),
  };
}

/** dcmtk applies no window unless told, and knows nothing of functional groups nor of our window for objects without one. */
async function voiOptions(source: PreviewSource, image: ImagePixel, index: number): Promise<string[]> {
  const { dataSet } = source.part10;
  if (image.samplesPerPixel > 1 || image.photometric === 'PALETTE COLOR') return ['-W'];
  const scope = frameScope(dataSet, index, TAG.FrameVOILUTSequence);
  if (scope.sequence(TAG.VOILUTSequence).length > 0) return ['+Wl', '1'];
  const window = readWindow(scope);
  if (window !== undefined) return scope === dataSet ? ['+Wi', '1'] : numbers(window);
  if (image.bitsStored <= 8) return ['-W'];
  const samples = await decodeFrame(source, image, index);
  return numbers(automaticWindow(dataSet, image, samples, modalityTransform(dataSet, index).map));
}

const numbers = ({ center, width }: { center: number; width: number }): string[] => [
  '+Ww',
  String(center),
  String(width),
];
