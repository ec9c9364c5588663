/** The headers that a response headers policy sets, replaces and removes. */
import type { IncomingHttpHeaders } from 'node:http';
import { TemplateError } from '../template/intrinsics.ts';
import type { Properties } from '../template/properties.ts';

export type HeaderMap = Record<string, string | string[] | undefined>;

/** Changes the headers of an answer on its way to the viewer. */
export type HeadersPolicy = (headers: HeaderMap) => void;

/** SecurityHeadersPolicy, the one that AWS manages and CDK offers by name. */
export const MANAGED_HEADERS: Record<string, HeadersPolicy> = {
  '67f7725c-6f97-4210-82d7-5512b31e9d03': (headers) => {
    headers['x-content-type-options'] = 'nosniff';
    headers['strict-transport-security'] ??= 'max-age=31536000';
    headers['x-frame-options'] ??= 'SAMEORIGIN';
    headers['referrer-policy'] ??= 'strict-origin-when-cross-origin';
    headers['x-xss-protection'] ??= '1; mode=block';
  },
};

/** Reads a `ResponseHeadersPolicyConfig`. */
export function readHeadersPolicy(config: Properties): HeadersPolicy {
  if (config.has('CorsConfig')) {
    throw new TemplateError(`${config.where}.CorsConfig is not known to the local run`);
  }
  const set = [...securityHeaders(config.at('SecurityHeadersConfig')), ...customHeaders(config)];
  const removed = config
    .at('RemoveHeadersConfig')
    .each('Items')
    .map((item) => item.text('Header').toLowerCase());
  return (headers) => {
    for (const name of removed) delete headers[name];
    for (const { name, value, override } of set) {
      if (override || headers[name] === undefined) headers[name] = value;
    }
  };
}

interface SetHeader {
  readonly name: string;
  readonly value: string;
  readonly override: boolean;
}

function customHeaders(config: Properties): SetHeader[] {
  return config
    .at('CustomHeadersConfig')
    .each('Items')
    .map((item) => ({
      name: item.text('Header').toLowerCase(),
      value: item.text('Value'),
      override: item.flag('Override'),
    }));
}

const SECURITY: Record<string, { name: string; value: (config: Properties) => string }> = {
  ContentSecurityPolicy: {
    name: 'content-security-policy',
    value: (config) => config.text('ContentSecurityPolicy'),
  },
  ContentTypeOptions: { name: 'x-content-type-options', value: () => 'nosniff' },
  FrameOptions: { name: 'x-frame-options', value: (config) => config.text('FrameOption') },
  ReferrerPolicy: { name: 'referrer-policy', value: (config) => config.text('ReferrerPolicy') },
  StrictTransportSecurity: {
    name: 'strict-transport-security',
    value: (config) =>
      [
        `max-age=${config.number('AccessControlMaxAgeSec', 0)}`,
        ...(config.flag('IncludeSubdomains') ? ['includeSubDomains'] : []),
        ...(config.flag('Preload') ? ['preload'] : []),
      ].join('; '),
  },
  XSSProtection: {
    name: 'x-xss-protection',
    value: (config) =>
      config.flag('Protection') ? `1${config.flag('ModeBlock') ? '; mode=block' : ''}` : '0',
  },
};

function securityHeaders(config: Properties): SetHeader[] {
  return Object.keys(config.values).map((part) => {
    const known = SECURITY[part];
    if (known === undefined) throw new TemplateError(`${config.where}.${part} is not known to the local run`);
    const own = config.at(part);
    return { name: known.name, value: known.value(own), override: own.flag('Override') };
  });
}

/** Headers of an origin's answer that belong to one connection and go no further. */
export function endToEnd(headers: IncomingHttpHeaders): HeaderMap {
  const kept: HeaderMap = { ...headers };
  for (const name of ['connection', 'keep-alive', 'transfer-encoding', 'upgrade']) delete kept[name];
  return kept;
}
