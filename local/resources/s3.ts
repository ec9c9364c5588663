/** Buckets: versioning, notifications to queues, CORS, the key objects are written under; and the policies of buckets. */
import { parsePolicy } from '../iam/policy.ts';
import type { BucketSettings, CorsRule, QueueNotification } from '../s3/contract.ts';
import { TemplateError } from '../template/intrinsics.ts';
import type { Properties } from '../template/properties.ts';
import type { Declared, Made } from '../template/resource.ts';
import { boundedName } from './names.ts';
import type { Family, Platform } from './platform.ts';

export const s3Resources: Family = (platform) => ({
  'AWS::S3::Bucket': (declared) => makeBucket(declared, platform),
  'AWS::S3::BucketPolicy': ({ logicalId, properties }) => {
    const arn = `arn:aws:s3:::${properties.text('Bucket')}`;
    platform.authority.addResourcePolicy(arn, parsePolicy(properties.values.PolicyDocument, logicalId));
    return { ref: properties.text('Bucket') };
  },
});

function makeBucket({ physicalName, properties }: Declared, platform: Platform): Made {
  const name = properties.text('BucketName', boundedName(physicalName.toLowerCase(), 63));
  const arn = `arn:aws:s3:::${name}`;
  const notifications = readNotifications(properties);
  const s3 = platform.authority.service('s3.amazonaws.com', arn);
  for (const { queueArn } of notifications) {
    // S3 tries a message when it is configured; a queue whose policy refuses it is refused as a destination.
    platform.authority.authorize({ principal: s3, action: 'sqs:SendMessage', resource: queueArn });
  }
  const versioning = properties.at('VersioningConfiguration').text('Status', undefined);
  const kmsKeyArn = readKey(properties);
  const settings: BucketSettings = {
    name,
    notifications,
    cors: readCors(properties),
    ...(versioning === undefined ? {} : { versioning: versioning as 'Enabled' | 'Suspended' }),
    ...(kmsKeyArn === undefined ? {} : { kmsKeyArn }),
    publicAccessBlock: properties.at('PublicAccessBlockConfiguration').values as Record<string, boolean>,
  };
  platform.s3.createBucket(settings);
  for (const host of [`${name}.s3.amazonaws.com`, `${name}.s3.${platform.region}.amazonaws.com`])
    platform.addresses.add(host, platform.s3.endpoint);
  return {
    ref: name,
    attributes: {
      Arn: arn,
      DomainName: `${name}.s3.amazonaws.com`,
      RegionalDomainName: `${name}.s3.${platform.region}.amazonaws.com`,
      DualStackDomainName: `${name}.s3.dualstack.${platform.region}.amazonaws.com`,
    },
  };
}

function readNotifications(properties: Properties): QueueNotification[] {
  const config = properties.at('NotificationConfiguration');
  for (const other of ['LambdaConfigurations', 'TopicConfigurations', 'EventBridgeConfiguration']) {
    if (config.has(other)) throw new TemplateError(`${config.where}.${other} is not known to the local run`);
  }
  return config.each('QueueConfigurations').map((queue) => {
    const rules = queue.at('Filter').at('S3Key').each('Rules');
    const rule = (name: string) =>
      rules.find((one) => one.text('Name').toLowerCase() === name)?.text('Value');
    const prefix = rule('prefix');
    const suffix = rule('suffix');
    return {
      queueArn: queue.text('Queue'),
      events: queue.texts('Event'),
      ...(prefix === undefined ? {} : { prefix }),
      ...(suffix === undefined ? {} : { suffix }),
    };
  });
}

function readCors(properties: Properties): CorsRule[] {
  return properties
    .at('CorsConfiguration')
    .each('CorsRules')
    .map((rule) => {
      const maxAgeSeconds = rule.number('MaxAge', undefined);
      return {
        allowedOrigins: rule.texts('AllowedOrigins').map(localOrigin),
        allowedMethods: rule.texts('AllowedMethods'),
        allowedHeaders: rule.texts('AllowedHeaders'),
        exposeHeaders: rule.texts('ExposedHeaders'),
        ...(maxAgeSeconds === undefined ? {} : { maxAgeSeconds }),
      };
    });
}

/** Distributions answer on loopback ports here. */
function localOrigin(origin: string): string {
  return origin === 'https://*.cloudfront.net' ? 'http://127.0.0.1:*' : origin;
}

function readKey(properties: Properties): string | undefined {
  const [rule] = properties.at('BucketEncryption').each('ServerSideEncryptionConfiguration');
  return rule?.at('ServerSideEncryptionByDefault').text('KMSMasterKeyID', undefined);
}
