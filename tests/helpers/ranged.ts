/** Bytes in memory as a ranged source that counts what is asked of it. */
import type { RangedSource } from '../../shared/archive/ranged-source.ts';

export function rangedSource(
  bytes: Uint8Array,
): RangedSource & { readonly reads: { start: number; length: number }[] } {
  const reads: { start: number; length: number }[] = [];
  const read = (start: number, length: number) => {
    reads.push({ start, length });
    return bytes.subarray(start, start + length);
  };
  return {
    size: bytes.length,
    reads,
    read: async (start, length) => read(start, length),
    stream: async (start, length) =>
      (async function* () {
        const range = read(start, length);
        for (let at = 0; at < range.length; at += 1_000) yield range.subarray(at, at + 1_000);
      })(),
  };
}
