/** PALETTE COLOR (PS3.3 C.7.6.3.1.5, C.7.9): tables of 8 or 16 bits, plain or in segments, to 8-bit RGB. */
import type { DataSet } from '../../dicom/index.ts';
import { TAG } from '../attributes.ts';
import type { ImagePixel } from '../image-pixel.ts';
import type { Raster } from '../raster.ts';
import { type CellSamples, storedValue } from '../samples.ts';
import { UndisplayableError } from '../undisplayable.ts';
import { entryCount, firstInput, type LookupTable, readLookupTable, wordsOf } from './lookup-table.ts';
import { interleave, reduceByTable } from './reduce.ts';
import { expandSegments } from './segmented-palette.ts';

const CHANNELS = [
  [
    TAG.RedPaletteColorLookupTableDescriptor,
    TAG.RedPaletteColorLookupTableData,
    TAG.SegmentedRedPaletteColorLookupTableData,
  ],
  [
    TAG.GreenPaletteColorLookupTableDescriptor,
    TAG.GreenPaletteColorLookupTableData,
    TAG.SegmentedGreenPaletteColorLookupTableData,
  ],
  [
    TAG.BluePaletteColorLookupTableDescriptor,
    TAG.BluePaletteColorLookupTableData,
    TAG.SegmentedBluePaletteColorLookupTableData,
  ],
] as const;

/** Red, green and blue: the stored value of the first entry, and the 8-bit intensity of each. */
export type PaletteTables = readonly { readonly first: number; readonly table: Uint8Array }[];

/** The palette of a data set; refuses one that lacks a table. */
export function readPalette(dataSet: DataSet): PaletteTables {
  return CHANNELS.map(([descriptor, plain, segmented]) => {
    const channel = readChannel(dataSet, descriptor, plain, segmented);
    const scale = 255 / scaleOf(channel);
    const table = Uint8Array.from(channel.entries, (entry) => Math.min(255, Math.round(entry * scale)));
    return { first: channel.first, table };
  });
}

/**
 * The palette of a grey frame whose greatest values are colours, such as flow over anatomy: those from the first entry on
 * (PS3.3 C.7.6.23, C.8.16.2.1.1.4).
 */
export function supplementalPalette(
  dataSet: DataSet,
  { photometric, number }: ImagePixel,
): PaletteTables | undefined {
  if (photometric !== 'MONOCHROME2' || number !== 'integer') return undefined;
  const presented = dataSet.strings(TAG.PixelPresentation)[0];
  if (presented !== 'COLOR' && presented !== 'MIXED') return undefined;
  return dataSet.has(TAG.RedPaletteColorLookupTableDescriptor) ? readPalette(dataSet) : undefined;
}

export function renderPalette(dataSet: DataSet, samples: CellSamples, factor: number): Raster {
  const { width, height, bitsStored, shift, data } = samples;
  const mask = 2 ** bitsStored - 1;
  const planes = readPalette(dataSet).map(({ first, table }) => {
    const intensities = new Uint8Array(mask + 1);
    for (let cell = 0; cell <= mask; cell++) {
      const entry = Math.min(table.length - 1, Math.max(0, storedValue(cell << shift, samples) - first));
      intensities[cell] = table[entry] as number;
    }
    return reduceByTable(data, width, height, factor, intensities, { shift, mask });
  });
  const size = { width: Math.floor(width / factor), height: Math.floor(height / factor) };
  return { ...size, channels: 3, data: interleave(planes) };
}

function readChannel(
  dataSet: DataSet,
  descriptorTag: number,
  plainTag: number,
  segmentedTag: number,
): LookupTable {
  const plain = readLookupTable(dataSet, descriptorTag, plainTag);
  if (plain !== undefined) return plain;
  const segments = dataSet.get(segmentedTag);
  const descriptor = dataSet.numbers(descriptorTag);
  const value = dataSet.value(segmentedTag);
  if (segments === undefined || value === undefined || descriptor.length < 3) {
    throw new UndisplayableError('unsupported-pixel-format', 'PALETTE COLOR without its lookup tables');
  }
  const entries = expandSegments(wordsOf(value, segments.encoding.bigEndian), entryCount(descriptor));
  return { first: firstInput(descriptor), entries, maximum: 2 ** Math.min(16, descriptor[2] as number) - 1 };
}

/** What full intensity is: 16-bit tables whose entries never leave the low byte were written for 8 bits. */
function scaleOf({ entries, maximum }: LookupTable): number {
  if (maximum <= 255) return 255;
  return entries.some((entry) => entry > 255) ? maximum : 255;
}
