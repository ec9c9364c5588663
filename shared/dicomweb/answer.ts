/**
 * Answers of the retrieving side: bodies that come in pieces, ETags, ranges (RFC 9110 13, 14). What an answer is made of is
 * opened only when it is sent.
 */
import { createHash } from 'node:crypto';
import { parseRange } from '../runtime/byte-range.ts';
import type { HttpRequest } from '../runtime/http-handler.ts';

export interface DicomwebAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array>;
  /** Bytes of a body in pieces, where they are known. */
  readonly length?: number | undefined;
  /** The object that the body is the whole of: where an answer is too long, it can be fetched from there. */
  readonly object?: { readonly key: string; readonly contentType: string; readonly contentEncoding?: string };
}

/** Bytes that can be sent in part. */
export interface Content {
  readonly length: number;
  open(start: number, length: number): AsyncIterable<Uint8Array>;
}

/** Of a form of an object: changes with the object's bytes and differs between its forms. */
export function eTagOf(revision: string, form: string): string {
  const digest = createHash('sha256').update(`${revision}\n${form}`).digest('hex');
  return `"${digest.slice(0, 32)}"`;
}

/** A boundary that is the same for the same bytes, so that an ETag holds; no content holds it but by intent. */
export function boundaryFor(eTag: string): string {
  return `filmroom-${eTag.replaceAll('"', '')}`;
}

/** What may be kept by who asked, and must be asked for again. */
export const REVALIDATED = { 'cache-control': 'private, no-cache' } as const;

/** 304 where the client has it already. */
export function unlessKnown(
  request: Pick<HttpRequest, 'header'>,
  eTag: string,
  answer: () => DicomwebAnswer,
): DicomwebAnswer {
  const headers = { ...REVALIDATED, etag: eTag, vary: 'accept' };
  const known = (request.header('if-none-match') ?? '')
    .split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''));
  if (known.includes(eTag) || known.includes('*')) return { status: 304, headers };
  const answered = answer();
  return { ...answered, headers: { ...headers, ...answered.headers } };
}

/**
 * The content, or the one range of it that is asked for; several ranges are answered with the whole. Of a longer range than
 * `longest` its beginning is sent: who asks sees by Content-Range what came, and asks on (RFC 9110 15.3.7).
 */
export function ranged(
  request: Pick<HttpRequest, 'header'>,
  eTag: string,
  content: Content,
  headers: Readonly<Record<string, string>>,
  longest = Number.POSITIVE_INFINITY,
): DicomwebAnswer {
  const all = { ...headers, 'accept-ranges': 'bytes' };
  const condition = request.header('if-range');
  const wanted = condition === undefined || condition === eTag ? request.header('range') : undefined;
  const range = wanted === undefined ? undefined : parseRange(wanted, content.length);
  if (range === undefined)
    return { status: 200, headers: all, length: content.length, body: content.open(0, content.length) };
  if (range === 'unsatisfiable')
    return { status: 416, headers: { 'content-range': `bytes */${content.length}` } };
  const { start } = range;
  const length = Math.min(range.length, longest);
  return {
    status: 206,
    headers: { ...all, 'content-range': `bytes ${start}-${start + length - 1}/${content.length}` },
    length,
    body: content.open(start, length),
  };
}

/**
 * The answer once its body has begun: what fails at once (a frame that no decoder reads) is still a status of its own, where an
 * answer that is streamed could only break off. The first piece of several parts is the head of one, so two are waited for.
 */
export async function begun(
  request: Pick<HttpRequest, 'method'>,
  answer: DicomwebAnswer,
): Promise<DicomwebAnswer> {
  const { body } = answer;
  if (request.method === 'HEAD' || typeof body !== 'object' || body instanceof Uint8Array) return answer;
  const pieces = body[Symbol.asyncIterator]();
  const first = [await pieces.next(), await pieces.next()];
  return {
    ...answer,
    body: (async function* () {
      try {
        for (const { done, value } of first) if (!done) yield value;
        yield* { [Symbol.asyncIterator]: () => pieces };
      } finally {
        await pieces.return?.();
      }
    })(),
  };
}

/** What the root is called by who asked: for URLs in answers. */
export function rootOf({ header, base }: Pick<HttpRequest, 'header' | 'base'>, root: string): string {
  if (root.startsWith('http')) return root;
  const host = header('host') ?? '';
  const scheme = header('x-forwarded-proto') === 'https' ? 'https' : 'http';
  // A host that is none would stand in URLs that others read.
  return /^[A-Za-z0-9.-]+(:\d+)?$/.test(host) ? `${scheme}://${host}${base}${root}` : `${base}${root}`;
}
