/**
 * The framing of bodies: cut anywhere it gives the same data; signatures are those of the S3 documentation.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signingKey } from '../../../local/auth/signing-key.ts';
import { ChunkedDecoder } from '../../../local/s3/chunked-decoder.ts';

function decode(decoder: ChunkedDecoder, text: string, cuts: readonly number[] = []): string {
  const bytes = Buffer.from(text);
  const places = [0, ...[...cuts].sort((a, b) => a - b), bytes.length];
  const data = places.slice(1).flatMap((end, at) => decoder.push(bytes.subarray(places[at], end)));
  decoder.end();
  return Buffer.concat(data).toString();
}

/** "Example calculations" of "Transferring payload in multiple chunks" in the S3 API reference. */
const SEED = {
  key: signingKey('wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', '20130524', 'us-east-1', 's3'),
  date: '20130524T000000Z',
  scope: '20130524/us-east-1/s3/aws4_request',
  signature: '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
};
const SIGNED = [
  '10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648',
  'a'.repeat(65_536),
  '400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497',
  'a'.repeat(1024),
  '0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9',
  '',
  '',
].join('\r\n');

describe('the framing of a body', () => {
  const framed = '5\r\nhello\r\n6\r\n world\r\n0\r\nx-amz-checksum-crc32:abc=\r\n\r\n';

  it('comes off wherever the body is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(framed.length), { maxLength: 8 }), (cuts) => {
        const decoder = new ChunkedDecoder();
        expect(decode(decoder, framed, cuts)).toBe('hello world');
        expect(decoder.trailers).toEqual({ 'x-amz-checksum-crc32': 'abc=' });
      }),
    );
  });

  it.each([
    ['ends within a chunk', '5\r\nhel'],
    ['has no last chunk', '5\r\nhello\r\n'],
    ['is longer than its chunk', '5\r\nhello!\r\n0\r\n\r\n'],
    ['has a size that is no number', 'five\r\nhello\r\n0\r\n\r\n'],
    ['goes on behind its end', '0\r\n\r\nmore\r\n'],
    ['is one long line', 'a'.repeat(9000)],
  ])('is refused when it %s', (_, text) => {
    expect(() => decode(new ChunkedDecoder(), text)).toThrow(
      expect.objectContaining({ code: 'IncompleteBody' }),
    );
  });

  it('is accepted with the signatures of the documentation', () => {
    expect(decode(new ChunkedDecoder(SEED), SIGNED, [100, 70_000])).toBe('a'.repeat(66_560));
  });

  it.each([
    ['data was changed', SIGNED.replace('aaaa', 'aaab')],
    ['a signature was changed', SIGNED.replace('ad80c7', 'ad80c8')],
    ['signatures are missing', '5\r\nhello\r\n0\r\n\r\n'],
  ])('is refused when %s', (_, text) => {
    expect(() => decode(new ChunkedDecoder(SEED), text)).toThrow(
      expect.objectContaining({ code: 'SignatureDoesNotMatch' }),
    );
  });
});
