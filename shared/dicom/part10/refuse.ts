/** Refusals: the one error class, with tag, offset and lengths as its only facts. */
import { type Reason, UnprocessableInstanceError } from '../../errors.ts';
import { formatTag, type Tag } from '../tag.ts';

/** Refuses the object for what was met at an offset of it. */
export function refuse(reason: Reason, offset: number, what: string): never {
  throw new UnprocessableInstanceError(reason, `${what} at 0x${offset.toString(16)}`);
}

/** Refuses the object for an element of it. */
export function refuseElement(reason: Reason, tag: Tag, offset: number, what: string): never {
  throw new UnprocessableInstanceError(reason, `${formatTag(tag)} at 0x${offset.toString(16)}: ${what}`);
}

/** Refuses the object because a limit is exceeded, by the name of the limit. */
export function refuseLimit(reason: Reason, limit: string, maximum: number): never {
  throw new UnprocessableInstanceError(reason, `over ${limit} = ${maximum}`);
}
