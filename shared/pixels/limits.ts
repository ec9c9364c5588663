/** What decoding may cost, checked before anything is allocated; exceeding one is the placeholder `too-large`. */
export interface PixelLimits {
  /** Pixels of one frame; default 64 Mi: twice the largest mammogram or stitched radiograph. */
  readonly maximumPixels: number;
  /** Bytes of one frame once decoded; default 256 MiB, so that the frame and its encoder's input fit a 1 GB function. */
  readonly maximumFrameBytes: number;
  /** Bytes of one encoded frame; default 128 MiB. */
  readonly maximumEncodedBytes: number;
  /** Fragments whose first bytes are read to find where frames begin when no offset table says so; default 4096. */
  readonly maximumProbedFragments: number;
  /** Milliseconds a codec may take for one frame; default 20,000: fifty times what the largest frame of the limits takes. */
  readonly codecDeadline: number;
  /** Bytes of WebAssembly memory of a codec; default 768 MiB: three times the largest frame, as JPEG 2000 takes. */
  readonly maximumCodecBytes: number;
  /** Code-blocks and precincts of a JPEG 2000 frame; default 1 Mi each: blocks of 8 x 8 in the largest frame. */
  readonly maximumCodeBlocks: number;
}

export const PIXEL_LIMITS: PixelLimits = {
  maximumPixels: 64 * 2 ** 20,
  maximumFrameBytes: 256 * 2 ** 20,
  maximumEncodedBytes: 128 * 2 ** 20,
  maximumProbedFragments: 4096,
  codecDeadline: 20_000,
  maximumCodecBytes: 768 * 2 ** 20,
  maximumCodeBlocks: 2 ** 20,
};
