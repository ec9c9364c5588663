import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDirectory } from '../../../shared/archive/zip/central-directory.ts';
import { planWindows } from '../../../shared/archive/zip/read-windows.ts';
import { rangedSource } from '../../helpers/ranged.ts';
import { makeZip } from '../../helpers/zip.ts';

const KiB = 1024;

async function windowsOver(sizes: readonly number[], maximumBytes: number) {
  const zip = makeZip(sizes.map((size, index) => ({ name: `${index}`, content: new Uint8Array(size) })));
  const entries = await readDirectory(rangedSource(zip));
  return { zip, entries, windows: planWindows(entries, { maximumBytes, maximumGap: 64 }) };
}

describe('windows over an archive', () => {
  it('read many small entries in few ranges', async () => {
    const { windows } = await windowsOver(Array<number>(384).fill(4 * KiB), 1024 * KiB);
    expect(windows.length).toBe(2);
  });

  it('give an entry that is too large a range of its own', async () => {
    const { windows } = await windowsOver([KiB, 200 * KiB, KiB], 100 * KiB);
    expect(windows.map(({ entries }) => entries.map(({ index }) => index))).toEqual([[0], [1], [2]]);
  });

  it('hold every entry once, whole and within bounds', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(3 * KiB), { maxLength: 30 }),
        fc.integer({ min: KiB, max: 8 * KiB }),
        async (sizes, maximumBytes) => {
          const { zip, entries, windows } = await windowsOver(sizes, maximumBytes);
          expect(windows.flatMap((window) => window.entries)).toEqual(entries);
          for (const { start, length, entries: within } of windows) {
            expect(start + length).toBeLessThanOrEqual(zip.length);
            if (within.length > 1) expect(length).toBeLessThanOrEqual(maximumBytes);
            for (const entry of within) {
              expect(entry.offset).toBeGreaterThanOrEqual(start);
              expect(entry.offset + 31 + entry.compressedSize).toBeLessThanOrEqual(start + length);
            }
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});
