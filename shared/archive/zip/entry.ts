/** An entry of a ZIP archive as its central directory describes it (APPNOTE 4.3.12). */

export interface ZipEntry {
  /** Its place in the central directory, from 0: the entry's number for ever. */
  readonly index: number;
  /** For people only: it may hold anything, `..` too, and is never used as a path or a key. */
  readonly name: string;
  /** As written, to be compared with the local header. */
  readonly nameBytes: Uint8Array;
  readonly flags: number;
  readonly method: number;
  readonly crc32: number;
  readonly compressedSize: number;
  readonly size: number;
  /** Of the local header, from the start of the source. */
  readonly offset: number;
  /** Where the next thing of the archive begins: the entry must end before. */
  readonly limit: number;
}

export const STORED = 0;
export const DEFLATED = 8;
/** AES encryption (APPNOTE E) is written as a method. */
export const AES = 99;

/** Bit 0, or strong encryption. */
export function isEncrypted({ flags, method }: ZipEntry): boolean {
  return (flags & 0x0041) !== 0 || method === AES;
}

/** A name that ends in a slash and has no bytes stands for a folder (APPNOTE 4.3.8, by custom). */
export function isFolder({ name, size }: ZipEntry): boolean {
  return size === 0 && name.endsWith('/');
}

/** The same by a header whose name is not text yet. */
export function isFolderHeader({ nameBytes, size }: Pick<ZipEntry, 'nameBytes' | 'size'>): boolean {
  return size === 0 && nameBytes.at(-1) === 0x2f;
}

/** The local header ends with name and extra field, whose length only it knows; bytes follow. */
export const LOCAL_HEADER_BYTES = 30;
