/**
 * What of the pixel bytes is no picture: overlays in unused bits of native words, text in the segments of codestreams and in the
 * boxes around a film. All are overwritten where they stand, so that lengths, offset tables and decoded values stay. The bytes are gone through once,
 * and written through filters, so that an object of any size needs little memory.
 */
import { type ByteSource, concatSegments, formatTag, type Part10, type Segment } from '../../dicom/index.ts';
import { risksOf } from '../pixel-risk.ts';
import { type PixelTreatment, UNTREATED } from '../pixel-treatment.ts';
import type { Operation } from '../plan.ts';
import type { Profile } from '../profile.ts';
import { codestreamEdits, hasCodestreams } from './codestreams.ts';
import { identifierTest } from './kept-text.ts';
import { movieEdits } from './movie-boxes.ts';
import { overlayBitEdits } from './overlay-bits.ts';
import { filterSegments, type PixelEdits } from './pixel-edits.ts';

const OVERLAY_BITS = 'overlay bits in the pixel words, named by (60xx,0102)';

/**
 * Adds the treatment of the pixel bytes to what is done to them already, `given`. It reads encapsulated pixels from the
 * source; an instance that will be refused in any case is not gone through.
 */
export async function treatPixelBytes(
  part10: Part10,
  source: ByteSource,
  profile: Profile,
  given: PixelTreatment = UNTREATED,
  windowBytes?: number,
): Promise<PixelTreatment> {
  const risks = risksOf(part10, profile, given);
  const before: PixelTreatment = { ...given, risks };
  if (risks.refusal({ ...before, overlaysCleared: true }) !== undefined) return before;
  const overlays = overlayBitEdits(part10);
  if (overlays !== undefined)
    return { ...treated(part10, before, overlays, 'X', [OVERLAY_BITS]), overlaysCleared: true };
  const isVideo = part10.transferSyntax.codec === 'mpeg';
  if (!isVideo && !hasCodestreams(part10)) return before;
  const { inflated } = part10;
  const bytes = inflated === undefined ? source : memorySource(inflated);
  const find = isVideo ? movieEdits : codestreamEdits;
  const found = await find(part10, bytes, identifierTest(part10, profile), windowBytes);
  return found === undefined || found.edits.ranges.length === 0
    ? before
    : treated(part10, before, found.edits, 'C', found.reasons);
}

function treated(
  part10: Part10,
  before: PixelTreatment,
  edits: PixelEdits,
  action: Operation['action'],
  reasons: readonly string[],
): PixelTreatment {
  const segments = filterSegments(before.rewrite?.segments ?? pixelValue(part10), edits);
  const path = formatTag(part10.pixelData?.element.tag ?? 0);
  return {
    ...before,
    operations: [...before.operations, ...reasons.map((why) => ({ path, action, why }))],
    rewrite: {
      kind: 'rewrite',
      undefinedLength: part10.pixelData?.element.undefinedLength ?? false,
      ...before.rewrite,
      // What was inflated has no place in the object that it could be copied from.
      segments: part10.inflated === undefined ? segments : [concatSegments(segments, part10.inflated)],
    },
  };
}

/** The value of Pixel Data as it stands in the object, padded where it is odd. */
function pixelValue({ pixelData }: Part10): Segment[] {
  if (pixelData === undefined) return [];
  const { element } = pixelData;
  const length = element.valueEnd - element.valueStart;
  const range = { copy: { start: pixelData.start + element.valueStart - element.start, length } };
  return length % 2 === 1 && !element.undefinedLength ? [range, new Uint8Array(1)] : [range];
}

function memorySource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: async (start, length) => bytes.subarray(start, start + length),
  };
}
