/** The segments of a written object, as one. */
import type { CopiedRange, DeferredBytes, Segment } from './new-element.ts';

/** Bytes of the written object. */
export function segmentsLength(segments: readonly Segment[]): number {
  return segments.reduce((sum, segment) => sum + segmentLength(segment), 0);
}

/** Bytes of one segment. */
export function segmentLength(segment: Segment): number {
  if (segment instanceof Uint8Array) return segment.length;
  return isCopied(segment) ? segment.copy.length : segment.deferred.length;
}

/** Whether it is a range of the source. A Buffer has a member of that name as well. */
export function isCopied(segment: Segment): segment is CopiedRange {
  return !(segment instanceof Uint8Array) && 'copy' in segment;
}

/** The bytes of what needs no source. */
export function ownBytes(segment: Uint8Array | DeferredBytes): Uint8Array {
  return segment instanceof Uint8Array ? segment : segment.deferred.bytes();
}

/** The written object in one buffer; `source` is the object that copy ranges refer to. */
export function concatSegments(segments: readonly Segment[], source: Uint8Array): Uint8Array {
  const whole = new Uint8Array(segmentsLength(segments));
  let at = 0;
  for (const segment of segments) {
    const bytes = isCopied(segment) ? rangeOf(segment, source) : ownBytes(segment);
    whole.set(bytes, at);
    at += bytes.length;
  }
  return whole;
}

function rangeOf({ copy, through }: CopiedRange, source: Uint8Array): Uint8Array {
  const bytes = source.subarray(copy.start, copy.start + copy.length);
  return through === undefined ? bytes : through(bytes, copy.start);
}
