/**
 * The boxes of a JP2 or JPEG XL file around a codestream (ISO/IEC 15444-1 I, 18181-2): those that a decoder needs are kept, what
 * is in all others (XML, UUID, Exif, labels, the data to rebuild a JPEG file) is overwritten.
 */
import { UnprocessableInstanceError } from '../../errors.ts';
import type { CodestreamReader } from './codestream-reader.ts';
import { clearJpeg2000 } from './jpeg-2000-segments.ts';
import type { IsIdentifying } from './kept-text.ts';

const CONTAINERS: ReadonlySet<string> = new Set(['jp2h', 'res ']);
/** Signature, brands, size, depths, colours, palette, channels, resolution. */
const DESCRIBING: ReadonlySet<string> = new Set([
  ...['jP  ', 'JXL ', 'ftyp', 'ihdr', 'bpcc', 'colr', 'pclr', 'cmap', 'cdef', 'resc', 'resd', 'jxll'],
]);
const JPEG_XL_CODESTREAM: ReadonlySet<string> = new Set(['jxlc', 'jxlp', 'jxli']);
/** A colour profile has some kilobytes; of a longer box the beginning is searched. */
const SEARCHED_BYTES = 256 * 1024;

const BOX = 'boxes around the codestream that may hold text';
const AFTER = 'bytes after the end of the codestream';

/** Goes through boxes up to `end`, counted as the reader counts, or to where what follows is none. */
export async function clearBoxes(
  reader: CodestreamReader,
  isIdentifying: IsIdentifying,
  end = Number.POSITIVE_INFINITY,
): Promise<void> {
  while (reader.at < end) {
    const from = reader.at;
    const head = await reader.peek(16);
    const box = readBoxHeader(head);
    if (box === undefined) return;
    await reader.skip(box.headerLength);
    const boxEnd = Math.min(end, from + box.length);
    if (CONTAINERS.has(box.type)) await clearBoxes(reader, isIdentifying, boxEnd);
    else if (box.type === 'jp2c') {
      const start = await reader.peek(2);
      if (start[0] === 0xff && start[1] === 0x4f) await clearJpeg2000(reader, isIdentifying);
      await reader.clear(Math.max(0, boxEnd - reader.at), 0, AFTER);
    } else if (JPEG_XL_CODESTREAM.has(box.type)) await reader.skip(boxEnd - reader.at);
    else if (DESCRIBING.has(box.type)) {
      const described = await reader.peek(Math.min(boxEnd - reader.at, SEARCHED_BYTES));
      if (isIdentifying(described))
        throw new UnprocessableInstanceError('residual-identifier', 'in a box of (7FE0,0010)');
      await reader.skip(boxEnd - reader.at);
    } else await reader.clear(boxEnd - reader.at, box.type === 'xml ' ? 0x20 : 0, BOX);
    if (box.length === Number.POSITIVE_INFINITY) return;
  }
}

/** Length, or 1 and the length in 64 bits behind the type, or 0 for all that follows (I.4). */
export function readBoxHeader(
  head: Uint8Array,
): { readonly type: string; readonly length: number; readonly headerLength: number } | undefined {
  if (head.length < 8) return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  const type = Buffer.from(head.subarray(4, 8)).toString('latin1');
  const short = view.getUint32(0);
  if (short === 0) return { type, length: Number.POSITIVE_INFINITY, headerLength: 8 };
  if (short !== 1) return short < 8 ? undefined : { type, length: short, headerLength: 8 };
  if (head.length < 16) return undefined;
  const length = Number(view.getBigUint64(8));
  return length < 16 ? undefined : { type, length, headerLength: 16 };
}
