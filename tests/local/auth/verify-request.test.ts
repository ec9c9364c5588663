/**
 * Signatures of requests against the published examples of AWS and those the SDK makes.
 */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AuthError } from '../../../local/auth/auth-error.ts';
import { canonicalRequest } from '../../../local/auth/canonical-request.ts';
import { type SignedRequest, verifyRequest } from '../../../local/auth/verify-request.ts';

const PRINCIPAL = { arn: 'arn:aws:iam::000000000000:user/example', name: 'example' };
const SECRETS: Record<string, string> = {
  AKIDEXAMPLE: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  AKIAIOSFODNN7EXAMPLE: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};
const credentials = (id: string) => {
  const secret = SECRETS[id];
  return secret === undefined ? undefined : { secret, principal: PRINCIPAL };
};
const codeOf = (request: SignedRequest) => {
  try {
    verifyRequest(request, credentials);
    return 'authentic';
  } catch (error) {
    if (error instanceof AuthError) return error.code;
    throw error;
  }
};

/** "get-vanilla" of the Signature Version 4 test suite. */
const VANILLA: SignedRequest = {
  method: 'GET',
  rawUrl: '/',
  service: 'service',
  body: Buffer.alloc(0),
  headers: {
    host: 'example.amazonaws.com',
    'x-amz-date': '20150830T123600Z',
    authorization:
      'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
  },
};

/** "Authenticating requests: using query parameters" of the S3 API reference. */
const PRESIGNED: SignedRequest = {
  method: 'GET',
  rawUrl:
    '/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
  service: 's3',
  headers: { host: 'examplebucket.s3.amazonaws.com' },
};

const withHeaders = (request: SignedRequest, headers: IncomingHttpHeaders): SignedRequest => ({
  ...request,
  headers: { ...request.headers, ...headers },
});

describe('a signed request', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['Date'] }));
  afterEach(() => vi.useRealTimers());

  describe('by header', () => {
    beforeEach(() => vi.setSystemTime('2015-08-30T12:36:00Z'));

    it('is authentic with the signature of the test suite', () => {
      expect(verifyRequest(VANILLA, credentials)).toMatchObject({
        principal: PRINCIPAL,
        accessKeyId: 'AKIDEXAMPLE',
        presigned: false,
        payloadHash: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      });
    });

    it.each<[string, SignedRequest, string]>([
      ['with another method', { ...VANILLA, method: 'POST' }, 'SignatureDoesNotMatch'],
      ['with another path', { ...VANILLA, rawUrl: '/other' }, 'SignatureDoesNotMatch'],
      ['with a parameter more', { ...VANILLA, rawUrl: '/?a=b' }, 'SignatureDoesNotMatch'],
      ['with another body', { ...VANILLA, body: Buffer.from('x') }, 'SignatureDoesNotMatch'],
      ['for another host', withHeaders(VANILLA, { host: 'example.org' }), 'SignatureDoesNotMatch'],
      ['for another service', { ...VANILLA, service: 's3' }, 'AuthorizationHeaderMalformed'],
      ['with a header that is not signed', withHeaders(VANILLA, { 'x-amz-extra': '1' }), 'AccessDenied'],
      ['without a signature', withHeaders(VANILLA, { authorization: undefined }), 'AccessDenied'],
      [
        'with half a signature',
        withHeaders(VANILLA, { authorization: 'AWS4-HMAC-SHA256 Credential=a' }),
        'AuthorizationHeaderMalformed',
      ],
      [
        'by nobody known',
        withHeaders(VANILLA, {
          authorization: String(VANILLA.headers.authorization).replace('AKID', 'AKIX'),
        }),
        'InvalidAccessKeyId',
      ],
      [
        'on another day than its key',
        withHeaders(VANILLA, {
          authorization: String(VANILLA.headers.authorization).replace('20150830', '20150829'),
        }),
        'SignatureDoesNotMatch',
      ],
    ])('is refused %s', (_, request, code) => {
      const { body: _body, ...bodyless } = request;
      expect(codeOf(request.service === 's3' ? bodyless : request)).toBe(code);
    });

    it.each([
      ['2015-08-30T12:50:59Z', 'authentic'],
      ['2015-08-30T12:51:01Z', 'RequestTimeTooSkewed'],
      ['2015-08-30T12:20:59Z', 'RequestTimeTooSkewed'],
    ])('at %s is %s', (now, code) => {
      vi.setSystemTime(now);
      expect(codeOf(VANILLA)).toBe(code);
    });
  });

  describe('by its URL', () => {
    it.each([
      ['2013-05-24T00:00:00Z', 'authentic'],
      ['2013-05-24T23:59:59Z', 'authentic'],
      ['2013-05-25T00:00:01Z', 'AccessDenied'],
      ['2013-05-23T23:44:00Z', 'AccessDenied'],
    ])('at %s is %s', (now, code) => {
      vi.setSystemTime(now);
      expect(codeOf(PRESIGNED)).toBe(code);
    });

    it.each([
      [
        'an expiry of more than a week',
        'X-Amz-Expires=86400',
        'X-Amz-Expires=604801',
        'AuthorizationQueryParametersError',
      ],
      ['no expiry', 'X-Amz-Expires=86400&', '', 'AuthorizationQueryParametersError'],
      ['another expiry', 'X-Amz-Expires=86400', 'X-Amz-Expires=86401', 'SignatureDoesNotMatch'],
      ['another object', '/test.txt', '/text.txt', 'SignatureDoesNotMatch'],
      ['a date that is none', 'Date=20130524T000000Z', 'Date=yesterday', 'AuthorizationQueryParametersError'],
      ['no signed host', 'SignedHeaders=host', 'SignedHeaders=date', 'SignatureDoesNotMatch'],
    ])('is refused with %s', (_, from, to, code) => {
      vi.setSystemTime('2013-05-24T12:00:00Z');
      expect(codeOf({ ...PRESIGNED, rawUrl: PRESIGNED.rawUrl.replace(from, to) })).toBe(code);
    });
  });
});

describe('the canonical request', () => {
  const pathOf = (path: string, service: string) =>
    canonicalRequest({
      method: 'GET',
      path,
      query: [],
      headers: {},
      signedHeaders: 'host',
      payloadHash: '',
      service,
    }).split('\n')[1];

  it.each([
    ['s3', '/a%20b/%C3%BC+(1)/../c//', '/a%20b/%C3%BC%2B%281%29/../c//'],
    ['execute-api', '/a%20b/./c/../%2F', '/a%2520b/%252F'],
    ['sqs', '/', '/'],
    ['sqs', '//000//q/', '/000/q/'],
  ])('of %s has for the path %s the path %s', (service, path, expected) => {
    expect(pathOf(path, service)).toBe(expected);
  });

  it('sorts parameters by name, then value, and collapses spaces of headers', () => {
    const text = canonicalRequest({
      method: 'GET',
      path: '/',
      query: [
        ['b', '2'],
        ['a', 'z'],
        ['a', '+ y'],
        ['X-Amz-Signature', 'left out'],
      ],
      headers: { host: 'h', 'x-amz-meta-a': '  one   two ' },
      signedHeaders: 'host;x-amz-meta-a',
      payloadHash: 'hash',
      service: 's3',
    });
    expect(text).toBe('GET\n/\na=%2B%20y&a=z&b=2\nhost:h\nx-amz-meta-a:one two\n\nhost;x-amz-meta-a\nhash');
  });
});

describe('requests of the SDK', () => {
  const settings = (port: number) => ({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: SECRETS.AKIDEXAMPLE! },
    maxAttempts: 1,
  });

  it.each<[string, (port: number) => Promise<unknown>]>([
    [
      'dynamodb',
      (port) =>
        new DynamoDBClient(settings(port)).send(
          new GetItemCommand({ TableName: 't', Key: { pk: { S: 'ü' } } }),
        ),
    ],
    [
      'secretsmanager',
      (port) => new SecretsManagerClient(settings(port)).send(new GetSecretValueCommand({ SecretId: 's' })),
    ],
    [
      'events',
      (port) =>
        new EventBridgeClient(settings(port)).send(new PutEventsCommand({ Entries: [{ Detail: '{}' }] })),
    ],
  ])('for %s are authentic', async (service, call) => {
    const results: string[] = [];
    const server = createServer(async (request, response) => {
      const body = Buffer.concat(await request.toArray());
      results.push(
        codeOf({ method: request.method!, rawUrl: request.url!, headers: request.headers, service, body }),
      );
      results.push(
        codeOf({
          method: request.method!,
          rawUrl: request.url!,
          headers: request.headers,
          service,
          body: Buffer.concat([body, Buffer.from(' ')]),
        }),
      );
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await call((server.address() as AddressInfo).port);
    server.closeAllConnections();
    server.close();
    expect(results).toEqual(['authentic', 'XAmzContentSHA256Mismatch']);
  });
});
