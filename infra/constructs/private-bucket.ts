/**
 * A bucket that nobody reaches but the roles that are granted it: public access blocked, TLS only, encrypted, owner
 * enforced, kept when the stack goes. Abandoned multipart uploads are aborted, since their parts are billed and unseen.
 */
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type IBucket,
  type LifecycleRule,
  type ObjectLockRetention,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { EnvKey } from '../../shared/contract/env.ts';
import { acknowledge } from './acknowledge.ts';

export interface PrivateBucketProps {
  /** Encrypts the objects. @default - a key that S3 manages */
  readonly key?: IKey;
  /** The variable by which functions learn the bucket's name. @default - no function is told */
  readonly variable?: EnvKey;
  /** Where requests to the bucket are logged. @default - nowhere: it is a log itself */
  readonly accessLogs?: IBucket;
  /** Days a replaced or deleted version is kept. @default - the bucket keeps one version of each object */
  readonly replacedVersionDays?: number;
  /** Locks each version from the moment it is written. @default - versions are not locked */
  readonly locked?: ObjectLockRetention;
  /** What expires by prefix and age. @default - nothing */
  readonly expires?: readonly LifecycleRule[];
  /** Who may own objects. @default - the bucket's owner alone, and no ACL exists */
  readonly objectOwnership?: ObjectOwnership;
}

export class PrivateBucket extends Bucket {
  readonly variable: EnvKey | undefined;

  constructor(scope: Construct, id: string, props: PrivateBucketProps) {
    const { key, accessLogs, replacedVersionDays } = props;
    super(scope, id, {
      encryption: key ? BucketEncryption.KMS : BucketEncryption.S3_MANAGED,
      // Without a bucket key each object costs a call to KMS, more than its PUT.
      ...(key ? { encryptionKey: key, bucketKeyEnabled: true } : {}),
      ...(accessLogs
        ? { serverAccessLogsBucket: accessLogs, serverAccessLogsPrefix: `${id.toLowerCase()}/` }
        : {}),
      ...(props.locked ? { objectLockEnabled: true, objectLockDefaultRetention: props.locked } : {}),
      versioned: replacedVersionDays !== undefined,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      objectOwnership: props.objectOwnership ?? ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        {
          id: 'abandoned-parts-and-replaced-versions',
          abortIncompleteMultipartUploadAfter: Duration.days(7),
          ...(replacedVersionDays === undefined
            ? {}
            : {
                noncurrentVersionExpiration: Duration.days(replacedVersionDays),
                expiredObjectDeleteMarker: true,
              }),
        },
        ...(props.expires ?? []),
      ],
    });
    this.variable = props.variable;
    acknowledge(this, {
      'HIPAA.Security-S3BucketReplicationEnabled':
        'A copy in a second region doubles what can leak and is for the hospital to decide. S3 keeps eleven nines in one region, and what the library holds can be made again from the originals.',
    });
    if (replacedVersionDays === undefined) {
      acknowledge(this, {
        'HIPAA.Security-S3BucketVersioningEnabled':
          'Nothing here is an original: logs are appended to and never rewritten, and the pages are deployed again from the source.',
      });
    }
    if (!key) {
      acknowledge(this, {
        'HIPAA.Security-S3DefaultEncryptionKMS':
          'S3 and CloudFront deliver logs only to buckets that S3 encrypts with its own key, and the pages are public; neither holds a data set.',
      });
    }
    if (!accessLogs) {
      acknowledge(this, {
        'AwsSolutions-S1':
          'This bucket receives access logs; logging its own writes into itself would never end.',
        'HIPAA.Security-S3BucketLoggingEnabled':
          'This bucket receives access logs; logging its own writes into itself would never end.',
      });
    }
  }
}
