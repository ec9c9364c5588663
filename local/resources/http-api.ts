/** HTTP APIs, each on a port of its own. Their names are AWS's; the address book says which port answers. */
import { createTokenCheck, type TokenCheck } from '../http/check-token.ts';
import { type ApiRoute, type HttpApi, serveHttpApi } from '../http/http-api.ts';
import { listen } from '../http/listen.ts';
import { TemplateError } from '../template/intrinsics.ts';
import type { Properties } from '../template/properties.ts';
import type { Declared, Made } from '../template/resource.ts';
import { readCors } from './cors.ts';
import { stableId } from './names.ts';
import type { Family, Platform } from './platform.ts';

export const httpApiResources: Family = (platform) => {
  const apis = new Map<string, HttpApi>();
  const integrations = new Map<string, string>();
  const checks = new Map<string, TokenCheck>();
  const apiOf = ({ logicalId, properties }: Declared): HttpApi => {
    const api = apis.get(properties.text('ApiId'));
    if (api === undefined)
      throw new TemplateError(`${logicalId}: there is no API ${properties.text('ApiId')}`);
    return api;
  };
  return {
    'AWS::ApiGatewayV2::Api': (declared) => makeApi(declared, platform, apis),
    'AWS::ApiGatewayV2::Stage': (declared) => {
      const name = declared.properties.text('StageName');
      apiOf(declared).stages.add(name);
      return { ref: name };
    },
    'AWS::ApiGatewayV2::Integration': ({ logicalId, physicalName, properties }) => {
      if (
        properties.text('IntegrationType') !== 'AWS_PROXY' ||
        properties.text('PayloadFormatVersion') !== '2.0'
      ) {
        throw new TemplateError(
          `${logicalId}: only Lambda proxies with payload format 2.0 are known to the local run`,
        );
      }
      const id = stableId(physicalName, 7);
      integrations.set(id, properties.text('IntegrationUri'));
      return { ref: id, attributes: { IntegrationId: id } };
    },
    'AWS::ApiGatewayV2::Authorizer': ({ logicalId, physicalName, properties }) => {
      if (
        properties.text('AuthorizerType') !== 'JWT' ||
        properties.texts('IdentitySource').join() !== '$request.header.Authorization'
      ) {
        throw new TemplateError(
          `${logicalId}: only JWT authorizers of the header Authorization are known to the local run`,
        );
      }
      const id = stableId(physicalName, 6);
      const rules = properties.at('JwtConfiguration');
      checks.set(id, createTokenCheck({ issuer: rules.text('Issuer'), audience: rules.texts('Audience') }));
      return { ref: id, attributes: { AuthorizerId: id } };
    },
    'AWS::ApiGatewayV2::Route': (declared) => {
      const { logicalId, physicalName, properties } = declared;
      const api = apiOf(declared);
      api.routes.push({ key: properties.text('RouteKey'), target: routeTarget(logicalId, properties) });
      return { ref: stableId(physicalName, 7) };
    },
  };

  function routeTarget(logicalId: string, properties: Properties): ApiRoute {
    const authorization = properties.text('AuthorizationType', 'NONE');
    const check = checks.get(properties.text('AuthorizerId', ''));
    if (
      !(
        authorization === 'NONE' ||
        authorization === 'AWS_IAM' ||
        (authorization === 'JWT' && check !== undefined)
      )
    ) {
      throw new TemplateError(
        `${logicalId}: the authorization ${authorization} is not known to the local run`,
      );
    }
    const uri = integrations.get(properties.text('Target').replace('integrations/', '')) ?? '';
    const arn = /arn:aws:lambda:[^/]+:function:[\w-]+/.exec(uri)?.[0] ?? '';
    const host = platform.functions.get(arn);
    if (host === undefined) throw new TemplateError(`${logicalId}: its integration names no function`);
    return {
      function: host,
      authorization: authorization as ApiRoute['authorization'],
      check,
      scopes: properties.texts('AuthorizationScopes'),
    };
  }
};

async function makeApi(
  { logicalId, physicalName, properties }: Declared,
  platform: Platform,
  apis: Map<string, HttpApi>,
): Promise<Made> {
  if (properties.text('ProtocolType') !== 'HTTP') {
    throw new TemplateError(`${logicalId}: only HTTP APIs are known to the local run`);
  }
  const id = stableId(physicalName, 10);
  const domainName = `${id}.execute-api.${platform.region}.amazonaws.com`;
  const cors = properties.has('CorsConfiguration') ? readCors(properties.at('CorsConfiguration')) : undefined;
  const api: HttpApi = { id, domainName, routes: [], stages: new Set(), cors };
  apis.set(id, api);
  const { account, region, credentials, authority } = platform;
  const serve = serveHttpApi(api, {
    account,
    region,
    credentials,
    authorize: authority.authorize,
    gateway: (sourceArn) => authority.service('apigateway.amazonaws.com', sourceArn),
  });
  const listener = await listen((request, response) => {
    serve(request, response).catch((error: unknown) => {
      platform.onFault(error);
      response.destroy();
    });
  });
  platform.listeners.push(listener);
  platform.addresses.add(domainName, listener.address);
  return { ref: id, attributes: { ApiId: id, ApiEndpoint: `https://${domainName}` } };
}
