/**
 * The marker segments of JPEG and JPEG-LS codestreams (ITU-T T.81 B, T.87 C) that may hold text: comments and application
 * segments are overwritten with zeros, so that every length and every coded byte stays. What decoders read of them is kept.
 */
import { UnprocessableInstanceError } from '../../errors.ts';
import type { CodestreamReader } from './codestream-reader.ts';
import { type IsIdentifying, namesEncoder } from './kept-text.ts';

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const COM = 0xfe;
const APP0 = 0xe0;
const APP2 = 0xe2;
const APP8 = 0xe8;
const APP14 = 0xee;
const APP15 = 0xef;
/** Extensions that no syntax of DICOM uses: JPG0 to JPG13, of which JPEG-LS took two. */
const JPG0 = 0xf0;
const SOF55 = 0xf7;
const LSE = 0xf8;

const SEGMENT = 'text in comment and application segments of the codestream';
const BETWEEN = 'bytes between the segments of the codestream';

/** Markers that end coded data: 0xFF00 is stuffing, RST is part of it, and in JPEG-LS a bit of 0 follows 0xFF. */
const ENDS_SCAN: ReadonlySet<number> = new Set(
  Array.from({ length: 0x3f }, (_, index) => 0xc0 + index).filter((marker) => !isRestart(marker)),
);

/** Goes through a codestream from SOI to EOI, or to where it ends without one. */
export async function clearJpeg(reader: CodestreamReader, isIdentifying: IsIdentifying): Promise<void> {
  await reader.skip(2);
  const seen = { spiff: false };
  for (;;) {
    const marker = await passMarker(reader);
    if (marker === undefined || marker === EOI) return;
    if (marker === SOI || isRestart(marker)) continue;
    const size = await reader.peek(2);
    if (size.length < 2) return;
    const length = ((size[0] as number) << 8) | (size[1] as number);
    if (length < 2)
      throw new UnprocessableInstanceError('unsafe-content', 'a JPEG segment without length in (7FE0,0010)');
    if (isText(marker)) {
      await reader.skip(2);
      const kept = keptBytes(marker, await reader.peek(length - 2), seen, isIdentifying);
      await reader.skip(kept);
      await reader.clear(length - 2 - kept, 0, SEGMENT);
    } else await reader.skip(length);
    if (marker === SOS) await reader.skipTo(ENDS_SCAN);
  }
}

/** Passes a marker and the fill bytes before it; what is neither, decoders pass over as well, and it is overwritten. */
async function passMarker(reader: CodestreamReader): Promise<number | undefined> {
  for (;;) {
    const pair = await reader.peek(2);
    if (pair.length < 2) return undefined;
    if (pair[0] === 0xff && ENDS_SCAN.has(pair[1] as number)) {
      await reader.skip(2);
      return pair[1];
    }
    if (pair[0] === 0xff && (pair[1] === 0xff || isRestart(pair[1] as number))) await reader.skip(1);
    else await reader.clear(1, 0, BETWEEN);
  }
}

function isRestart(marker: number): boolean {
  return marker >= 0xd0 && marker <= 0xd7;
}

function isText(marker: number): boolean {
  if (marker === SOF55 || marker === LSE) return false;
  return (marker >= APP0 && marker <= APP15) || (marker >= JPG0 && marker <= COM);
}

/** How many bytes of the segment are needed to decode or are of a fixed form. */
function keptBytes(
  marker: number,
  payload: Uint8Array,
  seen: { spiff: boolean },
  isIdentifying: IsIdentifying,
): number {
  const begins = (text: string) => Buffer.from(payload.subarray(0, text.length)).equals(Buffer.from(text));
  const upTo = (length: number) => Math.min(length, payload.length);
  if (marker === COM && namesEncoder(payload)) return payload.length;
  // Version, density and the size of a thumbnail, which follows them (T.871 10.1).
  if (marker === APP0 && (begins('JFIF\0') || begins('LJIF\0'))) return upTo(14);
  if (marker === APP14 && begins('Adobe')) return upTo(12);
  if (marker === APP2 && begins('ICC_PROFILE\0') && !isIdentifying(payload)) return payload.length;
  if (marker !== APP8) return 0;
  if (begins('mrfx')) return upTo(5);
  if (begins('SPIFF\0')) {
    seen.spiff = true;
    return upTo(30);
  }
  // Of an entry of the SPIFF directory its tag; the last one has two bytes more (T.84 F.2).
  if (seen.spiff) return upTo(begins('\0\0\0\x01') ? 6 : 4);
  return 0;
}
