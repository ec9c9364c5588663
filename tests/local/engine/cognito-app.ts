/** A user pool with a page as its client, and an HTTP API with a route for who bears its token. */
import { arn, bundle, lambda, type Resources, ref } from './fixture.ts';

const ECHO = `export const handler = async (event) => ({
  statusCode: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(event.requestContext.authorizer) });`;

const pool = { UserPoolId: ref('Pool') };
const route = (key: string, scopes: readonly string[] = []) => ({
  Type: 'AWS::ApiGatewayV2::Route',
  Properties: {
    ApiId: ref('Api'),
    RouteKey: key,
    AuthorizationType: 'JWT',
    AuthorizerId: ref('Authorizer'),
    AuthorizationScopes: scopes,
    Target: { 'Fn::Join': ['', ['integrations/', ref('Integration')]] },
  },
});

export const REDIRECT = 'https://films.example.org/staff';

export const cognitoApp: Resources = {
  ...lambda('Echo', []),
  Pool: { Type: 'AWS::Cognito::UserPool', Properties: { MfaConfiguration: 'ON' } },
  ReadGroup: { Type: 'AWS::Cognito::UserPoolGroup', Properties: { ...pool, GroupName: 'read' } },
  ShareGroup: { Type: 'AWS::Cognito::UserPoolGroup', Properties: { ...pool, GroupName: 'share' } },
  Domain: { Type: 'AWS::Cognito::UserPoolDomain', Properties: { ...pool, Domain: 'films' } },
  Client: {
    Type: 'AWS::Cognito::UserPoolClient',
    Properties: {
      ...pool,
      GenerateSecret: false,
      AllowedOAuthFlows: ['code'],
      AllowedOAuthScopes: ['openid'],
      CallbackURLs: [REDIRECT],
      LogoutURLs: [REDIRECT],
      AccessTokenValidity: 30,
      TokenValidityUnits: { AccessToken: 'minutes' },
      RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 },
    },
  },
  Branding: { Type: 'AWS::Cognito::ManagedLoginBranding', Properties: pool },
  Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'HTTP', Name: 'api' } },
  Stage: { Type: 'AWS::ApiGatewayV2::Stage', Properties: { ApiId: ref('Api'), StageName: '$default' } },
  Authorizer: {
    Type: 'AWS::ApiGatewayV2::Authorizer',
    Properties: {
      ApiId: ref('Api'),
      Name: 'staff',
      AuthorizerType: 'JWT',
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: {
        Issuer: { 'Fn::Join': ['', ['https://', { 'Fn::GetAtt': ['Pool', 'ProviderName'] }]] },
        Audience: [ref('Client')],
      },
    },
  },
  Integration: {
    Type: 'AWS::ApiGatewayV2::Integration',
    Properties: {
      ApiId: ref('Api'),
      IntegrationType: 'AWS_PROXY',
      PayloadFormatVersion: '2.0',
      IntegrationUri: arn('EchoFunction'),
    },
  },
  Staff: route('GET /staff'),
  Scoped: route('GET /scoped', ['films/administer']),
  MayInvoke: {
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
            '/*/*',
          ],
        ],
      },
    },
  },
};

export const COGNITO_ASSETS = { echo: bundle(ECHO) };
export const COGNITO_OUTPUTS = {
  ApiUrl: { Value: { 'Fn::GetAtt': ['Api', 'ApiEndpoint'] } },
  PoolId: { Value: ref('Pool') },
  ClientId: { Value: ref('Client') },
  Domain: {
    Value: {
      'Fn::Join': ['', ['https://', ref('Domain'), '.auth.', { Ref: 'AWS::Region' }, '.amazoncognito.com']],
    },
  },
};
