/**
 * The bytes of a range of a medium. Small objects are read some ahead of their turn, so that a study of many slices does not
 * wait for each of them; large ones are streamed. What has another length, or was read whole and has another checksum than it
 * had, breaks the archive off.
 */
import { crc32 } from 'node:zlib';
import type { ArchivePiece } from '../archive/zip/stored-archive.ts';
import type { StudyMedia } from './study-media.ts';

interface ByteRange {
  readonly start: number;
  readonly length: number;
}

/** The objects of the library; without a range the whole of one. */
export interface MediaReader {
  read(key: string, range?: ByteRange): Promise<Uint8Array>;
  stream(key: string, range?: ByteRange): Promise<AsyncIterable<Uint8Array>>;
}

/** Larger objects are streamed when their turn comes. */
const SMALL = 4 * 1024 * 1024;
/** Small objects that are held or on their way; default 12: 48 MiB at most. */
const AHEAD = 12;

interface Turn {
  readonly piece: ArchivePiece;
  readonly begun?: Promise<Uint8Array>;
}

/** The bytes from `start` up to `end`. */
export async function* mediaBytes(
  { archive, files }: StudyMedia,
  start: number,
  end: number,
  reader: MediaReader,
): AsyncGenerator<Uint8Array> {
  const pieces = archive.pieces(start, end);
  const turns: Turn[] = [];
  const fill = () => {
    while (turns.length < AHEAD) {
      const { value, done } = pieces.next();
      if (done) return;
      turns.push(turnOf(value));
    }
  };
  fill();
  for (let turn = turns.shift(); turn; turn = turns.shift()) {
    fill();
    if (turn.begun) yield await turn.begun;
    else yield* bytesOf(turn.piece);
  }

  function turnOf(piece: ArchivePiece): Turn {
    if ('bytes' in piece || piece.length > SMALL) return { piece };
    const begun = gather(bytesOf(piece));
    // Whoever takes its turn is told; until then the failure is nobody's.
    begun.catch(() => {});
    return { piece, begun };
  }

  async function* bytesOf(piece: ArchivePiece): AsyncGenerator<Uint8Array> {
    if ('bytes' in piece) return yield piece.bytes;
    const file = files[piece.entry];
    if (!file) throw new RangeError('no such file');
    if ('bytes' in file) return yield file.bytes.subarray(piece.start, piece.start + piece.length);
    const isWhole = piece.length === file.size;
    const range = isWhole ? undefined : { start: piece.start, length: piece.length };
    let length = 0;
    let checksum = 0;
    const read =
      piece.length > SMALL ? await reader.stream(file.key, range) : [await reader.read(file.key, range)];
    for await (const bytes of read) {
      length += bytes.length;
      if (length > piece.length) break;
      if (isWhole) checksum = crc32(bytes, checksum);
      yield bytes;
    }
    if (length !== piece.length || (isWhole && checksum !== file.crc32))
      throw new Error('an object of the library is not what the summary of its study says');
  }
}

async function gather(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const gathered: Uint8Array[] = [];
  for await (const piece of pieces) gathered.push(piece);
  return gathered.length === 1 ? (gathered[0] as Uint8Array) : Buffer.concat(gathered);
}
