/** The last step of greys: Presentation LUT Shape or Sequence, from 0..255 to 0..255 (PS3.3 C.11.6). */
import type { DataSet } from '../../dicom/index.ts';
import { TAG } from '../attributes.ts';
import { lookUpValue, readLookupTable } from './lookup-table.ts';
import type { ValueMap } from './modality.ts';

const WHITE = 255;

export const invert: ValueMap = (grey) => WHITE - grey;

/** The presentation LUT that a data set states; undefined is the identity. */
export function presentationTransform(dataSet: DataSet): ValueMap | undefined {
  const item = dataSet.sequence(TAG.PresentationLUTSequence)[0];
  const table = item && readLookupTable(item, TAG.LUTDescriptor, TAG.LUTData);
  if (table !== undefined) {
    // What comes in is scaled to the whole input range of the table (PS3.3 C.11.6.1).
    const inward = (table.entries.length - 1) / WHITE;
    const outward = WHITE / table.maximum;
    return (grey) => lookUpValue(table, table.first + grey * inward) * outward;
  }
  return dataSet.strings(TAG.PresentationLUTShape)[0] === 'INVERSE' ? invert : undefined;
}
