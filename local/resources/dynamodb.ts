/** Tables. What recovers, streams or bills them has no meaning on one machine and is left aside. */
import { join } from 'node:path';
import { ensureTable } from '../dynamodb/ensure-table.ts';
import { TemplateError } from '../template/intrinsics.ts';
import type { Declared, Made } from '../template/resource.ts';
import { stableId } from './names.ts';
import type { Family, Platform } from './platform.ts';

export const dynamodbResources: Family = (platform) => ({
  'AWS::DynamoDB::Table': (declared) => makeTable(declared, platform),
});

async function makeTable(
  { logicalId, physicalName, properties }: Declared,
  platform: Platform,
): Promise<Made> {
  if (properties.has('StreamSpecification')) {
    throw new TemplateError(`${logicalId}: streams of tables are not known to the local run`);
  }
  const { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes, LocalSecondaryIndexes } =
    properties.values;
  // Another primary key is another table: CloudFormation would replace it.
  const shape = stableId(JSON.stringify([KeySchema, LocalSecondaryIndexes ?? []]), 6);
  const name = properties.text('TableName', `${physicalName}-${shape}`);
  await ensureTable(
    platform.dynamodb.store,
    {
      TableName: name,
      KeySchema,
      AttributeDefinitions,
      ...(GlobalSecondaryIndexes === undefined
        ? {}
        : { GlobalSecondaryIndexes: onDemand(GlobalSecondaryIndexes) }),
      ...(LocalSecondaryIndexes === undefined
        ? {}
        : { LocalSecondaryIndexes: LocalSecondaryIndexes as unknown[] }),
    },
    join(platform.dataDir, 'dynamodb-migration'),
  );
  const sse = properties.at('SSESpecification');
  const key = sse.text('KMSMasterKeyId', undefined);
  if (sse.flag('SSEEnabled') && key !== undefined) platform.dynamodb.encryptWith(name, key);
  return { ref: name, attributes: { Arn: platform.dynamodb.tableArn(name), TableId: stableId(name, 32) } };
}

// Only what CreateTable takes: throughput and contributor insights are matters of the cloud.
function onDemand(indexes: unknown): unknown[] {
  return (indexes as Record<string, unknown>[]).map(({ IndexName, KeySchema, Projection }) => ({
    IndexName,
    KeySchema,
    Projection,
  }));
}
