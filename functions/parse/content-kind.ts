/** Tells what a file is by its first bytes; its name and its media type say nothing. */
import { looksLikeDicom } from '../../shared/dicom/index.ts';

/** How much of an object it takes to tell: a tar header is told by its bytes 257 to 261, DICOM by a few elements. */
export const FIRST_BYTES = 4_096;

export type ContentKind = 'dicom' | 'zip' | 'other-archive' | 'neither';

/** PS3.10 7.1: 128 bytes of anything, then the prefix. It wins over what the 128 bytes may imitate. */
const DICM = { at: 128, bytes: [0x44, 0x49, 0x43, 0x4d] };

const ZIP = [
  { at: 0, bytes: [0x50, 0x4b, 0x03, 0x04] },
  // No entries at all.
  { at: 0, bytes: [0x50, 0x4b, 0x05, 0x06] },
  // Cut into volumes once and joined again.
  { at: 0, bytes: [0x50, 0x4b, 0x30, 0x30, 0x50, 0x4b, 0x03, 0x04] },
];

const OTHER_ARCHIVES = [
  { at: 0, bytes: [0x1f, 0x8b] }, // GZIP
  { at: 0, bytes: [0x42, 0x5a, 0x68] }, // BZIP2
  { at: 0, bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00] }, // XZ
  { at: 0, bytes: [0x28, 0xb5, 0x2f, 0xfd] }, // Zstandard
  { at: 0, bytes: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c] }, // 7z
  { at: 0, bytes: [0x52, 0x61, 0x72, 0x21, 0x1a, 0x07] }, // RAR
  { at: 257, bytes: [0x75, 0x73, 0x74, 0x61, 0x72] }, // tar
];

/** What the file is that begins with these bytes. */
export function contentKindOf(firstBytes: Uint8Array): ContentKind {
  const has = ({ at, bytes }: { at: number; bytes: readonly number[] }) =>
    bytes.every((byte, index) => firstBytes[at + index] === byte);
  if (has(DICM)) return 'dicom';
  if (ZIP.some(has)) return 'zip';
  if (OTHER_ARCHIVES.some(has)) return 'other-archive';
  return looksLikeDicom(firstBytes) ? 'dicom' : 'neither';
}
