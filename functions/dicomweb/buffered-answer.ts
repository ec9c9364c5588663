/**
 * The edge to an answer of Lambda that is buffered: what is short is collected, what is too long is handed out by an address
 * that lives for minutes: of the object that it is the whole of, of a copy that is kept for a day, or of who streams it.
 */
import { createHash } from 'node:crypto';
import { answerKey } from '../../shared/contract/names.ts';
import type { DicomwebAnswer } from '../../shared/dicomweb/answer.ts';
import type { HttpAnswer, HttpRequest, Route } from '../../shared/runtime/http-handler.ts';

/** A buffered answer has 6 MiB with its binary body in base64 (a third more) and its headers. */
export const MAXIMUM_BUFFERED_BYTES = 4_500_000;
/** An answer of up to so many bytes is kept as an object; default 256 MiB, which is read and written in half the time there is. */
export const MAXIMUM_KEPT_BYTES = 256 * 1024 * 1024;
/** Text is escaped for the way to the gateway, and may double: above this it goes as bytes. */
const MAXIMUM_TEXT = 1_000_000;

export interface HandingOver {
  /** An address of an object, signed. */
  signGet(
    key: string,
    answer: { readonly contentType: string; readonly contentEncoding?: string },
  ): Promise<string>;
  /** Writes an answer where it is kept, unless it stands there already. */
  keep(key: string, pieces: AsyncIterable<Uint8Array>, contentType: string): Promise<void>;
  /** An address at which the same request is streamed, signed. */
  signStream(method: string, path: string, query: URLSearchParams): Promise<string>;
}

/** The route with an answer that fits; `path` is what follows the root. */
export function bufferedRoute(
  root: string,
  { method, path, answer }: Route<DicomwebAnswer>,
  ports: HandingOver,
): Route {
  return {
    method,
    path: `${root}${path}`,
    answer: async (request) => buffered(request, path, await answer(request), ports),
  };
}

async function buffered(
  request: HttpRequest,
  path: string,
  answer: DicomwebAnswer,
  ports: HandingOver,
): Promise<HttpAnswer> {
  const { status, headers = {}, body, length } = answer;
  if (body === undefined) return { status, headers };
  if (typeof body === 'string' || body instanceof Uint8Array) {
    const isShort = typeof body === 'string' && body.length <= MAXIMUM_TEXT;
    const whole = isShort ? body : Buffer.from(body as string);
    if (whole.length > MAXIMUM_BUFFERED_BYTES) return elsewhere(request, path, answer, ports);
    return request.method === 'HEAD' ? { status, headers } : { status, headers, body: whole };
  }
  if (length !== undefined && length > MAXIMUM_BUFFERED_BYTES) return elsewhere(request, path, answer, ports);
  if (request.method === 'HEAD')
    return {
      status,
      headers: { ...headers, ...(length === undefined ? {} : { 'content-length': String(length) }) },
    };
  const pieces: Uint8Array[] = [];
  let held = 0;
  for await (const piece of body) {
    held += piece.length;
    if (held > MAXIMUM_BUFFERED_BYTES) return elsewhere(request, path, answer, ports);
    pieces.push(piece);
  }
  return { status, headers, body: Buffer.concat(pieces) };
}

async function elsewhere(
  request: HttpRequest,
  path: string,
  { status, object, headers = {}, body, length }: DicomwebAnswer,
  { signGet, signStream, keep }: HandingOver,
): Promise<HttpAnswer> {
  const isWhole = status === 200 && request.method === 'GET';
  if (object && isWhole) return redirect(await signGet(object.key, object));
  const { etag, 'content-type': contentType } = headers;
  const isKept = isWhole && etag !== undefined && length !== undefined && length <= MAXIMUM_KEPT_BYTES;
  // S3 sends faster than Lambda streams, and again without any work.
  if (isKept && contentType !== undefined && typeof body === 'object' && Symbol.asyncIterator in body) {
    const name = createHash('sha256')
      .update(`${pathOf(path, request)}\n${etag}`)
      .digest('hex');
    await keep(answerKey(name), body, contentType);
    return redirect(await signGet(answerKey(name), { contentType }));
  }
  return redirect(await signStream(request.method, pathOf(path, request), queryOf(request)));
}

function redirect(location: string): HttpAnswer {
  return { status: 307, headers: { location } };
}

function pathOf(path: string, { parameters }: HttpRequest): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parameters[name] ?? ''));
}

/** With what is accepted in it, as not every client sends its headers to where it is sent. */
function queryOf(request: HttpRequest): URLSearchParams {
  const query = new URLSearchParams(request.query);
  const accept = request.header('accept');
  if (accept !== undefined && !query.has('accept')) query.set('accept', accept);
  return query;
}
