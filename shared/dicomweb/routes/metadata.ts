/**
 * Metadata (PS3.18 10.4.1.1.2) from the object that completion wrote: of a study it is sent as it is stored, compressed, to
 * who takes that; of a series or an instance line by line. And bulk data, by the references in it.
 */
import { studyMetadataKey } from '../../contract/names.ts';
import { type DataElement, valueBytes } from '../../dicom/index.ts';
import { HttpRefusal, type HttpRequest, type Route } from '../../runtime/http-handler.ts';
import { boundaryFor, type DicomwebAnswer, eTagOf, ranged, rootOf, unlessKnown } from '../answer.ts';
import { elementAt, withRoot } from '../bulk-data.ts';
import { acceptedBy, instanceOf, type Library, openInstance, orNotFound, uidOf } from '../library.ts';
import { includesType, takesGzip } from '../media-types.ts';
import { inflated, metadataLines, uidsOf } from '../metadata-lines.ts';
import { writeMultipart } from '../multipart.ts';
import { OCTET_STREAM } from '../representations.ts';
import { acceptsJson, JSON_TYPE } from './search.ts';

/** Items of sequences that a path to bulk data goes through at most. */
const DEEPEST_BULK_DATA = 4;

/** The routes below `root`. */
export function metadataRoutes(root: string, library: Library): Route<DicomwebAnswer>[] {
  const get = (path: string, answer: Route<DicomwebAnswer>['answer']): Route<DicomwebAnswer> => ({
    method: 'GET',
    path,
    answer,
  });
  const depths = Array.from({ length: DEEPEST_BULK_DATA + 1 }, (_, depth) => 2 * depth + 1);
  return [
    get('/studies/{study}/metadata', (request) => studyMetadata(request, library)),
    get('/studies/{study}/series/{series}/metadata', (request) => partOfMetadata(request, root, library)),
    get('/studies/{study}/series/{series}/instances/{instance}/metadata', (request) =>
      partOfMetadata(request, root, library),
    ),
    ...depths.map((segments) =>
      get(
        `/studies/{study}/series/{series}/instances/{instance}/bulkdata/${Array.from({ length: segments }, (_, index) => `{p${index}}`).join('/')}`,
        (request) => bulkData(request, library),
      ),
    ),
  ];
}

async function studyMetadata(request: HttpRequest, library: Library): Promise<DicomwebAnswer> {
  acceptsJson(request);
  const key = studyMetadataKey(uidOf(request, 'study'));
  // Its first byte tells what the whole is like.
  const { size, revision } = await orNotFound(library.read({ key }, { start: 0, length: 1 }));
  const isCompressed = takesGzip(request.header('accept-encoding'));
  const eTag = eTagOf(revision, isCompressed ? 'gzip' : 'identity');
  return unlessKnown(request, eTag, () => ({
    status: 200,
    headers: {
      'content-type': JSON_TYPE,
      vary: 'accept, accept-encoding',
      ...(isCompressed ? { 'content-encoding': 'gzip' } : {}),
    },
    ...(isCompressed
      ? {
          length: size,
          body: opened(library, key),
          object: { key, contentType: JSON_TYPE, contentEncoding: 'gzip' },
        }
      : { body: inflated(opened(library, key)) }),
  }));
}

async function* opened(library: Library, key: string): AsyncGenerator<Uint8Array> {
  yield* await orNotFound(library.stream({ key }));
}

async function partOfMetadata(request: HttpRequest, root: string, library: Library): Promise<DicomwebAnswer> {
  acceptsJson(request);
  const study = uidOf(request, 'study');
  const series = uidOf(request, 'series');
  const instance = request.parameters.instance === undefined ? undefined : uidOf(request, 'instance');
  const key = studyMetadataKey(study);
  const { revision } = await orNotFound(library.read({ key }, { start: 0, length: 1 }));
  const found = within(metadataLines(opened(library, key)), series, instance);
  const first = await found.next();
  if (first.done) throw new HttpRefusal(404, 'not-found');
  const eTag = eTagOf(revision, `${series}/${instance ?? ''}`);
  // Viewers put their root before a path that begins with a slash: only an address in full is taken as it is.
  const place = `${rootOf(request, root)}/studies/${study}`;
  const lines = (async function* () {
    yield withRoot(first.value, place);
    for await (const line of found) yield withRoot(line, place);
  })();
  return unlessKnown(request, eTag, () => ({
    status: 200,
    headers: { 'content-type': JSON_TYPE },
    body: array(lines),
  }));
}

/** The lines of the series, or of one instance of it. They are in the order of UIDs: nothing is behind the last one. */
async function* within(lines: AsyncIterable<string>, series: string, instance: string | undefined) {
  let isWithin = false;
  for await (const line of lines) {
    // Most lines need not be read to see that they are of another series.
    const own = line.includes(series) ? uidsOf(line) : undefined;
    const isOf = own?.series === series;
    if (isWithin && !isOf) return;
    isWithin = isOf;
    if (isOf && (instance === undefined || own?.instance === instance)) yield line;
    if (isOf && instance !== undefined && own?.instance === instance) return;
  }
}

async function* array(lines: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  let separator = '[';
  for await (const line of lines) {
    yield Buffer.from(separator + line);
    separator = ',\n';
  }
  yield Buffer.from(separator === '[' ? '[]' : ']');
}

async function bulkData(request: HttpRequest, library: Library): Promise<DicomwebAnswer> {
  const instance = await openInstance(library, instanceOf(request));
  const path = Array.from(
    { length: 2 * DEEPEST_BULK_DATA + 1 },
    (_, index) => request.parameters[`p${index}`],
  );
  const told = path.flatMap((part) => part ?? []);
  const element = elementAt(instance.part10.dataSet, told);
  if (element === undefined || element.valueEnd > element.bytes.length)
    throw new HttpRefusal(404, 'not-found');
  const accepted = acceptedBy(request).find(({ type }) => includesType(type, OCTET_STREAM));
  if (accepted === undefined) throw new HttpRefusal(406, 'not-acceptable');
  const isMultipart = accepted.multipart || accepted.type === '*/*';
  const value = littleEndian(element);
  const eTag = eTagOf(instance.revision, `${told.join('/')} ${isMultipart}`);
  return unlessKnown(request, eTag, () => {
    const content = {
      length: value.length,
      open: async function* (start: number, length: number) {
        yield value.subarray(start, start + length);
      },
    };
    if (!isMultipart) return ranged(request, eTag, content, { 'content-type': OCTET_STREAM });
    const { contentType, ...body } = writeMultipart(OCTET_STREAM, boundaryFor(eTag), [
      {
        headers: { 'Content-Type': OCTET_STREAM },
        length: value.length,
        body: () => content.open(0, value.length),
      },
    ]);
    return { status: 200, headers: { 'content-type': contentType }, ...body };
  });
}

const WORDS: Readonly<Record<string, 2 | 4 | 8>> = { OW: 2, OF: 4, OL: 4, OD: 8, OV: 8 };

/** Bulk data is in little endian (PS3.18 F.2.7). */
function littleEndian(element: DataElement): Uint8Array {
  const value = valueBytes(element);
  const word = WORDS[element.vr];
  if (!element.encoding.bigEndian || word === undefined || value.length % word !== 0) return value;
  const copy = Buffer.from(value);
  return word === 2 ? copy.swap16() : word === 4 ? copy.swap32() : copy.swap64();
}
