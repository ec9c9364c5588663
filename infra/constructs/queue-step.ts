/**
 * One step of the pipeline: queue, dead-letter queue, function, log group, alarms. Adding a step is one `new QueueStep`.
 *
 * Queues are encrypted by SQS itself: a bucket cannot notify a queue under a key of ours without a circular dependency,
 * and messages hold pointers only. The function reports failures by record, so that one bad record fails alone.
 */
import { Duration } from 'aws-cdk-lib';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { EnvKey } from '../../shared/contract/env.ts';
import type { Monitoring } from './monitoring.ts';
import { PipelineFunction, type PipelineFunctionProps } from './pipeline-function.ts';

export interface QueueStepProps extends PipelineFunctionProps {
  /** The variable by which the step before learns the queue's address. @default - the queue is fed by a bucket */
  readonly queueVariable?: EnvKey;
  /** Messages a call takes at most. */
  readonly batchSize: number;
  /** Calls at the same time at most. */
  readonly concurrency: number;
  /** Deliveries of a message before it goes to the dead-letter queue. */
  readonly attempts: number;
  readonly monitoring: Monitoring;
  /** Age of the oldest message at which a person is told. */
  readonly oldestMessage: Duration;
}

export class QueueStep extends PipelineFunction {
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;
  readonly #queueVariable: EnvKey | undefined;

  constructor(scope: Construct, id: string, props: QueueStepProps) {
    super(scope, id, props);
    this.#queueVariable = props.queueVariable;
    this.deadLetterQueue = new Queue(this, 'DeadLetterQueue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      // What Lambda asks for: room for the batch to be retried while the function is throttled.
      visibilityTimeout: Duration.seconds(6 * props.timeout.toSeconds()),
      // Shorter than the dead-letter queue's: a message keeps its first date when it is moved there.
      retentionPeriod: Duration.days(7),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: props.attempts },
    });
    this.takesFrom(this.queue);
    const source = new EventSourceMapping(this, 'EventSource', {
      target: this.handler,
      eventSourceArn: this.queue.queueArn,
      batchSize: props.batchSize,
      maxConcurrency: props.concurrency,
      reportBatchItemFailures: true,
    });
    // Lambda refuses the mapping while the role cannot receive.
    source.node.addDependency(this.permissions);
    props.monitoring.watchStep(this, props.oldestMessage);
  }

  /** Sends its messages to each of the steps. */
  passesOnTo(...steps: readonly QueueStep[]): this {
    for (const step of steps) {
      if (!step.#queueVariable) throw new Error(`${step.name} has no variable that names its queue`);
      this.sendsTo(step.queue, step.#queueVariable);
    }
    return this;
  }
}
