/** The AWS managed policies that CDK attaches; one that is not listed is an error where a role names it. */
import { parsePolicy, type Statement } from './policy.ts';

const LOGS = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];

const MANAGED: Record<string, readonly string[]> = {
  'service-role/AWSLambdaBasicExecutionRole': LOGS,
  'service-role/AWSLambdaSQSQueueExecutionRole': [
    'sqs:ReceiveMessage',
    'sqs:DeleteMessage',
    'sqs:GetQueueAttributes',
    ...LOGS,
  ],
  AWSXRayDaemonWriteAccess: [
    'xray:PutTraceSegments',
    'xray:PutTelemetryRecords',
    'xray:GetSamplingRules',
    'xray:GetSamplingTargets',
    'xray:GetSamplingStatisticSummaries',
  ],
  CloudWatchLambdaInsightsExecutionRolePolicy: LOGS,
  AdministratorAccess: ['*'],
};

/** The statements of a managed policy, by its ARN. */
export function managedPolicy(arn: string, source: string): Statement[] {
  const name = /^arn:[^:]*:iam::aws:policy\/(.+)$/.exec(arn)?.[1] ?? arn;
  const actions = MANAGED[name];
  if (actions === undefined) {
    throw new Error(`${source}: the managed policy ${arn} is not known to the local IAM evaluator`);
  }
  return parsePolicy({ Statement: { Effect: 'Allow', Action: actions, Resource: '*' } }, name);
}
