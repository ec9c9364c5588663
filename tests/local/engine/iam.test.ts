/* biome-ignore-all lint/suspicious/noTemplateCurlyInString: the syntax of policies and templates */
import { describe, expect, it } from 'vitest';
import { createAuthority } from '../../../local/iam/authority.ts';
import { fitsArn, fitsPattern } from '../../../local/iam/pattern.ts';
import { parsePolicy } from '../../../local/iam/policy.ts';
import { reportRole } from '../../../local/iam/report.ts';

const ACCOUNT = '000000000000';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/Parse`;
const BUCKET = 'arn:aws:s3:::vault';
const KEY = `arn:aws:kms:us-east-1:${ACCOUNT}:key/1`;
const QUEUE = `arn:aws:sqs:us-east-1:${ACCOUNT}:inbox`;

type Statements = readonly Record<string, unknown>[];
const allow = (Action: unknown, Resource: unknown, more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});
const deny = (Action: unknown, Resource: unknown, more: object = {}) => ({
  Effect: 'Deny',
  Action,
  Resource,
  ...more,
});
const everyone = { Principal: '*' };
const root = { Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } };

function setUp(identity: Statements, resources: Readonly<Record<string, Statements>> = {}) {
  const authority = createAuthority({ account: ACCOUNT, region: 'us-east-1', secret: 'secret' });
  const statements = parsePolicy({ Statement: identity }, 'policy Own');
  authority.addRole({ arn: ROLE, name: 'Parse', identity: statements, trust: [] });
  for (const [arn, policy] of Object.entries(resources)) {
    authority.addResourcePolicy(arn, parsePolicy({ Statement: policy }, `policy of ${arn}`));
  }
  const principal = authority.session(ROLE, 'Stack-Parse1234', 'Parse');
  const allows = (action: string, resource: string, context?: Record<string, string>) => {
    try {
      authority.authorize({ principal, action, resource, ...(context ? { context } : {}) });
      return true;
    } catch {
      return false;
    }
  };
  return { authority, principal, allows };
}

describe('an identity policy', () => {
  it.each([
    ['allows what it names', [allow('s3:GetObject', `${BUCKET}/a`)], 's3:GetObject', `${BUCKET}/a`, true],
    [
      'says nothing of other actions',
      [allow('s3:GetObject', `${BUCKET}/a`)],
      's3:PutObject',
      `${BUCKET}/a`,
      false,
    ],
    [
      'says nothing of other resources',
      [allow('s3:GetObject', `${BUCKET}/a`)],
      's3:GetObject',
      `${BUCKET}/b`,
      false,
    ],
    ['takes action names in any case', [allow('S3:getobject', '*')], 's3:GetObject', `${BUCKET}/a`, true],
    ['takes wildcards in actions', [allow('s3:Get*', '*')], 's3:GetObjectTagging', `${BUCKET}/a`, true],
    [
      'takes wildcards in resources',
      [allow('s3:*', `${BUCKET}/uploads/*`)],
      's3:PutObject',
      `${BUCKET}/uploads/x/y`,
      true,
    ],
    [
      'keeps a wildcard behind its prefix',
      [allow('s3:*', `${BUCKET}/uploads/*`)],
      's3:PutObject',
      `${BUCKET}/studies/x`,
      false,
    ],
    [
      'takes ? as one character',
      [allow('s3:GetObject', `${BUCKET}/?`)],
      's3:GetObject',
      `${BUCKET}/ab`,
      false,
    ],
    [
      'lets a deny win',
      [allow('*', '*'), deny('s3:DeleteObject', '*')],
      's3:DeleteObject',
      `${BUCKET}/a`,
      false,
    ],
    [
      'reads NotAction',
      [{ Effect: 'Allow', NotAction: 's3:*', Resource: '*' }],
      'sqs:SendMessage',
      QUEUE,
      true,
    ],
    [
      'reads NotAction the other way',
      [{ Effect: 'Allow', NotAction: 's3:*', Resource: '*' }],
      's3:GetObject',
      BUCKET,
      false,
    ],
    [
      'reads NotResource',
      [{ Effect: 'Allow', Action: 's3:*', NotResource: BUCKET }],
      's3:ListBucket',
      BUCKET,
      false,
    ],
  ])('%s', (_, identity: Statements, action: string, resource: string, expected: boolean) => {
    expect(setUp(identity).allows(action, resource)).toBe(expected);
  });
});

describe('conditions', () => {
  const s3Only = { StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' } };
  it.each([
    ['StringEquals that fits', s3Only, { 'kms:ViaService': 's3.us-east-1.amazonaws.com' }, true],
    ['StringEquals that does not', s3Only, { 'kms:ViaService': 'sqs.us-east-1.amazonaws.com' }, false],
    ['StringEquals of an absent key', s3Only, {}, false],
    ['a key in another case', { StringEquals: { 'KMS:viaservice': 'a' } }, { 'kms:ViaService': 'a' }, true],
    ['one of several values', { StringEquals: { k: ['a', 'b'] } }, { k: 'b' }, true],
    ['every key of a block', { StringEquals: { k: 'a', l: 'b' } }, { k: 'a', l: 'c' }, false],
    ['StringLike', { StringLike: { k: 'a*' } }, { k: 'abc' }, true],
    ['StringNotEquals of an absent key', { StringNotEquals: { k: 'a' } }, {}, true],
    ['StringNotEquals of several values', { StringNotEquals: { k: ['a', 'b'] } }, { k: 'b' }, false],
    ['StringEqualsIfExists of an absent key', { StringEqualsIfExists: { k: 'a' } }, {}, true],
    ['StringEqualsIgnoreCase', { StringEqualsIgnoreCase: { k: 'AbC' } }, { k: 'aBc' }, true],
    ['ArnLike within a part', { ArnLike: { k: 'arn:aws:s3:*:*:vault' } }, { k: BUCKET }, true],
    ['ArnEquals across a colon', { ArnEquals: { k: 'arn:aws:*:vault' } }, { k: BUCKET }, false],
    ['Bool', { Bool: { 'aws:SecureTransport': 'true' } }, {}, true],
    ['Null for an absent key', { Null: { k: 'true' } }, {}, true],
    ['Null for a present key', { Null: { k: 'true' } }, { k: 'x' }, false],
    ['NumericLessThan', { NumericLessThan: { 's3:TlsVersion': '1.2' } }, {}, false],
    ['NumericGreaterThanEquals', { NumericGreaterThanEquals: { k: '3' } }, { k: '3' }, true],
    ['DateLessThan', { DateLessThan: { k: '2030-01-01T00:00:00Z' } }, { k: '2029-12-31T00:00:00Z' }, true],
    ['ForAllValues of an absent key', { 'ForAllValues:StringEquals': { k: 'a' } }, {}, true],
    ['ForAnyValue of an absent key', { 'ForAnyValue:StringEquals': { k: 'a' } }, {}, false],
    ['a policy variable', { StringEquals: { k: '${aws:PrincipalAccount}' } }, { k: ACCOUNT }, true],
  ])('know %s', (_, Condition, context: Record<string, string>, expected: boolean) => {
    const { allows } = setUp([allow('kms:Decrypt', '*', { Condition })], {
      [KEY]: [allow('kms:*', '*', root)],
    });
    expect(allows('kms:Decrypt', KEY, context)).toBe(expected);
  });

  it('are an error, not a shrug, when the operator is not known', () => {
    const statement = allow('s3:*', '*', { Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } });
    expect(() => setUp([statement])).toThrow('policy Own: the condition operator IpAddress is not known');
  });
});

describe('the policy of a resource', () => {
  const insecure = deny('s3:*', [BUCKET, `${BUCKET}/*`], {
    ...everyone,
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  });
  it.each([
    [
      'an allow by the role’s ARN',
      [],
      { [BUCKET]: [allow('s3:GetObject', '*', { Principal: { AWS: ROLE } })] },
      true,
    ],
    ['an allow to everyone', [], { [BUCKET]: [allow('s3:GetObject', '*', everyone)] }, true],
    [
      'an allow to another role',
      [],
      { [BUCKET]: [allow('s3:GetObject', '*', { Principal: { AWS: `${ROLE}2` } })] },
      false,
    ],
    [
      'an allow to the account, which only hands over',
      [],
      { [BUCKET]: [allow('s3:GetObject', '*', root)] },
      false,
    ],
    ['a deny to everyone', [allow('s3:*', '*')], { [BUCKET]: [deny('s3:GetObject', '*', everyone)] }, false],
    ['a deny to the account', [allow('s3:*', '*')], { [BUCKET]: [deny('s3:GetObject', '*', root)] }, false],
    [
      'a deny of insecure transport, which loopback stands for',
      [allow('s3:*', '*')],
      { [BUCKET]: [insecure] },
      true,
    ],
    [
      'a deny to all but this role',
      [allow('s3:*', '*')],
      { [BUCKET]: [deny('s3:*', '*', { NotPrincipal: { AWS: ROLE } })] },
      true,
    ],
  ])(
    'answers for its objects: %s',
    (_, identity: Statements, policies: Record<string, Statements>, expected: boolean) => {
      expect(setUp(identity, policies).allows('s3:GetObject', `${BUCKET}/uploads/a`)).toBe(expected);
    },
  );

  it.each([
    ['without a word of the key’s policy', [allow('kms:*', '*')], [], false],
    ['handed over to IAM, and IAM allows', [allow('kms:Decrypt', KEY)], [allow('kms:*', '*', root)], true],
    ['handed over to IAM, and IAM is silent', [], [allow('kms:*', '*', root)], false],
    [
      'allowed by the key’s policy itself',
      [],
      [allow('kms:Decrypt', '*', { Principal: { AWS: ROLE } })],
      true,
    ],
  ])(
    'must agree to the use of a key: %s',
    (_, identity: Statements, policy: Statements, expected: boolean) => {
      expect(setUp(identity, { [KEY]: policy }).allows('kms:Decrypt', KEY)).toBe(expected);
    },
  );

  it('lets a service act for the resource it names, and for no other', () => {
    const Condition = { ArnEquals: { 'aws:SourceArn': BUCKET } };
    const policy = [
      allow('sqs:SendMessage', QUEUE, { Principal: { Service: 's3.amazonaws.com' }, Condition }),
    ];
    const { authority } = setUp([], { [QUEUE]: policy });
    const send = (sourceArn: string) => () =>
      authority.authorize({
        principal: authority.service('s3.amazonaws.com', sourceArn),
        action: 'sqs:SendMessage',
        resource: QUEUE,
      });
    expect(send(BUCKET)).not.toThrow();
    expect(send(`${BUCKET}-2`)).toThrow('no resource-based policy allows the action');
  });
});

describe('a denied call', () => {
  it('is refused in the words of AWS and recorded by function, action and resource', () => {
    const { authority, allows } = setUp([]);
    expect(allows('sqs:SendMessage', QUEUE)).toBe(false);
    expect(allows('sqs:SendMessage', QUEUE)).toBe(false);
    expect(authority.denials()).toMatchObject([
      {
        function: 'Parse',
        action: 'sqs:SendMessage',
        resource: QUEUE,
        message: `Parse is not allowed sqs:SendMessage on ${QUEUE}: no identity-based policy allows the action`,
      },
    ]);
  });

  it('is recorded without the key of an object, which may hold a name', () => {
    const { authority, allows } = setUp([]);
    allows('s3:GetObject', `${BUCKET}/uploads/1/Doe^John.dcm`);
    expect(JSON.stringify(authority.denials())).not.toContain('Doe');
    expect(authority.denials()[0]?.resource).toBe(`${BUCKET}/uploads/*`);
  });
});

describe('the report of a role', () => {
  it('tells what was granted and never used', () => {
    const { authority, allows } = setUp([
      allow(['s3:GetObject', 's3:PutObject'], [`${BUCKET}/a/*`, `${BUCKET}/b/*`]),
    ]);
    allows('s3:GetObject', `${BUCKET}/a/1`);
    const role = authority.roles.get(ROLE);
    expect(role && reportRole(role)).toEqual({
      granted: ['s3:GetObject', 's3:PutObject'].flatMap((action) => [
        `${action} ${BUCKET}/a/*`,
        `${action} ${BUCKET}/b/*`,
      ]),
      used: [`s3:GetObject ${BUCKET}/a/*`],
      neverUsed: [
        { action: 's3:GetObject', resource: `${BUCKET}/b/*` },
        { action: 's3:PutObject', resource: `${BUCKET}/a/*` },
        { action: 's3:PutObject', resource: `${BUCKET}/b/*` },
      ],
    });
  });
});

describe('patterns', () => {
  it.each([
    ['a.c', 'abc', false],
    ['*', '', true],
    ['a*c', 'abbbc', true],
    ['[a]', 'a', false],
    ['uploads/*', 'uploads/a\nb', true],
  ])('fit: %s, %j is %s', (pattern, text, expected) => {
    expect(fitsPattern(pattern, text)).toBe(expected);
  });

  it('of ARNs keep a wildcard within its part', () => {
    expect(fitsArn('arn:aws:*:*:*:a', 'arn:aws:sqs:r:1:a')).toBe(true);
    expect(fitsArn('arn:aws:sqs:*', 'arn:aws:sqs:r:1:a')).toBe(false);
  });
});
