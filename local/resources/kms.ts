/** Keys: nothing is encrypted on this machine, but each use of a key is put to its policy. */
import { parsePolicy } from '../iam/policy.ts';
import { stableId, titleOf } from './names.ts';
import type { Family } from './platform.ts';

export const kmsResources: Family = (platform) => ({
  'AWS::KMS::Key': ({ logicalId, physicalName, properties }) => {
    // Where AWS draws a UUID, a name that tells the reader of a denial which key it is.
    const id = `${titleOf(logicalId)}-${stableId(physicalName, 8)}`;
    const arn = `arn:aws:kms:${platform.region}:${platform.account}:key/${id}`;
    platform.authority.addResourcePolicy(
      arn,
      parsePolicy(properties.values.KeyPolicy, `the policy of the key ${logicalId}`),
    );
    return { ref: id, attributes: { Arn: arn, KeyId: id } };
  },
  'AWS::KMS::Alias': ({ properties }) => ({ ref: properties.text('AliasName') }),
});
