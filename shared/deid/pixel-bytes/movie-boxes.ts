/**
 * What of a video's MP4 file is not the film (ISO/IEC 14496-12): titles, places and comments of user data, unknown boxes, names of
 * tracks, and the times at which it was made. They are overwritten where they stand, so that every offset holds. What lies within
 * the streams themselves (picture, sound, user data of a codec) is kept: whoever trusts the picture vouches for it.
 */
import type { ByteSource, Part10 } from '../../dicom/index.ts';
import { UnprocessableInstanceError } from '../../errors.ts';
import { readBoxHeader } from './boxes.ts';
import { CodestreamReader } from './codestream-reader.ts';
import type { IsIdentifying } from './kept-text.ts';
import { clearingEdits, type PixelEdits } from './pixel-edits.ts';

const CONTAINERS: ReadonlySet<string> = new Set([
  ...['moov', 'trak', 'mdia', 'minf', 'stbl', 'edts', 'dinf', 'mvex', 'moof', 'traf', 'mfra'],
]);
/** Tables and bytes that playing needs. */
const NEEDED: ReadonlySet<string> = new Set([
  ...['mdat', 'stts', 'ctts', 'cslg', 'stsc', 'stsz', 'stz2', 'stco', 'co64', 'stss', 'sdtp', 'sbgp', 'sgpd'],
  ...['elst', 'vmhd', 'smhd', 'nmhd', 'trex', 'mehd', 'mfhd', 'tfhd', 'tfdt', 'trun', 'sidx', 'tfra', 'mfro'],
]);
/** Needed as well, and with room for words: they are searched. */
const DESCRIBING: ReadonlySet<string> = new Set(['ftyp', 'styp', 'stsd', 'dref']);
/** Begin with the times of their making and changing, of 32 or 64 bits by their version. */
const TIMED: ReadonlySet<string> = new Set(['mvhd', 'tkhd', 'mdhd']);
const FIRST: ReadonlySet<string> = new Set(['ftyp', 'styp', 'moov', 'mdat', 'free', 'skip', 'wide']);
/** Version, flags, handler and what is reserved, before the name of a handler (8.4.3). */
const HANDLER_BYTES = 24;
const SEARCHED_BYTES = 256 * 1024;
const DEEPEST = 8;

const USER_DATA = 'boxes around the film that may hold text';
const TIMES = 'times at which the film was made';
const AFTER = 'bytes that are no box';

/** What is to be overwritten in the file of a video; undefined where it is no MP4. */
export async function movieEdits(
  { transferSyntax, pixelData }: Part10,
  source: ByteSource,
  isIdentifying: IsIdentifying,
  windowBytes?: number,
): Promise<{ readonly edits: PixelEdits; readonly reasons: readonly string[] } | undefined> {
  if (transferSyntax.codec !== 'mpeg' || pixelData?.fragments === undefined) return undefined;
  const reader = new CodestreamReader(source, pixelData.fragments, 'one-stream', windowBytes);
  if (!reader.begin()) return undefined;
  const head = await reader.peek(8);
  if (!FIRST.has(Buffer.from(head.subarray(4)).toString('latin1'))) return undefined;
  await clearMovie(reader, isIdentifying, Number.POSITIVE_INFINITY, 0);
  await reader.clearRest(AFTER);
  return { edits: clearingEdits(reader.clearings), reasons: [...reader.reasons] };
}

async function clearMovie(
  reader: CodestreamReader,
  isIdentifying: IsIdentifying,
  end: number,
  depth: number,
): Promise<void> {
  while (reader.at < end) {
    const from = reader.at;
    const box = readBoxHeader(await reader.peek(16));
    if (box === undefined) break;
    await reader.skip(box.headerLength);
    const boxEnd = Math.min(end, from + box.length);
    if (CONTAINERS.has(box.type) && depth < DEEPEST)
      await clearMovie(reader, isIdentifying, boxEnd, depth + 1);
    else await clearBox(reader, box.type, boxEnd, isIdentifying);
    if (box.length === Number.POSITIVE_INFINITY) return;
  }
  // The end of a file may be filled up; within a box nothing else has a place.
  if (end !== Number.POSITIVE_INFINITY) await reader.clear(end - reader.at, 0, AFTER);
}

async function clearBox(
  reader: CodestreamReader,
  type: string,
  end: number,
  isIdentifying: IsIdentifying,
): Promise<void> {
  if (NEEDED.has(type)) return reader.skip(end - reader.at);
  if (TIMED.has(type)) {
    const [version = 0] = await reader.peek(1);
    await reader.skip(Math.min(4, end - reader.at));
    await reader.clear(Math.min(version === 1 ? 16 : 8, end - reader.at), 0, TIMES);
    return reader.skip(end - reader.at);
  }
  if (type === 'hdlr') await reader.skip(Math.min(HANDLER_BYTES, end - reader.at));
  else if (DESCRIBING.has(type)) {
    const described = await reader.peek(Math.min(end - reader.at, SEARCHED_BYTES));
    if (isIdentifying(described))
      throw new UnprocessableInstanceError('residual-identifier', 'in a box of (7FE0,0010)');
    return reader.skip(end - reader.at);
  }
  await reader.clear(end - reader.at, 0, USER_DATA);
}
