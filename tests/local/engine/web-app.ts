/** A distribution before a bucket, an HTTP API and a streaming function URL, as the link page has them. */
import { arn, bundle, lambda, type Resources, ref } from './fixture.ts';

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
      Cors: {
        AllowOrigins: ['https://viewer.example'],
        AllowMethods: ['GET'],
        AllowHeaders: ['accept'],
        MaxAge: 60,
      },
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

export const webApp = (bucketPolicyPrincipal: string): Resources => ({
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

export const WEB_ASSETS = {
  echo: bundle(ECHO),
  download: bundle(DOWNLOAD),
  pages: {
    'index.html': '<p>home of <<marker:0>>',
    'missing.html': '<p>nothing here',
    'assets/page.css': 'p { color: red }',
  },
};
export const WEB_OUTPUTS = {
  ApiUrl: { Value: { 'Fn::GetAtt': ['Api', 'ApiEndpoint'] } },
  WebUrl: { Value: { 'Fn::Join': ['', ['https://', { 'Fn::GetAtt': ['Distribution', 'DomainName'] }]] } },
  DownloadUrl: { Value: { 'Fn::GetAtt': ['Url', 'FunctionUrl'] } },
};
