/**
 * Bulk data: values too long for metadata, by a reference that is relative to the study (RFC 3986 5), so that what is stored
 * knows no root; and the way back from a path to the value.
 */
import type { InstanceUids } from '../contract/names.ts';
import { type DataElement, type DataSet, isPixelData } from '../dicom/index.ts';

/** `series/…/instances/…/bulkdata/00281201`; the path is tags and item numbers from 1. */
export function bulkDataReference({ series, instance }: InstanceUids, path: string): string {
  return `series/${series}/instances/${instance}/bulkdata/${path}`;
}

/** As metadata is written: in a text the quotes would be escaped. */
const RELATIVE = '"BulkDataURI":"series/';

/** Metadata with its references made absolute, for answers that are not those of the study. */
export function withRoot(metadata: string, studyRoot: string): string {
  return metadata.replaceAll(RELATIVE, `"BulkDataURI":"${studyRoot}/series/`);
}

/** The element at a path of tags and item numbers, and the data set it stands in; undefined where there is none with a value. */
export function elementAt(dataSet: DataSet, path: readonly string[]): DataElement | undefined {
  const [tag = '', item, ...rest] = path;
  if (!/^[0-9A-F]{8}$/.test(tag)) return undefined;
  const element = dataSet.get(Number.parseInt(tag, 16));
  if (element === undefined || isPixelData(element.tag)) return undefined;
  if (item === undefined) return element.items === undefined ? element : undefined;
  if (!/^[1-9]\d{0,5}$/.test(item)) return undefined;
  const within = element.items?.[Number(item) - 1]?.dataSet;
  return within && elementAt(within, rest);
}
