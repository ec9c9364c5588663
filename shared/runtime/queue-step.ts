/**
 * Joins a step to its queue: for each record it parses the body, runs the step, publishes what the step returned and
 * routes what it threw. Input at fault ends the item with its reason; everything else is delivered again. It knows no
 * queue service and no imaging, and a record never suffers for another one of its batch.
 */
import type { ItemRef } from '../contract/messages.ts';
import {
  isUnprocessable,
  REASONS,
  type Reason,
  type RefusedState,
  type UnprocessableInstanceError,
} from '../errors.ts';
import { settleInParallel } from './in-parallel.ts';
import type { LambdaContext, SqsBatchResponse, SqsEvent, SqsRecord } from './lambda.ts';
import { describeError, type Logger } from './logger.ts';
import type { BodySchema } from './message-body.ts';
import type { Metrics } from './metrics.ts';

/** The end of an item whose input is at fault. */
export interface Refusal {
  readonly item: ItemRef;
  readonly state: RefusedState;
  readonly reason: Reason;
  /** Tag, offset or limit; never a value. */
  readonly where: string;
  /** Pseudonymous. */
  readonly study?: string;
  readonly run: string;
}

/** What a step may know of the call that it runs in. */
export interface StepContext {
  /** Lambda's request id: what is written bears it. */
  readonly run: string;
  /** 1 on the first delivery. */
  readonly attempt: number;
  /** What is left of the time limit. */
  remainingMilliseconds(): number;
}

export type Settled<Value> = readonly PromiseSettledResult<Value>[];

export interface StepPorts<Message, Next> {
  readonly schema: BodySchema<Message>;
  /** Whose end a refusal is; undefined for a message that stands for no single item. */
  itemOf(message: Message): ItemRef | undefined;
  /** Sends messages to the next step; the outcome of each, in order. */
  publish(messages: readonly Next[]): Promise<Settled<void>>;
  /** Records refusals in the ledger; the outcome of each, in order. */
  quarantine(refusals: readonly Refusal[]): Promise<Settled<void>>;
  readonly log: Logger;
  readonly metrics: Metrics;
}

export interface QueueStep<Message, Next> extends StepPorts<Message, Next> {
  run(message: Message, context: StepContext): Promise<Next | readonly Next[] | undefined>;
  /** How many messages of a batch run at once. Default 1: steps that hold pixels hold one instance. */
  readonly width?: number;
}

export interface QueueBatchStep<Message, Next> extends StepPorts<Message, Next> {
  /**
   * The outcome of each message, in order. Messages that return the very same object are answered by one sending of
   * it, and fail together where it fails.
   */
  runBatch(messages: readonly Message[], context: StepContext): Promise<Settled<readonly Next[]>>;
}

export type QueueHandler = (event: SqsEvent, lambda: LambdaContext) => Promise<SqsBatchResponse>;

/** A handler that runs the step for one message after the other. */
export function queueStep<Message, Next>(step: QueueStep<Message, Next>): QueueHandler {
  return queueBatchStep({
    ...step,
    runBatch: (messages, context) =>
      settleInParallel(messages, step.width ?? 1, async (message) => {
        const next = await step.run(message, context);
        return next === undefined ? [] : isList(next) ? next : [next];
      }),
  });
}

/** A handler for a cheap step that does well to read and write for the whole batch at once. */
export function queueBatchStep<Message, Next>(step: QueueBatchStep<Message, Next>): QueueHandler {
  return async (event, lambda) => {
    const began = performance.now();
    const run = lambda.awsRequestId;
    const failed = new Set<string>();
    const fail = ({ messageId, message }: Unit<Message>, what: string, error: unknown): void => {
      failed.add(messageId);
      const item = message === undefined ? undefined : step.itemOf(message);
      step.log.error(what, { run, ...item, ...describeError(error) });
    };

    const units = event.Records.flatMap((record) => {
      const body = step.schema.safeParse(record.body);
      if (body.success) return body.data.map((message) => ({ messageId: record.messageId, message }));
      fail(record, 'a body is not what this queue carries', body.error);
      return [];
    });
    const results = await runAll(step, units, {
      run,
      attempt: Math.max(1, ...event.Records.map(attemptOf)),
      remainingMilliseconds: () => lambda.getRemainingTimeInMillis(),
    });

    const done: { unit: Unit<Message>; next: readonly Next[] }[] = [];
    const refused: { unit: Unit<Message>; refusal: Refusal }[] = [];
    units.forEach((unit, index) => {
      const result = results[index] ?? rejected(new Error('the step gave no answer for a message'));
      const item = step.itemOf(unit.message);
      if (result.status === 'fulfilled') done.push({ unit, next: result.value });
      else if (item && isUnprocessable(result.reason))
        refused.push({ unit, refusal: refusalOf(item, result.reason, run) });
      else fail(unit, 'a message failed', result.reason);
    });

    await Promise.all([
      handOver([...new Set(done.flatMap(({ next }) => next))], step.publish, (message, error) => {
        for (const { unit, next } of done)
          if (next.includes(message)) fail(unit, 'a next message was not sent', error);
      }),
      handOver(
        refused,
        (list) => step.quarantine(list.map(({ refusal }) => refusal)),
        ({ unit }, error) => fail(unit, 'a refusal was not recorded', error),
      ),
    ]);

    const isDone = ({ unit }: { unit: Unit<Message> }) => !failed.has(unit.messageId);
    const ended = refused.filter(isDone);
    for (const { refusal } of ended) {
      const { item, reason, where } = refusal;
      step.log.info('an item was refused', { run, ...item, reason, where });
    }
    step.metrics.count({
      processed: done.filter(isDone).length,
      refused: ended.length,
      failed: failed.size,
      milliseconds: performance.now() - began,
    });
    return { batchItemFailures: [...failed].map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

/** One message of a record; a record may hold several and fails if one of them does. */
interface Unit<Message> {
  readonly messageId: string;
  readonly message?: Message;
}

function attemptOf({ attributes }: SqsRecord): number {
  return Number(attributes?.ApproximateReceiveCount ?? 1);
}

function refusalOf(
  item: ItemRef,
  { reason, where, study }: UnprocessableInstanceError,
  run: string,
): Refusal {
  const state = REASONS[reason].state;
  return { item, state, reason, where, ...(study === undefined ? {} : { study }), run };
}

function rejected(reason: unknown): PromiseRejectedResult {
  return { status: 'rejected', reason };
}

async function runAll<Message, Next>(
  step: QueueBatchStep<Message, Next>,
  units: readonly { message: Message }[],
  context: StepContext,
): Promise<Settled<readonly Next[]>> {
  if (units.length === 0) return [];
  try {
    return await step.runBatch(
      units.map(({ message }) => message),
      context,
    );
  } catch (reason) {
    // A step that fails as a whole has said of no single message that its input is at fault.
    const error =
      isUnprocessable(reason) && units.length > 1 ? new Error('a batch failed', { cause: reason }) : reason;
    return units.map(() => rejected(error));
  }
}

/** Hands a list to a port and each failure, be it of one or of the whole call, to `onFailure`. */
async function handOver<Value>(
  values: readonly Value[],
  call: (values: readonly Value[]) => Promise<Settled<void>>,
  onFailure: (value: Value, error: unknown) => void,
): Promise<void> {
  if (values.length === 0) return;
  let outcomes: Settled<void>;
  try {
    outcomes = await call(values);
  } catch (reason) {
    outcomes = values.map(() => rejected(reason));
  }
  values.forEach((value, index) => {
    const outcome = outcomes[index];
    if (outcome?.status !== 'fulfilled') onFailure(value, outcome?.reason);
  });
}

function isList<Next>(next: Next | readonly Next[]): next is readonly Next[] {
  return Array.isArray(next);
}
