/**
 * The attributes of a queue: defaults and bounds of the ones that matter here, the rest kept as given.
 */
import { queueNameOf } from './contract.ts';
import { SqsError } from './sqs-error.ts';

export interface CheckedAttributes {
  /** As GetQueueAttributes gives them. */
  readonly raw: Readonly<Record<string, string>>;
  readonly visibilityTimeoutMs: number;
  readonly delayMs: number;
  readonly largestMessageBytes: number;
  readonly retentionMs: number;
  readonly waitMs: number;
  readonly redrive: { readonly deadLetterQueue: string; readonly maxReceiveCount: number } | undefined;
}

interface Bound {
  readonly usual: number;
  readonly from: number;
  readonly to: number;
}

const BOUNDS = {
  VisibilityTimeout: { usual: 30, from: 0, to: 43_200 },
  DelaySeconds: { usual: 0, from: 0, to: 900 },
  MaximumMessageSize: { usual: 1_048_576, from: 1024, to: 1_048_576 },
  MessageRetentionPeriod: { usual: 345_600, from: 60, to: 1_209_600 },
  ReceiveMessageWaitTimeSeconds: { usual: 0, from: 0, to: 20 },
} as const satisfies Record<string, Bound>;

/** Attributes in the words of the API; values of a template (numbers, objects) become text. */
export function attributeTexts(given: Readonly<Record<string, unknown>>): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    texts[name] = typeof value === 'object' ? JSON.stringify(value) : String(value);
  }
  return texts;
}

/** Throws `InvalidAttributeValue` when one is out of its bounds; the dead-letter queue must exist. */
export function checkQueueAttributes(
  texts: Readonly<Record<string, string>>,
  exists: (queue: string) => boolean,
): CheckedAttributes {
  if (texts.FifoQueue === 'true') throw invalid('FifoQueue');
  const number = (name: keyof typeof BOUNDS) => {
    const { usual, from, to }: Bound = BOUNDS[name];
    const value = Number(texts[name] ?? usual);
    if (!Number.isInteger(value) || value < from || value > to) throw invalid(name);
    return value;
  };
  const numbers = Object.fromEntries(
    Object.keys(BOUNDS).map((name) => [name, String(number(name as keyof typeof BOUNDS))]),
  );
  return {
    raw: { ...texts, ...numbers },
    visibilityTimeoutMs: number('VisibilityTimeout') * 1000,
    delayMs: number('DelaySeconds') * 1000,
    largestMessageBytes: number('MaximumMessageSize'),
    retentionMs: number('MessageRetentionPeriod') * 1000,
    waitMs: number('ReceiveMessageWaitTimeSeconds') * 1000,
    redrive: redriveOf(texts.RedrivePolicy, exists),
  };
}

function redriveOf(
  text: string | undefined,
  exists: (queue: string) => boolean,
): CheckedAttributes['redrive'] {
  if (text === undefined || text === '') return undefined;
  let policy: { deadLetterTargetArn?: string; maxReceiveCount?: number | string };
  try {
    policy = JSON.parse(text);
  } catch {
    throw invalid('RedrivePolicy');
  }
  const deadLetterQueue = queueNameOf(policy.deadLetterTargetArn ?? '');
  const maxReceiveCount = Number(policy.maxReceiveCount);
  if (!Number.isInteger(maxReceiveCount) || maxReceiveCount < 1 || maxReceiveCount > 1000)
    throw invalid('RedrivePolicy');
  if (!exists(deadLetterQueue))
    throw new SqsError(
      'InvalidParameterValue',
      'Value for parameter RedrivePolicy is invalid. Reason: Dead letter target does not exist.',
    );
  return { deadLetterQueue, maxReceiveCount };
}

function invalid(name: string): SqsError {
  return new SqsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);
}
