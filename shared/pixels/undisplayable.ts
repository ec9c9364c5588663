/**
 * Why an instance shows a placeholder in place of its image: a closed list, and the error that carries it inside this folder.
 *
 * It is not `UnprocessableInstanceError`, because nothing is quarantined: an instance whose image cannot be shown is kept,
 * previewed by a labelled tile and indexed like any other.
 */

/** Each reason, and what the placeholder says. */
export const PLACEHOLDER_REASONS = {
  'no-image': 'holds no image',
  'pixel-data-missing': 'pixel data is missing',
  'pixel-data-mismatch': 'pixel data does not fit its description',
  video: 'is a video',
  'unsupported-transfer-syntax': 'compression is not supported',
  'unsupported-pixel-format': 'pixel format is not supported',
  'too-large': 'image is over the size limit',
  undecodable: 'pixel data is damaged',
  'decode-timeout': 'decoding took too long',
  'rendering-failed': 'no preview could be made',
} as const;

export type PlaceholderReason = keyof typeof PLACEHOLDER_REASONS;

/** The image cannot be shown, and no retry helps; `where` names attributes, sizes and limits, never a value of the patient. */
export class UndisplayableError extends Error {
  override readonly name = 'UndisplayableError';
  readonly reason: PlaceholderReason;
  readonly where: string;

  constructor(reason: PlaceholderReason, where: string, options?: ErrorOptions) {
    super(`${reason}: ${where}`, options);
    this.reason = reason;
    this.where = where;
  }
}
