/**
 * The vault: originals as they were uploaded and the entries of archives, under a key of its own, every version kept for
 * a while. Keys may hold names, so what logs keys is of the vault zone too: its access log is a bucket of its own, apart
 * from the logs of the library and the pages.
 */
import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type CfnBucket, HttpMethods, type LifecycleRule } from 'aws-cdk-lib/aws-s3';
import type { CfnQueuePolicy } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { EXTRACTED_PREFIX, UPLOADS_PREFIX } from '../../shared/contract/names.ts';
import { PrivateBucket } from './private-bucket.ts';
import type { QueueStep } from './queue-step.ts';
import { ZoneKey } from './zone-key.ts';

export interface VaultProps {
  /** Days an upload is kept; 0 keeps it. */
  readonly originalDays: number;
  /** Days the entry of an archive is kept; 0 keeps it. */
  readonly extractedDays: number;
  /** Days a replaced or deleted version is kept. */
  readonly replacedVersionDays: number;
  /** Days the access log is kept. */
  readonly accessLogDays: number;
  /**
   * Where the upload page stands. Its exact name is not known here when CloudFront gives it, since the distribution names
   * this bucket to its pages; a page elsewhere would still need a signed address.
   */
  readonly pageOrigin: string;
}

export class Vault extends Construct {
  readonly key: ZoneKey;
  readonly bucket: PrivateBucket;

  constructor(scope: Construct, id: string, props: VaultProps) {
    super(scope, id);
    this.key = new ZoneKey(this, 'Key', 'Filmroom: the vault of originals');
    const accessLogs = new PrivateBucket(this, 'AccessLogs', {
      expires: [{ id: 'old-logs', expiration: Duration.days(props.accessLogDays) }],
    });
    this.bucket = new PrivateBucket(this, 'Bucket', {
      key: this.key,
      variable: 'vaultBucket',
      accessLogs,
      replacedVersionDays: props.replacedVersionDays,
      expires: [
        ...expiry('old-originals', UPLOADS_PREFIX, props.originalDays),
        ...expiry('old-entries', EXTRACTED_PREFIX, props.extractedDays),
      ],
    });
    this.bucket.addCorsRule({
      allowedOrigins: [props.pageOrigin],
      allowedMethods: [HttpMethods.PUT],
      allowedHeaders: ['if-none-match', 'x-amz-checksum-crc64nvme'],
      exposedHeaders: ['ETag'],
      maxAge: 3000,
    });
  }

  /**
   * Sends a message to the step for each object created. Written into the bucket itself and not by CDK's custom resource:
   * S3 then needs the queue's policy first, so the policy names the account and not the bucket, or each would wait for
   * the other.
   */
  notifies(step: QueueStep): this {
    const allowed = step.queue.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('s3.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [step.queue.queueArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    const bucket = this.bucket.node.defaultChild as CfnBucket;
    bucket.notificationConfiguration = {
      queueConfigurations: [UPLOADS_PREFIX, EXTRACTED_PREFIX].map((prefix) => ({
        event: 's3:ObjectCreated:*',
        queue: step.queue.queueArn,
        filter: { s3Key: { rules: [{ name: 'prefix', value: prefix }] } },
      })),
    };
    const policy = allowed.policyDependable as CfnQueuePolicy | undefined;
    if (policy) bucket.node.addDependency(policy);
    return this;
  }
}

function expiry(id: string, prefix: string, days: number): LifecycleRule[] {
  return days === 0 ? [] : [{ id, prefix, expiration: Duration.days(days) }];
}
