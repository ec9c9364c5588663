/** What drawing an object without an image may cost; beyond a limit less is drawn, never nothing. */
export interface DocumentLimits {
  /** Lines of a report; default 5,000: a CT dose report of a long examination has some 800. */
  readonly maximumLines: number;
  /** Characters of one value of a report; default 20,000, several printed pages. */
  readonly maximumCharacters: number;
  /** Seconds of a waveform; default 10, the length of a resting ECG and what its page shows. */
  readonly waveformSeconds: number;
  /** Samples of a channel; default 480,000: ten seconds of sound. */
  readonly maximumSamples: number;
  /** Channels of a waveform; default 16: twelve leads and a few more. */
  readonly maximumChannels: number;
  /** Points of contours; default 200,000, evenly taken: more are not told apart in a picture of 4,096 pixels. */
  readonly maximumPoints: number;
  /** Frames of a segmentation that are decoded for one picture; default 64: as many segments as can be told apart. */
  readonly maximumSegmentFrames: number;
  /** Tiles of a segmentation of a slide that are decoded, evenly taken; default 2,048, most of which are of single bits. */
  readonly maximumSegmentTiles: number;
  /** Frames of a dose in which its maximum is looked for; default 64, evenly taken: a dose changes little from slice to slice. */
  readonly maximumDoseFrames: number;
  /** Bytes of an encapsulated document; default 32 MiB, as it is copied into WebAssembly memory. */
  readonly maximumDocumentBytes: number;
  /** Milliseconds for the first page of a document; default 10,000. */
  readonly documentDeadline: number;
}

export const DOCUMENT_LIMITS: DocumentLimits = {
  maximumLines: 5_000,
  maximumCharacters: 20_000,
  waveformSeconds: 10,
  maximumSamples: 480_000,
  maximumChannels: 16,
  maximumPoints: 200_000,
  maximumSegmentFrames: 64,
  maximumSegmentTiles: 2_048,
  maximumDoseFrames: 64,
  maximumDocumentBytes: 32 * 2 ** 20,
  documentDeadline: 10_000,
};
