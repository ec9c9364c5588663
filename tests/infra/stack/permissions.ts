/** Who may do what: least privilege, read off the policies of the roles. */
import { describe, expect, it } from 'vitest';
import type { FunctionName } from '../../../shared/contract/env.ts';
import { type Json, resourcesOf, routesOf, synthesize, target } from '../synthesized.ts';

const template = synthesize();

interface Permission {
  readonly name: FunctionName;
  readonly action: string;
  /** Logical id and, for a bucket, what of it: `VaultBucket/uploads/*`. */
  readonly resource: string;
  readonly condition: Json;
}

function readable(resource: Json): string {
  const parts = resource['Fn::Join']?.[1] ?? [resource];
  return parts
    .map((part: Json) => (typeof part === 'string' ? part : target(part).replace(/[0-9A-F]{8}$/, '')))
    .join('');
}

const permissions: Permission[] = resourcesOf(template, 'AWS::IAM::ManagedPolicy').flatMap(
  ([, { Properties }]) =>
    Properties.PolicyDocument.Statement.flatMap((statement: Json) =>
      [statement.Action].flat().flatMap((action: string) =>
        [statement.Resource].flat().map((resource: Json) => ({
          name: Properties.Description.replace(/^Filmroom: what (.*) may do$/, '$1'),
          action,
          resource: readable(resource),
          condition: statement.Condition,
        })),
      ),
    ),
);
const of = (name: FunctionName) => permissions.filter((permission) => permission.name === name);
const asText = ({ action, resource }: Permission) => `${action} ${resource}`;
const onBuckets = (name: FunctionName) =>
  of(name)
    .filter(({ action }) => action.startsWith('s3:'))
    .map(asText)
    .sort();

const routes = routesOf(template);

const EVENTS = 's3:PutObject AuditBucket/events/*';
const VAULT_ZONE = /^(Vault|Ledger|Crosswalk|Pseudonyms)/;

describe('a permission', () => {
  it('names its action in full', () => {
    expect(permissions.length).toBeGreaterThan(80);
    expect(permissions.filter(({ action }) => action.includes('*'))).toEqual([]);
  });

  it('names its resource, and of a bucket one prefix', () => {
    for (const { resource } of permissions) {
      expect(resource).toMatch(
        /^\w+(\/index\/\w+|\/(uploads|extracted|manifests|studies|rendered|answers|events)\/\*)?$/,
      );
    }
  });

  it('to use a key holds only through the service that keeps the data', () => {
    const onKeys = permissions.filter(({ action }) => action.startsWith('kms:'));
    for (const { condition } of onKeys)
      expect(Object.keys(condition.StringEquals)).toEqual(['kms:ViaService']);
  });

  it('to use the key of a table only decrypts, since rows are under a key of the table', () => {
    const throughTables = permissions.filter(({ condition }) =>
      JSON.stringify(condition?.StringEquals?.['kms:ViaService'] ?? '').includes('dynamodb.'),
    );
    expect(new Set(throughTables.map(({ action }) => action))).toEqual(new Set(['kms:Decrypt']));
  });

  it('stands in a policy of one role, never in an inline one', () => {
    const inline = resourcesOf(template, 'AWS::IAM::Policy').map(([id]) => id);
    expect(inline.filter((id) => !id.startsWith('CustomCDKBucketDeployment'))).toEqual([]);
    for (const [, { Properties }] of resourcesOf(template, 'AWS::IAM::ManagedPolicy')) {
      expect(Properties.Roles).toHaveLength(1);
    }
  });
});

describe('the crosswalk', () => {
  const rows = permissions.filter(
    ({ action, resource }) => /^dynamodb:/.test(action) && /^Crosswalk/.test(resource),
  );

  it('can be written by those who de-identify, and be read by the one who shows an identified link', () => {
    expect(rows.map(({ name, action }) => `${name} ${action}`).sort()).toEqual([
      'clean-pixels dynamodb:PutItem',
      'deidentify dynamodb:PutItem',
      'show-grant dynamodb:GetItem',
    ]);
  });

  it('is read by no more than name and birth date of one row at a time', () => {
    const [reading] = rows.filter(({ name }) => name === 'show-grant');
    expect(reading?.condition).toEqual({
      'ForAllValues:StringEquals': {
        'dynamodb:Attributes': ['pk', 'sk', 'patientName', 'patientBirthDate'],
      },
      StringEqualsIfExists: { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' },
    });
  });

  it('is read by a function that takes no body, no path and no query, and reaches no object', () => {
    expect(onBuckets('show-grant')).toEqual([EVENTS]);
    const its = routes.filter(({ handler }) => handler === 'ShowGrant').map(({ key }) => key);
    expect(its).toEqual(['GET /api/grant']);
  });

  it('has a key that serves nobody else', () => {
    const users = permissions.filter(({ resource }) => resource === 'CrosswalkKey').map(({ name }) => name);
    expect([...new Set(users)].sort()).toEqual(['clean-pixels', 'deidentify', 'show-grant']);
  });
});

describe('the audit', () => {
  const onIt = permissions.filter(({ resource }) => /^Audit(Bucket|Key)/.test(resource));

  const byOthers = onIt.filter(({ name }) => name !== 'read-audit');

  it('is added to by those who hand out, and neither read, changed nor deleted by any of them', () => {
    expect([...new Set(byOthers.map(({ action }) => action))].sort()).toEqual([
      'kms:GenerateDataKey',
      's3:PutObject',
    ]);
    expect([...new Set(byOthers.map(({ name }) => name))].sort()).toEqual([
      'download-study',
      'link-dicomweb',
      'links',
      'render',
      'show-grant',
    ]);
  });

  it('is read by one function, which can add, change and delete nothing, and which no visitor reaches', () => {
    const reading = permissions.filter(({ name }) => name === 'read-audit');
    const its = reading.filter(({ action }) => !action.startsWith('logs:'));
    expect(its.map(({ action }) => action).sort()).toEqual([
      'dynamodb:GetItem',
      'kms:Decrypt',
      'kms:Decrypt',
      's3:GetObject',
      's3:ListBucket',
    ]);
    const [listing] = its.filter(({ action }) => action === 's3:ListBucket');
    expect(listing?.condition).toEqual({ StringLike: { 's3:prefix': 'events/*' } });
    expect(
      routes
        .filter(({ handler }) => handler === 'ReadAudit')
        .map(({ key }) => key)
        .sort(),
    ).toEqual(['GET /links/{link}/events', 'GET /staff/api/links/{link}/events']);
  });

  it('refuses a put over what stands, whoever it is by', () => {
    const [policy] = resourcesOf(template, 'AWS::S3::BucketPolicy').filter(([, { Properties }]) =>
      /^AuditBucket/.test(target(Properties.Bucket)),
    );
    const statements: Json[] = policy?.[1].Properties.PolicyDocument.Statement;
    const [refusal] = statements.filter(({ Action }) => Action === 's3:PutObject');
    expect(refusal).toMatchObject({
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Condition: { Null: { 's3:if-none-match': 'true' } },
    });
    expect(statements.filter(({ Effect, Principal }) => Effect === 'Allow' && Principal.AWS === '*')).toEqual(
      [],
    );
  });

  it.each([
    [{}, 2190, 'GOVERNANCE'],
    [{ auditDays: 10, auditLock: 'compliance' }, 10, 'COMPLIANCE'],
  ])('with %o locks every version as long as it is kept, then removes it', (context, days, mode) => {
    const [[, { Properties }]] = resourcesOf(synthesize(context), 'AWS::S3::Bucket').filter(([id]) =>
      /^AuditBucket/.test(id),
    ) as [[string, Json]];
    expect(Properties.VersioningConfiguration).toEqual({ Status: 'Enabled' });
    expect(Properties.ObjectLockEnabled).toBe(true);
    expect(Properties.ObjectLockConfiguration.Rule.DefaultRetention).toEqual({ Days: days, Mode: mode });
    const ends = Properties.LifecycleConfiguration.Rules.filter((rule: Json) => rule.ExpirationInDays);
    expect(ends.map((rule: Json) => rule.ExpirationInDays)).toEqual([days + 1]);
  });
});

describe('the vault zone', () => {
  it('gives its originals to parse, unpack and those who de-identify alone', () => {
    const readers = permissions.filter(
      ({ action, resource }) =>
        /^s3:Get/.test(action) && VAULT_ZONE.test(resource) && !resource.endsWith('/manifests/*'),
    );
    expect([...new Set(readers.map(({ name }) => name))].sort()).toEqual([
      'clean-pixels',
      'deidentify',
      'parse',
      'unpack',
    ]);
  });

  it('tells the secret of pseudonyms to those who de-identify alone', () => {
    const readers = permissions.filter(({ action }) => action.startsWith('secretsmanager:'));
    expect(readers.map(({ name, action }) => `${name} ${action}`).sort()).toEqual([
      'clean-pixels secretsmanager:GetSecretValue',
      'deidentify secretsmanager:GetSecretValue',
    ]);
  });

  it.each(['thumbnail', 'index-instance'] as const)('lets %s write the ledger and read nothing', (name) => {
    const touched = of(name).filter(
      ({ resource, action }) => VAULT_ZONE.test(resource) && !action.startsWith('kms:'),
    );
    expect(touched.map(asText)).toEqual(['dynamodb:BatchWriteItem LedgerTable']);
  });

  it.each([
    'complete-study',
    'links',
    'download-study',
    'pack-study',
    'render',
    'dicomweb',
    'stream-dicomweb',
    'link-dicomweb',
  ] as const)('is closed to %s', (name) => {
    expect(of(name).filter(({ resource }) => VAULT_ZONE.test(resource))).toEqual([]);
  });
});

describe('objects', () => {
  const versions = (...places: string[]) => places.map((place) => `s3:GetObjectVersion ${place}`);
  const inParts = (place: string) => [`s3:PutObject ${place}`, `s3:AbortMultipartUpload ${place}`];
  const originals = versions('VaultBucket/uploads/*', 'VaultBucket/extracted/*');
  const current = 's3:GetObject Library/studies/*';

  it.each<[FunctionName, string[]]>([
    ['parse', originals],
    [
      'unpack',
      [
        ...originals,
        ...inParts('VaultBucket/extracted/*'),
        's3:ListMultipartUploadParts VaultBucket/extracted/*',
        's3:ListBucket VaultBucket',
      ],
    ],
    [
      'deidentify',
      [
        ...originals,
        current,
        ...inParts('Library/studies/*'),
        's3:ListBucket Library',
        's3:PutObject VaultBucket/manifests/*',
      ],
    ],
    ['clean-pixels', [...originals, current, ...inParts('Library/studies/*'), 's3:ListBucket Library']],
    [
      'uploads',
      [
        ...inParts('VaultBucket/uploads/*'),
        's3:ListMultipartUploadParts VaultBucket/uploads/*',
        's3:PutObject VaultBucket/manifests/*',
        's3:GetObject VaultBucket/manifests/*',
        's3:ListBucket VaultBucket',
        's3:ListBucket VaultBucket',
      ],
    ],
    ['thumbnail', [...versions('Library/studies/*'), 's3:PutObject Library/studies/*']],
    ['index-instance', versions('Library/studies/*')],
    ['complete-study', [current, ...inParts('Library/studies/*'), 's3:ListBucket Library']],
    ['links', [current, 's3:ListBucket Library', EVENTS]],
    ['show-grant', [EVENTS]],
    ['read-audit', ['s3:GetObject AuditBucket/events/*', 's3:ListBucket AuditBucket']],
    [
      'download-study',
      [
        current,
        's3:GetObject Library/answers/*',
        's3:ListBucket Library',
        ...inParts('Library/answers/*'),
        's3:ListMultipartUploadParts Library/answers/*',
        EVENTS,
      ],
    ],
    [
      'pack-study',
      [current, ...inParts('Library/answers/*'), 's3:ListMultipartUploadParts Library/answers/*'],
    ],
    [
      'render',
      [
        current,
        's3:GetObject Library/rendered/*',
        ...versions('Library/studies/*'),
        's3:PutObject Library/rendered/*',
        's3:ListBucket Library',
        EVENTS,
      ],
    ],
    [
      'dicomweb',
      [current, 's3:GetObject Library/answers/*', ...inParts('Library/answers/*'), 's3:ListBucket Library'],
    ],
    ['stream-dicomweb', [current, 's3:ListBucket Library']],
    ['link-dicomweb', [current, 's3:ListBucket Library', EVENTS]],
    ['store-instances', ['s3:PutObject VaultBucket/uploads/*']],
  ])('can be reached by %s no further than it must', (name, expected) => {
    expect(onBuckets(name)).toEqual(expected.sort());
  });

  it('of the vault are listed by who writes them alone, and only what it wrote', () => {
    const listing = permissions.filter((it) => asText(it) === 's3:ListBucket VaultBucket');
    expect(listing.map(({ name, condition }) => [name, condition])).toEqual([
      ['unpack', { StringLike: { 's3:prefix': 'extracted/*' } }],
      ['uploads', { StringLike: { 's3:prefix': 'uploads/*' } }],
      ['uploads', { StringLike: { 's3:prefix': 'manifests/*' } }],
    ]);
  });
});

describe('rows', () => {
  const onTables = (name: FunctionName) =>
    of(name)
      .filter(({ action }) => action.startsWith('dynamodb:'))
      .map(({ action, resource }) => `${action.slice('dynamodb:'.length)} ${resource}`)
      .sort();

  it.each<[FunctionName, string[]]>([
    ['parse', ['BatchWriteItem LedgerTable']],
    ['unpack', ['BatchWriteItem LedgerTable']],
    ['deidentify', ['BatchWriteItem LedgerTable', 'PutItem CrosswalkTable']],
    ['clean-pixels', ['BatchWriteItem LedgerTable', 'PutItem CrosswalkTable']],
    ['thumbnail', ['BatchWriteItem LedgerTable']],
    ['index-instance', ['BatchWriteItem IndexTable', 'BatchWriteItem LedgerTable', 'UpdateItem IndexTable']],
    ['complete-study', ['GetItem IndexTable', 'Query IndexTable', 'UpdateItem IndexTable']],
    [
      'uploads',
      [
        'BatchGetItem IndexTable',
        'BatchWriteItem LedgerTable',
        'GetItem LedgerTable',
        'Query LedgerTable',
        'UpdateItem LedgerTable',
      ],
    ],
    [
      'links',
      [
        'BatchGetItem IndexTable',
        'BatchGetItem LinksTable',
        'GetItem IndexTable',
        'GetItem LinksTable',
        'PutItem LinksTable',
        'Query IndexTable',
        'Query LinksTable/index/byStudy',
        'UpdateItem LinksTable',
      ],
    ],
    ['read-audit', ['GetItem LinksTable']],
    ['show-grant', ['BatchGetItem IndexTable', 'GetItem CrosswalkTable', 'GetItem LinksTable']],
    ['download-study', ['GetItem LinksTable']],
    ['pack-study', []],
    ['render', ['GetItem LinksTable']],
    ['dicomweb', ['BatchGetItem IndexTable', 'Query IndexTable', 'Query IndexTable/index/byKind']],
    ['stream-dicomweb', []],
    ['link-dicomweb', ['BatchGetItem IndexTable', 'GetItem LinksTable']],
    ['store-instances', ['BatchWriteItem LedgerTable', 'UpdateItem LedgerTable']],
  ])('can be reached by %s no further than it must', (name, expected) => {
    expect(onTables(name)).toEqual(expected);
  });
});

describe('queues', () => {
  const senders = permissions
    .filter(({ action }) => action === 'sqs:SendMessage')
    .map(({ name, resource }) => `${name} → ${resource}`);

  it('are a chain: each step sends to the next, unpack to itself, whoever hands out archives to who packs them, and nobody else does', () => {
    expect(senders.sort()).toEqual([
      'clean-pixels → ThumbnailQueue',
      'deidentify → CleanPixelsQueue',
      'deidentify → ThumbnailQueue',
      'download-study → PackStudyQueue',
      'index-instance → CompleteStudyQueue',
      'parse → DeidentifyQueue',
      'parse → UnpackQueue',
      'thumbnail → IndexInstanceQueue',
      'unpack → UnpackQueue',
    ]);
  });

  it('are read by their own step alone', () => {
    const receivers = permissions.filter(({ action }) => action === 'sqs:ReceiveMessage');
    expect(receivers).toHaveLength(8);
    expect(new Set(receivers.map(({ resource }) => resource)).size).toBe(8);
    expect(new Set(receivers.map(({ name }) => name)).size).toBe(8);
  });
});
