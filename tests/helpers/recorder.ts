/** The ports of a queue step, remembering what they were given. */
import type { LogFields } from '../../shared/runtime/logger.ts';
import type { StepCounts } from '../../shared/runtime/metrics.ts';
import type { Refusal, Settled } from '../../shared/runtime/queue-step.ts';

/** Records messages, refusals, lines and counts; `failSending` names the messages that the queue does not take. */
export function recorder<Next>(failSending: (message: Next) => boolean = () => false) {
  const sent: Next[] = [];
  const refusals: Refusal[] = [];
  const lines: (LogFields & { event: string })[] = [];
  const counts: StepCounts[] = [];
  const line = (event: string, fields: LogFields = {}) => void lines.push({ event, ...fields });
  return {
    sent,
    refusals,
    lines,
    counts,
    ports: {
      publish: async (messages: readonly Next[]): Promise<Settled<void>> =>
        messages.map((message) => {
          if (failSending(message)) return { status: 'rejected', reason: new Error('throttled') };
          sent.push(message);
          return { status: 'fulfilled', value: undefined };
        }),
      quarantine: async (refused: readonly Refusal[]): Promise<Settled<void>> => {
        refusals.push(...refused);
        return refused.map(() => ({ status: 'fulfilled', value: undefined }));
      },
      log: { info: line, error: line },
      metrics: { count: (count: StepCounts) => void counts.push(count) },
    },
  };
}
