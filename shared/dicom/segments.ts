/** The segments of a written object, as one. */
import type { Segment } from './new-element.ts';

/** Bytes of the written object. */
export function segmentsLength(segments: readonly Segment[]): number {
  let length = 0;
  for (const segment of segments)
    length += segment instanceof Uint8Array ? segment.length : segment.copy.length;
  return length;
}

/** The written object in one buffer; `source` is the object that copy ranges refer to. */
export function concatSegments(segments: readonly Segment[], source: Uint8Array): Uint8Array {
  const whole = new Uint8Array(segmentsLength(segments));
  let at = 0;
  for (const segment of segments) {
    const bytes = segment instanceof Uint8Array ? segment : rangeOf(segment, source);
    whole.set(bytes, at);
    at += bytes.length;
  }
  return whole;
}

function rangeOf({ copy, through }: Exclude<Segment, Uint8Array>, source: Uint8Array): Uint8Array {
  const bytes = source.subarray(copy.start, copy.start + copy.length);
  return through === undefined ? bytes : through(bytes, copy.start);
}
