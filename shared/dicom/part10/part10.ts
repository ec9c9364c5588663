/** A Part 10 object as it was read: meta information, data set, where the pixels lie, what was repaired (PS3.10 7). */
import type { DataElement, DataSet } from '../data-set.ts';
import type { Encoding } from '../encoding.ts';
import type { TransferSyntax } from '../transfer-syntax.ts';

/** Where bytes come from: a buffer, a file, ranged GETs. */
export interface ByteSource {
  readonly size: number;
  /** Exactly `length` bytes from `start`; both are always within `size`. */
  read(start: number, length: number): Promise<Uint8Array>;
}

/** Value bytes of one fragment, as offsets in the object. */
export interface Fragment {
  readonly start: number;
  readonly length: number;
}

/** The element that holds the pixels, as offsets in the object (in the inflated stream of a deflated one). */
export interface PixelDataExtent {
  readonly element: DataElement;
  readonly start: number;
  /** After the sequence delimiter, if there is one. */
  readonly end: number;
  /** The fragments of encapsulated Pixel Data; the offset table is none of them (PS3.5 A.4). */
  readonly fragments?: readonly Fragment[];
  /** The first item, also where it is empty. */
  readonly basicOffsetTable?: Fragment;
}

/** A lenient repair that was needed to read the object. */
export type Anomaly =
  | 'no-preamble'
  | 'no-file-meta'
  | 'no-transfer-syntax'
  | 'implicit-file-meta'
  | 'implicit-vr-under-explicit'
  | 'explicit-vr-under-implicit'
  | 'wrong-byte-order'
  | 'not-deflated'
  | 'implicit-vr-in-explicit'
  | 'explicit-vr-in-implicit'
  | 'unknown-vr'
  | 'unreadable-sequence'
  | 'missing-delimiter'
  | 'stray-delimiter'
  | 'odd-length'
  | 'group-length-not-4-bytes'
  | 'order-of-tags'
  | 'trailing-zeros';

export interface Part10 {
  /** Bytes of the object. */
  readonly size: number;
  /** Whether 128 bytes and `DICM` stand at the beginning. */
  readonly preamble: boolean;
  readonly meta: DataSet | undefined;
  /** As declared; as detected where none is declared. */
  readonly transferSyntax: TransferSyntax;
  /** What the data set is really written in. */
  readonly encoding: Encoding;
  readonly dataSet: DataSet;
  readonly pixelData?: PixelDataExtent;
  /** Where the element that holds the pixels starts; the end of the data set where there is none. */
  readonly headerEnd: number;
  /** Bytes of the source that were read. */
  readonly bytesRead: number;
  readonly anomalies: readonly Anomaly[];
  /** The inflated data set of a deflated object: offsets are offsets in it. */
  readonly inflated: Uint8Array | undefined;
}
