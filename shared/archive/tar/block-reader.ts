/** Reads blocks of an archive out of windows: wide ones while headers lie close together, narrow ones while they lie apart. */
import type { RangedSource } from '../ranged-source.ts';

export interface BlockReader {
  /** The bytes of the range; fewer only where the source ends. Short ranges, mostly ascending. */
  read(start: number, length: number): Promise<Uint8Array>;
}

export interface BlockWindows {
  /** What is read where the last header lay near. Default 1 MiB. */
  readonly wide?: number;
  /** What is read where the last header lay far: a header and the two that may precede it. Default 4 KiB. */
  readonly narrow?: number;
}

/** Headers at most this far apart are read in one window. */
const NEAR = 64 * 1024;

/** A reader that holds one window. */
export function openBlocks(
  source: RangedSource,
  { wide = 1024 * 1024, narrow = 4 * 1024 }: BlockWindows = {},
): BlockReader {
  let window: { start: number; bytes: Uint8Array } = { start: 0, bytes: new Uint8Array(0) };
  return {
    async read(start, length) {
      const within = Math.min(length, Math.max(0, source.size - start));
      const at = start - window.start;
      if (at < 0 || at + within > window.bytes.length) {
        const isNear = start - (window.start + window.bytes.length) <= NEAR;
        const wanted = Math.max(within, isNear ? wide : narrow);
        const bytes = await source.read(start, Math.min(wanted, source.size - start));
        window = { start, bytes };
      }
      return window.bytes.subarray(start - window.start, start - window.start + within);
    },
  };
}
