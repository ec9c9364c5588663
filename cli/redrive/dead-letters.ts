/** Sends what a step gave up back to its queue. */
import { moveMessages, waitingIn } from '../../shared/aws/move-messages.ts';
import { Failure } from '../failure.ts';
import type { StackResources } from '../stack/resources.ts';

export interface DeadLetterOptions {
  /** One step; all where it is undefined. */
  readonly step: string | undefined;
  readonly dryRun: boolean;
  readonly limit: number;
}

/**
 * Moves the messages of each dead-letter queue; returns how many by step. No more are taken than stood there at the start, so
 * that one that comes back at once is not sent round for ever.
 */
export async function redriveDeadLetters(
  { steps }: StackResources,
  { step, dryRun, limit }: DeadLetterOptions,
): Promise<Record<string, number>> {
  if (step !== undefined && !(step in steps))
    throw new Failure(`there is no step ${step}: say one of ${Object.keys(steps).join(', ')}`);
  const moved: Record<string, number> = {};
  let left = limit;
  for (const [name, { queue, deadLetters }] of Object.entries(steps)) {
    if (step !== undefined && name !== step) continue;
    const waiting = Math.min(left, await waitingIn(deadLetters));
    const count = dryRun || waiting === 0 ? waiting : await moveMessages(deadLetters, queue, waiting);
    if (count > 0) moved[name] = count;
    left -= count;
  }
  return moved;
}
