/**
 * Resources that are accepted and do nothing here, each with the reason. What is not in this list and has no maker is an
 * error, so that nobody takes silence for support.
 */
import type { Declared, Made } from '../template/resource.ts';
import { boundedName, stableId } from './names.ts';
import type { Family } from './platform.ts';

/** The reason each of them may be passed over on one machine. */
export const INERT: Readonly<Record<string, string>> = {
  'AWS::CDK::Metadata': 'says which constructs were used',
  'AWS::Logs::LogGroup': 'logs are files in the data directory',
  'AWS::Logs::ResourcePolicy': 'nothing but functions writes logs here',
  'AWS::Logs::MetricFilter': 'no metrics are kept here',
  'AWS::CloudWatch::Alarm': 'a person watches this terminal',
  'AWS::CloudWatch::CompositeAlarm': 'a person watches this terminal',
  'AWS::CloudWatch::Dashboard': 'a person watches this terminal',
  'AWS::SNS::Topic': 'only alarms publish to it',
  'AWS::SNS::TopicPolicy': 'only alarms publish to it',
  'AWS::SNS::Subscription': 'no mail is sent from here',
  'AWS::SecretsManager::RotationSchedule': 'a laptop is not rotated',
  'AWS::Lambda::EventInvokeConfig': 'nothing is invoked asynchronously here',
  'AWS::Events::Archive': 'the journal of events is the archive',
  'AWS::ApiGatewayV2::DomainName': 'the loopback address has no name',
  'AWS::ApiGatewayV2::ApiMapping': 'the loopback address has no name',
  'AWS::Route53::HostedZone': 'the loopback address has no name',
  'AWS::Route53::RecordSet': 'the loopback address has no name',
  'AWS::CertificateManager::Certificate': 'the loopback address needs no certificate',
  'AWS::Cognito::ManagedLoginBranding': 'the local page of sign-in looks like itself',
  'AWS::Backup::BackupVault': 'the data directory is the backup',
  'AWS::Backup::BackupPlan': 'the data directory is the backup',
  'AWS::Backup::BackupSelection': 'the data directory is the backup',
  'AWS::WAFv2::WebACL': 'nobody but this machine reaches the loopback address',
  'AWS::WAFv2::WebACLAssociation': 'nobody but this machine reaches the loopback address',
};

export const inertResources: Family = ({ region, account }) => {
  const arnPart: Record<string, (name: string) => string> = {
    'AWS::Logs::LogGroup': (name) => `logs:${region}:${account}:log-group:${name}:*`,
    'AWS::CloudWatch::Alarm': (name) => `cloudwatch:${region}:${account}:alarm:${name}`,
    'AWS::CloudWatch::CompositeAlarm': (name) => `cloudwatch:${region}:${account}:alarm:${name}`,
    'AWS::SNS::Topic': (name) => `sns:${region}:${account}:${name}`,
    'AWS::Events::Archive': (name) => `events:${region}:${account}:archive/${name}`,
    'AWS::CertificateManager::Certificate': (name) => `acm:${region}:${account}:certificate/${name}`,
    'AWS::Backup::BackupVault': (name) => `backup:${region}:${account}:backup-vault:${name}`,
    'AWS::Backup::BackupPlan': (name) => `backup:${region}:${account}:backup-plan:${name}`,
    'AWS::WAFv2::WebACL': (name) => `wafv2:${region}:${account}:global/webacl/${name}`,
  };
  /** Types whose `Ref` is the ARN. */
  const refersByArn = new Set(['AWS::SNS::Topic', 'AWS::CertificateManager::Certificate']);
  const ownName: Record<string, string> = {
    'AWS::Logs::LogGroup': 'LogGroupName',
    'AWS::CloudWatch::Alarm': 'AlarmName',
    'AWS::CloudWatch::CompositeAlarm': 'AlarmName',
    'AWS::SNS::Topic': 'TopicName',
  };
  const make = ({ type, physicalName, properties }: Declared): Made => {
    const name = properties.text(ownName[type] ?? 'Name', boundedName(physicalName, 250));
    const arn = `arn:aws:${arnPart[type]?.(name) ?? `local:${region}:${account}:${name}`}`;
    return {
      ref: refersByArn.has(type) ? arn : name,
      attributes: {
        Arn: arn,
        TopicArn: arn,
        TopicName: name,
        BackupVaultArn: arn,
        BackupPlanId: stableId(name, 16),
        BackupPlanArn: arn,
        Id: stableId(name, 16),
      },
    };
  };
  return Object.fromEntries(Object.keys(INERT).map((type) => [type, make]));
};
