/** Functions, what may invoke them, and the layers they stand on. */
import { join } from 'node:path';
import { decide } from '../iam/evaluate.ts';
import { parsePolicy } from '../iam/policy.ts';
import type { FunctionDefinition } from '../lambda/definition.ts';
import { createFunctionHost } from '../lambda/function-host.ts';
import { TemplateError } from '../template/intrinsics.ts';
import type { Properties } from '../template/properties.ts';
import type { Declared, Made } from '../template/resource.ts';
import { unpackedAsset } from './assets.ts';
import { boundedName, titleOf } from './names.ts';
import type { Family, Platform } from './platform.ts';

/** What Lambda gives a function when the template says nothing. */
const DEFAULT_MEMORY_MB = 128;
const DEFAULT_TIMEOUT_SECONDS = 3;

export const lambdaResources: Family = (platform) => {
  /** Keys of their assets, by ARN: only a layer that a function stands on is unpacked. */
  const layers = new Map<string, string>();
  return {
    'AWS::Lambda::Function': (declared) => makeFunction(declared, platform, layers),
    'AWS::Lambda::LayerVersion': ({ physicalName, properties }) => {
      const { region, account } = platform;
      const arn = `arn:aws:lambda:${region}:${account}:layer:${boundedName(physicalName, 140)}:1`;
      layers.set(arn, properties.at('Content').text('S3Key'));
      return { ref: arn, attributes: { LayerVersionArn: arn } };
    },
    'AWS::Lambda::Permission': (declared) => makePermission(declared, platform),
  };
};

async function makeFunction(
  declared: Declared,
  platform: Platform,
  layers: ReadonlyMap<string, string>,
): Promise<Made> {
  const { logicalId, physicalName, properties } = declared;
  const { region, account, authority } = platform;
  const name = properties.text('FunctionName', boundedName(physicalName, 64));
  const arn = `arn:aws:lambda:${region}:${account}:function:${name}`;
  const made: Made = { ref: name, attributes: { Arn: arn } };
  const runtime = properties.text('Runtime', '');
  // A provider of CDK's own in another language: its custom resource is done natively and never calls it.
  if (!runtime.startsWith('nodejs')) return made;

  const roleArn = properties.text('Role');
  mayBeAssumed(roleArn, logicalId, platform);
  const title = titleOf(logicalId);
  const session = authority.session(roleArn, name, title);
  const logGroup = properties.at('LoggingConfig').text('LogGroup', `/aws/lambda/${name}`);
  const memoryMb = properties.number('MemorySize', DEFAULT_MEMORY_MB);
  const definition: FunctionDefinition = {
    logicalId,
    title,
    name,
    arn,
    directory: await unpackedAsset(properties.at('Code').text('S3Key'), platform),
    handler: properties.text('Handler'),
    memoryMb,
    timeoutSeconds: properties.number('Timeout', DEFAULT_TIMEOUT_SECONDS),
    environment: {
      ...lambdaVariables({ name, memoryMb, logGroup, runtime, handler: properties.text('Handler'), region }),
      ...textValues(properties.at('Environment').at('Variables')),
      ...platform.endpoints,
      ...credentialVariables(authority.accessKey(session)),
    },
    layers: await Promise.all(
      properties.texts('Layers').map((layer) => {
        const key = layers.get(layer);
        if (key === undefined) throw new TemplateError(`${logicalId}: there is no layer ${layer}`);
        return unpackedAsset(key, platform);
      }),
    ),
    roleArn,
    logFile: join(platform.dataDir, 'logs', `${title}.log`),
    logGroup,
    reservedConcurrency: properties.number('ReservedConcurrentExecutions', undefined),
  };
  const host = createFunctionHost(definition, {
    maxWorkers: platform.maxWorkers,
    scratch: join(platform.dataDir, 'tmp'),
    // Lambda writes logs and traces with the function's own role; without the right they are silently missing.
    onFirstStart: () => {
      const traces = properties.at('TracingConfig').text('Mode', '') === 'Active';
      for (const [action, resource] of serviceCalls(logGroup, traces, platform)) {
        try {
          authority.authorize({ principal: session, action, resource });
        } catch {
          // Recorded as a denial; the function runs all the same, as in AWS.
        }
      }
    },
  });
  platform.functions.set(arn, host);
  platform.whenStopped.push(() => host.stop());
  return made;
}

function mayBeAssumed(roleArn: string, logicalId: string, { authority }: Platform): void {
  const role = authority.roles.get(roleArn);
  if (role === undefined) throw new TemplateError(`${logicalId}: there is no role ${roleArn}`);
  const { allowed } = decide({
    caller: { kind: 'service', service: 'lambda.amazonaws.com' },
    action: 'sts:AssumeRole',
    resource: '*',
    context: new Map(),
    identity: [],
    resourcePolicy: role.trust,
  });
  if (!allowed)
    throw new TemplateError(`${logicalId}: the role defined for the function cannot be assumed by Lambda`);
}

function serviceCalls(logGroup: string, traces: boolean, { region, account }: Platform): [string, string][] {
  const stream = `arn:aws:logs:${region}:${account}:log-group:${logGroup}:log-stream:local`;
  return [
    ['logs:CreateLogStream', stream],
    ['logs:PutLogEvents', stream],
    ...(traces
      ? ([
          ['xray:PutTraceSegments', '*'],
          ['xray:PutTelemetryRecords', '*'],
        ] as [string, string][])
      : []),
  ];
}

function lambdaVariables(about: {
  name: string;
  memoryMb: number;
  logGroup: string;
  runtime: string;
  handler: string;
  region: string;
}): Record<string, string> {
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    _HANDLER: about.handler,
    AWS_REGION: about.region,
    AWS_DEFAULT_REGION: about.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${about.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: about.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(about.memoryMb),
    AWS_LAMBDA_LOG_GROUP_NAME: about.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  };
}

function credentialVariables(key: { accessKeyId: string; secretAccessKey: string }): Record<string, string> {
  return {
    AWS_ACCESS_KEY_ID: key.accessKeyId,
    AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
    // The files of whoever runs this must not reach into a function.
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

function textValues(properties: Properties): Record<string, string> {
  return Object.fromEntries(Object.keys(properties.values).map((name) => [name, properties.text(name)]));
}

function makePermission({ logicalId, physicalName, properties }: Declared, platform: Platform): Made {
  const named = properties.text('FunctionName');
  const arn = [...platform.functions.entries()].find(
    ([functionArn, host]) => functionArn === named || host.definition.name === named,
  )?.[0];
  // A permission on a provider that is never run has nobody to protect.
  if (arn === undefined) return { ref: physicalName };
  const principal = properties.text('Principal');
  const is = (operator: string, key: string, name: string) =>
    properties.has(name) ? { [operator]: { [key]: properties.text(name) } } : {};
  const statement = {
    Effect: 'Allow',
    Action: properties.text('Action'),
    Resource: arn,
    Principal:
      principal === '*'
        ? '*'
        : principal.includes('.amazonaws.com')
          ? { Service: principal }
          : { AWS: principal },
    Condition: {
      ...is('ArnLike', 'aws:SourceArn', 'SourceArn'),
      ...mergeEquals(
        is('StringEquals', 'aws:SourceAccount', 'SourceAccount'),
        is('StringEquals', 'lambda:FunctionUrlAuthType', 'FunctionUrlAuthType'),
      ),
      ...is('Bool', 'lambda:InvokedViaFunctionUrl', 'InvokedViaFunctionUrl'),
    },
  };
  platform.authority.addResourcePolicy(arn, parsePolicy({ Statement: statement }, logicalId));
  return { ref: physicalName };
}

function mergeEquals(
  ...blocks: Record<string, Record<string, string>>[]
): Record<string, Record<string, string>> {
  const StringEquals = Object.assign({}, ...blocks.map((block) => block.StringEquals ?? {})) as Record<
    string,
    string
  >;
  return Object.keys(StringEquals).length > 0 ? { StringEquals } : {};
}
