import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import { readDirectory } from '../../../shared/archive/zip/central-directory.ts';
import { expand, expandStream } from '../../../shared/archive/zip/expand.ts';
import { checkEntry, dataStart } from '../../../shared/archive/zip/local-header.ts';
import { isUnprocessable } from '../../../shared/errors.ts';
import { rangedSource } from '../../helpers/ranged.ts';
import { makeZip } from '../../helpers/zip.ts';

interface File {
  readonly content: Uint8Array;
  readonly compress: boolean;
  readonly streamed: boolean;
}

const files = fc.array(
  fc.record<File>({
    content: fc.oneof(
      fc.uint8Array({ maxLength: 2_000 }),
      fc.nat(20_000).map((length) => new Uint8Array(length)),
    ),
    compress: fc.boolean(),
    streamed: fc.boolean(),
  }),
  { maxLength: 12 },
);

async function zipped(list: readonly File[], forceZip64Format: boolean): Promise<Buffer> {
  const { Readable } = await import('node:stream');
  const zip = new ZipFile();
  list.forEach(({ content, compress, streamed }, index) => {
    const options = { compress, forceZip64Format };
    if (streamed) zip.addReadStream(Readable.from([Buffer.from(content)]), `${index}/ü`, options);
    else zip.addBuffer(Buffer.from(content), `${index}/ü`, options);
  });
  zip.end({ forceZip64Format, comment: '' });
  return buffer(zip.outputStream);
}

describe('an archive written by another hand', () => {
  it('comes out as it went in, whole and streamed', async () => {
    await fc.assert(
      fc.asyncProperty(files, fc.boolean(), async (list, zip64) => {
        const source = rangedSource(await zipped(list, zip64));
        const entries = await readDirectory(source);
        expect(entries.map(({ name }) => name)).toEqual(list.map((_, index) => `${index}/ü`));
        for (const entry of entries) {
          checkEntry(entry);
          const start = dataStart(entry, await source.read(entry.offset, entry.limit - entry.offset));
          const expected = Buffer.from(list[entry.index]!.content);
          expect(
            Buffer.from(expand(entry, await source.read(start, entry.compressedSize))).equals(expected),
          ).toBe(true);
          const pieces: Uint8Array[] = [];
          for await (const piece of expandStream(entry, await source.stream(start, entry.compressedSize)))
            pieces.push(piece);
          expect(Buffer.concat(pieces).equals(expected)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('an archive with bytes changed, cut or added', () => {
  it('is read, or refused with a reason, and never harms the reader', async () => {
    const whole = makeZip([
      { name: 'a', content: Buffer.from('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'), method: 8 },
      { name: 'b', content: Buffer.from('bbbbbbbb'), descriptor: true },
      { name: 'c', content: Buffer.from('cccc'), zip64: true },
    ]);
    const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(damage, fc.nat(whole.length), fc.boolean(), async (changes, end, cut) => {
        const bytes = Buffer.from(cut ? whole.subarray(0, end) : whole);
        for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
        const source = rangedSource(bytes);
        try {
          for (const entry of await readDirectory(source)) {
            checkEntry(entry);
            const start = dataStart(entry, await source.read(entry.offset, entry.limit - entry.offset));
            expect(expand(entry, await source.read(start, entry.compressedSize))).toHaveLength(entry.size);
          }
        } catch (error) {
          if (!isUnprocessable(error)) throw error;
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
