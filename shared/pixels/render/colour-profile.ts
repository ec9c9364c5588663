/**
 * The ICC profile of an image (PS3.3 C.11.15), also in the optical path of a whole slide (C.8.12.5). What does not begin as an input,
 * display or colour space profile for RGB does is passed over: the picture is then shown as if it were sRGB.
 */
import type { DataSet } from '../../dicom/index.ts';
import { TAG } from '../attributes.ts';
import { frameScope } from './functional-groups.ts';

/** Scanners write tables of up to 2 MB; the profile is copied beside the picture. */
const MAXIMUM_BYTES = 8 * 2 ** 20;
const HEADER_BYTES = 128;
const CLASSES: ReadonlySet<string> = new Set(['scnr', 'mntr', 'spac', 'prtr']);

/** The profile that the RGB values of a frame are to be read by; undefined where they are sRGB already or none is valid. */
export function readColourProfile(dataSet: DataSet, index = 0): Uint8Array | undefined {
  const scope = dataSet.has(TAG.ICCProfile) ? dataSet : (opticalPath(dataSet, index) ?? dataSet);
  if (scope.strings(TAG.ColorSpace)[0] === 'SRGB') return undefined;
  const value = scope.value(TAG.ICCProfile);
  return value !== undefined && isRgbProfile(value) ? value : undefined;
}

/** The optical path that a frame was taken through; the first where the frame names none. */
function opticalPath(dataSet: DataSet, index: number): DataSet | undefined {
  const paths = dataSet.sequence(TAG.OpticalPathSequence);
  const scope = frameScope(dataSet, index, TAG.OpticalPathIdentificationSequence);
  const named = scope.strings(TAG.OpticalPathIdentifier)[0];
  return paths.find((path) => path.strings(TAG.OpticalPathIdentifier)[0] === named) ?? paths[0];
}

/** By its header (ICC.1, 7.2): its size, class, colour space and signature. */
export function isRgbProfile(profile: Uint8Array): boolean {
  if (profile.length <= HEADER_BYTES || profile.length > MAXIMUM_BYTES) return false;
  const header = Buffer.from(profile.buffer, profile.byteOffset, HEADER_BYTES);
  const word = (at: number) => header.toString('latin1', at, at + 4);
  const size = header.readUInt32BE(0);
  return (
    size > HEADER_BYTES &&
    size <= profile.length &&
    word(36) === 'acsp' &&
    word(16) === 'RGB ' &&
    CLASSES.has(word(12))
  );
}
