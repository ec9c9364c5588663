/**
 * `multipart/related` (RFC 2387, RFC 2046 5.1) both ways. Written, parts are streams whose lengths add up ahead where they are
 * known; read, a body is bounded already. A part without a length or a closing boundary is refused as malformed.
 */
import { HttpRefusal } from '../runtime/http-handler.ts';
import { parseMediaType } from './media-types.ts';

export interface OutgoingPart {
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes of the body, where they are known. */
  readonly length: number | undefined;
  body(): AsyncIterable<Uint8Array>;
}

/** A part, or how one is opened when its turn comes. */
export type PartSource = OutgoingPart | (() => Promise<OutgoingPart>);

export interface MultipartBody {
  readonly contentType: string;
  /** Of the whole, where all parts are known. */
  readonly length: number | undefined;
  readonly body: AsyncIterable<Uint8Array>;
}

const CRLF = '\r\n';

/** The parts as one body; the boundary must not occur in any of them. */
export function writeMultipart(type: string, boundary: string, parts: readonly PartSource[]): MultipartBody {
  const headOf = ({ headers }: OutgoingPart, index: number) =>
    Buffer.from(
      `${index === 0 ? '' : CRLF}--${boundary}${CRLF}${Object.entries(headers)
        .map(([name, value]) => `${name}: ${value}${CRLF}`)
        .join('')}${CRLF}`,
    );
  const end = Buffer.from(`${parts.length === 0 ? '' : CRLF}--${boundary}--${CRLF}`);
  const length = parts.reduce<number | undefined>((sum, part, index) => {
    if (sum === undefined || typeof part === 'function' || part.length === undefined) return undefined;
    return sum + headOf(part, index).length + part.length;
  }, end.length);
  return {
    contentType: `multipart/related; type="${type}"; boundary=${boundary}`,
    length,
    body: (async function* () {
      for (const [index, source] of parts.entries()) {
        const part = typeof source === 'function' ? await source() : source;
        yield headOf(part, index);
        yield* part.body();
      }
      yield end;
    })(),
  };
}

export interface IncomingPart {
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
}

export const MULTIPART_LIMITS = {
  /** Parts of one request; default 1,000: each becomes an object and a line of the answer. */
  maximumParts: 1_000,
  /** Bytes of the headers of a part; default 4,096. */
  maximumHeaderBytes: 4_096,
} as const;

/** The boundary of a content type, by the characters of RFC 2046; longer than its 70, as Orthanc's has 73. */
export function boundaryOf(contentType: string): string {
  const boundary = parseMediaType(contentType).parameters.get('boundary') ?? '';
  if (!/^[0-9A-Za-z'()+_,./:=? -]{0,199}[0-9A-Za-z'()+_,./:=?-]$/.test(boundary))
    throw new HttpRefusal(400, 'invalid-boundary');
  return boundary;
}

/** The parts between the boundaries; their bodies are views of `bytes`. */
export function readMultipart(bytes: Uint8Array, boundary: string): IncomingPart[] {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const delimiter = Buffer.from(`${CRLF}--${boundary}`, 'latin1');
  const opening = delimiter.subarray(2);
  const parts: IncomingPart[] = [];
  // What stands before the first boundary is a preamble that nobody reads.
  let at = whole.subarray(0, opening.length).equals(opening) ? opening.length : after(whole, delimiter, 0);
  for (;;) {
    if (at < 0) throw new HttpRefusal(400, 'malformed-multipart');
    const line = whole.indexOf(CRLF, at, 'latin1');
    if (whole.toString('latin1', at, at + 2) === '--') return parts;
    if (line < 0 || whole.toString('latin1', at, line).trim() !== '')
      throw new HttpRefusal(400, 'malformed-multipart');
    const next = whole.indexOf(delimiter, line);
    if (next < 0) throw new HttpRefusal(400, 'malformed-multipart');
    if (parts.length === MULTIPART_LIMITS.maximumParts) throw new HttpRefusal(413, 'too-many-parts');
    parts.push(partOf(whole.subarray(line + 2, next)));
    at = next + delimiter.length;
  }
}

function after(whole: Buffer, delimiter: Buffer, from: number): number {
  const found = whole.indexOf(delimiter, from);
  return found < 0 ? -1 : found + delimiter.length;
}

function partOf(part: Buffer): IncomingPart {
  if (part.toString('latin1', 0, 2) === CRLF) return { headers: new Map(), body: part.subarray(2) };
  const end = part.subarray(0, MULTIPART_LIMITS.maximumHeaderBytes).indexOf(`${CRLF}${CRLF}`, 0, 'latin1');
  if (end < 0) throw new HttpRefusal(400, 'malformed-multipart');
  const headers = new Map<string, string>();
  for (const line of part.toString('latin1', 0, end).split(CRLF)) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return { headers, body: part.subarray(end + 4) };
}
