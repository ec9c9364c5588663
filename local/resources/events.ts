/** Event buses, and rules that only a schedule or nobody acts on. */
import { TemplateError } from '../template/intrinsics.ts';
import { boundedName } from './names.ts';
import type { Family } from './platform.ts';

export const eventsResources: Family = (platform) => ({
  'AWS::Events::EventBus': ({ properties }) => {
    const name = properties.text('Name');
    platform.events.declare(name);
    return { ref: name, attributes: { Arn: platform.events.arnOf(name), Name: name } };
  },
  'AWS::Events::Rule': ({ logicalId, physicalName, properties }) => {
    const delivered = properties.each('Targets').find((target) => /:(lambda|sqs):/.test(target.text('Arn')));
    // A function or queue that waits for events would wait for ever: better to hear of it at once.
    if (delivered !== undefined && !properties.has('ScheduleExpression')) {
      throw new TemplateError(
        `${logicalId}: rules that call a function or a queue are not known to the local run`,
      );
    }
    const name = properties.text('Name', boundedName(physicalName, 64));
    return {
      ref: name,
      attributes: { Arn: `arn:aws:events:${platform.region}:${platform.account}:rule/${name}` },
    };
  },
});
