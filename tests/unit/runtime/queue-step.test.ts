import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { UnprocessableInstanceError } from '../../../shared/errors.ts';
import { oneMessage } from '../../../shared/runtime/message-body.ts';
import { queueBatchStep, queueStep, type StepContext } from '../../../shared/runtime/queue-step.ts';
import { failures, lambdaContext, sqsEvent } from '../../helpers/lambda.ts';
import { recorder } from '../../helpers/recorder.ts';

const Message = z.object({ id: z.string() });
type Message = z.infer<typeof Message>;
const itemOf = ({ id }: Message) => ({ upload: 'u'.repeat(26), item: id });
const base = { schema: oneMessage(Message), itemOf };

function stepOver(
  run: (message: Message, context: StepContext) => Promise<object | undefined>,
  failing?: string,
) {
  const record = recorder<object>((message) => 'to' in message && message.to === failing);
  return { record, handler: queueStep({ ...base, run, ...record.ports }) };
}

describe('a queue step', () => {
  it('sends what the step returns and acknowledges the record', async () => {
    const { handler, record } = stepOver(async ({ id }) => ({ to: id }));
    const response = await handler(sqsEvent([{ id: 'a' }, { id: 'b' }]), lambdaContext);
    expect(failures(response)).toEqual([]);
    expect(record.sent).toEqual([{ to: 'a' }, { to: 'b' }]);
    expect(record.counts).toMatchObject([{ processed: 2, refused: 0, failed: 0 }]);
  });

  it('sends nothing for a step that returns nothing', async () => {
    const { handler, record } = stepOver(async () => undefined);
    expect(failures(await handler(sqsEvent([{ id: 'a' }]), lambdaContext))).toEqual([]);
    expect(record.sent).toEqual([]);
  });

  it('ends an item whose input is at fault, with reason, state and run, and acknowledges it', async () => {
    const { handler, record } = stepOver(async ({ id }) => {
      throw new UnprocessableInstanceError(id === 'a' ? 'truncated' : 'empty', 'at 0x10');
    });
    const response = await handler(sqsEvent([{ id: 'a' }, { id: 'b' }]), lambdaContext);
    expect(failures(response)).toEqual([]);
    expect(record.refusals).toEqual([
      {
        item: itemOf({ id: 'a' }),
        state: 'quarantined',
        reason: 'truncated',
        where: 'at 0x10',
        run: lambdaContext.awsRequestId,
      },
      {
        item: itemOf({ id: 'b' }),
        state: 'ignored',
        reason: 'empty',
        where: 'at 0x10',
        run: lambdaContext.awsRequestId,
      },
    ]);
    expect(record.counts).toMatchObject([{ processed: 0, refused: 2, failed: 0 }]);
  });

  it('gives back only the record whose step failed for another reason, and refuses nothing', async () => {
    const { handler, record } = stepOver(async ({ id }) => {
      if (id === 'b') throw new Error('socket hang up');
      return { to: id };
    });
    const response = await handler(sqsEvent([{ id: 'a' }, { id: 'b' }, { id: 'c' }]), lambdaContext);
    expect(failures(response)).toEqual(['m1']);
    expect(record.refusals).toEqual([]);
    expect(record.sent).toEqual([{ to: 'a' }, { to: 'c' }]);
    expect(record.counts).toMatchObject([{ processed: 2, failed: 1 }]);
  });

  it.each(['no JSON', '{"id":7}', '', '[]', '{"id":"x"'])(
    'gives back a body that is %j alone',
    async (body) => {
      const { handler, record } = stepOver(async ({ id }) => ({ to: id }));
      const response = await handler(sqsEvent([body, { id: 'b' }]), lambdaContext);
      expect(failures(response)).toEqual(['m0']);
      expect(record.sent).toEqual([{ to: 'b' }]);
    },
  );

  it('gives back only the record whose next message was not sent', async () => {
    const { handler } = stepOver(async ({ id }) => ({ to: id }), 'b');
    const response = await handler(sqsEvent([{ id: 'a' }, { id: 'b' }]), lambdaContext);
    expect(failures(response)).toEqual(['m1']);
  });

  it.each(['publish', 'quarantine'] as const)(
    'gives back what it concerns when %s fails as a whole',
    async (port) => {
      const record = recorder<object>();
      const handler = queueStep({
        ...base,
        ...record.ports,
        [port]: async () => {
          throw new Error('throttled');
        },
        run: async ({ id }) => {
          if (id === 'bad') throw new UnprocessableInstanceError('empty', '0 bytes');
          return { to: id };
        },
      });
      const response = await handler(sqsEvent([{ id: 'good' }, { id: 'bad' }]), lambdaContext);
      expect(failures(response)).toEqual([port === 'publish' ? 'm0' : 'm1']);
    },
  );

  it('gives back what a fault stands for that belongs to no item', async () => {
    const record = recorder<object>();
    const handler = queueStep({
      ...base,
      ...record.ports,
      itemOf: () => undefined,
      run: async () => {
        throw new UnprocessableInstanceError('malformed', 'at 0x1');
      },
    });
    expect(failures(await handler(sqsEvent([{ id: 'a' }]), lambdaContext))).toEqual(['m0']);
  });

  it('never writes the message of an error that is not ours', async () => {
    const { handler, record } = stepOver(async () => {
      throw new Error('no such key: uploads/Doe^Jane.dcm\n    at Doe^Jane (/x.ts:1:1)');
    });
    await handler(sqsEvent([{ id: 'a' }]), lambdaContext);
    expect(JSON.stringify(record.lines)).not.toContain('Doe');
    expect(record.lines).toMatchObject([{ item: 'a', errorName: 'Error', run: lambdaContext.awsRequestId }]);
  });

  it('tells the step how often its messages came and how much time is left', async () => {
    const seen: StepContext[] = [];
    const { handler } = stepOver(async (_, context) => void seen.push(context) as undefined);
    await handler(sqsEvent([{ id: 'a' }], 3), lambdaContext);
    expect(seen[0]).toMatchObject({ attempt: 3, run: lambdaContext.awsRequestId });
    expect(seen[0]?.remainingMilliseconds()).toBe(60_000);
  });

  it('runs as many at once as its width, one by default', async () => {
    for (const width of [undefined, 3]) {
      let running = 0;
      let most = 0;
      const record = recorder<object>();
      const handler = queueStep({
        ...base,
        ...record.ports,
        ...(width ? { width } : {}),
        run: async () => {
          most = Math.max(most, ++running);
          await new Promise((resolve) => setTimeout(resolve, 1));
          running--;
          return undefined;
        },
      });
      await handler(sqsEvent(Array.from({ length: 9 }, (_, index) => ({ id: `${index}` }))), lambdaContext);
      expect(most).toBe(width ?? 1);
    }
  });
});

describe('a batch step', () => {
  it('sends a message that several records share once, and gives all of them back when it is not sent', async () => {
    const shared = { to: 'study' };
    const own = { to: 'other' };
    for (const failing of [undefined, 'study']) {
      const record = recorder<object>((message) => 'to' in message && message.to === failing);
      const handler = queueBatchStep<Message, object>({
        ...base,
        ...record.ports,
        runBatch: async (messages) =>
          messages.map(({ id }) => ({ status: 'fulfilled', value: [id === 'c' ? own : shared] })),
      });
      const response = await handler(sqsEvent([{ id: 'a' }, { id: 'b' }, { id: 'c' }]), lambdaContext);
      expect(failures(response)).toEqual(failing ? ['m0', 'm1'] : []);
      expect(record.sent).toEqual(failing ? [own] : [shared, own]);
    }
  });

  it('gives back every record of a batch that fails as a whole, even by a refusal', async () => {
    const record = recorder<object>();
    const handler = queueBatchStep<Message, object>({
      ...base,
      ...record.ports,
      runBatch: async () => {
        throw new UnprocessableInstanceError('malformed', 'somewhere');
      },
    });
    expect(failures(await handler(sqsEvent([{ id: 'a' }, { id: 'b' }]), lambdaContext))).toEqual([
      'm0',
      'm1',
    ]);
    expect(record.refusals).toEqual([]);
  });

  it('gives back a record that got no answer', async () => {
    const record = recorder<object>();
    const handler = queueBatchStep<Message, object>({
      ...base,
      ...record.ports,
      runBatch: async () => [{ status: 'fulfilled', value: [] }],
    });
    expect(failures(await handler(sqsEvent([{ id: 'a' }, { id: 'b' }]), lambdaContext))).toEqual(['m1']);
  });
});
