/**
 * Addresses of a function's URL that carry a signature and live for minutes: AWS Signature Version 4 in the query, made with
 * the role of who signs. Method, path and query are signed, and that there is no body.
 */
import { createHash, createHmac } from 'node:crypto';
import { s3 } from './clients.ts';

/** How long such an address lives; default 5 minutes: it is followed at once. */
export const FUNCTION_URL_SECONDS = 5 * 60;

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/** Signs requests to the function whose URL it is; the path is percent-encoded. */
export function openFunctionUrlSigner(
  functionUrl: string,
  now: () => Date = () => new Date(),
): (method: string, path: string, query: URLSearchParams) => Promise<string> {
  const { origin, host } = new URL(functionUrl);
  return async (method, path, query) => {
    const { config } = s3();
    const [credentials, region] = await Promise.all([config.credentials(), config.region()]);
    const time = now()
      .toISOString()
      .replace(/[-:]|\.\d{3}/g, '');
    const day = time.slice(0, 8);
    const scope = `${day}/${region}/lambda/aws4_request`;
    const signed: [string, string][] = [
      ...[...query].filter(([name]) => !name.startsWith('X-Amz-')),
      ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
      ['X-Amz-Content-Sha256', sha256('')],
      ['X-Amz-Credential', `${credentials.accessKeyId}/${scope}`],
      ['X-Amz-Date', time],
      ['X-Amz-Expires', String(FUNCTION_URL_SECONDS)],
      ['X-Amz-SignedHeaders', 'host'],
      ...(credentials.sessionToken
        ? [['X-Amz-Security-Token', credentials.sessionToken] as [string, string]]
        : []),
    ];
    const encoded = signed
      .map(([name, value]) => [encode(name), encode(value)] as const)
      .sort(([a, x], [b, y]) => (a === b ? compare(x, y) : compare(a, b)))
      .map(([name, value]) => `${name}=${value}`)
      .join('&');
    // Every service but S3 signs the path encoded once more.
    const canonicalPath = path.split('/').map(encode).join('/');
    const canonical = [method, canonicalPath, encoded, `host:${host}\n`, 'host', sha256('')].join('\n');
    const key = [day, region, 'lambda', 'aws4_request'].reduce<string | Buffer>(
      hmac,
      `AWS4${credentials.secretAccessKey}`,
    );
    const signature = hmac(key, ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n')).toString(
      'hex',
    );
    return `${origin}${path}?${encoded}&X-Amz-Signature=${signature}`;
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Every byte but the unreserved characters of RFC 3986 in percent form. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
