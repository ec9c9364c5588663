import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFile, PASSING_BYTES, passing } from '../../../cli/offline/file-source.ts';
import { writeSegments } from '../../../cli/offline/write-file.ts';
import { concatSegments, type Segment } from '../../../shared/dicom/index.ts';

const SIZE = 5 * 1024 * 1024 + 17;
let folder: string;
let file: string;
const content = Uint8Array.from({ length: SIZE }, (_, at) => (at * 31 + (at >> 8)) & 0xff);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'filmroom-write-'));
  file = join(folder, 'source');
  writeFileSync(file, content);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Depends on where a byte stands, not on how the runs are cut. */
const through = (bytes: Uint8Array, at: number) => bytes.map((byte, index) => byte ^ ((at + index) & 0x0f));

const range = fc.tuple(fc.nat(SIZE), fc.nat(SIZE), fc.boolean()).map(([one, other, filtered]): Segment => {
  const copy = { start: Math.min(one, other), length: Math.abs(one - other) };
  return filtered ? { copy, through } : { copy };
});
const made = fc.uint8Array({ maxLength: 100 });

describe('writing a file', () => {
  it('gives what the segments are in memory, however long they are', async () => {
    const source = await openFile(file);
    const out = join(folder, 'out');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(range, made), { maxLength: 5 }), async (segments) => {
        await writeSegments(out, segments, source);
        expect(Buffer.compare(readFileSync(out), concatSegments(segments, content))).toBe(0);
      }),
      { numRuns: 15 },
    );
    await source.close();
  });

  it('leaves nothing behind when reading fails', async () => {
    const source = await openFile(file);
    const out = join(folder, 'never');
    const beyond = { copy: { start: 0, length: SIZE + 1 } };
    await expect(writeSegments(out, [beyond], source)).rejects.toThrow('became shorter');
    await source.close();
    expect(existsSync(out)).toBe(false);
    expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([]);
  });
});

describe('passing through a file', () => {
  it('reads windows that stay good until the fourth one after', async () => {
    const source = await openFile(file);
    const windows = passing(source);
    const first = await windows.read(0, PASSING_BYTES);
    await windows.read(PASSING_BYTES, PASSING_BYTES);
    await windows.read(2 * PASSING_BYTES, 10);
    expect(Buffer.compare(first, content.subarray(0, PASSING_BYTES))).toBe(0);
    expect(await windows.read(0, SIZE)).toHaveLength(SIZE);
    await source.close();
  });
});
