/** What `unpack` needs of the vault, the ledger and its own queue. */
import type { ArchiveLimits } from '../../shared/archive/limits.ts';
import type { RangedSource } from '../../shared/archive/ranged-source.ts';
import type { SliceLimits } from '../../shared/archive/zip/survey.ts';
import type { ItemRef, ObjectPointer } from '../../shared/contract/messages.ts';
import type { UnprocessableInstanceError } from '../../shared/errors.ts';

/** The end of an entry that did not become an object. */
export interface RefusedEntry {
  readonly item: ItemRef;
  readonly path: string;
  readonly size: number;
  readonly parent: string;
  readonly state: 'quarantined' | 'ignored';
  readonly reason: string;
  readonly where: string;
}

type Metadata = Readonly<Record<string, string>>;

export interface UnpackPorts {
  source(object: ObjectPointer, size: number): RangedSource;
  /** The path of the archive within its upload. */
  pathOf(object: ObjectPointer): Promise<string>;
  /** Keys under a prefix that were written before, in order. */
  written(prefix: string, range: { readonly after?: string; readonly upTo: string }): AsyncIterable<string>;
  /** Writes an object unless it is there. */
  write(key: string, bytes: Uint8Array, metadata: Metadata): Promise<void>;
  writePieces(key: string, pieces: AsyncIterable<Uint8Array>, metadata: Metadata): Promise<void>;
  /** Writes pieces until it is late; then the name by which another call goes on with the same pieces from the first. */
  writeLong(
    key: string,
    pieces: AsyncIterable<Uint8Array>,
    options: { readonly metadata: Metadata; readonly writing?: string; isLate(): boolean },
  ): Promise<string | undefined>;
  refuse(entries: readonly RefusedEntry[], run: string): Promise<void>;
  /** Ends the archive's own item: so many items stand for it now. */
  end(item: ItemRef, entries: number, run: string): Promise<void>;
  /** Ends the archive's own item as one that breaks off; entries before that may have been unpacked. */
  refuseArchive(item: ItemRef, fault: UnprocessableInstanceError, run: string): Promise<void>;
  readonly limits?: ArchiveLimits;
  readonly sliceLimits?: SliceLimits;
}
