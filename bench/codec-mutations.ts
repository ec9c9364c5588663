/** Damage to encoded frames, the same for the same seed. */

/** Numbers from 0 to below 1 (xorshift). */
export function randomFrom(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** The frame with bytes changed, a stretch gone, repeated or zeroed, or its end cut off. */
export function damaged(original: Uint8Array, random: () => number): Uint8Array {
  const copy = original.slice();
  const place = () => Math.floor(random() * copy.length);
  const kind = Math.floor(random() * 5);
  // Headers are where a wrong byte does most.
  const early = () => Math.floor(random() * Math.min(copy.length, 160));
  if (kind <= 1) {
    const count = 1 + Math.floor(random() * 8);
    for (let index = 0; index < count; index++)
      copy[kind === 0 ? early() : place()] = Math.floor(random() * 256);
    return copy;
  }
  if (kind === 2) return copy.slice(0, Math.max(2, place() & ~1));
  const from = place();
  const to = Math.min(copy.length, from + 1 + Math.floor(random() * 400));
  if (kind === 3) return copy.fill(0, from, to);
  return new Uint8Array(Buffer.concat([copy.subarray(0, from), copy.subarray(to)]));
}
