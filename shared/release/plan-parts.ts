/**
 * Cuts a de-identified instance into the parts of a multipart upload, so that S3 itself copies whatever was not changed. A part
 * that is not the last one has at least 5 MiB: the new header borrows what it lacks from the pixels behind it.
 */
import { type Segment, type SourceRange, segmentLength } from '../dicom/index.ts';

const MiB = 1024 * 1024;
/** The least that S3 takes in any part but the last. */
const MINIMUM = 5 * MiB;
/** Bytes of ours, and ranges that are changed, are taken in runs of this length: a part that we write has less than 13 MiB. */
const WRITTEN = 8 * MiB;
/** S3 copies up to 5 GiB at once; shorter ranges are copied side by side and never wait as long as a connection may. */
const COPIED = 128 * MiB;

/** A part that S3 copies, or one that is put together of bytes and of ranges of the source that are short or changed. */
export type Part = { readonly copy: SourceRange } | { readonly pieces: readonly Segment[] };

/** The parts of an object, in order. */
export function planParts(segments: readonly Segment[]): Part[] {
  const parts: Part[] = [];
  let held: Segment[] = [];
  let length = 0;
  const hold = (piece: Segment) => {
    const size = segmentLength(piece);
    if (size === 0) return;
    held.push(piece);
    length += size;
    if (length >= MINIMUM) flush();
  };
  const flush = () => {
    if (length > 0) parts.push({ pieces: held });
    held = [];
    length = 0;
  };

  for (const segment of segments) {
    if (segment instanceof Uint8Array) {
      for (let at = 0; at < segment.length; at += WRITTEN) hold(segment.subarray(at, at + WRITTEN));
      continue;
    }
    if ('deferred' in segment) {
      hold(segment);
      continue;
    }
    const { start, length: total } = segment.copy;
    if (segment.through !== undefined) {
      for (let at = 0; at < total; at += WRITTEN)
        hold({ ...segment, copy: { start: start + at, length: Math.min(WRITTEN, total - at) } });
      continue;
    }
    const borrowed = length > 0 ? Math.min(MINIMUM - length, total) : 0;
    hold({ copy: { start, length: borrowed } });
    const rest = total - borrowed;
    if (rest < MINIMUM) {
      hold({ copy: { start: start + borrowed, length: rest } });
      continue;
    }
    parts.push(...copies(start + borrowed, rest));
  }
  flush();
  return parts;
}

/** Equal ranges: none is shorter than half of the longest that is copied at once. */
function copies(start: number, length: number): Part[] {
  const count = Math.ceil(length / COPIED);
  return Array.from({ length: count }, (_, index) => {
    const from = Math.floor((length * index) / count);
    const to = Math.floor((length * (index + 1)) / count);
    return { copy: { start: start + from, length: to - from } };
  });
}
