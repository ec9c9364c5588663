/** Queues with their redrive, and the policies of queues. FIFO queues are refused: nothing here orders messages. */
import { parsePolicy } from '../iam/policy.ts';
import { queueNameOf } from '../sqs/contract.ts';
import { TemplateError } from '../template/intrinsics.ts';
import { boundedName } from './names.ts';
import type { Family } from './platform.ts';

/** What SQS does when the template says nothing. */
const DEFAULT_VISIBILITY_SECONDS = 30;

export const sqsResources: Family = (platform) => ({
  'AWS::SQS::Queue': ({ logicalId, physicalName, properties }) => {
    if (properties.flag('FifoQueue'))
      throw new TemplateError(`${logicalId}: FIFO queues are not known to the local run`);
    const name = properties.text('QueueName', boundedName(physicalName, 80));
    const { arn, url } = platform.sqs.createQueue(name, properties.values);
    platform.queues.set(arn, {
      name,
      logicalId,
      arn,
      visibilityTimeoutSeconds: properties.number('VisibilityTimeout', DEFAULT_VISIBILITY_SECONDS),
      deadLetterArn: properties.at('RedrivePolicy').text('deadLetterTargetArn', undefined),
    });
    return { ref: url, attributes: { Arn: arn, QueueName: name, QueueUrl: url } };
  },
  'AWS::SQS::QueuePolicy': ({ logicalId, physicalName, properties }) => {
    const statements = parsePolicy(properties.values.PolicyDocument, logicalId);
    for (const url of properties.texts('Queues')) {
      const queue = platform.sqs.queue(queueNameOf(url));
      if (queue === undefined) throw new TemplateError(`${logicalId}: there is no queue ${url}`);
      platform.authority.addResourcePolicy(queue.arn, statements);
    }
    return { ref: physicalName };
  },
});
