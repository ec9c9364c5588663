/** What the moving preview of a cine may cost; beyond a limit it shows fewer frames, and below three the still picture. */
export interface AnimationLimits {
  /** Frames of the preview; default 24, evenly chosen: a heartbeat at the rate of an ultrasound. */
  readonly maximumFrames: number;
  /** Bytes read for them, still encoded; default 32 MiB, a second's worth of transfer. */
  readonly maximumBytes: number;
  /** Pixels decoded for them; default 64 Mi: 24 frames of 1,600 x 1,600, or a dozen of a tomosynthesis. */
  readonly maximumPixels: number;
  /** Bytes of the preview; default 300 KB. Tried with less quality, then smaller, then with half the frames. */
  readonly maximumPreviewBytes: number;
}

export const ANIMATION_LIMITS: AnimationLimits = {
  maximumFrames: 24,
  maximumBytes: 32 * 2 ** 20,
  maximumPixels: 64 * 2 ** 20,
  maximumPreviewBytes: 300_000,
};
