/**
 * What the rest of `local/` sees of the SQS server: how to start it, create queues, and poll them without HTTP.
 *
 * Over the wire it speaks the AWS JSON 1.0 protocol to the AWS SDK. In-process calls are AWS's own side (event source
 * mappings, S3 events) and are not authorised. Standard queues only.
 */
import type { Authorize, CredentialLookup } from '../auth/authorize.ts';

export interface SqsOptions {
  /** Where the journal is kept. */
  readonly dir: string;
  /** 0 (the default) takes a free port. */
  readonly port?: number;
  readonly region: string;
  readonly account: string;
  readonly credentials: CredentialLookup;
  readonly authorize: Authorize;
  /** Told of faults of the server itself (default: written to stderr). */
  readonly onFault?: (error: unknown) => void;
}

/** Attributes as the API and CloudFormation name them, values as strings or numbers; RedrivePolicy also as an object. */
export type QueueAttributes = Readonly<Record<string, unknown>>;

export interface QueueFacts {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
}

/** A message attribute as on the wire; binary values in base64. */
export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: string;
}

export interface SendOptions {
  readonly delaySeconds?: number;
  readonly attributes?: Readonly<Record<string, MessageAttribute>>;
}

export interface ReceiveOptions {
  /** 1 to 10 over the wire; in-process as many as a batch may hold. */
  readonly max?: number;
  /** Seconds; the queue's own when not given. */
  readonly visibilityTimeout?: number;
}

export interface ReceivedMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly md5OfBody: string;
  /** Milliseconds since the epoch. */
  readonly sentAt: number;
  readonly firstReceivedAt: number;
  readonly receiveCount: number;
  /** The queue it was moved from, when this is a dead-letter queue. */
  readonly deadLetterSourceArn?: string;
  readonly attributes?: Readonly<Record<string, MessageAttribute>>;
}

export interface QueueDepth {
  readonly visible: number;
  readonly delayed: number;
  readonly inFlight: number;
}

export interface SqsServer {
  readonly endpoint: string;
  readonly port: number;
  /** Creates the queue or gives an existing one these attributes; its messages stay. */
  createQueue(name: string, attributes?: QueueAttributes): QueueFacts;
  deleteQueue(name: string): void;
  /** Undefined when there is no such queue. */
  queue(name: string): QueueFacts | undefined;
  /** Durable against the death of the process when it returns. */
  send(queue: string, body: string, options?: SendOptions): { readonly messageId: string };
  /** What is visible now, at once; those received too often go to the dead-letter queue instead. */
  receive(queue: string, options?: ReceiveOptions): ReceivedMessage[];
  delete(queue: string, receiptHandles: readonly string[]): void;
  /** Seconds from now until the message shows again; 0 shows it at once. Ignored when it is no longer in flight. */
  changeVisibility(queue: string, receiptHandle: string, seconds: number): void;
  /** Resolves when a message is visible, or when the signal aborts. */
  waitForMessages(queue: string, signal?: AbortSignal): Promise<void>;
  /** By queue name. */
  depths(): Readonly<Record<string, QueueDepth>>;
  /** Milliseconds since the oldest message of the queue was sent; 0 when it is empty. */
  ageOfOldest(queue: string): number;
  /** Resolves at the next change of any depth, or when the signal aborts. */
  waitForChange(signal?: AbortSignal): Promise<void>;
  /** Moves what lies visible in a dead-letter queue back to where it came from (or to `target`); returns how many. */
  redrive(deadLetterQueue: string, target?: string): number;
  /** Drops every message of the queue. */
  purge(queue: string): void;
  close(): Promise<void>;
}

/** The name of the queue that an ARN or a queue URL names. */
export function queueNameOf(arnOrUrl: string): string {
  return arnOrUrl.slice(Math.max(arnOrUrl.lastIndexOf(':'), arnOrUrl.lastIndexOf('/')) + 1);
}
