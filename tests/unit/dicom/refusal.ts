/** How an input is refused, as a pair to compare. */
import { type ReadLimits, readPart10 } from '../../../shared/dicom/index.ts';
import { UnprocessableInstanceError } from '../../../shared/errors.ts';
import { explicit, item, sequence } from './raw-bytes.ts';

/** Reason and place of the refusal. */
export function refusal(source: Uint8Array, limits: Partial<ReadLimits> = {}): [string, string] {
  try {
    readPart10(source, limits);
  } catch (error) {
    if (error instanceof UnprocessableInstanceError) return [error.reason, error.where];
    throw error;
  }
  return ['accepted', ''];
}

/** A name within so many levels of sequences. */
export function nested(levels: number): Uint8Array {
  let content: Uint8Array = explicit(0x00100010, 'PN', 'Doe^Jane');
  for (let level = 0; level < levels; level++) content = sequence(0x00081140, [item(content)], 'delimited');
  return content;
}
