import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signRequest } from '../../../local/http/sign-request.ts';
import type { LocalStack } from '../../../local/start.ts';
import { arn, bundle, lambda, type Resources, type Running, ref, run } from './fixture.ts';

const ECHO = `export const handler = async (event) => {
  if (event.rawPath === '/api/broken') throw new Error('broken');
  if (event.rawPath === '/api/binary') {
    return { statusCode: 200, headers: { 'content-type': 'image/webp' }, body: Buffer.from([0, 255]).toString('base64'), isBase64Encoded: true };
  }
  return {
    statusCode: 201,
    headers: { 'content-type': 'application/json', 'x-frame-options': 'SAMEORIGIN' },
    cookies: ['session=1; HttpOnly', 'second=2'],
    body: JSON.stringify(event),
  };
};`;

const DOWNLOAD = `export const handler = awslambda.streamifyResponse(async (event, stream) => {
  stream = awslambda.HttpResponseStream.from(stream, {
    statusCode: 200,
    headers: { 'content-type': 'application/zip', 'x-path': event.rawPath, 'x-host': event.headers.host },
    cookies: ['streamed=1'],
  });
  for (let n = 0; n < 40; n += 1) {
    if (!stream.write(Buffer.alloc(256 * 1024, n))) await new Promise((done) => stream.once('drain', done));
  }
  stream.end();
});`;

const MANAGED = {
  cachingDisabled: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
  allExceptHost: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
  cachingOptimized: '658327ea-f89d-4fab-a63d-7e88639e58f6',
};
const host = (logicalId: string, attribute: string) => ({
  'Fn::Select': [2, { 'Fn::Split': ['/', { 'Fn::GetAtt': [logicalId, attribute] }] }],
});
const distributionArn = {
  'Fn::Join': [
    '',
    ['arn:aws:cloudfront::', { Ref: 'AWS::AccountId' }, ':distribution/', ref('Distribution')],
  ],
};

const api: Resources = {
  ...lambda('Echo', []),
  Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'HTTP', Name: 'api' } },
  Stage: { Type: 'AWS::ApiGatewayV2::Stage', Properties: { ApiId: ref('Api'), StageName: '$default' } },
  Integration: {
    Type: 'AWS::ApiGatewayV2::Integration',
    Properties: {
      ApiId: ref('Api'),
      IntegrationType: 'AWS_PROXY',
      PayloadFormatVersion: '2.0',
      IntegrationUri: arn('EchoFunction'),
    },
  },
  ...Object.fromEntries(
    [
      ['Staff', 'GET /staff/{id}', 'AWS_IAM'],
      ['Public', 'ANY /api/{proxy+}', 'NONE'],
      ['Refused', 'GET /refused', 'NONE'],
    ].map(([name, key, authorization]) => [
      `${name}Route`,
      {
        Type: 'AWS::ApiGatewayV2::Route',
        Properties: {
          ApiId: ref('Api'),
          RouteKey: key,
          AuthorizationType: authorization,
          Target: { 'Fn::Join': ['', ['integrations/', ref('Integration')]] },
        },
      },
    ]),
  ),
  ...Object.fromEntries(
    ['staff/{id}', 'api/{proxy+}'].map((path, index) => [
      `MayInvoke${index}`,
      {
        Type: 'AWS::Lambda::Permission',
        Properties: {
          FunctionName: arn('EchoFunction'),
          Action: 'lambda:InvokeFunction',
          Principal: 'apigateway.amazonaws.com',
          SourceArn: {
            'Fn::Join': [
              '',
              [
                'arn:aws:execute-api:',
                { Ref: 'AWS::Region' },
                ':',
                { Ref: 'AWS::AccountId' },
                ':',
                ref('Api'),
                `/*/*/${path}`,
              ],
            ],
          },
        },
      },
    ]),
  ),
};

const download: Resources = {
  ...lambda('Download', []),
  Url: {
    Type: 'AWS::Lambda::Url',
    Properties: {
      TargetFunctionArn: arn('DownloadFunction'),
      AuthType: 'AWS_IAM',
      InvokeMode: 'RESPONSE_STREAM',
    },
  },
  ...Object.fromEntries(
    ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction'].map((Action, index) => [
      `MayDownload${index}`,
      {
        Type: 'AWS::Lambda::Permission',
        Properties: {
          FunctionName: arn('DownloadFunction'),
          Action,
          Principal: 'cloudfront.amazonaws.com',
          SourceArn: distributionArn,
          ...(index === 1 ? { InvokedViaFunctionUrl: true } : {}),
        },
      },
    ]),
  ),
};

const accessControl = (type: string) => ({
  Type: 'AWS::CloudFront::OriginAccessControl',
  Properties: {
    OriginAccessControlConfig: {
      Name: type,
      OriginAccessControlOriginType: type,
      SigningBehavior: 'always',
      SigningProtocol: 'sigv4',
    },
  },
});

const web = (bucketPolicyPrincipal: string): Resources => ({
  ...api,
  ...download,
  Pages: { Type: 'AWS::S3::Bucket' },
  PagesPolicy: {
    Type: 'AWS::S3::BucketPolicy',
    Properties: {
      Bucket: ref('Pages'),
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Action: 's3:GetObject',
            Principal: { Service: bucketPolicyPrincipal },
            Resource: { 'Fn::Join': ['', [arn('Pages'), '/*']] },
            Condition: { StringEquals: { 'AWS:SourceArn': distributionArn } },
          },
        ],
      },
    },
  },
  Deployment: {
    Type: 'Custom::CDKBucketDeployment',
    Properties: {
      ServiceToken: 'arn:provider',
      SourceBucketNames: ['assets'],
      SourceObjectKeys: ['pages.zip'],
      SourceMarkers: [{ '<<marker:0>>': { 'Fn::GetAtt': ['Api', 'ApiEndpoint'] } }],
      DestinationBucketName: ref('Pages'),
      SystemMetadata: { 'cache-control': 'max-age=60' },
    },
  },
  S3Access: accessControl('s3'),
  LambdaAccess: accessControl('lambda'),
  Headers: {
    Type: 'AWS::CloudFront::ResponseHeadersPolicy',
    Properties: {
      ResponseHeadersPolicyConfig: {
        Name: 'headers',
        SecurityHeadersConfig: {
          ContentSecurityPolicy: { ContentSecurityPolicy: "default-src 'none'", Override: true },
          FrameOptions: { FrameOption: 'DENY', Override: false },
          StrictTransportSecurity: { AccessControlMaxAgeSec: 600, IncludeSubdomains: true, Override: true },
        },
        CustomHeadersConfig: { Items: [{ Header: 'X-Robots-Tag', Value: 'noindex', Override: true }] },
        RemoveHeadersConfig: { Items: [{ Header: 'x-amz-request-id' }] },
      },
    },
  },
  Rewrite: {
    Type: 'AWS::CloudFront::Function',
    Properties: {
      Name: 'rewrite',
      FunctionConfig: { Runtime: 'cloudfront-js-2.0' },
      FunctionCode:
        "function handler(event) { if (event.request.uri === '/old') event.request.uri = '/assets/page.css'; if (event.request.uri === '/gone') return { statusCode: 410, headers: { 'x-why': { value: 'moved' } } }; return event.request; }",
    },
  },
  Distribution: {
    Type: 'AWS::CloudFront::Distribution',
    Properties: {
      DistributionConfig: {
        DefaultRootObject: 'index.html',
        Origins: [
          {
            Id: 'pages',
            DomainName: { 'Fn::GetAtt': ['Pages', 'RegionalDomainName'] },
            OriginAccessControlId: { 'Fn::GetAtt': ['S3Access', 'Id'] },
            S3OriginConfig: { OriginAccessIdentity: '' },
          },
          { Id: 'api', DomainName: host('Api', 'ApiEndpoint'), CustomOriginConfig: {} },
          {
            Id: 'download',
            DomainName: host('Url', 'FunctionUrl'),
            OriginAccessControlId: { 'Fn::GetAtt': ['LambdaAccess', 'Id'] },
            CustomOriginConfig: {},
          },
        ],
        DefaultCacheBehavior: {
          TargetOriginId: 'pages',
          CachePolicyId: MANAGED.cachingOptimized,
          ResponseHeadersPolicyId: ref('Headers'),
          FunctionAssociations: [
            { EventType: 'viewer-request', FunctionARN: { 'Fn::GetAtt': ['Rewrite', 'FunctionARN'] } },
          ],
        },
        CacheBehaviors: [
          {
            PathPattern: '/api/*',
            TargetOriginId: 'api',
            CachePolicyId: MANAGED.cachingDisabled,
            OriginRequestPolicyId: MANAGED.allExceptHost,
            ResponseHeadersPolicyId: ref('Headers'),
            AllowedMethods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'],
          },
          { PathPattern: 'download/*', TargetOriginId: 'download', CachePolicyId: MANAGED.cachingDisabled },
        ],
        CustomErrorResponses: [{ ErrorCode: 403, ResponsePagePath: '/missing.html', ResponseCode: 404 }],
      },
    },
  },
});

const ASSETS = {
  echo: bundle(ECHO),
  download: bundle(DOWNLOAD),
  pages: {
    'index.html': '<p>home of <<marker:0>>',
    'missing.html': '<p>nothing here',
    'assets/page.css': 'p { color: red }',
  },
};
const outputs = {
  ApiUrl: { Value: { 'Fn::GetAtt': ['Api', 'ApiEndpoint'] } },
  WebUrl: { Value: { 'Fn::Join': ['', ['https://', { 'Fn::GetAtt': ['Distribution', 'DomainName'] }]] } },
  DownloadUrl: { Value: { 'Fn::GetAtt': ['Url', 'FunctionUrl'] } },
};

let running: Running;
let stack: LocalStack;
beforeAll(async () => {
  running = await run({ Resources: web('cloudfront.amazonaws.com'), Outputs: outputs }, ASSETS, {
    webPort: 4830,
  });
  stack = running.stack;
});
afterAll(() => running.stop());

const page = (path: string, init?: RequestInit) => fetch(`${stack.outputs.WebUrl}${path}`, init);
const json = async (response: Response) => (await response.json()) as Record<string, never>;

/** Asks the API with the operator's signature. */
function signed(path: string, changes: Record<string, string> = {}) {
  const url = new URL(`${stack.outputs.ApiUrl}${path}`);
  const headers = signRequest(
    {
      method: 'GET',
      rawUrl: url.pathname + url.search,
      headers: { host: url.host },
      payloadHash: createHash('sha256').update('').digest('hex'),
      service: 'execute-api',
      region: stack.operator.region,
    },
    stack.operator,
  );
  return fetch(url, { headers: { ...(headers as Record<string, string>), ...changes } });
}

describe('outputs', () => {
  it('hold loopback addresses in place of the names of AWS', () => {
    expect(stack.outputs.WebUrl).toMatch(/^http:\/\/127\.0\.0\.1:48[3-9]\d$/);
    expect(stack.outputs.ApiUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(stack.outputs.DownloadUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  });
});

describe('a distribution', () => {
  it('serves the root object from its bucket, with type, caching and the headers of its policy', async () => {
    const response = await page('/');
    expect(response.status).toBe(200);
    expect(await response.text()).toBe(`<p>home of ${stack.outputs.ApiUrl}`);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'max-age=60',
      'content-security-policy': "default-src 'none'",
      'strict-transport-security': 'max-age=600; includeSubDomains',
      'x-frame-options': 'DENY',
      'x-robots-tag': 'noindex',
    });
    expect(response.headers.has('x-amz-request-id')).toBe(false);
  });

  it('answers what the bucket refuses with the error page', async () => {
    const response = await page('/no-such-page');
    expect(response.status).toBe(404);
    expect(await response.text()).toBe('<p>nothing here');
  });

  it('lets a function change the request or answer it', async () => {
    expect((await page('/old')).headers.get('content-type')).toBe('text/css; charset=utf-8');
    const gone = await page('/gone');
    expect([gone.status, gone.headers.get('x-why')]).toEqual([410, 'moved']);
  });

  it('passes ranges on', async () => {
    const response = await page('/assets/page.css', { headers: { range: 'bytes=0-2' } });
    expect([response.status, await response.text()]).toEqual([206, 'p {']);
  });

  it('passes headers, cookies, query and body to an API whose policy asks for them, but not the host', async () => {
    const response = await page('/api/links/1?b=2&a=1&a=3', {
      method: 'POST',
      body: '{"x":1}',
      headers: { cookie: 'one=1; two=2', 'content-type': 'application/json', 'x-own': 'yes' },
    });
    expect(response.status).toBe(201);
    expect(response.headers.getSetCookie()).toEqual(['session=1; HttpOnly', 'second=2']);
    // The policy does not override what the origin says here.
    expect(response.headers.get('x-frame-options')).toBe('SAMEORIGIN');
    const event = await json(response);
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: 'ANY /api/{proxy+}',
      rawPath: '/api/links/1',
      rawQueryString: 'b=2&a=1&a=3',
      queryStringParameters: { a: '1,3', b: '2' },
      pathParameters: { proxy: 'links/1' },
      cookies: ['one=1', 'two=2'],
      body: '{"x":1}',
      isBase64Encoded: false,
    });
    expect(event.headers).toMatchObject({
      'x-own': 'yes',
      host: expect.stringContaining('.execute-api.us-east-1.amazonaws.com'),
    });
    expect(event.headers).not.toHaveProperty('cookie');
  });

  it('passes on nothing of the viewer when no policy asks for it', async () => {
    const response = await page('/download/a.zip?token=1', { headers: { cookie: 'one=1' } });
    expect(response.headers.get('x-path')).toBe('/download/a.zip');
    await response.body?.cancel();
  });

  it('refuses methods that its behaviour does not allow', async () => {
    expect((await page('/', { method: 'POST' })).status).toBe(403);
  });

  it('streams an answer longer than a buffered one may be, from a function only it may call', async () => {
    const response = await page('/download/study.zip');
    expect(response.headers.get('content-type')).toBe('application/zip');
    expect(response.headers.get('x-host')).toContain('.lambda-url.');
    expect(response.headers.getSetCookie()).toEqual(['streamed=1']);
    const bytes = new Uint8Array(await response.arrayBuffer());
    expect(bytes).toHaveLength(40 * 256 * 1024);
    expect(bytes.at(-1)).toBe(39);
    expect((await fetch(stack.outputs.DownloadUrl as string)).status).toBe(403);
  });

  it('is refused by a bucket whose policy names another principal', async () => {
    const other = await run({ Resources: web('other.amazonaws.com'), Outputs: outputs }, ASSETS, {
      webPort: 4850,
    });
    try {
      expect((await fetch(`${other.stack.outputs.WebUrl}/index.html`)).status).toBe(403);
      expect(other.stack.denials()[0]?.message).toMatch(
        /^cloudfront\.amazonaws\.com for .* is not allowed s3:GetObject on /,
      );
    } finally {
      await other.stop();
    }
  });
});

describe('an HTTP API', () => {
  it('asks for a signature where a route does, and tells the function who signed', async () => {
    const response = await signed('/staff/7');
    expect(response.status).toBe(201);
    expect(await json(response)).toMatchObject({
      pathParameters: { id: '7' },
      requestContext: { authorizer: { iam: { accessKey: stack.operator.accessKeyId } } },
    });
    expect((await fetch(`${stack.outputs.ApiUrl}/staff/7`)).status).toBe(403);
    expect((await signed('/staff/7', { 'x-amz-date': '20200101T000000Z' })).status).toBe(403);
  });

  it.each([
    ['/nowhere', 404, 'Not Found'],
    ['/api/broken', 500, 'Internal Server Error'],
  ])('answers %s with %i', async (path, status, message) => {
    const response = await fetch(`${stack.outputs.ApiUrl}${path}`);
    expect([response.status, await response.json()]).toEqual([status, { message }]);
  });

  it('cannot call a function whose policy does not let it', async () => {
    expect((await fetch(`${stack.outputs.ApiUrl}/refused`)).status).toBe(500);
    expect(stack.denials().map(({ message }) => message)).toContainEqual(
      expect.stringMatching(
        /^apigateway\.amazonaws\.com for .*GET\/refused is not allowed lambda:InvokeFunction on .*Echo/,
      ),
    );
  });

  it('carries bytes in both directions', async () => {
    const answer = await fetch(`${stack.outputs.ApiUrl}/api/binary`);
    expect([...new Uint8Array(await answer.arrayBuffer())]).toEqual([0, 255]);
    const sent = await fetch(`${stack.outputs.ApiUrl}/api/x`, {
      method: 'PUT',
      body: new Uint8Array([255, 0]),
      headers: { 'content-type': 'application/dicom' },
    });
    expect(await json(sent)).toMatchObject({ body: '/wA=', isBase64Encoded: true });
  });
});
