/** An RGB raster with its ICC profile as TIFF without compression (TIFF 6.0; ICC.1 Annex B.4): how a library is told of a profile. */
import type { Raster } from '../raster.ts';

const HEADER = 8;
const ENTRY = 12;
const SHORT = 3;
const LONG = 4;
const UNDEFINED = 7;

/** The file; its pixels are copied once. */
export function tiffWithProfile({ width, height, data }: Raster, profile: Uint8Array): Buffer {
  const entries = 10;
  const bits = HEADER + 2 + entries * ENTRY + 4;
  const profileAt = bits + 8;
  const pixelsAt = profileAt + profile.length + (profile.length % 2);
  const file = Buffer.alloc(pixelsAt + data.length);
  file.write('II*\0', 0, 'latin1');
  file.writeUInt32LE(HEADER, 4);
  file.writeUInt16LE(entries, HEADER);
  const directory: readonly (readonly [tag: number, type: number, count: number, value: number])[] = [
    [256, LONG, 1, width],
    [257, LONG, 1, height],
    [258, SHORT, 3, bits],
    [259, SHORT, 1, 1],
    [262, SHORT, 1, 2],
    [273, LONG, 1, pixelsAt],
    [277, SHORT, 1, 3],
    [278, LONG, 1, height],
    [279, LONG, 1, data.length],
    [34675, UNDEFINED, profile.length, profileAt],
  ];
  directory.forEach(([tag, type, count, value], index) => {
    const at = HEADER + 2 + index * ENTRY;
    file.writeUInt16LE(tag, at);
    file.writeUInt16LE(type, at + 2);
    file.writeUInt32LE(count, at + 4);
    file.writeUInt32LE(value, at + 8);
  });
  for (let channel = 0; channel < 3; channel++) file.writeUInt16LE(8, bits + 2 * channel);
  file.set(profile, profileAt);
  file.set(data, pixelsAt);
  return file;
}
