/** Segmented palettes (PS3.3 C.7.9.2): discrete, linear and indirect segments, expanded to at most what the descriptor announces. */
import { UndisplayableError } from '../undisplayable.ts';

const DISCRETE = 0;
const LINEAR = 1;
const INDIRECT = 2;

export function expandSegments(words: Uint16Array, count: number): Uint16Array {
  const out = new Uint16Array(count);
  const reached = expand(words, 0, Number.POSITIVE_INFINITY, out, 0, true);
  if (reached === 0)
    throw new UndisplayableError('unsupported-pixel-format', 'a segmented palette without entries');
  return out.fill(out[reached - 1] as number, reached);
}

/** Expands up to `limit` segments from a word on; says how many entries there are then. */
function expand(
  words: Uint16Array,
  from: number,
  limit: number,
  out: Uint16Array,
  to: number,
  mayRefer: boolean,
): number {
  let at = from;
  let filled = to;
  for (let segment = 0; segment < limit && at + 1 < words.length && filled < out.length; segment++) {
    const opcode = words[at];
    const length = words[at + 1] as number;
    if (opcode === DISCRETE) {
      for (let index = 0; index < length && filled < out.length; index++)
        out[filled++] = words[at + 2 + index] ?? 0;
      at += 2 + length;
    } else if (opcode === LINEAR) {
      filled = ramp(out, filled, length, words[at + 2] ?? 0);
      at += 3;
    } else if (opcode === INDIRECT && mayRefer) {
      // The offset counts bytes from the start of the table; segments referred to may not refer on, which bounds the work.
      const offset = ((words[at + 2] ?? 0) | ((words[at + 3] ?? 0) << 16)) >>> 0;
      filled = expand(words, Math.floor(offset / 2), length, out, filled, false);
      at += 4;
    } else {
      throw new UndisplayableError(
        'unsupported-pixel-format',
        `segment type ${opcode} in a segmented palette`,
      );
    }
  }
  return filled;
}

/** A straight line from the entry before to the end value. */
function ramp(out: Uint16Array, from: number, length: number, end: number): number {
  const start = from === 0 ? 0 : (out[from - 1] as number);
  const stop = Math.min(out.length, from + length);
  for (let at = from; at < stop; at++)
    out[at] = Math.round(start + ((end - start) * (at - from + 1)) / length);
  return stop;
}
