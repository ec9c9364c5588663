/** Refusals of archives and of their entries; `where` names a structure, an offset or a limit, never a name. */
import { UnprocessableInstanceError } from '../errors.ts';

/** The archive or the entry contradicts itself. */
export function corrupt(where: string): UnprocessableInstanceError {
  return new UnprocessableInstanceError('archive-corrupt', where);
}

/** A limit is exceeded. */
export function overLimit(what: string, value: number | bigint, limit: number): UnprocessableInstanceError {
  return new UnprocessableInstanceError('archive-limit', `${what} ${value} over ${limit}`);
}

/** An offset for people. */
export function hex(offset: number): string {
  return `0x${offset.toString(16)}`;
}
