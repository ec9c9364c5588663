import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCopied, segmentLength as lengthOf, type Segment } from '../../../shared/dicom/index.ts';
import { planParts } from '../../../shared/release/plan-parts.ts';

const MiB = 1024 * 1024;

describe('the parts of a large object', () => {
  it('let the new header borrow what it lacks, and S3 copy the rest', () => {
    const header = new Uint8Array(10_000);
    const parts = planParts([header, { copy: { start: 12_000, length: 1_000 * MiB } }]);
    const [first, ...rest] = parts;
    expect(first).toEqual({ pieces: [header, { copy: { start: 12_000, length: 5 * MiB - 10_000 } }] });
    expect(rest).toHaveLength(8);
    expect(rest.every((part) => 'copy' in part)).toBe(true);
  });

  it('put what follows the pixels into the last part', () => {
    const parts = planParts([
      new Uint8Array(6 * MiB),
      { copy: { start: 0, length: 20 * MiB } },
      new Uint8Array(7),
    ]);
    expect(parts.map((part) => ('copy' in part ? 'copied' : 'written'))).toEqual([
      'written',
      'copied',
      'written',
    ]);
  });

  it('are written by us where bytes change, and copied by S3 before and behind', () => {
    const through = (bytes: Uint8Array) => bytes;
    const parts = planParts([
      { copy: { start: 0, length: 50 * MiB } },
      { copy: { start: 50 * MiB, length: 20 * MiB }, through },
      { copy: { start: 70 * MiB, length: 50 * MiB } },
    ]);
    const written = parts.flatMap((part) => ('copy' in part ? [] : [part.pieces]));
    expect(parts.map((part) => ('copy' in part ? part.copy.length / MiB : 'written'))).toEqual([
      50,
      'written',
      'written',
      'written',
      49,
    ]);
    expect(written.flat().every((piece) => 'copy' in piece && piece.copy.length <= 8 * MiB)).toBe(true);
    expect(written.flat().filter((piece) => 'through' in piece && piece.through === through)).toHaveLength(3);
  });

  it('are in order, whole, never too short and never too long to hold', () => {
    const segment = fc.oneof(
      fc.integer({ min: 0, max: 18 * MiB }).map((length) => ({ length, copied: false })),
      // Frames that wait on disk come in runs of up to 8 MiB.
      fc.integer({ min: 0, max: 8 * MiB }).map((length) => ({ length, copied: false, waits: true })),
      fc.integer({ min: 0, max: 700 * MiB }).map((length) => ({ length, copied: true })),
      fc.integer({ min: 0, max: 6 * MiB }).map((length) => ({ length, copied: true })),
    );
    const zeros = new Uint8Array(18 * MiB);
    fc.assert(
      fc.property(
        fc.array<{ length: number; copied: boolean; waits?: boolean }>(segment, { maxLength: 8 }),
        (list) => {
          let start = 0;
          const segments = list.map(({ length, copied, waits = false }): Segment => {
            start += 1_000;
            if (waits) return { deferred: { length, bytes: () => zeros.subarray(0, length) } };
            if (!copied) return zeros.subarray(0, length);
            start += length;
            return { copy: { start: start - length, length } };
          });
          const parts = planParts(segments);
          const flat = parts.flatMap((part): readonly Segment[] => ('copy' in part ? [part] : part.pieces));
          expect(flat.reduce((sum, piece) => sum + lengthOf(piece), 0)).toBe(
            segments.reduce((sum, piece) => sum + lengthOf(piece), 0),
          );
          // Ranges of the source are taken once each and in order.
          const wanted = segments.flatMap((piece) =>
            'copy' in piece && piece.copy.length > 0 ? [piece.copy] : [],
          );
          const taken: { start: number; length: number }[] = [];
          for (const piece of flat) {
            if (!isCopied(piece)) continue;
            const last = taken.at(-1);
            if (last && last.start + last.length === piece.copy.start) last.length += piece.copy.length;
            else taken.push({ ...piece.copy });
          }
          expect(taken).toEqual(wanted);
          parts.forEach((part, index) => {
            const length =
              'copy' in part
                ? part.copy.length
                : part.pieces.reduce((sum, piece) => sum + lengthOf(piece), 0);
            if (index < parts.length - 1) expect(length).toBeGreaterThanOrEqual(5 * MiB);
            if ('copy' in part) expect(length).toBeLessThanOrEqual(128 * MiB);
            else expect(length).toBeLessThan(13 * MiB);
          });
        },
      ),
      { numRuns: 300 },
    );
  });
});
