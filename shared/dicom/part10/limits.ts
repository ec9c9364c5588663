/** What an input may cost at most. Each limit has a name, a default and the reason for it. */

export interface ReadLimits {
  /** Bytes held before Pixel Data, and again after it. Default 64 MiB: the largest public header has 0.3 MB. */
  readonly maximumHeaderBytes: number;
  /** Bytes of a deflated data set, deflated or inflated: all of it has to be held. Default 256 MiB. */
  readonly maximumInflatedBytes: number;
  /** Elements and items of the whole object. Default 1,000,000: some 50 per frame of 20,000 frames. */
  readonly maximumElements: number;
  /** Levels of sequences. Default 64: real objects stay below 10. */
  readonly maximumDepth: number;
  /** Fragments of encapsulated Pixel Data. Default 1,000,000. */
  readonly maximumFragments: number;
}

export const DEFAULT_READ_LIMITS: ReadLimits = {
  maximumHeaderBytes: 64 * 1024 * 1024,
  maximumInflatedBytes: 256 * 1024 * 1024,
  maximumElements: 1_000_000,
  maximumDepth: 64,
  maximumFragments: 1_000_000,
};
