/**
 * What of a viewer's request reaches the origin: headers, cookies and query parameters, as cache and origin request
 * policies say. Nothing is cached here, so a cache policy only adds what it lets through.
 */
import { TemplateError } from '../template/intrinsics.ts';
import type { Properties } from '../template/properties.ts';

type Selector = (name: string) => boolean;

export interface Forwarding {
  readonly headers: Selector;
  readonly cookies: Selector;
  readonly query: Selector;
}

const none: Selector = () => false;
const all: Selector = () => true;
const only =
  (...names: string[]): Selector =>
  (name) =>
    names.some((one) => one.toLowerCase() === name.toLowerCase());
const except =
  (...names: string[]): Selector =>
  (name) =>
    !only(...names)(name);

const NOTHING: Forwarding = { headers: none, cookies: none, query: none };
const CORS_HEADERS = ['Origin', 'Access-Control-Request-Headers', 'Access-Control-Request-Method'];

/** The policies that AWS manages, by id. */
const MANAGED: Record<string, Forwarding> = {
  // Cache policies: CachingOptimized, CachingOptimizedForUncompressedObjects, CachingDisabled.
  '658327ea-f89d-4fab-a63d-7e88639e58f6': NOTHING,
  'b2884449-e4de-46a7-ac36-70bc7f1ddd6d': NOTHING,
  '4135ea2d-6df8-44a3-9df3-4b5a84be39ad': NOTHING,
  // Origin request policies: AllViewer, AllViewerExceptHostHeader, CORS-S3Origin, CORS-CustomOrigin, UserAgentReferer.
  '216adef6-5c7f-47e4-b989-5492eafa07d3': { headers: all, cookies: all, query: all },
  'b689b0a8-53d0-40ab-baf2-68738e2966ac': { headers: except('Host'), cookies: all, query: all },
  '88a5eaf4-2fd4-4709-b370-b4c650ea3fcf': { headers: only(...CORS_HEADERS), cookies: none, query: none },
  '59781a5b-3903-41f3-afcb-af62929ccde1': { headers: only('Origin'), cookies: none, query: none },
  'acba4595-bd28-49b8-b9fe-13317c0390fa': {
    headers: only('User-Agent', 'Referer'),
    cookies: none,
    query: none,
  },
};

/** A policy of the template: `CachePolicyConfig` or `OriginRequestPolicyConfig`. */
export function readForwarding(config: Properties): Forwarding {
  // Both kinds say the same with the same words; a cache policy says it one level deeper.
  const told = config.has('ParametersInCacheKeyAndForwardedToOrigin')
    ? config.at('ParametersInCacheKeyAndForwardedToOrigin')
    : config;
  return {
    headers: selector(told.at('HeadersConfig'), 'HeaderBehavior', 'Headers'),
    cookies: selector(told.at('CookiesConfig'), 'CookieBehavior', 'Cookies'),
    query: selector(told.at('QueryStringsConfig'), 'QueryStringBehavior', 'QueryStrings'),
  };
}

function selector(config: Properties, behavior: string, list: string): Selector {
  const names = config.texts(list);
  switch (config.text(behavior, 'none')) {
    case 'none':
      return none;
    case 'all':
    case 'allViewer':
      return all;
    case 'whitelist':
      return only(...names);
    case 'allExcept':
      return except(...names);
    default:
      throw new TemplateError(`${config.where}: ${config.text(behavior)} is not known to the local run`);
  }
}

/** What a behaviour's policies let through together. */
export function forwardingOf(
  policyIds: readonly (string | undefined)[],
  own: ReadonlyMap<string, Forwarding>,
  where: string,
): Forwarding {
  const policies = policyIds.flatMap((id) => {
    if (id === undefined) return [];
    const policy = own.get(id) ?? MANAGED[id];
    if (policy === undefined)
      throw new TemplateError(`${where}: the policy ${id} is not known to the local run`);
    return [policy];
  });
  const any = (part: keyof Forwarding) => (name: string) => policies.some((policy) => policy[part](name));
  return { headers: any('headers'), cookies: any('cookies'), query: any('query') };
}
