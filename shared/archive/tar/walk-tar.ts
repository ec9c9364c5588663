/**
 * Walks the entries of a TAR archive from header to header. Where entries are small they are read along, many in one window;
 * where they are large the walk hops over them. An archive that breaks off, or has something between two entries that is no
 * header, is refused from there on.
 */
import { ARCHIVE_LIMITS, type ArchiveLimits } from '../limits.ts';
import type { RangedSource } from '../ranged-source.ts';
import { corrupt, hex, overLimit } from '../refuse.ts';
import { decodeEntryName } from '../zip/entry-name.ts';
import { type BlockReader, openBlocks } from './block-reader.ts';
import type { TarEntry } from './entry.ts';
import { type ExtendedHeader, readExtendedHeader } from './extended-header.ts';
import { BLOCK_BYTES, inBlocks, isZeroBlock, readTarHeader, type TarHeader } from './header.ts';

/** A long name, or the records of an extended header: more than any name that is accepted. */
const MAXIMUM_META_BYTES = 64 * 1024;
/** Headers that may stand before one entry: one of each kind, and some for writers that repeat themselves. */
const MAXIMUM_META_HEADERS = 8;

export interface TarWalk {
  /** Where to begin: the start of an entry. Default 0. */
  readonly from?: number;
  /** Where to end: the start of an entry. Default the end of the archive. */
  readonly to?: number;
  /** The number of the first entry. Default 0. */
  readonly firstEntry?: number;
  readonly limits?: ArchiveLimits;
  /** Default: one that chooses its windows by how far headers lie apart. */
  readonly blocks?: BlockReader;
}

/** Each entry in order. */
export async function* walkTar(
  source: RangedSource,
  {
    from = 0,
    to = source.size,
    firstEntry = 0,
    limits = ARCHIVE_LIMITS,
    blocks = openBlocks(source),
  }: TarWalk = {},
): AsyncGenerator<TarEntry> {
  let at = from;
  for (let index = firstEntry; at < to; index++) {
    const entry = await readEntry(blocks, at, index, source.size);
    if (entry === undefined) return;
    if (index >= limits.maximumEntries) throw overLimit('entries', index + 1, limits.maximumEntries);
    yield entry;
    at = entry.end;
  }
}

/** The entry at an offset with all headers that precede it; undefined at the end of the archive. */
async function readEntry(
  blocks: BlockReader,
  start: number,
  index: number,
  archiveSize: number,
): Promise<TarEntry | undefined> {
  let extended: ExtendedHeader = {};
  let longName: Uint8Array | undefined;
  let at = start;
  for (let headers = 0; headers <= MAXIMUM_META_HEADERS; headers++) {
    const place = `entry ${index} at ${hex(at)}`;
    const block = await blocks.read(at, BLOCK_BYTES);
    // Archives should end with two blocks of zeros; some just end.
    if (headers === 0 && (block.length === 0 || isZeroBlock(block))) return undefined;
    const header = readTarHeader(block);
    if (header === undefined) throw corrupt(`${place}: no header`);
    const dataStart = at + BLOCK_BYTES;
    if (!isMeta(header)) {
      const size = extended.size ?? header.size;
      const name = longName ?? extended.path ?? header.name;
      const kind = extended.sparse ? 'sparse' : kindOf(header, name);
      // Links have a size at times, and no bytes.
      const end = dataStart + (kind === 'link' ? 0 : inBlocks(size));
      if (dataStart + (kind === 'link' ? 0 : size) > archiveSize)
        throw corrupt(
          `${place}: ${size} bytes, the archive has ${Math.max(0, archiveSize - dataStart)} more`,
        );
      return {
        index,
        name: decodeEntryName(name, 0),
        nameBytes: name.length,
        kind,
        size,
        start,
        dataStart,
        end,
      };
    }
    if (header.size > MAXIMUM_META_BYTES)
      throw overLimit(`${place}: header bytes`, header.size, MAXIMUM_META_BYTES);
    const bytes = await blocks.read(dataStart, header.size);
    if (bytes.length < header.size) throw corrupt(`${place}: the archive ends within a header`);
    // Zero-terminated; the names of links (K) and what is said of all files (g) change no name and no size here.
    if (header.type === 'L')
      longName = bytes.subarray(0, bytes.indexOf(0) < 0 ? bytes.length : bytes.indexOf(0));
    if (header.type === 'x') extended = { ...extended, ...readExtendedHeader(bytes, place) };
    at = dataStart + inBlocks(header.size);
  }
  throw corrupt(`entry ${index} at ${hex(start)}: more than ${MAXIMUM_META_HEADERS} headers before it`);
}

function isMeta({ type }: TarHeader): boolean {
  return type === 'L' || type === 'K' || type === 'x' || type === 'g';
}

function kindOf({ type }: TarHeader, name: Uint8Array): TarEntry['kind'] {
  if (type === '5' || (type === '0' && name.at(-1) === 0x2f)) return 'folder';
  if (type === '0') return 'file';
  if (type === '1' || type === '2') return 'link';
  return type === 'S' ? 'sparse' : 'device';
}
