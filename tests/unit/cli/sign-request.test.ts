import { describe, expect, it } from 'vitest';
import { signRequest } from '../../../cli/stack/sign-request.ts';

/** The identity, date and expected signatures of the AWS Signature Version 4 test suite. */
const SUITE = {
  credentials: {
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
    region: 'us-east-1',
  },
  now: new Date('2015-08-30T12:36:00Z'),
};

function signatureOf(
  method: string,
  address: string,
  headers: Record<string, string> = {},
): string | undefined {
  const url = new URL(address);
  const signed = signRequest(
    { method, url, body: '', service: 'service', headers },
    SUITE.credentials,
    SUITE.now,
  );
  return /Signature=([0-9a-f]{64})$/.exec(signed.authorization ?? '')?.[1];
}

describe('signing a request', () => {
  it.each([
    ['get-vanilla', 'GET', '/', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
    ['post-vanilla', 'POST', '/', '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
    [
      'get-vanilla-query-order-key-case',
      'GET',
      '/?Param2=value2&Param1=value1',
      'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
    ],
  ])('gives the signature of %s in the suite', (_name, method, path, signature) => {
    expect(signatureOf(method, `https://example.amazonaws.com${path}`)).toBe(signature);
  });

  it('names the key, the scope and the signed headers', () => {
    const url = new URL('http://127.0.0.1:4701/uploads');
    const headers = signRequest(
      {
        method: 'POST',
        url,
        body: '{}',
        service: 'execute-api',
        headers: { 'content-type': 'application/json' },
      },
      { ...SUITE.credentials, sessionToken: 'a token' },
      SUITE.now,
    );
    expect(headers.authorization).toContain(
      'Credential=AKIDEXAMPLE/20150830/us-east-1/execute-api/aws4_request',
    );
    expect(headers.authorization).toContain(
      'SignedHeaders=content-type;host;x-amz-date;x-amz-security-token,',
    );
  });

  it('signs what stands in the body, the query and the path', () => {
    const sign = (address: string, body = '') =>
      signRequest(
        { method: 'POST', url: new URL(address), body, service: 's3' },
        SUITE.credentials,
        SUITE.now,
      );
    const all = [
      sign('http://host/a'),
      sign('http://host/b'),
      sign('http://host/a?x=1'),
      sign('http://host/a?x=2'),
      sign('http://host/a', 'body'),
      sign('http://other/a'),
    ].map((headers) => headers.authorization);
    expect(new Set(all).size).toBe(all.length);
  });
});
