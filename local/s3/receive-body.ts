/**
 * Brings the body of a request into the blob store and checks everything the client said of it: length, signed hash, MD5 and
 * checksums. What does not match leaves nothing behind.
 *
 * A small body is gathered and written once; a large one is streamed, so memory does not grow with it.
 */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { VerifiedRequest } from '../auth/verify-request.ts';
import type { BlobStore, Extent } from './blob-store.ts';
import {
  CHECKSUM_ALGORITHMS,
  type ChecksumAlgorithm,
  isChecksumAlgorithm,
  startChecksum,
} from './checksums.ts';
import { ChunkedDecoder } from './chunked-decoder.ts';
import { invalidRequest, S3Error } from './s3-error.ts';

const SMALL_BYTES = 1 << 20;
/** The largest object of one PUT and the largest part. */
const LARGEST_BYTES = 5 * 2 ** 30;
/** Documents sent to S3 (lists of parts and of keys) are smaller. */
const LARGEST_DOCUMENT_BYTES = 4 << 20;

type Headers = Readonly<Record<string, string | undefined>>;

export interface IncomingBody {
  readonly headers: Headers;
  readonly verified: Pick<VerifiedRequest, 'payloadHash' | 'chunkSeed'>;
  readonly stream: IncomingMessage;
}

export interface Digests {
  readonly size: number;
  readonly md5?: Buffer;
  /** Base64, by algorithm. */
  readonly checksums: Readonly<Partial<Record<ChecksumAlgorithm, string>>>;
}

export interface ReceivedBody extends Digests {
  readonly extents: Extent[];
}

export interface Wanted {
  readonly md5: boolean;
  readonly checksums: readonly ChecksumAlgorithm[];
}

/** The checksum the client sends with the body or has the server compute, if it names one. */
export function declaredChecksum(headers: Headers): ChecksumAlgorithm | undefined {
  const sent = CHECKSUM_ALGORITHMS.find((name) => headers[`x-amz-checksum-${name}`] !== undefined);
  const named =
    sent ??
    headers['x-amz-trailer']?.replace('x-amz-checksum-', '') ??
    headers['x-amz-sdk-checksum-algorithm'];
  const algorithm = named?.toLowerCase();
  return algorithm !== undefined && isChecksumAlgorithm(algorithm) ? algorithm : undefined;
}

/** Stores the body and returns its digests; throws when it is not what the client announced. */
export async function receiveBody(
  body: IncomingBody,
  blobs: BlobStore,
  wanted: Wanted,
): Promise<ReceivedBody> {
  const length = announcedLength(body.headers);
  if (length > LARGEST_BYTES)
    throw new S3Error('EntityTooLarge', 400, 'Your proposed upload exceeds the maximum allowed size');
  const check = new BodyCheck(body, wanted);
  const pieces = dataOf(body, check);
  if (length <= SMALL_BYTES) {
    const gathered = await gather(pieces, length);
    const digests = check.finish();
    return { ...digests, extents: await blobs.put(gathered) };
  }
  const writer = blobs.writer();
  try {
    for await (const piece of pieces) await writer.write(piece);
    const digests = check.finish();
    return { ...digests, extents: await writer.finish() };
  } catch (error) {
    writer.abandon();
    throw error;
  }
}

/** A document sent to S3, as text. */
export async function receiveDocument(body: IncomingBody): Promise<string> {
  const length = announcedLength(body.headers);
  if (length > LARGEST_DOCUMENT_BYTES)
    throw new S3Error('MaxMessageLengthExceeded', 400, 'Your request was too big.');
  const check = new BodyCheck(body, { md5: false, checksums: [] });
  const gathered = await gather(dataOf(body, check), length);
  check.finish();
  return Buffer.concat(gathered).toString();
}

/** Runs over the data once, for every digest that somebody asked for. */
class BodyCheck {
  trailers: Headers = {};
  readonly #headers: Headers;
  readonly #payloadHash: string;
  readonly #declared: ChecksumAlgorithm | undefined;
  readonly #hashes: { md5?: ReturnType<typeof createHash>; sha256?: ReturnType<typeof createHash> } = {};
  readonly #checksums = new Map<ChecksumAlgorithm, ReturnType<typeof startChecksum>>();
  #size = 0;

  constructor({ headers, verified }: IncomingBody, wanted: Wanted) {
    this.#headers = headers;
    this.#payloadHash = verified.payloadHash;
    this.#declared = declaredChecksum(headers);
    if (wanted.md5 || headers['content-md5'] !== undefined) this.#hashes.md5 = createHash('md5');
    if (/^[0-9a-f]{64}$/.test(verified.payloadHash)) this.#hashes.sha256 = createHash('sha256');
    for (const algorithm of wanted.checksums) this.#checksums.set(algorithm, startChecksum(algorithm));
    if (this.#declared && !this.#checksums.has(this.#declared))
      this.#checksums.set(this.#declared, startChecksum(this.#declared));
  }

  update(piece: Uint8Array): void {
    this.#size += piece.length;
    if (this.#size > LARGEST_BYTES)
      throw new S3Error('EntityTooLarge', 400, 'Your proposed upload exceeds the maximum allowed size');
    this.#hashes.md5?.update(piece);
    this.#hashes.sha256?.update(piece);
    for (const checksum of this.#checksums.values()) checksum.update(piece);
  }

  finish(): Digests {
    const decoded = this.#headers['x-amz-decoded-content-length'];
    if (decoded !== undefined && Number(decoded) !== this.#size)
      throw new S3Error('IncompleteBody', 400, 'The body is not as long as the request says.');
    const sha256 = this.#hashes.sha256?.digest('hex');
    if (sha256 !== undefined && sha256 !== this.#payloadHash)
      throw new S3Error(
        'XAmzContentSHA256Mismatch',
        400,
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
      );
    const md5 = this.#hashes.md5?.digest();
    const announcedMd5 = this.#headers['content-md5'];
    if (announcedMd5 !== undefined && announcedMd5 !== md5?.toString('base64'))
      throw new S3Error('BadDigest', 400, 'The Content-MD5 you specified did not match what we received.');
    const checksums: Partial<Record<ChecksumAlgorithm, string>> = {};
    for (const [algorithm, checksum] of this.#checksums)
      checksums[algorithm] = checksum.digest().toString('base64');
    this.#compare(checksums);
    return { size: this.#size, checksums, ...(md5 ? { md5 } : {}) };
  }

  #compare(checksums: Partial<Record<ChecksumAlgorithm, string>>): void {
    if (!this.#declared) return;
    const name = `x-amz-checksum-${this.#declared}`;
    if (this.#headers['x-amz-trailer'] === name && this.trailers[name] === undefined)
      throw new S3Error(
        'MalformedTrailerError',
        400,
        'The request contained trailing data that was not well-formed',
      );
    const announced = this.#headers[name] ?? this.trailers[name];
    if (announced !== undefined && announced !== checksums[this.#declared])
      throw new S3Error(
        'BadDigest',
        400,
        `The ${this.#declared.toUpperCase()} you specified did not match the calculated checksum.`,
      );
  }
}

async function* dataOf(
  { headers, verified, stream }: IncomingBody,
  check: BodyCheck,
): AsyncGenerator<Buffer> {
  const { payloadHash } = verified;
  const framed =
    payloadHash.startsWith('STREAMING-') || (headers['content-encoding'] ?? '').includes('aws-chunked');
  const decoder = framed
    ? new ChunkedDecoder(payloadHash.startsWith('STREAMING-AWS4-') ? verified.chunkSeed : undefined)
    : undefined;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    for (const piece of decoder ? decoder.push(chunk) : [chunk]) {
      check.update(piece);
      yield piece;
    }
  }
  decoder?.end();
  check.trailers = decoder?.trailers ?? {};
}

async function gather(pieces: AsyncIterable<Buffer>, limit: number): Promise<Buffer[]> {
  const gathered: Buffer[] = [];
  let size = 0;
  for await (const piece of pieces) {
    size += piece.length;
    if (size > limit) throw invalidRequest('The body is longer than the request says.');
    gathered.push(piece);
  }
  return gathered;
}

function announcedLength(headers: Headers): number {
  const text = headers['x-amz-decoded-content-length'] ?? headers['content-length'];
  const length = Number(text ?? Number.NaN);
  if (!Number.isSafeInteger(length) || length < 0)
    throw new S3Error('MissingContentLength', 411, 'You must provide the Content-Length HTTP header.');
  return length;
}
