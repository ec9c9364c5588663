/** Headers of a series and long binary values, over DICOMweb at the page's own origin; each is asked for once. */
import type { InstanceSummary, SeriesSummary } from '../../../shared/contract/study-summary.ts';
import { dicomwebUrl } from '../api.ts';
import { type DataSet, inlineBytes, text } from './dicom-json.ts';

const asked = new WeakMap<SeriesSummary, Promise<ReadonlyMap<string, DataSet>>>();

/** The headers of a series by SOP Instance UID. */
export function fetchHeaders(series: SeriesSummary): Promise<ReadonlyMap<string, DataSet>> {
  const known = asked.get(series);
  if (known !== undefined) return known;
  const request = headersOf(series);
  asked.set(series, request);
  // What failed may be asked for again.
  request.catch(() => asked.delete(series));
  return request;
}

async function headersOf(series: SeriesSummary): Promise<ReadonlyMap<string, DataSet>> {
  const response = await fetch(`${dicomwebUrl(series)}/metadata`, {
    headers: { accept: 'application/dicom+json' },
  });
  if (!response.ok) throw new Error(`the headers could not be fetched: ${response.status}`);
  const headers = (await response.json()) as readonly DataSet[];
  return new Map(headers.map((header) => [text(header, '00080018') ?? '', header]));
}

/** Decoded pixels of a frame, which counts from 1, as Explicit VR Little Endian holds them. */
export async function fetchFrame(
  series: SeriesSummary,
  { sopInstanceUid }: InstanceSummary,
  frame: number,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const response = await fetch(`${dicomwebUrl(series)}/instances/${sopInstanceUid}/frames/${frame}`, {
    signal: signal ?? null,
    headers: { accept: 'application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1' },
  });
  if (!response.ok) throw new Error(`the frame could not be fetched: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** A binary value that stands in the header, or beside it; undefined where there is none. */
export async function fetchBytes(
  series: SeriesSummary,
  { sopInstanceUid }: InstanceSummary,
  dataSet: DataSet,
  tag: string,
): Promise<Uint8Array | undefined> {
  const inline = inlineBytes(dataSet, tag);
  if (inline !== undefined || dataSet[tag]?.BulkDataURI === undefined) return inline;
  const response = await fetch(`${dicomwebUrl(series)}/instances/${sopInstanceUid}/bulkdata/${tag}`, {
    headers: { accept: 'application/octet-stream' },
  });
  return response.ok ? new Uint8Array(await response.arrayBuffer()) : undefined;
}
