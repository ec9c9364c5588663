/** What is written that was not read: elements made here, and what File Meta Information says. */
import type { Tag } from './tag.ts';
import type { VR } from './vr.ts';

/** The frames of encapsulated Pixel Data, a fragment each; the Basic Offset Table is left empty (PS3.5 A.4). */
export interface EncapsulatedValue {
  readonly fragments: readonly Uint8Array[];
}

/** An element to be written: value bytes are little endian whatever the object is; SQ has items of elements. */
export interface NewElement {
  readonly tag: Tag;
  readonly vr: VR;
  readonly value: Uint8Array | readonly (readonly NewElement[])[] | EncapsulatedValue;
}

/** What the File Meta Information says of the written object (PS3.10 7.1). */
export interface MetaInput {
  readonly mediaStorageSopClassUid: string;
  readonly mediaStorageSopInstanceUid: string;
  readonly transferSyntaxUid: string;
  readonly implementationClassUid: string;
  readonly implementationVersionName: string;
}

/** A range of the source object that was not read. */
export interface SourceRange {
  readonly start: number;
  readonly length: number;
}

/**
 * Changes bytes of a range without changing their number. It is given runs of any length in any order, `at` being the offset
 * of the first byte in the source object; what it returns may share no memory with what it is given.
 */
export type RangeFilter = (bytes: Uint8Array, at: number) => Uint8Array;

/** A range of the source object, verbatim or through a filter. */
export interface CopiedRange {
  readonly copy: SourceRange;
  readonly through?: RangeFilter;
}

/** Bytes that were made and are kept elsewhere than in memory until they are written. */
export interface DeferredBytes {
  readonly deferred: { readonly length: number; bytes(): Uint8Array };
}

/** A run of the written object. */
export type Segment = Uint8Array | CopiedRange | DeferredBytes;
