/** Secrets: drawn when they are first made and kept in the data directory. */
import { generateSecret } from '../control/secrets.ts';
import { parsePolicy } from '../iam/policy.ts';
import type { Family } from './platform.ts';

export const secretsResources: Family = (platform) => ({
  'AWS::SecretsManager::Secret': ({ physicalName, properties }) => {
    const name = properties.text('Name', physicalName);
    const make = () => {
      if (properties.has('SecretString')) return properties.text('SecretString');
      return properties.has('GenerateSecretString')
        ? generateSecret(properties.at('GenerateSecretString'))
        : '';
    };
    const arn = platform.secrets.ensure(name, make, properties.text('KmsKeyId', undefined));
    return { ref: arn, attributes: { Id: arn } };
  },
  'AWS::SecretsManager::ResourcePolicy': ({ logicalId, properties }) => {
    const arn = properties.text('SecretId');
    platform.authority.addResourcePolicy(arn, parsePolicy(properties.values.ResourcePolicy, logicalId));
    return { ref: arn };
  },
});
