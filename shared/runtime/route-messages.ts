/** Sends each message to one of two queues, and keeps the outcomes in the order of the messages. */
import type { Settled } from './queue-step.ts';

type Send<Message> = (messages: readonly Message[]) => Promise<Settled<void>>;

/** A sender that gives what `isFirst` holds for to the first queue, all else to the second. */
export function routeMessages<Message>(
  isFirst: (message: Message) => boolean,
  first: Send<Message>,
  second: Send<Message>,
): Send<Message> {
  return async (messages) => {
    const outcomes = new Map<Message, PromiseSettledResult<void>>();
    const send = async (part: readonly Message[], queue: Send<Message>) => {
      if (part.length === 0) return;
      const settled = await queue(part);
      part.forEach((message, index) => {
        outcomes.set(message, settled[index] ?? notAnswered());
      });
    };
    await Promise.all([
      send(
        messages.filter((message) => isFirst(message)),
        first,
      ),
      send(
        messages.filter((message) => !isFirst(message)),
        second,
      ),
    ]);
    return messages.map((message) => outcomes.get(message) ?? notAnswered());
  };
}

function notAnswered(): PromiseRejectedResult {
  return { status: 'rejected', reason: new Error('a queue gave no answer for a message') };
}
