/**
 * The secret from which every pseudonym is made: 64 hexadecimal digits that Secrets Manager draws and no template holds.
 * It is kept when the stack goes: without it a patient who comes again would be a stranger.
 */
import { RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

export class PseudonymSecret extends Secret {
  constructor(scope: Construct, id: string, props: { readonly key: IKey }) {
    super(scope, id, {
      description:
        'Filmroom: the key of all pseudonyms. Never change it: the same patient would get another identity.',
      encryptionKey: props.key,
      removalPolicy: RemovalPolicy.RETAIN,
      generateSecretString: {
        passwordLength: 64,
        excludePunctuation: true,
        requireEachIncludedType: false,
        // What is left are the hexadecimal digits.
        excludeCharacters: 'ghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ',
      },
    });
    const reason =
      'Rotation would give every known patient and study a second identity: a new key is a new library, made on purpose and not by a timer.';
    acknowledge(this, {
      'AwsSolutions-SMG4': reason,
      'HIPAA.Security-SecretsManagerRotationEnabled': reason,
    });
  }
}
