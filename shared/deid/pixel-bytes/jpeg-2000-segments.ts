/**
 * The marker segments of JPEG 2000 and HTJ2K codestreams (ISO/IEC 15444-1 A, 15444-15): comments in the main header and in
 * those of tile-parts are overwritten. Packets are passed over by the length of their tile-part, or by looking for its end.
 */
import { UnprocessableInstanceError } from '../../errors.ts';
import type { CodestreamReader } from './codestream-reader.ts';
import { type IsIdentifying, namesEncoder } from './kept-text.ts';

const COM = 0x64;
const SOT = 0x90;
const SOD = 0x93;
const EOC = 0xd9;
/** Within packets no byte above 0x8F follows 0xFF (A.1.4), so that these cannot be mistaken. */
const ENDS_TILE_PART: ReadonlySet<number> = new Set([SOT, EOC]);

const SPACE = 0x20;
const LATIN = 1;
const COMMENT = 'text in comments of the codestream';

/** Goes through a codestream from SOC to EOC, or to where it ends without one. */
export async function clearJpeg2000(reader: CodestreamReader, isIdentifying: IsIdentifying): Promise<void> {
  await reader.skip(2);
  /** Where the tile-part that is gone through ends, as its header says. */
  let tilePartEnd: number | undefined;
  for (;;) {
    const head = await reader.peek(10);
    if (head.length < 2) return;
    const marker = head[0] === 0xff ? (head[1] as number) : 0;
    if (marker < 0x30) refuse();
    if (marker === EOC) {
      await reader.skip(2);
      return;
    }
    if (marker === SOD) {
      await reader.skip(2);
      await passPackets(reader, tilePartEnd);
      continue;
    }
    if (marker <= 0x3f) {
      await reader.skip(2);
      continue;
    }
    const view = new DataView(head.buffer, head.byteOffset, head.length);
    if (head.length < 4) return;
    const length = view.getUint16(2);
    if (length < 2) refuse();
    if (marker === SOT && head.length === 10) {
      const announced = view.getUint32(6);
      tilePartEnd = announced === 0 ? undefined : reader.at + announced;
    }
    if (marker === COM) await clearComment(reader, length - 2, isIdentifying);
    else if (isKnown(marker)) await reader.skip(2 + length);
    else {
      await reader.skip(4);
      await reader.clear(length - 2, 0, COMMENT);
    }
  }
}

/** To the next tile-part or the end: as far as is announced, unless something else stands there. */
async function passPackets(reader: CodestreamReader, announcedEnd: number | undefined): Promise<void> {
  const before = reader.position;
  if (announcedEnd !== undefined && announcedEnd >= reader.at) {
    await reader.skip(announcedEnd - reader.at);
    const next = await reader.peek(2);
    if (next.length < 2 || (next[0] === 0xff && ENDS_TILE_PART.has(next[1] as number))) return;
    reader.position = before;
  }
  await reader.skipTo(ENDS_TILE_PART);
}

/** Registration value (A.9.2) is kept; Latin text becomes spaces, what is binary zeros. */
async function clearComment(
  reader: CodestreamReader,
  length: number,
  isIdentifying: IsIdentifying,
): Promise<void> {
  await reader.skip(4);
  const value = await reader.peek(length);
  const text = value.subarray(2);
  if (namesEncoder(text) && !isIdentifying(text)) return reader.skip(length);
  await reader.skip(Math.min(2, length));
  await reader.clear(Math.max(0, length - 2), value[1] === LATIN ? SPACE : 0, COMMENT);
}

/** Segments of Parts 1, 2 and 15; decoders pass over others, which are overwritten. */
function isKnown(marker: number): boolean {
  return (marker >= 0x50 && marker < COM) || (marker >= 0x70 && marker <= 0x7f) || marker === SOT;
}

function refuse(): never {
  throw new UnprocessableInstanceError(
    'unsafe-content',
    'a JPEG 2000 header that cannot be read in (7FE0,0010)',
  );
}
