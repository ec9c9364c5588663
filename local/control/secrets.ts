/** Secrets Manager: secrets are drawn once, kept in the data directory, and read by whom the policies allow. */
import { createHash, randomInt, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Authorize, Principal } from '../auth/authorize.ts';
import type { Properties } from '../template/properties.ts';
import { type JsonService, ServiceError } from './start-control.ts';

interface Secret {
  readonly name: string;
  readonly arn: string;
  readonly value: string;
  readonly versionId: string;
  readonly createdAt: number;
}

export interface SecretsOptions {
  readonly file: string;
  readonly account: string;
  readonly region: string;
  readonly authorize: Authorize;
}

export interface Secrets {
  readonly service: JsonService;
  /** The secret's ARN; its value is made the first time only. */
  ensure(name: string, make: () => string, kmsKeyArn: string | undefined): string;
}

/** Opens the file of secrets. */
export function openSecrets({ file, account, region, authorize }: SecretsOptions): Secrets {
  const kept = new Map<string, Secret>(
    existsSync(file)
      ? (JSON.parse(readFileSync(file, 'utf8')) as Secret[]).map((secret) => [secret.name, secret])
      : [],
  );
  const keys = new Map<string, string>();
  const declared = new Map<string, Secret>();

  const find = (input: Record<string, unknown>, principal: Principal, action: string): Secret => {
    const id = String(input.SecretId);
    const secret = [...declared.values()].find(({ name, arn }) => id === name || id === arn);
    authorize({ principal, action: `secretsmanager:${action}`, resource: secret?.arn ?? id });
    if (secret === undefined) {
      throw new ServiceError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    }
    return secret;
  };

  return {
    service: {
      signingName: 'secretsmanager',
      operations: {
        GetSecretValue: (input, principal) => {
          const secret = find(input, principal, 'GetSecretValue');
          const key = keys.get(secret.name);
          if (key !== undefined) {
            const context = {
              'kms:ViaService': `secretsmanager.${region}.amazonaws.com`,
              'kms:CallerAccount': account,
            };
            authorize({ principal, action: 'kms:Decrypt', resource: key, context });
          }
          return {
            ARN: secret.arn,
            Name: secret.name,
            SecretString: secret.value,
            VersionId: secret.versionId,
            VersionStages: ['AWSCURRENT'],
            CreatedDate: secret.createdAt,
          };
        },
        DescribeSecret: (input, principal) => {
          const { arn, name, createdAt, versionId } = find(input, principal, 'DescribeSecret');
          return {
            ARN: arn,
            Name: name,
            CreatedDate: createdAt,
            RotationEnabled: false,
            VersionIdsToStages: { [versionId]: ['AWSCURRENT'] },
          };
        },
      },
    },
    ensure: (name, make, kmsKeyArn) => {
      let secret = kept.get(name);
      if (secret === undefined) {
        // Secrets Manager adds six characters, so that a secret made again under the same name is another one.
        const suffix = createHash('sha256')
          .update(name)
          .digest('base64url')
          .replace(/[-_]/g, 'x')
          .slice(0, 6);
        const arn = `arn:aws:secretsmanager:${region}:${account}:secret:${name}-${suffix}`;
        secret = {
          name,
          arn,
          value: make(),
          versionId: randomUUID(),
          createdAt: Math.floor(Date.now() / 1000),
        };
        kept.set(name, secret);
        writeFileSync(`${file}.new`, JSON.stringify([...kept.values()]), { mode: 0o600 });
        renameSync(`${file}.new`, file);
      }
      declared.set(name, secret);
      if (kmsKeyArn !== undefined) keys.set(name, kmsKeyArn);
      return secret.arn;
    },
  };
}

const KINDS = {
  lower: 'abcdefghijklmnopqrstuvwxyz',
  upper: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  digits: '0123456789',
  punctuation: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
};

/** A random value as `GenerateSecretString` describes it. */
export function generateSecret(config: Properties): string {
  const excluded = config.text('ExcludeCharacters', '');
  const kinds = [
    config.flag('ExcludeLowercase') ? '' : KINDS.lower,
    config.flag('ExcludeUppercase') ? '' : KINDS.upper,
    config.flag('ExcludeNumbers') ? '' : KINDS.digits,
    config.flag('ExcludePunctuation') ? '' : KINDS.punctuation,
    config.flag('IncludeSpace') ? ' ' : '',
  ]
    .map((letters) => [...letters].filter((letter) => !excluded.includes(letter)))
    .filter((letters) => letters.length > 0);
  const letters = kinds.flat();
  const pick = (from: readonly string[]) => from[randomInt(from.length)] as string;
  const password = Array.from({ length: config.number('PasswordLength', 32) }, () => pick(letters));
  if (!config.has('RequireEachIncludedType') || config.flag('RequireEachIncludedType')) {
    const places = password.map((_, index) => index);
    for (const kind of kinds) {
      const [place = 0] = places.splice(randomInt(places.length), 1);
      password[place] = pick(kind);
    }
  }
  const template = config.text('SecretStringTemplate', undefined);
  if (template === undefined) return password.join('');
  const fields = JSON.parse(template) as Record<string, unknown>;
  return JSON.stringify({ ...fields, [config.text('GenerateStringKey')]: password.join('') });
}
