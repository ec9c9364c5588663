/** Every resource type the local run knows, and who makes it. */
import type { Maker } from '../template/resource.ts';
import { bucketDeploymentResources } from './bucket-deployment.ts';
import { cloudfrontResources } from './cloudfront.ts';
import { cognitoResources } from './cognito.ts';
import { dynamodbResources } from './dynamodb.ts';
import { eventSourceResources } from './event-source-mapping.ts';
import { eventsResources } from './events.ts';
import { functionUrlResources } from './function-url.ts';
import { httpApiResources } from './http-api.ts';
import { iamResources } from './iam.ts';
import { inertResources } from './inert.ts';
import { kmsResources } from './kms.ts';
import { lambdaResources } from './lambda.ts';
import type { Family, Platform } from './platform.ts';
import { s3Resources } from './s3.ts';
import { secretsResources } from './secrets.ts';
import { sqsResources } from './sqs.ts';

const FAMILIES: readonly Family[] = [
  s3Resources,
  sqsResources,
  dynamodbResources,
  iamResources,
  kmsResources,
  secretsResources,
  eventsResources,
  lambdaResources,
  eventSourceResources,
  functionUrlResources,
  cognitoResources,
  httpApiResources,
  cloudfrontResources,
  bucketDeploymentResources,
  inertResources,
];

/** Makers by resource type. */
export function allMakers(platform: Platform): ReadonlyMap<string, Maker> {
  return new Map(FAMILIES.flatMap((family) => Object.entries(family(platform))));
}
