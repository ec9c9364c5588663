import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signRequest } from '../../../local/http/sign-request.ts';
import type { LocalStack } from '../../../local/start.ts';
import { type Running, run } from './fixture.ts';
import { WEB_ASSETS, WEB_OUTPUTS, webApp } from './web-app.ts';

let running: Running;
let stack: LocalStack;
beforeAll(async () => {
  running = await run({ Resources: webApp('cloudfront.amazonaws.com'), Outputs: WEB_OUTPUTS }, WEB_ASSETS, {
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

describe('a function URL with CORS', () => {
  const from = (origin: string, init: RequestInit = {}) =>
    fetch(stack.outputs.DownloadUrl as string, { ...init, headers: { origin, ...init.headers } });

  it('answers a preflight before it asks for a signature, and lets in its origins alone', async () => {
    const preflight = { method: 'OPTIONS', headers: { 'access-control-request-method': 'GET' } };
    const taken = await from('https://viewer.example', preflight);
    expect([taken.status, taken.headers.get('access-control-allow-origin')]).toEqual([
      204,
      'https://viewer.example',
    ]);
    expect(taken.headers.get('access-control-allow-headers')).toBe('accept');
    const other = await from('https://other.example', preflight);
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
    // Whoever is let in still needs a signature.
    const refused = await from('https://viewer.example');
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([
      403,
      'https://viewer.example',
    ]);
  });
});

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
    const other = await run({ Resources: webApp('other.amazonaws.com'), Outputs: WEB_OUTPUTS }, WEB_ASSETS, {
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
