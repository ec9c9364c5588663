/**
 * Writes every entry of an archive to the vault, where it arrives at `parse` like any upload. A small archive is unpacked at
 * once; a large one is looked over and sent round again in parts, each of which is a bounded piece of work for a call of its
 * own. An entry that cannot be unpacked ends by itself, an archive that contradicts itself ends as a whole.
 */
import { ARCHIVE_LIMITS } from '../../shared/archive/limits.ts';
import { SLICE_LIMITS } from '../../shared/archive/zip/survey.ts';
import type { ArchiveFound } from '../../shared/contract/messages.ts';
import { UnprocessableInstanceError } from '../../shared/errors.ts';
import type { StepContext } from '../../shared/runtime/queue-step.ts';
import type { UnpackPorts } from './ports.ts';
import { unpackGzip } from './unpack-gzip.ts';
import { unpackIso } from './unpack-iso.ts';
import { unpackTar } from './unpack-tar.ts';
import { unpackZip } from './unpack-zip.ts';

/** A call that is made with the limits filled in. */
export type UnpackCall = Required<UnpackPorts> & {
  /** Whether the call should leave the rest to another one. */
  isLate(): boolean;
} & Pick<StepContext, 'run' | 'attempt'>;

/** What is left of the time limit when a call stops taking on more: enough to write what it holds. */
const RESERVE_MILLISECONDS = 120_000;

/** Unpacks an archive or a part of one; returns the parts that are left to others. */
export async function unpackArchive(
  message: ArchiveFound,
  ports: UnpackPorts,
  context: StepContext,
): Promise<ArchiveFound[]> {
  const limits = ports.limits ?? ARCHIVE_LIMITS;
  if (message.depth > limits.maximumDepth)
    throw new UnprocessableInstanceError(
      'too-deep',
      `archive depth ${message.depth} over ${limits.maximumDepth}`,
    );
  const call: UnpackCall = {
    ...ports,
    limits,
    sliceLimits: ports.sliceLimits ?? SLICE_LIMITS,
    run: context.run,
    attempt: context.attempt,
    isLate: () => context.remainingMilliseconds() < RESERVE_MILLISECONDS,
  };
  switch (message.format) {
    case 'zip':
      return unpackZip(message, call);
    case 'tar':
      return unpackTar(message, call);
    case 'gzip':
      return unpackGzip(message, call);
    case 'iso':
      return unpackIso(message, call);
  }
}
