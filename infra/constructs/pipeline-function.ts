/**
 * One Lambda function with a role and a log group of its own. Each method both grants and sets the variable, so that
 * neither is forgotten, and grants the least that does: named actions, on one prefix, table or queue. Synthesis fails
 * when the variables set are not exactly those that `shared/contract/env.ts` promises the code.
 */
import { type Duration, type Size, Stack } from 'aws-cdk-lib';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { Effect, ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  type Architecture,
  Code,
  FunctionUrlAuthType,
  type FunctionUrlCorsOptions,
  InvokeMode,
  Function as LambdaFunction,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ENV, type EnvKey, FUNCTION_ENV, type FunctionName } from '../../shared/contract/env.ts';
import { acknowledge } from './acknowledge.ts';
import type { PrivateBucket } from './private-bucket.ts';
import type { PrivateTable } from './private-table.ts';
import type { ServiceLogs } from './service-logs.ts';

/** The folder that holds the bundle (`index.js`) of a function, made before the construct is. */
export type Bundles = (name: FunctionName) => string;

export interface PipelineFunctionProps {
  readonly name: FunctionName;
  /** What the function does, for who reads the console. */
  readonly purpose: string;
  readonly bundles: Bundles;
  readonly architecture: Architecture;
  readonly memoryMb: number;
  /** Room for temporary files. @default - what Lambda gives without being paid for it, 512 MiB */
  readonly temporaryStorage?: Size;
  readonly timeout: Duration;
  /** Calls at the same time, at most, taken from what the account has. @default - as many as the account has */
  readonly reservedConcurrency?: number | undefined;
  readonly logs: ServiceLogs;
}

export type TableAction =
  | 'GetItem'
  | 'BatchGetItem'
  | 'Query'
  | 'PutItem'
  | 'UpdateItem'
  | 'DeleteItem'
  | 'BatchWriteItem';

export class PipelineFunction extends Construct {
  readonly name: FunctionName;
  readonly handler: LambdaFunction;
  readonly timeout: Duration;
  protected readonly permissions: ManagedPolicy;
  readonly #role: Role;
  readonly #variables = new Set<EnvKey>();

  constructor(scope: Construct, id: string, props: PipelineFunctionProps) {
    super(scope, id);
    this.name = props.name;
    this.timeout = props.timeout;
    const logGroup = props.logs.group(this, 'Logs');
    this.#role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `Filmroom: ${props.name}`,
    });
    this.permissions = new ManagedPolicy(this, 'Permissions', {
      roles: [this.#role],
      description: `Filmroom: what ${props.name} may do`,
    });
    this.handler = new LambdaFunction(this, 'Function', {
      description: `${props.name}: ${props.purpose}`,
      runtime: Runtime.NODEJS_24_X,
      architecture: props.architecture,
      code: Code.fromAsset(props.bundles(props.name)),
      handler: 'index.handler',
      role: this.#role.withoutPolicyUpdates(),
      memorySize: props.memoryMb,
      ...(props.temporaryStorage ? { ephemeralStorageSize: props.temporaryStorage } : {}),
      timeout: props.timeout,
      ...(props.reservedConcurrency ? { reservedConcurrentExecutions: props.reservedConcurrency } : {}),
      logGroup,
    });
    this.#allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]);
    this.node.addValidation({ validate: () => this.#variableFaults() });
    acknowledge(this.handler, {
      'HIPAA.Security-LambdaConcurrency':
        'Concurrency is bounded at the queue (ScalingConfig) and at the API (throttling). Reserving it would fail in a fresh account, whose whole limit is ten.',
      'HIPAA.Security-LambdaDLQ':
        'A function’s own dead-letter queue is for asynchronous invocations, and nothing invokes this one so: queues have theirs, callers of the API get the error.',
      'HIPAA.Security-LambdaInsideVPC':
        'It calls AWS alone, over TLS and by its role, and listens on nothing. A VPC would add addresses and endpoints to keep safe and take no reach away.',
    });
  }

  /** Reads objects under the prefixes; with `asks` it is told of a missing key, where it would be told that it may not know. */
  readsFrom(bucket: PrivateBucket, prefixes: readonly string[], { asks = false } = {}): this {
    if (asks) this.#allow(['s3:ListBucket'], [bucket.bucketArn]);
    return this.#reads(bucket, prefixes, 's3:GetObject');
  }

  /** Reads the very versions of objects that messages point to. */
  readsVersionsOf(bucket: PrivateBucket, prefixes: readonly string[]): this {
    return this.#reads(bucket, prefixes, 's3:GetObjectVersion');
  }

  /** Lists keys under the prefix. */
  lists(bucket: PrivateBucket, prefix: string): this {
    this.#learns(bucket.variable, bucket.bucketName);
    this.#allow(['s3:ListBucket'], [bucket.bucketArn], { StringLike: { 's3:prefix': `${prefix}*` } });
    return this;
  }

  /**
   * Writes objects under the prefixes, with `inParts` also those too large for one request, with `resumes` also those that
   * another call began.
   */
  writesTo(
    bucket: PrivateBucket,
    prefixes: readonly string[],
    { inParts = false, resumes = false } = {},
  ): this {
    this.#learns(bucket.variable, bucket.bucketName);
    this.#allowUnder(bucket, prefixes, [
      's3:PutObject',
      ...(inParts ? ['s3:AbortMultipartUpload'] : []),
      ...(resumes ? ['s3:ListMultipartUploadParts'] : []),
    ]);
    // S3 decrypts parts to put them together.
    this.#allowKey(bucket.encryptionKey, 's3', ['kms:GenerateDataKey', ...(inParts ? ['kms:Decrypt'] : [])]);
    return this;
  }

  /** Does these and no other actions on the table, and with `queriesIndex` queries its secondary index. */
  usesTable(table: PrivateTable, actions: readonly TableAction[], { queriesIndex = false } = {}): this {
    this.#learns(table.variable, table.tableName);
    const named = actions.map((action) => `dynamodb:${action}`);
    if (named.length > 0) this.#allow(named, [table.tableArn]);
    if (queriesIndex) this.#allow(['dynamodb:Query'], [`${table.tableArn}/index/${table.secondaryIndex}`]);
    // To write, too, DynamoDB decrypts the table's key on behalf of the caller; it makes no other call to KMS for rows.
    this.#allowKey(table.encryptionKey, 'dynamodb', ['kms:Decrypt']);
    return this;
  }

  /** Reads these attributes of a row by its key, and no others: a request that does not name them is refused. */
  readsAttributes(table: PrivateTable, attributes: readonly string[]): this {
    this.#learns(table.variable, table.tableName);
    this.#allow(['dynamodb:GetItem'], [table.tableArn], {
      'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['pk', 'sk', ...attributes] },
      StringEqualsIfExists: { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' },
    });
    this.#allowKey(table.encryptionKey, 'dynamodb', ['kms:Decrypt']);
    return this;
  }

  /** Reads the secret's value. */
  readsSecret(secret: ISecret, variable: EnvKey): this {
    this.#learns(variable, secret.secretArn);
    this.#allow(['secretsmanager:GetSecretValue'], [secret.secretArn]);
    this.#allowKey(secret.encryptionKey, 'secretsmanager', ['kms:Decrypt']);
    return this;
  }

  /** Sends messages to the queue. */
  sendsTo(queue: IQueue, variable: EnvKey): this {
    this.#learns(variable, queue.queueUrl);
    this.#allow(['sqs:SendMessage'], [queue.queueArn]);
    return this;
  }

  /** Puts events on the bus. */
  announcesOn(bus: IEventBus): this {
    this.#learns('eventBusName', bus.eventBusName);
    this.#allow(['events:PutEvents'], [bus.eventBusArn]);
    return this;
  }

  /** Signs addresses at which the other function streams its answer; nobody else may call it. */
  handsOverTo(
    streaming: PipelineFunction,
    variable: EnvKey,
    { cors }: { readonly cors?: FunctionUrlCorsOptions | undefined } = {},
  ): this {
    const { url, functionArn } = streaming.handler.addFunctionUrl({
      authType: FunctionUrlAuthType.AWS_IAM,
      invokeMode: InvokeMode.RESPONSE_STREAM,
      ...(cors === undefined ? {} : { cors }),
    });
    this.#learns(variable, url);
    const onlyUrl = { StringEquals: { 'lambda:FunctionUrlAuthType': 'AWS_IAM' } };
    this.#allow(['lambda:InvokeFunctionUrl'], [functionArn], onlyUrl);
    const onlyThroughUrl = { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } };
    this.#allow(['lambda:InvokeFunction'], [functionArn], onlyThroughUrl);
    return this;
  }

  /** Is told a number or a text that is no secret. */
  isTold(variable: EnvKey, value: number | string): this {
    this.#learns(variable, String(value));
    return this;
  }

  /** Takes messages off the queue on behalf of Lambda's poller. */
  protected takesFrom(queue: IQueue): void {
    this.#allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], [queue.queueArn]);
  }

  #reads(bucket: PrivateBucket, prefixes: readonly string[], action: string): this {
    this.#learns(bucket.variable, bucket.bucketName);
    this.#allowUnder(bucket, prefixes, [action]);
    this.#allowKey(bucket.encryptionKey, 's3', ['kms:Decrypt']);
    return this;
  }

  #learns(variable: EnvKey | undefined, value: string): void {
    if (variable === undefined || this.#variables.has(variable)) return;
    this.#variables.add(variable);
    this.handler.addEnvironment(ENV[variable], value);
  }

  #allow(
    actions: readonly string[],
    resources: readonly string[],
    conditions: Record<string, unknown> = {},
  ): void {
    this.permissions.addStatements(
      new PolicyStatement({
        effect: Effect.ALLOW,
        actions: [...actions],
        resources: [...resources],
        conditions,
      }),
    );
  }

  #allowUnder(bucket: PrivateBucket, prefixes: readonly string[], actions: readonly string[]): void {
    this.#allow(
      actions,
      prefixes.map((prefix) => bucket.arnForObjects(`${prefix}*`)),
    );
    const [logicalId] = Stack.of(this).resolve(bucket.bucketArn)['Fn::GetAtt'] as [string];
    for (const prefix of prefixes) {
      acknowledge(this.permissions, {
        [`AwsSolutions-IAM5[Resource::<${logicalId}.Arn>/${prefix}*]`]:
          'Keys are made of ids that the input brings and cannot be listed ahead; the prefix is the narrowest name that holds them.',
      });
    }
  }

  // The key serves only requests that come through the service: no function can decrypt bytes that it holds itself.
  #allowKey(key: IKey | undefined, service: string, actions: readonly string[]): void {
    if (!key) return;
    const through = `${service}.${Stack.of(this).region}.amazonaws.com`;
    this.#allow(actions, [key.keyArn], { StringEquals: { 'kms:ViaService': through } });
  }

  #variableFaults(): string[] {
    const expected: readonly EnvKey[] = FUNCTION_ENV[this.name];
    const missing = expected.filter((variable) => !this.#variables.has(variable));
    const extra = [...this.#variables].filter((variable) => !expected.includes(variable));
    return [
      ...missing.map((variable) => `${this.name} is not given ${ENV[variable]}, which its config reads`),
      ...extra.map((variable) => `${this.name} is given ${ENV[variable]}, which its config does not read`),
    ];
  }
}
