/** The constructs by themselves: what one step brings with it, and what it refuses. */
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { describe, expect, it } from 'vitest';
import { Monitoring } from '../../infra/constructs/monitoring.ts';
import { PrivateBucket } from '../../infra/constructs/private-bucket.ts';
import { QueueStep } from '../../infra/constructs/queue-step.ts';
import { ServiceLogs } from '../../infra/constructs/service-logs.ts';
import { FIXTURE_FUNCTION } from './synthesized.ts';

function build(wire: (stack: Stack, unpack: QueueStep) => void): Template {
  const stack = new Stack(new App(), 'Test');
  const unpack = new QueueStep(stack, 'Unpack', {
    name: 'unpack',
    purpose: 'for tests',
    bundles: () => FIXTURE_FUNCTION,
    architecture: Architecture.ARM_64,
    memoryMb: 256,
    timeout: Duration.seconds(20),
    logs: new ServiceLogs(stack, 'Logs', { days: 7 }),
    monitoring: new Monitoring(stack, 'Monitoring'),
    batchSize: 3,
    concurrency: 5,
    attempts: 4,
    oldestMessage: Duration.minutes(10),
  });
  wire(stack, unpack);
  return Template.fromStack(stack);
}

function complete(stack: Stack, unpack: QueueStep): void {
  unpack.isTold('vaultBucket', 1).isTold('ledgerTable', 2).isTold('unpackQueueUrl', 3);
  expect(stack.stackName).toBe('Test');
}

describe('one step', () => {
  it('is a queue, a dead-letter queue, a function, a log group and alarms', () => {
    const template = build(complete);
    template.resourceCountIs('AWS::SQS::Queue', 2);
    template.resourceCountIs('AWS::Lambda::Function', 1);
    template.resourceCountIs('AWS::Logs::LogGroup', 1);
    template.hasResourceProperties('AWS::SQS::Queue', { VisibilityTimeout: 120 });
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 3,
      ScalingConfig: { MaximumConcurrency: 5 },
    });
    const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm'));
    expect(alarms.map(({ Properties }) => Properties.AlarmName).sort()).toEqual([
      'Test/unpack/dead-letter-queue-not-empty',
      'Test/unpack/function-errors',
      'Test/unpack/function-throttled',
      'Test/unpack/messages-given-back',
      'Test/unpack/oldest-message-too-old',
    ]);
    for (const { Properties } of alarms) expect(Properties.AlarmActions).toHaveLength(1);
  });

  it('is not synthesised while it lacks a variable that its config reads', () => {
    expect(() => build((_, unpack) => unpack.isTold('vaultBucket', 1))).toThrow(
      /unpack is not given LEDGER_TABLE/,
    );
  });

  it('is not synthesised with a variable that its config does not read', () => {
    const wire = (stack: Stack, unpack: QueueStep) => {
      complete(stack, unpack);
      unpack.isTold('indexTable', 3);
    };
    expect(() => build(wire)).toThrow(/unpack is given INDEX_TABLE/);
  });

  it('grants and tells in one call', () => {
    const template = build((stack, unpack) => {
      const bucket = new PrivateBucket(stack, 'Bucket', { variable: 'vaultBucket' });
      unpack.readsFrom(bucket, ['uploads/']).isTold('ledgerTable', 2).isTold('unpackQueueUrl', 3);
    });
    const [handler] = Object.values(template.findResources('AWS::Lambda::Function'));
    expect(handler?.Properties.Environment.Variables.VAULT_BUCKET.Ref).toMatch(/^Bucket/);
    const [policy] = Object.values(template.findResources('AWS::IAM::ManagedPolicy'));
    expect(JSON.stringify(policy)).toContain('"/uploads/*"');
  });
});
