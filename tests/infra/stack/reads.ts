/** What people reach: routes and who may call them, the distribution and its headers, the log of requests. */
import { describe, expect, it } from 'vitest';
import { type Json, resourcesOf, routesOf, synthesize, target } from '../synthesized.ts';

const template = synthesize();
const only = (type: string): Json => {
  const found = resourcesOf(template, type);
  expect(found).toHaveLength(1);
  return found[0]?.[1].Properties;
};

const routes = routesOf(template);

describe('the API', () => {
  it.each([
    ['POST /uploads', 'Uploads'],
    ['POST /uploads/{upload}/objects', 'Uploads'],
    ['POST /uploads/{upload}/standing', 'Uploads'],
    ['POST /uploads/{upload}/parts/begin', 'Uploads'],
    ['POST /uploads/{upload}/parts/urls', 'Uploads'],
    ['POST /uploads/{upload}/parts/standing', 'Uploads'],
    ['POST /uploads/{upload}/parts/finish', 'Uploads'],
    ['POST /uploads/{upload}/parts/abandon', 'Uploads'],
    ['POST /uploads/{upload}/manifest', 'Uploads'],
    ['POST /uploads/{upload}/close', 'Uploads'],
    ['GET /uploads/{upload}', 'Uploads'],
    ['GET /uploads/{upload}/items', 'Uploads'],
    ['GET /uploads/{upload}/missing', 'Uploads'],
    ['POST /upload-tokens', 'Uploads'],
    ['GET /upload-tokens', 'Uploads'],
    ['DELETE /upload-tokens/{token}', 'Uploads'],
    ['POST /links', 'Links'],
    ['POST /identified-links', 'Links'],
    ['GET /links', 'Links'],
    ['DELETE /links/{link}', 'Links'],
    ['GET /dicomweb/{proxy+}', 'Dicomweb'],
    ['HEAD /dicomweb/{proxy+}', 'Dicomweb'],
    ['POST /dicomweb/studies', 'StoreInstances'],
    ['POST /dicomweb/studies/{study}', 'StoreInstances'],
  ])('asks for a signature at %s', (key, handler) => {
    expect(routes.find((route) => route.key === key)).toEqual({ key, handler, authorization: 'AWS_IAM' });
  });

  const open = routes.filter(({ authorization }) => authorization !== 'AWS_IAM');
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
    expect(RouteSettings['POST /api/open']).toEqual({ ThrottlingRateLimit: 10, ThrottlingBurstLimit: 20 });
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
      config.CacheBehaviors.filter((it: Json) => it.PathPattern !== '/upload*').map((it: Json) => [
        it.PathPattern,
        it.CachePolicyId,
      ]),
    );
    expect(cached).toEqual({ '/api/*': CACHING_DISABLED, '/download/*': CACHING_DISABLED });
  });

  it('answers over TLS alone, with the security headers everywhere', () => {
    for (const behaviour of behaviours) {
      expect(behaviour.ViewerProtocolPolicy).toMatch(/^(https-only|redirect-to-https)$/);
      expect(target(behaviour.ResponseHeadersPolicyId)).toMatch(/^Web(Upload)?SecurityHeaders/);
    }
  });

  it('lets the pages load from their own origin, run no inline script and stand in no frame', () => {
    const { SecurityHeadersConfig: security, CustomHeadersConfig: custom } = headers;
    expect(security.ContentSecurityPolicy.ContentSecurityPolicy).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
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

  it('signs its requests to the pages and to downloads, which answer nobody else', () => {
    const download = config.CacheBehaviors.find((it: Json) => it.PathPattern === '/download/*');
    for (const behaviour of [config.DefaultCacheBehavior, download]) {
      expect(originOf(behaviour).OriginAccessControlId).toBeDefined();
    }
    for (const [, { Properties }] of resourcesOf(template, 'AWS::Lambda::Url'))
      expect(Properties).toMatchObject({ AuthType: 'AWS_IAM', InvokeMode: 'RESPONSE_STREAM' });
    const callers = resourcesOf(template, 'AWS::Lambda::Permission')
      .filter(([, { Properties }]) => target(Properties.FunctionName).startsWith('DownloadStudy'))
      .map(([, { Properties }]) => Properties);
    expect(callers.length).toBeGreaterThan(0);
    for (const caller of callers) {
      expect(caller.Principal).toBe('cloudfront.amazonaws.com');
      expect(JSON.stringify(caller.SourceArn)).toContain('WebDistribution');
    }
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
