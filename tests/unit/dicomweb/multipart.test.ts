import '../../helpers/seed.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundaryOf, readMultipart, writeMultipart } from '../../../shared/dicomweb/multipart.ts';

async function collected(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

const part = (body: Uint8Array, type = 'application/dicom') => ({
  headers: { 'Content-Type': type },
  length: body.length,
  body: async function* () {
    yield body;
  },
});

describe('parts', () => {
  it('come back as they were written, and are as long as was said ahead', async () => {
    // Bytes that boundaries and lines are made of come up more often than by chance.
    const byte = fc.oneof(fc.constantFrom(13, 10, 45, 98), fc.integer({ min: 0, max: 255 }));
    const body = fc.array(byte, { maxLength: 40 }).map((bytes) => Uint8Array.from(bytes));
    await fc.assert(
      fc.asyncProperty(fc.array(body, { minLength: 1, maxLength: 4 }), async (bodies) => {
        const written = writeMultipart(
          'application/dicom',
          'b0undary',
          bodies.map((one) => part(one)),
        );
        const bytes = await collected(written.body);
        expect(bytes.length).toBe(written.length);
        const read = readMultipart(bytes, boundaryOf(written.contentType));
        expect(read.map((one) => Buffer.from(one.body))).toEqual(bodies.map((one) => Buffer.from(one)));
        expect(read[0]?.headers.get('content-type')).toBe('application/dicom');
      }),
    );
  });

  it('are opened when their turn comes, and have no length ahead then', async () => {
    const opened: number[] = [];
    const lazy = (index: number) => async () => {
      opened.push(index);
      return part(Uint8Array.of(index));
    };
    const written = writeMultipart('a/b', 'x', [lazy(1), lazy(2)]);
    expect([written.length, opened]).toEqual([undefined, []]);
    expect(readMultipart(await collected(written.body), 'x').map((one) => one.body[0])).toEqual([1, 2]);
  });

  it('may stand behind a preamble, and have no headers', () => {
    const bytes = Buffer.from('preamble\r\n--x  \r\n\r\nbody\r\n--x--\r\nepilogue');
    expect(readMultipart(bytes, 'x').map(({ body }) => Buffer.from(body).toString())).toEqual(['body']);
  });

  it.each([
    ['without an end', '--x\r\n\r\nbody'],
    ['without a boundary', 'body'],
    ['with a boundary that goes on', '--xy\r\n\r\nbody\r\n--xy--'],
    ['with headers that do not end', `--x\r\n${'a'.repeat(10_000)}\r\n--x--`],
    ['of nothing', ''],
  ])('%s are refused', (_, text) => {
    expect(() => readMultipart(Buffer.from(text), 'x')).toThrow('malformed-multipart');
  });

  it('in their thousands are refused', () => {
    const text = `${'--x\r\n\r\n\r\n'.repeat(1_002)}--x--`;
    expect(() => readMultipart(Buffer.from(text), 'x')).toThrow('too-many-parts');
  });

  it.each(['', 'a'.repeat(201), 'ä', 'a"b', 'ends with '])('bounded by %j are refused', (boundary) => {
    expect(() => boundaryOf(`multipart/related; boundary="${boundary}"`)).toThrow('invalid-boundary');
  });

  it.each(['x'.repeat(500), '\r\n--', '-', '\r'])('are refused as nothing but %j in no time', (piece) => {
    const began = performance.now();
    expect(() => readMultipart(Buffer.from(piece.repeat(100_000)), 'x')).toThrow();
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});
