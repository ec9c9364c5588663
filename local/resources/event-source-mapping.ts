/** Event source mappings from queues, refused where Lambda refuses them. Other sources are not known here. */
import { AccessDenied } from '../auth/authorize.ts';
import { type Poller, startPoller } from '../lambda/event-source.ts';
import type { FunctionHost } from '../lambda/function-host.ts';
import { TemplateError } from '../template/intrinsics.ts';
import type { Declared, Made } from '../template/resource.ts';
import { stableUuid } from './names.ts';
import type { DeclaredQueue, Family, Platform } from './platform.ts';

export const eventSourceResources: Family = (platform) => ({
  'AWS::Lambda::EventSourceMapping': (declared) => makeMapping(declared, platform),
});

/** What Lambda does when the template says nothing. */
const DEFAULT_BATCH_SIZE = 10;
/** What Lambda asks of a function's role before it polls a queue. */
const POLLER_ACTIONS = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

function makeMapping({ logicalId, physicalName, properties }: Declared, platform: Platform): Made {
  const queueArn = properties.text('EventSourceArn');
  const queue = platform.queues.get(queueArn);
  if (queue === undefined) throw new TemplateError(`${logicalId}: ${queueArn} is no queue of the template`);
  if (properties.has('FilterCriteria')) {
    throw new TemplateError(`${logicalId}: FilterCriteria is not known to the local run`);
  }
  const target = properties.text('FunctionName');
  const host = [...platform.functions.values()].find(
    ({ definition }) => definition.arn === target || definition.name === target,
  );
  if (host === undefined) throw new TemplateError(`${logicalId}: there is no function ${target}`);

  const batchSize = properties.number('BatchSize', DEFAULT_BATCH_SIZE);
  const batchingWindowSeconds = properties.number('MaximumBatchingWindowInSeconds', 0);
  checkMapping(logicalId, queue, host.definition.timeoutSeconds, batchSize, batchingWindowSeconds);
  checkRole(logicalId, host, queueArn, platform);

  const ref = stableUuid(physicalName);
  if (properties.has('Enabled') && !properties.flag('Enabled')) return { ref, attributes: { Id: ref } };
  let poller: Poller | undefined;
  platform.whenMade.push(() => {
    // What was in work when the last process ended was received and not failed: it starts as if new, or a few kills in a
    // row would send it to the dead-letter queue.
    platform.sqs.redrive(queue.name, queue.name);
    poller = startPoller(
      {
        queue: queue.name,
        queueArn,
        region: platform.region,
        batchSize,
        batchingWindowSeconds,
        maximumConcurrency: properties
          .at('ScalingConfig')
          .number('MaximumConcurrency', Number.POSITIVE_INFINITY),
        reportsItemFailures: properties.texts('FunctionResponseTypes').includes('ReportBatchItemFailures'),
        visibilityTimeoutSeconds: queue.visibilityTimeoutSeconds,
        retryAfterSeconds: platform.retryAfterSeconds,
      },
      platform.sqs,
      host,
    );
  });
  platform.whenStopped.unshift(() => poller?.stop());
  return { ref, attributes: { Id: ref } };
}

function checkMapping(
  logicalId: string,
  queue: DeclaredQueue,
  timeoutSeconds: number,
  batchSize: number,
  windowSeconds: number,
): void {
  if (queue.visibilityTimeoutSeconds < timeoutSeconds) {
    throw new TemplateError(
      `${logicalId}: queue visibility timeout: ${queue.visibilityTimeoutSeconds} seconds is less than function timeout: ${timeoutSeconds} seconds`,
    );
  }
  if (batchSize > 10 && windowSeconds < 1) {
    throw new TemplateError(
      `${logicalId}: a batch size over 10 needs a batching window of at least one second`,
    );
  }
}

function checkRole(logicalId: string, host: FunctionHost, queueArn: string, { authority }: Platform): void {
  const { environment, title } = host.definition;
  const principal = authority.credentials(environment.AWS_ACCESS_KEY_ID ?? '')?.principal;
  if (principal === undefined) throw new TemplateError(`${logicalId}: the function has no role`);
  for (const action of POLLER_ACTIONS) {
    try {
      authority.authorize({ principal, action, resource: queueArn });
    } catch (error) {
      if (!(error instanceof AccessDenied)) throw error;
      throw new TemplateError(
        `${logicalId}: the role of ${title} does not have permission to call ${action} on ${queueArn}`,
      );
    }
  }
}
