/** An entry of a TAR archive: a file, or something else that has a name. */

export interface TarEntry {
  /** Its place among all entries, folders and links too, from 0: the entry's number for ever. */
  readonly index: number;
  /** For people only: it may hold anything, `..` too, and is never used as a path or a key. */
  readonly name: string;
  readonly nameBytes: number;
  readonly kind: 'file' | 'folder' | 'link' | 'device' | 'sparse';
  readonly size: number;
  /** Of the first of its headers. */
  readonly start: number;
  /** Of its bytes. */
  readonly dataStart: number;
  /** Where the next entry begins. */
  readonly end: number;
}
