/** A small stack that uses every service: an upload is copied into a row with a secret, and announced. */
import {
  allow,
  arn,
  bundle,
  consumes,
  type Fixture,
  lambda,
  mapping,
  queue,
  type Resources,
  ref,
} from './fixture.ts';

/** Takes the event of an upload, reads object and secret, writes a row, announces it. */
const COPY = `
  import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3';
  import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
  import { SecretsManagerClient, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
  import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
  const [s3, db, secrets, events] = [new S3Client({}), new DynamoDBClient({}), new SecretsManagerClient({}), new EventBridgeClient({})];
  export const handler = async (event) => {
    for (const { body } of event.Records) for (const { s3: { bucket, object } } of JSON.parse(body).Records ?? []) {
      const key = decodeURIComponent(object.key.replaceAll('+', ' '));
      const got = await s3.send(new GetObjectCommand({ Bucket: bucket.name, Key: key }));
      const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: process.env.SECRET_ARN }));
      const Item = { pk: { S: key }, text: { S: await got.Body.transformToString() }, secret: { S: SecretString } };
      await db.send(new PutItemCommand({ TableName: process.env.TABLE, Item }));
      await events.send(new PutEventsCommand({ Entries: [{ EventBusName: process.env.BUS, Source: 'app', DetailType: 'copied', Detail: JSON.stringify({ key }) }] }));
    }
    return { batchItemFailures: [] };
  };`;

/** Answers all rows through a function URL, so that a test can look. */
const LIST = `
  import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
  const db = new DynamoDBClient({});
  export const handler = async () => (await db.send(new ScanCommand({ TableName: process.env.TABLE }))).Items;`;

const delegated = {
  Statement: [
    { Effect: 'Allow', Action: 'kms:*', Resource: '*', Principal: { AWS: 'arn:aws:iam::000000000000:root' } },
  ],
};
export const GRANTS = {
  read: allow('s3:GetObject', { 'Fn::Join': ['', [arn('Vault'), '/uploads/*']] }),
  decrypt: allow('kms:Decrypt', arn('VaultKey')),
  decryptSecret: allow('kms:Decrypt', arn('SecretKey')),
  secret: allow('secretsmanager:GetSecretValue', ref('Secret')),
  write: allow('dynamodb:PutItem', arn('Rows')),
  announce: allow('events:PutEvents', arn('Bus')),
  unused: allow('s3:DeleteObject', { 'Fn::Join': ['', [arn('Vault'), '/uploads/*']] }),
};

export function copyApp(
  changes: { without?: keyof typeof GRANTS; more?: Resources; queuePolicy?: Resources } = {},
): Fixture {
  const grants = Object.entries(GRANTS).flatMap(([name, grant]) => (name === changes.without ? [] : [grant]));
  return {
    Resources: {
      VaultKey: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: delegated } },
      SecretKey: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: delegated } },
      Vault: {
        Type: 'AWS::S3::Bucket',
        Properties: {
          VersioningConfiguration: { Status: 'Enabled' },
          BucketEncryption: {
            ServerSideEncryptionConfiguration: [
              { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: arn('VaultKey') } },
            ],
          },
          NotificationConfiguration: {
            QueueConfigurations: [
              {
                Event: 's3:ObjectCreated:*',
                Queue: arn('Inbox'),
                Filter: { S3Key: { Rules: [{ Name: 'prefix', Value: 'uploads/' }] } },
              },
            ],
          },
        },
        DependsOn: ['Inbox', ...Object.keys(changes.queuePolicy ?? QUEUE_POLICY)],
      },
      ...queue('Inbox', {}, 2),
      ...(changes.queuePolicy ?? QUEUE_POLICY),
      Secret: {
        Type: 'AWS::SecretsManager::Secret',
        Properties: {
          KmsKeyId: arn('SecretKey'),
          GenerateSecretString: { PasswordLength: 20, ExcludePunctuation: true },
        },
      },
      Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'app-events' } },
      Rows: {
        Type: 'AWS::DynamoDB::Table',
        Properties: {
          KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
          AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
          BillingMode: 'PAY_PER_REQUEST',
        },
      },
      ...lambda('Copy', [consumes('Inbox'), ...grants], {
        Environment: { Variables: { TABLE: ref('Rows'), SECRET_ARN: ref('Secret'), BUS: ref('Bus') } },
      }),
      ...mapping('Inbox', 'Copy'),
      ...lambda('List', [allow('dynamodb:Scan', arn('Rows'))], {
        Environment: { Variables: { TABLE: ref('Rows') } },
      }),
      Url: {
        Type: 'AWS::Lambda::Url',
        Properties: { TargetFunctionArn: arn('ListFunction'), AuthType: 'NONE' },
      },
      ...Object.fromEntries(
        ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction'].map((Action, index) => [
          `Anyone${index}`,
          {
            Type: 'AWS::Lambda::Permission',
            Properties: { FunctionName: arn('ListFunction'), Action, Principal: '*' },
          },
        ]),
      ),
      ...changes.more,
    },
    Outputs: {
      VaultName: { Value: ref('Vault') },
      ListUrl: { Value: { 'Fn::GetAtt': ['Url', 'FunctionUrl'] } },
    },
  };
}

const QUEUE_POLICY: Resources = {
  InboxPolicy: {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: {
      Queues: [ref('Inbox')],
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Action: 'sqs:SendMessage',
            Resource: arn('Inbox'),
            Principal: { Service: 's3.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          },
        ],
      },
    },
  },
};
export const COPY_ASSETS = { copy: bundle(COPY), list: bundle(LIST) };
