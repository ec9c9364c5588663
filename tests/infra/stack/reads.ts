/** What people reach: routes and who may call them, the distribution and its headers, the log of requests. */
import { describe, expect, it } from 'vitest';
import { ROLES } from '../../../shared/contract/roles.ts';
import { STAFF_ROUTES } from '../../helpers/staff-routes.ts';
import { type Json, resourcesOf, routesOf, synthesize, target } from '../synthesized.ts';

const template = synthesize();
const pascalCase = (name: string) =>
  name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
const only = (type: string): Json => {
  const found = resourcesOf(template, type);
  expect(found).toHaveLength(1);
  return found[0]?.[1].Properties;
};

const routes = routesOf(template);

describe('the API', () => {
  const staff = (base: string) =>
    STAFF_ROUTES.map(([key, handler]) => `${key.replace(' /', ` ${base}/`)} → ${pascalCase(handler)}`).sort();
  const keysBy = (authorization: string) =>
    routes
      .filter((route) => route.authorization === authorization)
      .map(({ key, handler }) => `${key} → ${handler}`)
      .sort();

  it('asks for a signature at every route of staff, or below their root for a token, and at no other', () => {
    expect(keysBy('AWS_IAM')).toEqual(staff(''));
    expect(keysBy('JWT')).toEqual(staff('/staff/api'));
  });

  const open = routes.filter(({ authorization }) => authorization === 'NONE');
  const keysOf = (some: typeof routes) => some.map(({ key }) => key).sort();

  it('is open to who holds a link below /api, and nowhere else', () => {
    expect(keysOf(open.filter(({ handler }) => handler !== 'Uploads'))).toEqual([
      'GET /api/contact-sheet',
      'GET /api/grant',
      'GET /api/pictures/{series}/{instance}',
      'GET /api/previews/{series}/{instance}',
      'GET /api/reports/{series}/{instance}',
      'GET /api/sprites/{series}/{sprite}',
      'GET /api/study',
      'POST /api/open',
      'POST /api/printed',
      'POST /api/segment',
    ]);
    expect(open.filter(({ key }) => !key.includes(' /api/'))).toEqual([]);
    expect([...new Set(open.map(({ handler }) => handler))].sort()).toEqual([
      'Links',
      'Render',
      'ShowGrant',
      'Uploads',
    ]);
  });

  it('offers who holds an upload token what staff have for uploads, and no tokens', () => {
    const ofStaff = routes
      .filter(({ key, authorization }) => authorization === 'AWS_IAM' && key.includes(' /uploads'))
      .map(({ key }) => key.replace(' /', ' /api/'));
    expect(keysOf(open.filter(({ handler }) => handler === 'Uploads'))).toEqual(ofStaff.sort());
  });

  it('is throttled, and guessing links more than the rest', () => {
    const { DefaultRouteSettings, RouteSettings } = only('AWS::ApiGatewayV2::Stage');
    expect(DefaultRouteSettings).toEqual({ ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 });
    const slow = { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 20 };
    expect(RouteSettings).toEqual({ 'POST /api/open': slow, 'POST /api/printed': slow });
  });

  it('logs routes, never a path, a query, a cookie or a header that could hold a token', () => {
    const { Format } = only('AWS::ApiGatewayV2::Stage').AccessLogSettings;
    const logged = Object.values<string>(JSON.parse(Format));
    expect(logged).toContain('$context.routeKey');
    expect(logged.filter((value) => /path|query|cookie|header|authorizer|uri/i.test(value))).toEqual([]);
  });
});

describe('the distribution', () => {
  const config = only('AWS::CloudFront::Distribution').DistributionConfig;
  const headersOf = (id: string): Json =>
    resourcesOf(template, 'AWS::CloudFront::ResponseHeadersPolicy').find(([name]) => name.startsWith(id))?.[1]
      .Properties.ResponseHeadersPolicyConfig;
  const headers = headersOf('WebSecurityHeaders');
  const behaviours: Json[] = [config.DefaultCacheBehavior, ...config.CacheBehaviors];
  const CACHING_DISABLED = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
  const originOf = (behaviour: Json) => config.Origins.find((it: Json) => it.Id === behaviour.TargetOriginId);

  it('caches nothing of the API and of downloads', () => {
    const cached = Object.fromEntries(
      config.CacheBehaviors.filter((it: Json) => !/^\/(upload|staff)\*$/.test(it.PathPattern)).map(
        (it: Json) => [it.PathPattern, it.CachePolicyId],
      ),
    );
    // In this order: the first pattern that fits is taken.
    const uncached = ['/staff/api/*', '/api/dicomweb/*', '/api/s/*', '/api/*', '/download/*'];
    expect(Object.entries(cached)).toEqual(uncached.map((pattern) => [pattern, CACHING_DISABLED]));
  });

  it('answers over TLS alone, with the security headers everywhere', () => {
    for (const behaviour of behaviours) {
      expect(behaviour.ViewerProtocolPolicy).toMatch(/^(https-only|redirect-to-https)$/);
      expect(target(behaviour.ResponseHeadersPolicyId)).toMatch(/^Web(Upload|Staff)?SecurityHeaders/);
    }
  });

  it('lets the pages load from their own origin, run no inline script and stand in no frame', () => {
    const { SecurityHeadersConfig: security, CustomHeadersConfig: custom } = headers;
    expect(security.ContentSecurityPolicy.ContentSecurityPolicy).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; frame-src blob:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    );
    expect(security.ContentTypeOptions).toEqual({ Override: true });
    expect(security.ReferrerPolicy.ReferrerPolicy).toBe('no-referrer');
    expect(security.StrictTransportSecurity.AccessControlMaxAgeSec).toBeGreaterThanOrEqual(365 * 86_400);
    expect(custom.Items.map(({ Header }: Json) => Header)).toContain('Permissions-Policy');
  });

  it('lets the upload page alone send to one more place, the vault, which lets the pages alone in', () => {
    const policy = headersOf('WebUploadSecurityHeaders').SecurityHeadersConfig.ContentSecurityPolicy;
    const text = JSON.stringify(policy.ContentSecurityPolicy);
    expect(text).toMatch(
      /connect-src 'self' https:\/\/",\{"Fn::GetAtt":\["VaultBucket[0-9A-F]{8}","RegionalDomainName"\]\},"; frame/,
    );
    expect(text.match(/https:/g)).toHaveLength(1);
    const page = config.CacheBehaviors.find((it: Json) => it.PathPattern === '/upload*');
    expect(target(page.ResponseHeadersPolicyId)).toMatch(/^WebUploadSecurityHeaders/);
  });

  it('lets the page of staff alone ask their issuer for tokens', () => {
    const policy = headersOf('WebStaffSecurityHeaders').SecurityHeadersConfig.ContentSecurityPolicy;
    const text = JSON.stringify(policy.ContentSecurityPolicy);
    expect(text).toMatch(/connect-src 'self' https:\/\/",\{"Ref":"StaffUsersDomain\w+"\},"\.auth\.",/);
    expect(text.match(/https:/g)).toHaveLength(1);
    const patterns = config.CacheBehaviors.map((it: Json) => it.PathPattern);
    expect(patterns.indexOf('/staff/api/*')).toBeLessThan(patterns.indexOf('/staff*'));
  });

  it('signs its requests to the pages, to downloads and to DICOMweb of links, which answer nobody else', () => {
    const streamed = ['/download/*', '/api/dicomweb/*', '/api/s/*'].map((pattern) =>
      config.CacheBehaviors.find((it: Json) => it.PathPattern === pattern),
    );
    for (const behaviour of [config.DefaultCacheBehavior, ...streamed]) {
      expect(originOf(behaviour).OriginAccessControlId).toBeDefined();
    }
    for (const [, { Properties }] of resourcesOf(template, 'AWS::Lambda::Url'))
      expect(Properties).toMatchObject({ AuthType: 'AWS_IAM', InvokeMode: 'RESPONSE_STREAM' });
    const callers = resourcesOf(template, 'AWS::Lambda::Permission')
      .filter(([, { Properties }]) => /^(DownloadStudy|LinkDicomweb)/.test(target(Properties.FunctionName)))
      .map(([, { Properties }]) => Properties);
    expect(callers).toHaveLength(4);
    for (const caller of callers) {
      expect(caller.Principal).toBe('cloudfront.amazonaws.com');
      expect(JSON.stringify(caller.SourceArn)).toContain('WebDistribution');
    }
  });

  it('bounds what function URLs are asked by visitors where that is set, and reserves nothing else', () => {
    const reserved = (some: typeof template) =>
      resourcesOf(some, 'AWS::Lambda::Function').flatMap(([id, { Properties }]) =>
        Properties.ReservedConcurrentExecutions === undefined
          ? []
          : [`${id.replace(/Function.*/, '')} ${Properties.ReservedConcurrentExecutions}`],
      );
    expect(reserved(template)).toEqual([]);
    expect(reserved(synthesize({ linkStreamConcurrency: 20 })).sort()).toEqual([
      'DownloadStudy 20',
      'LinkDicomweb 20',
    ]);
  });

  it('logs no cookie, since the session is one', () => expect(config.Logging.IncludeCookies).toBe(false));
});

describe('a domain of one’s own', () => {
  const own = synthesize({
    domainName: 'films.example.org',
    certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/0f0e',
  });

  it('is what links point to, with TLS 1.2 at the least', () => {
    const [[, { Properties }]] = resourcesOf(own, 'AWS::CloudFront::Distribution') as [[string, Json]];
    expect(Properties.DistributionConfig.Aliases).toEqual(['films.example.org']);
    expect(Properties.DistributionConfig.ViewerCertificate.MinimumProtocolVersion).toBe('TLSv1.2_2021');
    expect(own.Outputs.WebUrl.Value).toBe('https://films.example.org');
  });
});

describe('the user pool of staff', () => {
  it('lets nobody sign up, asks for a long password and a second factor, and is not deleted with the stack', () => {
    const pool = only('AWS::Cognito::UserPool');
    expect(pool.AdminCreateUserConfig).toEqual({ AllowAdminCreateUserOnly: true });
    expect(pool.Policies.PasswordPolicy.MinimumLength).toBeGreaterThanOrEqual(14);
    expect([pool.MfaConfiguration, pool.EnabledMfas]).toEqual(['ON', ['SOFTWARE_TOKEN_MFA']]);
    expect(pool.DeletionProtection).toBe('ACTIVE');
  });

  it('has a group for each role', () => {
    const groups = resourcesOf(template, 'AWS::Cognito::UserPoolGroup').map(
      ([, it]) => it.Properties.GroupName,
    );
    expect(groups.sort()).toEqual([...ROLES].sort());
  });

  it('knows the page as a client without a secret, by codes alone, at its one address, for half an hour', () => {
    const client = only('AWS::Cognito::UserPoolClient');
    expect(client).toMatchObject({
      GenerateSecret: false,
      AllowedOAuthFlows: ['code'],
      AllowedOAuthScopes: ['openid'],
      AccessTokenValidity: 30,
      EnableTokenRevocation: true,
      PreventUserExistenceErrors: 'ENABLED',
    });
    // Rotation and this flow exclude each other at Cognito.
    expect(client.ExplicitAuthFlows).not.toContain('ALLOW_REFRESH_TOKEN_AUTH');
    expect(client.CallbackURLs).toHaveLength(1);
    expect(JSON.stringify(client.CallbackURLs[0])).toMatch(
      /^\{"Fn::Join":\["",\["https:\/\/".*"\/staff"\]\]\}$/,
    );
  });

  it('is whom the API takes tokens of, for that client', () => {
    const { JwtConfiguration: rules, IdentitySource: source } = only('AWS::ApiGatewayV2::Authorizer');
    expect(source).toEqual(['$request.header.Authorization']);
    expect(target(rules.Audience[0])).toMatch(/^StaffUsersPage/);
    expect(JSON.stringify(rules.Issuer)).toContain('"ProviderName"');
  });
});

describe('an issuer of one’s own', () => {
  const own = synthesize({
    oidcIssuer: 'https://sso.example.org/realms/clinic',
    oidcAudience: 'filmroom',
    oidcRolesClaim: 'filmroom_roles',
    viewerOrigins: 'https://viewer.example.org,http://localhost:3000',
  });
  const inOwn = (type: string) => resourcesOf(own, type).map(([, { Properties }]) => Properties);

  it('takes the place of the user pool', () => {
    expect(Object.values(own.Resources).filter(({ Type }) => Type.startsWith('AWS::Cognito'))).toEqual([]);
    expect(own.Outputs.UserPoolId).toBeUndefined();
    expect(inOwn('AWS::ApiGatewayV2::Authorizer')[0]?.JwtConfiguration).toEqual({
      Issuer: 'https://sso.example.org/realms/clinic',
      Audience: ['filmroom'],
    });
    const policies = JSON.stringify(inOwn('AWS::CloudFront::ResponseHeadersPolicy'));
    expect(policies).toContain("connect-src 'self' https://sso.example.org;");
  });

  it('names roles in the claim that is set, for every function that staff call', () => {
    const claims = inOwn('AWS::Lambda::Function').map(
      ({ Environment }) => Environment?.Variables?.ROLES_CLAIM,
    );
    expect(claims.filter(Boolean)).toEqual(Array(5).fill('filmroom_roles'));
  });

  it('goes with viewers of other origins, which may ask with a token and never with a cookie', () => {
    const { CorsConfiguration: cors } = inOwn('AWS::ApiGatewayV2::Api')[0] ?? {};
    expect(cors.AllowOrigins).toEqual(['https://viewer.example.org', 'http://localhost:3000']);
    expect(cors.AllowCredentials).toBeUndefined();
    expect(only('AWS::ApiGatewayV2::Api').CorsConfiguration).toBeUndefined();
  });

  it('lets them follow to long answers in the library, which take signed addresses and are read alone', () => {
    const rulesOf = (some: typeof template) =>
      resourcesOf(some, 'AWS::S3::Bucket').find(([id]) => id.startsWith('Library'))?.[1].Properties
        .CorsConfiguration?.CorsRules;
    expect(rulesOf(own)).toEqual([
      expect.objectContaining({ AllowedOrigins: ['*'], AllowedMethods: ['GET', 'HEAD'] }),
    ]);
    expect(rulesOf(template)).toBeUndefined();
  });

  it('lets them follow to what is streamed, at the one address that takes signatures of dicomweb', () => {
    const corsOf = (some: typeof template) =>
      resourcesOf(some, 'AWS::Lambda::Url').flatMap(([id, { Properties }]) =>
        Properties.Cors === undefined ? [] : [[id.replace(/Function.*/, ''), Properties.Cors]],
      );
    expect(corsOf(own)).toEqual([
      ['StreamDicomweb', expect.objectContaining({ AllowOrigins: ['*'], AllowMethods: ['GET', 'HEAD'] })],
    ]);
    expect(corsOf(own)[0]?.[1].AllowCredentials).toBeUndefined();
    expect(corsOf(template)).toEqual([]);
  });
});
