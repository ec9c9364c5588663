/** Tells what a file is by its first bytes; its name and its media type say nothing. */
import { DESCRIPTORS_AT, isVolumeDescriptor } from '../../shared/archive/iso/volume.ts';
import { isTarHeader } from '../../shared/archive/tar/header.ts';
import { looksLikeDicom } from '../../shared/dicom/index.ts';

/** How much of an object it takes to tell: a tar header is a block of 512 bytes, DICOM is told by a few elements. */
export const FIRST_BYTES = 4_096;

export type ArchiveFormat = 'zip' | 'tar' | 'gzip' | 'iso';

/** Where it shows that a file is a disk image: far behind a beginning that may hold anything, mostly zeros. */
export const DISK_BYTES = { start: DESCRIPTORS_AT, length: 8 };

/** What a file is; for what is neither DICOM nor unpacked, in words that say nothing of its content. */
export type Content =
  | { readonly kind: 'dicom' }
  | { readonly kind: 'archive'; readonly format: ArchiveFormat }
  | { readonly kind: 'other-archive' | 'neither'; readonly what: string };

interface Signature {
  readonly at?: number;
  readonly bytes: string;
  readonly what: string;
}

/** PS3.10 7.1: 128 bytes of anything, then the prefix. It wins over what the 128 bytes may imitate. */
const DICM: Signature = { at: 128, bytes: '4449434d', what: 'DICOM' };

/** Archives that are unpacked; a ZIP may be empty, or was cut into volumes once and joined again. */
const ARCHIVES: readonly (Signature & { readonly format: ArchiveFormat })[] = [
  { bytes: '504b0304', what: 'ZIP', format: 'zip' },
  { bytes: '504b0506', what: 'ZIP', format: 'zip' },
  { bytes: '504b3030504b0304', what: 'ZIP', format: 'zip' },
  { bytes: '1f8b08', what: 'GZIP', format: 'gzip' },
];

const OTHER_ARCHIVES: readonly Signature[] = [
  { bytes: '425a68', what: 'bzip2' },
  { bytes: 'fd377a585a00', what: 'xz' },
  { bytes: '28b52ffd', what: 'Zstandard' },
  { bytes: '377abcaf271c', what: '7z' },
  { bytes: '526172211a07', what: 'RAR' },
  { bytes: '4d534346', what: 'a Windows cabinet' },
  { bytes: '00ffffffffffffffffffff00', what: 'a disk image of raw sectors' },
];

/** What else comes on the disks that hospitals hand out. */
const OTHERS: readonly Signature[] = [
  { bytes: '255044462d', what: 'a PDF document' },
  { bytes: 'ffd8ff', what: 'a JPEG picture' },
  { bytes: '89504e470d0a1a0a', what: 'a PNG picture' },
  { bytes: '47494638', what: 'a GIF picture' },
  { bytes: '424d', what: 'a bitmap' },
  { bytes: '49492a00', what: 'a TIFF picture' },
  { bytes: '4d4d002a', what: 'a TIFF picture' },
  { bytes: '4d5a', what: 'a Windows program' },
  { bytes: '7f454c46', what: 'a Linux program' },
  { bytes: 'cffaedfe', what: 'a macOS program' },
  { bytes: 'cafebabe', what: 'a Java or macOS program' },
  { bytes: '00010000', what: 'a font or icon' },
  { bytes: '3c3f786d6c', what: 'an XML document' },
  { bytes: '3c21', what: 'a page' },
  { bytes: '3c68746d6c', what: 'a page' },
  { bytes: '53514c69746520666f726d6174203300', what: 'a database' },
  { bytes: 'd0cf11e0a1b11ae1', what: 'an Office document' },
  { at: 4, bytes: '66747970', what: 'a video' },
];

const UNKNOWN = 'no kind that is known';

/** What the file is that begins with these bytes. */
export function contentOf(firstBytes: Uint8Array): Content {
  const hex = Buffer.from(
    firstBytes.buffer,
    firstBytes.byteOffset,
    Math.min(firstBytes.length, 160),
  ).toString('hex');
  const has = ({ at = 0, bytes }: Signature) => hex.startsWith(bytes, 2 * at);
  if (has(DICM)) return { kind: 'dicom' };
  const archive = ARCHIVES.find(has);
  if (archive) return { kind: 'archive', format: archive.format };
  if (isTarHeader(firstBytes)) return { kind: 'archive', format: 'tar' };
  const other = OTHER_ARCHIVES.find(has);
  if (other) return { kind: 'other-archive', what: other.what };
  if (looksLikeDicom(firstBytes)) return { kind: 'dicom' };
  return {
    kind: 'neither',
    what: OTHERS.find(has)?.what ?? (isText(firstBytes) ? 'text' : UNKNOWN),
  };
}

/** Whether it takes a look at `DISK_BYTES` to tell what the file is. */
export function maybeDisk(content: Content, size: number): boolean {
  const least = DISK_BYTES.start + DISK_BYTES.length;
  return content.kind === 'neither' && content.what === UNKNOWN && size >= least;
}

/** What the file is that has these bytes at `DISK_BYTES` and is nothing else. */
export function diskOf(bytes: Uint8Array): Content | undefined {
  if (isVolumeDescriptor(bytes)) return { kind: 'archive', format: 'iso' };
  // Extended descriptors without those of ISO 9660: a disk in UDF alone.
  return Buffer.from(bytes).toString('latin1', 1, 6) === 'BEA01'
    ? { kind: 'other-archive', what: 'a disk image in UDF' }
    : undefined;
}

/** Whether the bytes are all printable ASCII or white space. */
function isText(bytes: Uint8Array): boolean {
  return bytes.every((byte) => (byte >= 0x20 && byte < 0x7f) || (byte >= 0x09 && byte <= 0x0d));
}
