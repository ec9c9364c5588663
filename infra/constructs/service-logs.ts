/** Log groups with a retention and a key of ours. They name items by opaque ids only, yet a bug could say more: hence the key. */
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type ILogGroup, LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { ZoneKey } from './zone-key.ts';

export interface ServiceLogsProps {
  /** Days each log is kept. */
  readonly days: RetentionDays;
}

export class ServiceLogs extends Construct {
  readonly #key: ZoneKey;
  readonly #days: RetentionDays;

  constructor(scope: Construct, id: string, props: ServiceLogsProps) {
    super(scope, id);
    this.#days = props.days;
    this.#key = new ZoneKey(this, 'Key', 'Filmroom: logs');
    const { region, account, partition } = Stack.of(this);
    this.#key.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal(`logs.${region}.amazonaws.com`)],
        actions: [
          'kms:Encrypt',
          'kms:Decrypt',
          'kms:GenerateDataKey',
          'kms:GenerateDataKeyWithoutPlaintext',
          'kms:DescribeKey',
          'kms:ReEncryptFrom',
          'kms:ReEncryptTo',
        ],
        resources: ['*'],
        conditions: {
          ArnLike: {
            'kms:EncryptionContext:aws:logs:arn': `arn:${partition}:logs:${region}:${account}:log-group:*`,
          },
        },
      }),
    );
  }

  /** The log group of one function or stage. */
  group(scope: Construct, id: string): ILogGroup {
    return new LogGroup(scope, id, {
      retention: this.#days,
      encryptionKey: this.#key,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}
