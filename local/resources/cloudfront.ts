/** Distributions and what they are composed of. The first one answers on the port that people know. */
import {
  type Behavior,
  type Distribution,
  type ErrorPage,
  serveDistribution,
} from '../cloudfront/distribution.ts';
import { compileEdgeFunction, type EdgeFunction } from '../cloudfront/edge-function.ts';
import { type Forwarding, forwardingOf, readForwarding } from '../cloudfront/forwarding.ts';
import { createOriginClient, type Origin } from '../cloudfront/origin.ts';
import { type HeadersPolicy, MANAGED_HEADERS, readHeadersPolicy } from '../cloudfront/response-headers.ts';
import { listen } from '../http/listen.ts';
import { TemplateError } from '../template/intrinsics.ts';
import type { Properties } from '../template/properties.ts';
import type { Declared, Made } from '../template/resource.ts';
import { stableId, stableUuid } from './names.ts';
import type { Family, Platform } from './platform.ts';

/** What a distribution may refer to by id. */
interface Parts {
  readonly forwarding: Map<string, Forwarding>;
  readonly headers: Map<string, HeadersPolicy>;
  /** What an origin access control signs for. */
  readonly accessControls: Map<string, 's3' | 'lambda'>;
  readonly functions: Map<string, EdgeFunction>;
}

export const cloudfrontResources: Family = (platform) => {
  const parts: Parts = {
    forwarding: new Map(),
    headers: new Map(),
    accessControls: new Map(),
    functions: new Map(),
  };
  let distributions = 0;
  return {
    'AWS::CloudFront::CachePolicy': ({ physicalName, properties }) =>
      keep(parts.forwarding, physicalName, readForwarding(properties.at('CachePolicyConfig'))),
    'AWS::CloudFront::OriginRequestPolicy': ({ physicalName, properties }) =>
      keep(parts.forwarding, physicalName, readForwarding(properties.at('OriginRequestPolicyConfig'))),
    'AWS::CloudFront::ResponseHeadersPolicy': ({ physicalName, properties }) =>
      keep(parts.headers, physicalName, readHeadersPolicy(properties.at('ResponseHeadersPolicyConfig'))),
    'AWS::CloudFront::OriginAccessControl': ({ physicalName, properties }) => {
      const type = properties.at('OriginAccessControlConfig').text('OriginAccessControlOriginType');
      return keep(parts.accessControls, physicalName, type as 's3' | 'lambda');
    },
    'AWS::CloudFront::Function': ({ physicalName, properties }) => {
      const name = properties.text('Name', physicalName);
      const arn = `arn:aws:cloudfront::${platform.account}:function/${name}`;
      parts.functions.set(arn, compileEdgeFunction(properties.text('FunctionCode'), name));
      return {
        ref: arn,
        attributes: { FunctionARN: arn, 'FunctionMetadata.FunctionARN': arn, Stage: 'LIVE' },
      };
    },
    'AWS::CloudFront::Distribution': (declared) => {
      distributions += 1;
      return makeDistribution(declared, platform, parts, distributions === 1);
    },
  };
};

function keep<Part>(parts: Map<string, Part>, physicalName: string, part: Part): Made {
  const id = stableUuid(physicalName);
  parts.set(id, part);
  return { ref: id, attributes: { Id: id } };
}

async function makeDistribution(
  { physicalName, properties }: Declared,
  platform: Platform,
  parts: Parts,
  isFirst: boolean,
): Promise<Made> {
  const id = `E${stableId(physicalName, 13).toUpperCase()}`;
  const config = properties.at('DistributionConfig');
  const origins = new Map(
    config.each('Origins').map((origin) => [origin.text('Id'), readOrigin(origin, parts)]),
  );
  const distribution: Distribution = {
    id,
    behaviors: [...config.each('CacheBehaviors'), config.at('DefaultCacheBehavior')].map((behavior) =>
      readBehavior(behavior, origins, parts),
    ),
    defaultRootObject: config.text('DefaultRootObject', ''),
    errorPages: config.each('CustomErrorResponses').flatMap(readErrorPage),
  };
  const arn = `arn:aws:cloudfront::${platform.account}:distribution/${id}`;
  const { authority, addresses, region } = platform;
  const key = authority.accessKey(authority.service('cloudfront.amazonaws.com', arn));
  const client = createOriginClient({ region, s3Endpoint: platform.s3.endpoint, addresses, key });
  const serve = serveDistribution(distribution, client);
  const listener = await listen(
    (request, response) => {
      serve(request, response).catch((error: unknown) => {
        platform.onFault(error);
        response.destroy();
      });
    },
    isFirst ? platform.webPort : undefined,
  );
  platform.listeners.push(listener);
  platform.whenStopped.push(client.close);
  const domainName = `d${stableId(physicalName, 13)}.cloudfront.net`;
  for (const name of [domainName, ...config.texts('Aliases')]) addresses.add(name, listener.address);
  return { ref: id, attributes: { Id: id, DomainName: domainName } };
}

function readOrigin(origin: Properties, parts: Parts): Origin {
  const accessControl = origin.text('OriginAccessControlId', '');
  const headers = origin.each('OriginCustomHeaders');
  return {
    id: origin.text('Id'),
    domainName: origin.text('DomainName'),
    path: origin.text('OriginPath', ''),
    customHeaders: Object.fromEntries(
      headers.map((header) => [header.text('HeaderName').toLowerCase(), header.text('HeaderValue')]),
    ),
    signs: accessControl === '' ? undefined : parts.accessControls.get(accessControl),
  };
}

function readBehavior(behavior: Properties, origins: ReadonlyMap<string, Origin>, parts: Parts): Behavior {
  const target = behavior.text('TargetOriginId');
  const origin = origins.get(target);
  if (origin === undefined) throw new TemplateError(`${behavior.where}: there is no origin ${target}`);
  if (behavior.each('LambdaFunctionAssociations').length > 0) {
    throw new TemplateError(`${behavior.where}: functions at the edge are not known to the local run`);
  }
  const policyIds = ['CachePolicyId', 'OriginRequestPolicyId'].map((name) => behavior.text(name, undefined));
  const allowed = behavior.texts('AllowedMethods');
  return {
    pathPattern: behavior.text('PathPattern', undefined),
    origin,
    allowedMethods: allowed.length > 0 ? allowed : ['GET', 'HEAD'],
    forwarding: forwardingOf(policyIds, parts.forwarding, behavior.where),
    headersPolicy: headersPolicyOf(behavior, parts),
    viewerRequest: edgeFunctionOf(behavior, 'viewer-request', parts),
    viewerResponse: edgeFunctionOf(behavior, 'viewer-response', parts),
  };
}

function headersPolicyOf(behavior: Properties, parts: Parts): HeadersPolicy | undefined {
  const id = behavior.text('ResponseHeadersPolicyId', undefined);
  if (id === undefined) return undefined;
  const policy = parts.headers.get(id) ?? MANAGED_HEADERS[id];
  if (policy === undefined)
    throw new TemplateError(`${behavior.where}: the policy ${id} is not known to the local run`);
  return policy;
}

function edgeFunctionOf(behavior: Properties, event: string, parts: Parts): EdgeFunction | undefined {
  const association = behavior.each('FunctionAssociations').find((one) => one.text('EventType') === event);
  return association && parts.functions.get(association.text('FunctionARN'));
}

function readErrorPage(page: Properties): ErrorPage[] {
  const path = page.text('ResponsePagePath', undefined);
  if (path === undefined) return [];
  const status = page.number('ErrorCode', 0);
  return [{ status, path, answeredAs: page.number('ResponseCode', status) }];
}
