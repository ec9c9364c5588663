/** PALETTE COLOR (PS3.3 C.7.6.3.1.5, C.7.9): tables of 8 or 16 bits, plain or in segments, to 8-bit RGB. */
import type { DataSet } from '../../dicom/index.ts';
import { TAG } from '../attributes.ts';
import type { Raster } from '../raster.ts';
import { type CellSamples, storedValue } from '../samples.ts';
import { UndisplayableError } from '../undisplayable.ts';
import { entryCount, type LookupTable, readLookupTable, wordsOf } from './lookup-table.ts';
import { reduceByTable } from './reduce.ts';
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

export function renderPalette(dataSet: DataSet, samples: CellSamples, factor: number): Raster {
  const { width, height, bitsStored, shift, data } = samples;
  const mask = 2 ** bitsStored - 1;
  const planes = CHANNELS.map(([descriptor, plain, segmented]) => {
    const table = readChannel(dataSet, descriptor, plain, segmented);
    const greys = new Uint8Array(mask + 1);
    const scale = 255 / scaleOf(table);
    for (let cell = 0; cell <= mask; cell++) {
      greys[cell] = Math.min(255, Math.round(entryOf(table, storedValue(cell << shift, samples)) * scale));
    }
    return reduceByTable(data, width, height, factor, greys, { shift, mask });
  });
  const [red, green, blue] = planes as [Uint8Array, Uint8Array, Uint8Array];
  const rgb = new Uint8Array(red.length * 3);
  for (let at = 0, to = 0; at < red.length; at++) {
    rgb[to++] = red[at] as number;
    rgb[to++] = green[at] as number;
    rgb[to++] = blue[at] as number;
  }
  return { width: Math.floor(width / factor), height: Math.floor(height / factor), channels: 3, data: rgb };
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
  return { first: descriptor[1] as number, entries, maximum: 2 ** Math.min(16, descriptor[2] as number) - 1 };
}

/** What full intensity is: 16-bit tables whose entries never leave the low byte were written for 8 bits. */
function scaleOf({ entries, maximum }: LookupTable): number {
  if (maximum <= 255) return 255;
  return entries.some((entry) => entry > 255) ? maximum : 255;
}

function entryOf({ first, entries }: LookupTable, value: number): number {
  return entries[Math.min(entries.length - 1, Math.max(0, value - first))] as number;
}
