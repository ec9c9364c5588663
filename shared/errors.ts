/**
 * The one error class of the project and the closed list of reasons an item can end with.
 *
 * The step decides one thing only: is the input at fault? If so it throws `UnprocessableInstanceError`, and the item
 * ends in the state that its reason names. Everything else that is thrown is a fault of ours or of the network, is
 * delivered again and ends in the dead-letter queue. No message holds a value of a data set, a key or a path.
 */

/** The state an item ends in when the reason applies. */
export type RefusedState = 'quarantined' | 'ignored';

/** Each reason: the state it leads to, and what it means to the person who reads the report. */
export const REASONS = {
  empty: { state: 'ignored', meaning: 'the file has no bytes' },
  'not-dicom': { state: 'ignored', meaning: 'neither DICOM nor an archive' },
  'media-directory': { state: 'ignored', meaning: 'a DICOMDIR: it lists instances and is none itself' },
  truncated: { state: 'quarantined', meaning: 'the file ends before an element that it announces' },
  malformed: { state: 'quarantined', meaning: 'some bytes belong to no data element' },
  'missing-attribute': {
    state: 'quarantined',
    meaning: 'an attribute without which it is no instance is missing',
  },
  'invalid-uid': { state: 'quarantined', meaning: 'a UID that identifies the instance is not a UID' },
  'unsupported-transfer-syntax': {
    state: 'quarantined',
    meaning: 'the transfer syntax is not one that is known',
  },
  'unsupported-character-set': {
    state: 'quarantined',
    meaning: 'text is in a character set that is not known',
  },
  'pixel-data-mismatch': {
    state: 'quarantined',
    meaning: 'rows, columns and frames do not fit the pixel bytes',
  },
  'too-large': { state: 'quarantined', meaning: 'a size is over its limit' },
  'too-deep': { state: 'quarantined', meaning: 'sequences or archives are nested deeper than the limit' },
  'too-many-elements': {
    state: 'quarantined',
    meaning: 'there are more elements, items or fragments than the limit',
  },
  'burned-in-annotation': { state: 'quarantined', meaning: 'the picture itself may show who the patient is' },
  'unsafe-content': {
    state: 'quarantined',
    meaning: 'a document or object that cannot be shown to be clean',
  },
  'residual-identifier': {
    state: 'quarantined',
    meaning: 'an identifier was still found after de-identification',
  },
  'conflicting-instance': {
    state: 'quarantined',
    meaning: 'other bytes came before under the same SOP Instance UID',
  },
  'unsupported-archive': { state: 'quarantined', meaning: 'an archive of a kind that is not unpacked' },
  'archive-encrypted': { state: 'quarantined', meaning: 'the archive or entry needs a password' },
  'archive-corrupt': { state: 'quarantined', meaning: 'the archive contradicts itself or a checksum fails' },
  'archive-limit': {
    state: 'quarantined',
    meaning: 'the archive is over a limit of entries, size, ratio or name length',
  },
} as const satisfies Record<string, { state: RefusedState; meaning: string }>;

export type Reason = keyof typeof REASONS;

/** The input is at fault: a person reviews it, no retry helps. */
export class UnprocessableInstanceError extends Error {
  override readonly name = 'UnprocessableInstanceError';
  readonly reason: Reason;
  /** Tag, offset, lengths or the limit exceeded; never a value, a key or a path. */
  readonly where: string;
  /** The pseudonymous study that the instance is of, where it could be told. */
  readonly study: string | undefined;

  constructor(reason: Reason, where: string, options?: ErrorOptions & { readonly study?: string }) {
    super(`${reason}: ${where}`, options);
    this.reason = reason;
    this.where = where;
    this.study = options?.study;
  }
}

/** Whether the input, not the system, is at fault. */
export function isUnprocessable(error: unknown): error is UnprocessableInstanceError {
  return error instanceof UnprocessableInstanceError;
}
