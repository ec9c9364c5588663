/** The deflated data set (PS3.5 A.5), inflated within a limit. */
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import { read32 } from '../encoding.ts';
import { refuse, refuseLimit } from './refuse.ts';

interface Inflated {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

/** Inflates what starts at `start`; undefined when it is no deflate stream at all. */
export function inflate(
  bytes: Uint8Array,
  start: number,
  maximumInflatedBytes: number,
): Uint8Array | undefined {
  const deflated = bytes.subarray(start);
  if (deflated.length > maximumInflatedBytes) {
    refuseLimit('too-large', 'maximumInflatedBytes', maximumInflatedBytes);
  }
  let inflated: Inflated;
  try {
    const options = { info: true, maxOutputLength: maximumInflatedBytes };
    inflated = inflateRawSync(deflated, options) as unknown as Inflated;
  } catch (error) {
    switch ((error as NodeJS.ErrnoException).code) {
      case 'ERR_BUFFER_TOO_LARGE':
        refuseLimit('too-large', 'maximumInflatedBytes', maximumInflatedBytes);
        break;
      case 'Z_BUF_ERROR':
        refuse('truncated', bytes.length, 'the deflated data set ends early');
        break;
      case 'Z_DATA_ERROR':
        return undefined;
      default:
        throw error;
    }
  }
  const end = afterGzipTrailer(bytes, start + inflated.engine.bytesWritten, inflated.buffer);
  // One NUL makes the length even (PS3.5 A.5); more of them are as harmless.
  for (let at = end; at < bytes.length; at++) {
    if (bytes[at] !== 0) refuse('malformed', at, 'bytes after the deflated data set');
  }
  return inflated.buffer;
}

/** Some writers leave the checksum and the length that gzip ends with; these belong to the stream when they are right. */
function afterGzipTrailer(bytes: Uint8Array, end: number, inflated: Uint8Array): number {
  if (end + 8 > bytes.length) return end;
  const isTrailer =
    read32(bytes, end, false) === crc32(inflated) && read32(bytes, end + 4, false) === inflated.length;
  return isTrailer ? end + 8 : end;
}

/** Deflates a data set, to an even length. */
export function deflate(dataSet: Uint8Array): Uint8Array {
  const deflated = deflateRawSync(dataSet);
  return deflated.length % 2 === 0 ? deflated : Buffer.concat([deflated, Buffer.alloc(1)]);
}
