/** How much waits in each queue, asked of SQS: what the progress of an upload is told from. */
import { Failure } from '../failure.ts';
import { type Credentials, signRequest } from './sign-request.ts';

export interface QueueDepth {
  readonly name: string;
  readonly visible: number;
  readonly delayed: number;
  readonly inFlight: number;
  /** Whether it keeps what another queue gave up. */
  readonly deadLetter: boolean;
}

const ATTRIBUTES = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesDelayed',
  'ApproximateNumberOfMessagesNotVisible',
  'QueueArn',
  'RedrivePolicy',
] as const;
type Attributes = Partial<Record<(typeof ATTRIBUTES)[number], string>>;

/** The depth of every queue behind the endpoint. */
export async function readDepths(
  endpoint: string | undefined,
  credentials: Credentials,
): Promise<QueueDepth[]> {
  if (endpoint === undefined) return [];
  const ask = <T>(action: string, body: object) => call<T>(endpoint, action, body, credentials);
  const { QueueUrls: urls = [] } = await ask<{ QueueUrls?: string[] }>('ListQueues', {});
  const queues = await Promise.all(
    urls.map(async (url) => {
      const body = { QueueUrl: url, AttributeNames: ATTRIBUTES };
      return {
        url,
        attributes: (await ask<{ Attributes: Attributes }>('GetQueueAttributes', body)).Attributes,
      };
    }),
  );
  const deadLetterArns = new Set(
    queues.flatMap(({ attributes }) =>
      attributes.RedrivePolicy === undefined
        ? []
        : [(JSON.parse(attributes.RedrivePolicy) as { deadLetterTargetArn: string }).deadLetterTargetArn],
    ),
  );
  return queues.map(({ url, attributes }) => ({
    name: url.slice(url.lastIndexOf('/') + 1),
    visible: Number(attributes.ApproximateNumberOfMessages ?? 0),
    delayed: Number(attributes.ApproximateNumberOfMessagesDelayed ?? 0),
    inFlight: Number(attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
    deadLetter: deadLetterArns.has(attributes.QueueArn ?? ''),
  }));
}

async function call<T>(
  endpoint: string,
  action: string,
  input: object,
  credentials: Credentials,
): Promise<T> {
  const url = new URL('/', endpoint);
  const body = JSON.stringify(input);
  const given = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${action}` };
  const headers = signRequest(
    { method: 'POST', url, body, service: 'sqs', headers: given },
    credentials,
    new Date(),
  );
  const response = await fetch(url, { method: 'POST', headers, body });
  if (!response.ok)
    throw new Failure(`the queues could not be asked: ${action} was answered with ${response.status}`);
  return (await response.json()) as T;
}
