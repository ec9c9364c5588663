/** Roles and the policies attached to them. */
import { managedPolicy } from '../iam/managed-policies.ts';
import { parsePolicy, type Statement } from '../iam/policy.ts';
import { TemplateError } from '../template/intrinsics.ts';
import type { Declared, Made } from '../template/resource.ts';
import { boundedName, stableId, titleOf } from './names.ts';
import type { Family, Platform } from './platform.ts';

export const iamResources: Family = (platform) => {
  const managed = new Map<string, readonly Statement[]>();
  return {
    'AWS::IAM::Role': (declared) => makeRole(declared, platform, managed),
    'AWS::IAM::Policy': ({ logicalId, properties }) => {
      const statements = parsePolicy(properties.values.PolicyDocument, `policy ${titleOf(logicalId)}`);
      attach(properties.texts('Roles'), statements, logicalId, platform);
      return { ref: properties.text('PolicyName') };
    },
    'AWS::IAM::ManagedPolicy': ({ logicalId, physicalName, properties }) => {
      const name = properties.text('ManagedPolicyName', boundedName(physicalName, 128));
      const arn = `arn:aws:iam::${platform.account}:policy/${name}`;
      const statements = parsePolicy(properties.values.PolicyDocument, `policy ${titleOf(logicalId)}`);
      managed.set(arn, statements);
      attach(properties.texts('Roles'), statements, logicalId, platform);
      return { ref: arn, attributes: { PolicyArn: arn } };
    },
  };
};

function makeRole(
  { logicalId, physicalName, properties }: Declared,
  platform: Platform,
  managed: ReadonlyMap<string, readonly Statement[]>,
): Made {
  if (properties.has('PermissionsBoundary')) {
    throw new TemplateError(`${logicalId}: permissions boundaries are not known to the local run`);
  }
  const name = properties.text('RoleName', boundedName(physicalName, 64));
  const arn = `arn:aws:iam::${platform.account}:role/${name}`;
  const inline = properties
    .each('Policies')
    .flatMap((policy) => parsePolicy(policy.values.PolicyDocument, `policy ${policy.text('PolicyName')}`));
  const attached = properties
    .texts('ManagedPolicyArns')
    .flatMap((policyArn) => managed.get(policyArn) ?? managedPolicy(policyArn, logicalId));
  platform.authority.addRole({
    arn,
    name,
    identity: [...inline, ...attached],
    trust: parsePolicy(properties.values.AssumeRolePolicyDocument, `trust of ${logicalId}`),
  });
  return { ref: name, attributes: { Arn: arn, RoleId: `AROA${stableId(arn, 16).toUpperCase()}` } };
}

function attach(
  roles: readonly string[],
  statements: readonly Statement[],
  logicalId: string,
  { authority, account }: Platform,
): void {
  for (const name of roles) {
    const role = authority.roles.get(`arn:aws:iam::${account}:role/${name}`);
    if (role === undefined) throw new TemplateError(`${logicalId}: there is no role ${name}`);
    role.identity.push(...statements);
  }
}
