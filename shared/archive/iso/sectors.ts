/** Reads ranges of a disk image through a few chunks that are held: directories lie together, but not in the order of the tree. */
import type { RangedSource } from '../ranged-source.ts';

/** What a disk is addressed by; descriptors and directory records keep to it whatever the size of a block. */
export const SECTOR_BYTES = 2048;

export interface SectorReader {
  readonly size: number;
  /** The bytes of the range; fewer only where the image ends. */
  read(start: number, length: number): Promise<Uint8Array>;
}

/** Some sixty directories. */
const CHUNK_BYTES = 128 * 1024;
const HELD_CHUNKS = 8;

/** A reader that holds the chunks it used last. */
export function openSectors(source: RangedSource): SectorReader {
  const held = new Map<number, Uint8Array>();
  const chunk = async (number: number): Promise<Uint8Array> => {
    const start = number * CHUNK_BYTES;
    const bytes = held.get(number) ?? (await source.read(start, Math.min(CHUNK_BYTES, source.size - start)));
    held.delete(number);
    held.set(number, bytes);
    const [oldest] = held.keys();
    if (held.size > HELD_CHUNKS && oldest !== undefined) held.delete(oldest);
    return bytes;
  };
  return {
    size: source.size,
    async read(start, length) {
      const end = Math.min(start + length, source.size);
      const pieces: Uint8Array[] = [];
      for (let at = start; at < end; ) {
        const number = Math.floor(at / CHUNK_BYTES);
        const from = at - number * CHUNK_BYTES;
        const piece = (await chunk(number)).subarray(from, from + end - at);
        if (piece.length === 0) break;
        pieces.push(piece);
        at += piece.length;
      }
      return pieces.length === 1 ? (pieces[0] as Uint8Array) : Buffer.concat(pieces);
    },
  };
}
