/** Invariants over all resources: what must hold of every bucket, queue, function and key, also of those yet to come. */
import { describe, expect, it } from 'vitest';
import { ENV, FUNCTION_ENV, type FunctionName } from '../../../shared/contract/env.ts';
import { OUTPUTS } from '../../../shared/contract/outputs.ts';
import { type Json, type Resource, resourcesOf, synthesize, target } from '../synthesized.ts';

const template = synthesize();
const buckets = resourcesOf(template, 'AWS::S3::Bucket');
const queues = resourcesOf(template, 'AWS::SQS::Queue');
const functions = resourcesOf(template, 'AWS::Lambda::Function');
const tables = resourcesOf(template, 'AWS::DynamoDB::Table');
const keys = resourcesOf(template, 'AWS::KMS::Key');
const mappings = resourcesOf(template, 'AWS::Lambda::EventSourceMapping');
/** Those that run code of ours; the other is CDK's copier of the pages. */
const ours = functions.filter(([, { Properties }]) => Properties.Description !== undefined);

function nameOf({ Properties }: Resource): FunctionName {
  return Properties.Description.split(':')[0];
}
function policyOf(type: string, resource: string, property: string): Json[] {
  return resourcesOf(template, type)
    .filter(([, { Properties }]) => [Properties[property]].flat().some((it) => target(it) === resource))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement);
}
const deniesPlainHttp = (statement: Json) =>
  statement.Effect === 'Deny' &&
  statement.Principal?.AWS === '*' &&
  statement.Condition?.Bool?.['aws:SecureTransport'] === 'false';

describe('every bucket', () => {
  it.each(buckets)('%s refuses plain HTTP', (id) => {
    expect(policyOf('AWS::S3::BucketPolicy', id, 'Bucket').some(deniesPlainHttp)).toBe(true);
  });

  it.each(buckets)('%s cannot be made public', (_, { Properties }) => {
    expect(Properties.PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
  });

  it.each(buckets)(
    '%s is encrypted, aborts abandoned uploads and has no name of ours',
    (_, { Properties }) => {
      expect(Properties.BucketEncryption.ServerSideEncryptionConfiguration).toHaveLength(1);
      expect(Properties.LifecycleConfiguration.Rules[0].AbortIncompleteMultipartUpload).toEqual({
        DaysAfterInitiation: 7,
      });
      expect(Properties.BucketName).toBeUndefined();
    },
  );
});

describe('every queue', () => {
  const dead = new Set(
    queues.map(([, { Properties }]) => target(Properties.RedrivePolicy?.deadLetterTargetArn)),
  );
  const working = queues.filter(([id]) => !dead.has(id));

  it('of a step has a dead-letter queue of its own that keeps messages longer', () => {
    expect(working).toHaveLength(8);
    expect(dead.size).toBe(8 + 1); // and `undefined`, of the dead-letter queues themselves
    for (const [, { Properties }] of working) {
      const deadLetters = template.Resources[target(Properties.RedrivePolicy.deadLetterTargetArn)];
      expect(deadLetters?.Properties.MessageRetentionPeriod).toBeGreaterThan(
        Properties.MessageRetentionPeriod,
      );
      expect(Properties.RedrivePolicy.maxReceiveCount).toBeGreaterThanOrEqual(3);
    }
  });

  it.each(queues)('%s is encrypted by SQS and refuses plain HTTP', (id, { Properties }) => {
    expect(Properties.SqsManagedSseEnabled).toBe(true);
    expect(policyOf('AWS::SQS::QueuePolicy', id, 'Queues').some(deniesPlainHttp)).toBe(true);
  });

  it.each(mappings)('of %s hides a message for six times the time of its function', (_, { Properties }) => {
    const queue = template.Resources[target(Properties.EventSourceArn)];
    const handler = template.Resources[target(Properties.FunctionName)];
    expect(queue?.Properties.VisibilityTimeout).toBe(6 * handler?.Properties.Timeout);
  });

  it.each(mappings)(
    'of %s is read in batches that report their failures, with bounded concurrency',
    (_, { Properties }) => {
      expect(Properties.FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
      expect(Properties.ScalingConfig.MaximumConcurrency).toBeGreaterThanOrEqual(2);
    },
  );
});

describe('every function', () => {
  it('of the contract is there, once', () => {
    expect(ours.map(([, resource]) => nameOf(resource)).sort()).toEqual(Object.keys(FUNCTION_ENV).sort());
  });

  it.each(functions)('%s has a log group with retention and a key', (_, { Properties }) => {
    const logGroup = template.Resources[target(Properties.LoggingConfig.LogGroup)];
    expect(logGroup?.Properties.RetentionInDays).toBe(365);
    expect(target(logGroup?.Properties.KmsKeyId)).toMatch(/^LogsKey/);
  });

  it.each(ours)('%s is told exactly what its config reads', (_, resource) => {
    const expected = FUNCTION_ENV[nameOf(resource)].map((variable) => ENV[variable]);
    expect(Object.keys(resource.Properties.Environment.Variables).sort()).toEqual([...expected].sort());
  });

  it.each(ours)('%s runs on Node 24 on arm64 without reserved concurrency', (_, { Properties }) => {
    expect(Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
    });
    // A fresh account has ten concurrent calls in all and lets none be reserved.
    expect(Properties.ReservedConcurrentExecutions).toBeUndefined();
  });
});

describe('every table', () => {
  it.each(tables)('%s is on demand, recoverable, protected and under a key of ours', (_, { Properties }) => {
    expect(Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
    });
  });

  it('of the vault zone has a key that no other shares', () => {
    const keyOf = (prefix: string) =>
      target(tables.find(([id]) => id.startsWith(prefix))?.[1].Properties.SSESpecification.KMSMasterKeyId);
    expect(keyOf('LedgerTable')).toMatch(/^LedgerKey/);
    expect(keyOf('CrosswalkTable')).toMatch(/^CrosswalkKey/);
  });

  it('that expires items is the one of links', () => {
    const expiring = tables.filter(([, { Properties }]) => Properties.TimeToLiveSpecification);
    expect(expiring.map(([id]) => id.replace(/[0-9A-F]{8}$/, ''))).toEqual(['LinksTable']);
    expect(expiring[0]?.[1].Properties.TimeToLiveSpecification).toEqual({
      AttributeName: 'expiresAt',
      Enabled: true,
    });
  });
});

describe('every key', () => {
  it.each(keys)('%s is rotated', (_, { Properties }) => expect(Properties.EnableKeyRotation).toBe(true));
});

describe('what holds data', () => {
  const stateful = [...buckets, ...tables, ...keys, ...resourcesOf(template, 'AWS::SecretsManager::Secret')];

  it.each(stateful)('%s stays when the stack goes', (_, resource) => {
    expect(resource).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  it('keeps its logical id: another id would be another, empty, resource', () => {
    const ids = [...stateful, ...queues].map(([id]) => id).sort();
    expect(ids).toMatchSnapshot();
  });
});

describe('the stack', () => {
  it('has the outputs that the command line reads', () => {
    expect(Object.keys(template.Outputs).sort()).toEqual(Object.values(OUTPUTS).sort());
  });

  it('has no custom resource but the copier of the pages', () => {
    const types = new Set(Object.values(template.Resources).map(({ Type }) => Type));
    expect([...types].filter((type) => type.startsWith('Custom::'))).toEqual(['Custom::CDKBucketDeployment']);
  });

  it('is the one that was reviewed', () => {
    const masked = JSON.stringify(template).replace(/[0-9a-f]{64}/g, '<asset>');
    expect(JSON.parse(masked)).toMatchSnapshot();
  });
});
