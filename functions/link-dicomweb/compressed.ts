/**
 * Answers made smaller on their way, for who takes gzip: samples that are not compressed and JSON, which come to half and to a
 * twentieth. The ETag says so (RFC 9110 8.8.3.3). A range is of the bytes themselves, and is sent as they are.
 */
import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { DicomwebAnswer } from '../../shared/dicomweb/answer.ts';
import { takesGzip } from '../../shared/dicomweb/media-types.ts';
import type { HttpRequest } from '../../shared/runtime/http-handler.ts';

/** Shorter answers are sent as they are; default 1,000 bytes, which fit a packet. */
const SHORT = 1_000;
/** The fastest: a slice of 512 KB in some milliseconds; higher levels gain a twentieth of noise. */
const LEVEL = 1;
/** Out of gzip at once; default 256 KiB. */
const CHUNK_BYTES = 256 * 1024;
const COMPRESSIBLE =
  /^(application\/(octet-stream|dicom\+json)|multipart\/related; type="application\/octet-stream")(;|$)/;
const MARK = '-gzip"';

/** Answers by `answer`, compressed where that is taken and pays. */
export async function compressed(
  request: HttpRequest,
  answer: (request: HttpRequest) => Promise<DicomwebAnswer>,
): Promise<DicomwebAnswer> {
  if (!takesGzip(request.header('accept-encoding')) || request.header('range') !== undefined)
    return varying(await answer(request));
  const known = request.header('if-none-match');
  const answered = await answer({
    ...request,
    header: (name) => (name === 'if-none-match' ? known?.replaceAll(MARK, '"') : request.header(name)),
  });
  const { status, headers = {}, body, length, ...rest } = answered;
  if (status === 304 && headers.etag && known?.includes(marked(headers.etag)))
    return varying({ ...answered, headers: { ...headers, etag: marked(headers.etag) } });
  const size = typeof body === 'object' && Symbol.asyncIterator in body ? length : body?.length;
  if (!isCompressible(answered) || body === undefined || (size !== undefined && size < SHORT))
    return varying(answered);
  const { 'accept-ranges': _, ...kept } = headers;
  return varying({
    ...rest,
    status,
    headers: {
      ...kept,
      'content-encoding': 'gzip',
      ...(headers.etag ? { etag: marked(headers.etag) } : {}),
    },
    body: gzipped(body),
  });
}

function isCompressible({ status, headers = {} }: DicomwebAnswer): boolean {
  return (
    status === 200 &&
    headers['content-encoding'] === undefined &&
    COMPRESSIBLE.test(headers['content-type'] ?? '')
  );
}

/** With what the form depends on, where it does. */
function varying(answer: DicomwebAnswer): DicomwebAnswer {
  const { headers = {}, status } = answer;
  const depends = status === 304 || COMPRESSIBLE.test(headers['content-type'] ?? '');
  return depends ? { ...answer, headers: { ...headers, vary: 'accept, accept-encoding' } } : answer;
}

function marked(eTag: string): string {
  return eTag.replace(/"$/, MARK);
}

async function* gzipped(body: NonNullable<DicomwebAnswer['body']>): AsyncGenerator<Uint8Array> {
  const source = typeof body === 'string' ? [Buffer.from(body)] : body instanceof Uint8Array ? [body] : body;
  const gzip = createGzip({ level: LEVEL, chunkSize: CHUNK_BYTES });
  // A source that fails destroys what reads it, and whoever stops reading ends the source.
  pipeline(Readable.from(source), gzip, () => {});
  yield* gzip;
}
