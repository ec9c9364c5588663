/**
 * Changes to bytes of the source object that leave their number as it is, and how they are laid over what is to be written:
 * only the ranges that change pass through the filter, so that all others can be copied without being read.
 */
import {
  type CopiedRange,
  isCopied,
  type RangeFilter,
  type Segment,
  type SourceRange,
} from '../../dicom/index.ts';

export interface PixelEdits {
  /** Ranges of the source in which bytes change, ascending and apart. */
  readonly ranges: readonly SourceRange[];
  /** Changes them; bytes outside of them it leaves alone. */
  readonly through: RangeFilter;
}

/** Bytes that are to be overwritten with one value. */
export interface Clearing extends SourceRange {
  readonly fill: number;
}

/** Ranges nearer to each other become one: it is what S3 copies at the least. */
const JOINED_GAP = 5 * 1024 * 1024;

/** Edits that overwrite ranges, which are ascending and apart. */
export function clearingEdits(clearings: readonly Clearing[]): PixelEdits {
  return {
    ranges: clearings,
    through: (bytes, at) => {
      const end = at + bytes.length;
      let index = firstEndingAfter(clearings, at);
      if ((clearings[index]?.start ?? end) >= end) return bytes;
      const changed = Buffer.allocUnsafeSlow(bytes.length);
      changed.set(bytes);
      for (; index < clearings.length; index++) {
        const { start, length, fill } = clearings[index] as Clearing;
        if (start >= end) break;
        changed.fill(fill, Math.max(0, start - at), Math.min(end, start + length) - at);
      }
      return changed;
    },
  };
}

/** The segments with the edits over each range of the source that they copy; bytes that were made are left as they are. */
export function filterSegments(segments: readonly Segment[], edits: PixelEdits): Segment[] {
  return segments.flatMap((segment) => (isCopied(segment) ? filterRange(segment, edits) : [segment]));
}

function filterRange({ copy, through: earlier }: CopiedRange, { ranges, through }: PixelEdits): Segment[] {
  const out: Segment[] = [];
  const end = copy.start + copy.length;
  const verbatim = (from: number, to: number) => {
    if (to > from)
      out.push({ copy: { start: from, length: to - from }, ...(earlier && { through: earlier }) });
  };
  const both: RangeFilter = earlier ? (bytes, at) => through(earlier(bytes, at), at) : through;
  let at = copy.start;
  let index = firstEndingAfter(ranges, at);
  while (index < ranges.length && (ranges[index] as SourceRange).start < end) {
    const start = Math.max(at, (ranges[index] as SourceRange).start);
    let to = endOf(ranges[index++] as SourceRange);
    while (index < ranges.length && (ranges[index] as SourceRange).start - to < JOINED_GAP)
      to = endOf(ranges[index++] as SourceRange);
    verbatim(at, start);
    at = Math.min(to, end);
    out.push({ copy: { start, length: at - start }, through: both });
  }
  verbatim(at, end);
  return out;
}

function endOf({ start, length }: SourceRange): number {
  return start + length;
}

/** The first of the ranges that ends after an offset: an index, that of the end where there is none. */
function firstEndingAfter(ranges: readonly SourceRange[], at: number): number {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (endOf(ranges[middle] as SourceRange) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
