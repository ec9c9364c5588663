/** The vault and what it tells the first step. */
import { describe, expect, it } from 'vitest';
import { type Json, resourcesOf, synthesize, type Template, target } from '../synthesized.ts';

const template = synthesize();
const bucketOf = (from: Template, prefix: string): Json =>
  resourcesOf(from, 'AWS::S3::Bucket').find(([id]) => id.startsWith(prefix))?.[1];
const vault = bucketOf(template, 'VaultBucket');

describe('the vault', () => {
  it('tells the parse queue of each object uploaded and each entry extracted', () => {
    const told = vault.Properties.NotificationConfiguration.QueueConfigurations.map((it: Json) => [
      it.Event,
      it.Filter.S3Key.Rules,
      target(it.Queue).replace(/[0-9A-F]{8}$/, ''),
    ]);
    expect(told).toEqual([
      ['s3:ObjectCreated:*', [{ Name: 'prefix', Value: 'uploads/' }], 'ParseQueue'],
      ['s3:ObjectCreated:*', [{ Name: 'prefix', Value: 'extracted/' }], 'ParseQueue'],
    ]);
  });

  it('waits for the policy of that queue, without which S3 refuses the notification', () => {
    const [policy = ''] = vault.DependsOn;
    const allowed = template.Resources[policy]?.Properties.PolicyDocument.Statement.find(
      ({ Principal }: Json) => Principal.Service === 's3.amazonaws.com',
    );
    expect(allowed).toMatchObject({
      Action: 'sqs:SendMessage',
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    });
  });

  it('keeps every version under its own key, and its access log apart from that of the library', () => {
    const { VersioningConfiguration, BucketEncryption, LoggingConfiguration } = vault.Properties;
    expect(VersioningConfiguration).toEqual({ Status: 'Enabled' });
    const { ServerSideEncryptionByDefault: encryption } =
      BucketEncryption.ServerSideEncryptionConfiguration[0];
    expect(target(encryption.KMSMasterKeyID)).toMatch(/^VaultKey/);
    expect(target(LoggingConfiguration.DestinationBucketName)).toMatch(/^VaultAccessLogs/);
    const library = bucketOf(template, 'Library').Properties.LoggingConfiguration;
    expect(target(library.DestinationBucketName)).toMatch(/^AccessLogs/);
  });

  it('lets a browser put what an address is signed for, from the pages alone', () => {
    const rules = (from: Template) => bucketOf(from, 'VaultBucket').Properties.CorsConfiguration.CorsRules;
    expect(rules(template)).toEqual([
      {
        AllowedOrigins: ['https://*.cloudfront.net'],
        AllowedMethods: ['PUT'],
        AllowedHeaders: ['if-none-match', 'x-amz-checksum-crc64nvme'],
        ExposedHeaders: ['ETag'],
        MaxAge: 3000,
      },
    ]);
    const own = synthesize({
      domainName: 'films.example.org',
      certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/0f0e',
    });
    expect(rules(own)[0].AllowedOrigins).toEqual(['https://films.example.org']);
  });

  it('keeps originals for ever unless it is told a number of days', () => {
    const rules = (from: Template) =>
      bucketOf(from, 'VaultBucket')
        .Properties.LifecycleConfiguration.Rules.filter((rule: Json) => rule.ExpirationInDays)
        .map((rule: Json) => [rule.Prefix, rule.ExpirationInDays]);
    expect(rules(template)).toEqual([]);
    expect(rules(synthesize({ originalDays: 400, extractedDays: 30 }))).toEqual([
      ['uploads/', 400],
      ['extracted/', 30],
    ]);
  });
});

describe('the secret of pseudonyms', () => {
  it('is 64 hexadecimal digits that no template holds', () => {
    const [[, { Properties }]] = resourcesOf(template, 'AWS::SecretsManager::Secret') as [[string, Json]];
    const { ExcludeCharacters, PasswordLength, ExcludePunctuation } = Properties.GenerateSecretString;
    const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
    const left = [...letters].filter((letter) => !ExcludeCharacters.includes(letter)).join('');
    expect({ left, PasswordLength, ExcludePunctuation }).toEqual({
      left: 'abcdef0123456789',
      PasswordLength: 64,
      ExcludePunctuation: true,
    });
    expect(Properties.SecretString).toBeUndefined();
  });
});
