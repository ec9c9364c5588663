/**
 * A DynamoDB table of the one shape all tables have: `pk` and `sk`, on demand, encrypted by a key of ours, recoverable to
 * any second of the last 35 days, protected from deletion and kept when the stack goes.
 */
import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { EnvKey } from '../../shared/contract/env.ts';
import { acknowledge } from './acknowledge.ts';

export interface PrivateTableProps {
  readonly key: IKey;
  /** The variable by which functions learn the table's name. */
  readonly variable: EnvKey;
  /** Name of a global index over `gsi1pk` and `gsi1sk`. @default - none */
  readonly secondaryIndex?: string;
  /** Attribute that holds the second in which an item may go. @default - items stay */
  readonly expiryAttribute?: string;
}

export class PrivateTable extends Table {
  readonly variable: EnvKey;
  readonly secondaryIndex: string | undefined;

  constructor(scope: Construct, id: string, props: PrivateTableProps) {
    super(scope, id, {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: props.key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
      ...(props.expiryAttribute ? { timeToLiveAttribute: props.expiryAttribute } : {}),
    });
    this.variable = props.variable;
    this.secondaryIndex = props.secondaryIndex;
    if (props.secondaryIndex) {
      this.addGlobalSecondaryIndex({
        indexName: props.secondaryIndex,
        partitionKey: { name: 'gsi1pk', type: AttributeType.STRING },
        sortKey: { name: 'gsi1sk', type: AttributeType.STRING },
        projectionType: ProjectionType.ALL,
      });
    }
    acknowledge(this, {
      'HIPAA.Security-DynamoDBInBackupPlan':
        'Point-in-time recovery restores any second of the last 35 days. A backup plan is a policy of the account it is installed in, which selects tables by tag.',
    });
  }
}
