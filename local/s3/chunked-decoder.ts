/**
 * Takes the `aws-chunked` framing off a body: sizes before, signatures beside and checksums behind the data.
 *
 * Holds no data back, so its memory is a line. Signatures of chunks and trailers are checked where the request says they
 * are signed; a wrong one is found at the end of its chunk, so nothing may be kept before `end` has returned.
 */
import { createHash, type Hash } from 'node:crypto';
import { hmac, sameText, sha256Hex } from '../auth/signing-key.ts';
import type { ChunkSeed } from '../auth/verify-request.ts';
import { S3Error } from './s3-error.ts';

const LONGEST_LINE = 8192;
const NEWLINE = 0x0a;
const EMPTY_HASH = sha256Hex('');

type Expecting = 'size' | 'data' | 'end of data' | 'trailer' | 'nothing';

export class ChunkedDecoder {
  readonly trailers: Record<string, string> = {};
  readonly #seed: ChunkSeed | undefined;
  #previous: string;
  #expecting: Expecting = 'size';
  #line = '';
  #left = 0;
  #claimed = '';
  #hash: Hash | undefined;
  #trailerText = '';

  /** With a seed the chunks must be signed. */
  constructor(seed?: ChunkSeed) {
    this.#seed = seed;
    this.#previous = seed?.signature ?? '';
  }

  /** The data in the next bytes of the body. */
  push(bytes: Buffer): Buffer[] {
    const data: Buffer[] = [];
    for (let at = 0; at < bytes.length; ) {
      if (this.#expecting === 'data') {
        const piece = bytes.subarray(at, at + this.#left);
        this.#hash?.update(piece);
        data.push(piece);
        this.#left -= piece.length;
        at += piece.length;
        if (this.#left === 0) this.#expecting = 'end of data';
      } else {
        at = this.#readLine(bytes, at);
      }
    }
    return data;
  }

  /** The body is over; throws when it ended early. */
  end(): void {
    if (this.#expecting !== 'nothing' && !(this.#expecting === 'trailer' && this.#line === ''))
      throw incomplete();
    this.#expecting = 'nothing';
    this.#checkTrailers();
  }

  #readLine(bytes: Buffer, at: number): number {
    const newline = bytes.indexOf(NEWLINE, at);
    const end = newline < 0 ? bytes.length : newline;
    this.#line += bytes.toString('latin1', at, end);
    if (this.#line.length > LONGEST_LINE) throw incomplete();
    if (newline < 0) return end;
    const line = this.#line.endsWith('\r') ? this.#line.slice(0, -1) : this.#line;
    this.#line = '';
    this.#take(line);
    return end + 1;
  }

  #take(line: string): void {
    if (this.#expecting === 'size') {
      this.#startChunk(line);
    } else if (this.#expecting === 'end of data') {
      if (line !== '') throw incomplete();
      this.#endChunk();
      this.#expecting = 'size';
    } else if (this.#expecting === 'trailer') {
      if (line === '') this.#expecting = 'nothing';
      else this.#addTrailer(line);
    } else if (line !== '') {
      throw incomplete();
    }
  }

  #startChunk(line: string): void {
    const match = /^([0-9a-fA-F]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(line.trim());
    if (!match) throw incomplete();
    this.#left = Number.parseInt(match[1]!, 16);
    this.#claimed = match[2] ?? '';
    if (this.#seed) this.#hash = createHash('sha256');
    if (this.#left > 0) {
      this.#expecting = 'data';
    } else {
      this.#endChunk();
      this.#expecting = 'trailer';
    }
  }

  #endChunk(): void {
    if (!this.#hash) return;
    this.#check(this.#claimed, 'AWS4-HMAC-SHA256-PAYLOAD', `${EMPTY_HASH}\n${this.#hash.digest('hex')}`);
    this.#hash = undefined;
  }

  #addTrailer(line: string): void {
    const colon = line.indexOf(':');
    if (colon < 1) throw incomplete();
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    this.trailers[name] = value;
    if (name !== 'x-amz-trailer-signature') this.#trailerText += `${name}:${value}\n`;
  }

  #checkTrailers(): void {
    const signature = this.trailers['x-amz-trailer-signature'];
    if (!this.#seed || (signature === undefined && this.#trailerText === '')) return;
    this.#check(signature ?? '', 'AWS4-HMAC-SHA256-TRAILER', sha256Hex(this.#trailerText));
  }

  #check(claimed: string, algorithm: string, hashes: string): void {
    const { key, date, scope } = this.#seed!;
    const expected = hmac(key, `${algorithm}\n${date}\n${scope}\n${this.#previous}\n${hashes}`).toString(
      'hex',
    );
    if (!sameText(expected, claimed))
      throw new S3Error('SignatureDoesNotMatch', 403, 'A chunk of the body is not signed as it must be.');
    this.#previous = claimed;
  }
}

function incomplete(): S3Error {
  return new S3Error(
    'IncompleteBody',
    400,
    'You did not provide the number of bytes specified by the Content-Length HTTP header',
  );
}
