/** Where an archive is read from: ranges of something that is too large to hold. */

export interface RangedSource {
  readonly size: number;
  /** The bytes of the range; fewer only where the source ends. */
  read(start: number, length: number): Promise<Uint8Array>;
  /** The same in pieces, for ranges that are too large to hold. */
  stream(start: number, length: number): Promise<AsyncIterable<Uint8Array>>;
}
