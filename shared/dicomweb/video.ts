/**
 * A video (PS3.5 A.4.5 to A.4.9) as the file it is: its one stream, in one fragment or in many, without the headers of the items
 * between them, by ranges. Which container it is in is told by its first bytes, as the transfer syntax does not say.
 */
import type { Fragment, Part10 } from '../dicom/index.ts';
import type { Content } from './answer.ts';

export interface StoredVideo extends Content {
  readonly mediaType: string;
}

/** Bytes of one answer to who asks for a range; default 4 MiB. A player asks on, and leaves what it has no need of. */
export const VIDEO_SLICE = 4 * 1024 * 1024;

export const MP4 = 'video/mp4';
/** Read to tell what the stream is: over two packets of a transport stream. */
const PROBED = 512;

interface Source {
  readonly part10: Part10;
  read(start: number, length: number): Promise<Uint8Array>;
  stream(start: number, length: number): AsyncIterable<Uint8Array>;
}

/** The video of the instance; undefined where it holds none. */
export async function storedVideo({ part10, read, stream }: Source): Promise<StoredVideo | undefined> {
  const fragments = part10.transferSyntax.codec === 'mpeg' ? part10.pixelData?.fragments : undefined;
  const [first] = fragments ?? [];
  if (fragments === undefined || first === undefined) return undefined;
  const head = await read(first.start, Math.min(first.length, PROBED));
  return { ...joined(fragments, stream), mediaType: videoType(head, part10.transferSyntax.uid) };
}

/** Ranges of an object as one content: what lies between them is left out. */
export function joined(ranges: readonly Fragment[], stream: Source['stream']): Content {
  return {
    length: ranges.reduce((sum, { length }) => sum + length, 0),
    open: async function* (start, length) {
      let at = 0;
      for (const range of ranges) {
        const from = Math.max(0, start - at);
        const to = Math.min(range.length, start + length - at);
        if (from < to) yield* stream(range.start + from, to - from);
        at += range.length;
        if (at >= start + length) return;
      }
    },
  };
}

const HEVC = new Set(['1.2.840.10008.1.2.4.107', '1.2.840.10008.1.2.4.108']);
const MPEG_2 = /^1\.2\.840\.10008\.1\.2\.4\.10[01](\.1)?$/;
/** Boxes that a file of ISO 14496-12 begins with. */
const BOXES = new Set(['ftyp', 'styp', 'moov', 'mdat', 'free', 'skip', 'wide', 'pdin']);
const TRANSPORT_PACKET = 188;

/** By the container, else by the transfer syntax of a bare stream. */
export function videoType(head: Uint8Array, transferSyntax: string): string {
  if (BOXES.has(Buffer.from(head.subarray(4, 8)).toString('latin1'))) return MP4;
  // A packet begins with 0x47 (ISO 13818-1 2.4.3.2); of a disc it has four bytes of time before it.
  if (head[0] === 0x47 && head[TRANSPORT_PACKET] === 0x47) return 'video/mp2t';
  if (head[4] === 0x47 && head[TRANSPORT_PACKET + 8] === 0x47) return 'video/mp2t';
  if (MPEG_2.test(transferSyntax) || isProgramStream(head)) return 'video/mpeg';
  return HEVC.has(transferSyntax) ? 'video/h265' : 'video/h264';
}

/** A pack header (ISO 13818-1 2.5.3.3). */
function isProgramStream(head: Uint8Array): boolean {
  return head[0] === 0 && head[1] === 0 && head[2] === 1 && head[3] === 0xba;
}
