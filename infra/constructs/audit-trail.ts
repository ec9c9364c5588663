/**
 * The bucket of the audit. Functions may put into it and nothing else: an object that stands is never written over (a put without
 * `If-None-Match` is refused by the bucket), every version is locked for as long as the audit is kept (Object Lock), and no role
 * of a function can read, delete or unlock one. Its key is its own: who adds needs it to encrypt alone.
 */
import { Duration } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { PrivateBucket } from './private-bucket.ts';
import { ZoneKey } from './zone-key.ts';

export interface AuditTrailProps {
  /** Days an event is kept: locked until then, removed after. */
  readonly days: number;
  /** `governance`: who has the permission to lift a lock can; `compliance`: nobody can, not even the account's root. */
  readonly lock: 'governance' | 'compliance';
  /** Where requests to the bucket are logged. */
  readonly accessLogs: PrivateBucket;
}

export class AuditTrail extends Construct {
  readonly bucket: PrivateBucket;

  constructor(scope: Construct, id: string, { days, lock, accessLogs }: AuditTrailProps) {
    super(scope, id);
    this.bucket = new PrivateBucket(this, 'Bucket', {
      key: new ZoneKey(this, 'Key', 'Filmroom: the audit of links'),
      variable: 'auditBucket',
      accessLogs,
      replacedVersionDays: 1,
      locked: ObjectLockRetention[lock](Duration.days(days)),
      expires: [{ id: 'old-events', expiration: Duration.days(days + 1) }],
    });
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['s3:PutObject'],
        resources: [this.bucket.arnForObjects('*')],
        conditions: { Null: { 's3:if-none-match': 'true' } },
      }),
    );
  }
}
