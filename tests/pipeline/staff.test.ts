import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStaffUser, type StaffSignIn } from '../../cli/stack/staff-users.ts';
import { OUTPUTS } from '../../shared/contract/outputs.ts';
import type { Role } from '../../shared/contract/roles.ts';
import { type Issuer, signIn } from '../helpers/sign-in.ts';
import { type SharedPipeline, sharedPipeline } from './shared.ts';

describe('staff with a token', () => {
  let pipeline: SharedPipeline;
  let study: string;
  let issuer: Issuer;
  beforeAll(async () => {
    pipeline = await sharedPipeline();
    study = (await pipeline.sampleReport()).studies[0]?.studyInstanceUid ?? '';
    const given = await (await fetch(`${pipeline.webUrl}/staff/sign-in.json`)).json();
    issuer = { ...(given as Issuer), redirectUri: `${pipeline.webUrl}/staff` };
  }, 300_000);
  afterAll(() => pipeline?.close());

  const user = (roles: readonly Role[]): Promise<StaffSignIn> => {
    const { endpoints, outputs, operator } = pipeline.stack;
    return createStaffUser({ endpoint: endpoints.control ?? '', outputs, operator }, roles);
  };
  const tokenOf = async (...roles: Role[]) => (await signIn(issuer, await user(roles))).access_token;
  const ask = (token: string, path: string, init: RequestInit = {}, root = pipeline.webUrl) =>
    fetch(`${root}/staff/api${path}`, {
      ...init,
      headers: { authorization: `Bearer ${token}`, ...init.headers },
    });

  it('finds a study by QIDO-RS, behind the page’s own origin and at the API, and is told where it is', async () => {
    const token = await tokenOf('read');
    for (const root of [pipeline.webUrl, pipeline.stack.outputs[OUTPUTS.apiUrl] ?? '']) {
      const answer = await ask(token, `/dicomweb/studies?StudyInstanceUID=${study}`, {}, root);
      expect(answer.status).toBe(200);
      const [found] = (await answer.json()) as Record<string, { Value: string[] }>[];
      const url = found?.['00081190']?.Value[0] ?? '';
      expect(url).toMatch(/\/staff\/api\/dicomweb\/studies\//);
    }
  });

  it('reads an instance whole, which may come from another address', async () => {
    const token = await tokenOf('read');
    const headers = { accept: 'application/dicom+json' };
    const metadata = await ask(token, `/dicomweb/studies/${study}/metadata`, { headers });
    const [first] = (await metadata.json()) as Record<string, { Value: string[] }>[];
    const uid = (tag: string) => first?.[tag]?.Value[0];
    const path = `/dicomweb/studies/${study}/series/${uid('0020000E')}/instances/${uid('00080018')}`;
    const answer = await ask(token, path, { headers: { accept: 'application/dicom; transfer-syntax=*' } });
    expect(answer.status).toBe(200);
    expect(Buffer.from(await answer.arrayBuffer()).toString('latin1', 128, 132)).toBe('DICM');
  });

  it('shares it with that role alone, and the link opens', async () => {
    const token = await tokenOf('share');
    const json = { 'content-type': 'application/json' };
    const made = await ask(token, '/links', {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ study }),
    });
    expect(made.status).toBe(201);
    const { token: secret, link } = (await made.json()) as { token: string; link: string };
    const open = () =>
      fetch(`${pipeline.webUrl}/api/open`, {
        method: 'POST',
        headers: json,
        body: JSON.stringify({ token: secret }),
      });
    expect((await open()).status).toBe(200);
    expect((await ask(token, `/links/${link}`, { method: 'DELETE' })).status).toBe(204);
    expect((await open()).status).toBe(401);
    const refused = await ask(token, '/dicomweb/studies');
    expect([refused.status, await refused.json()]).toEqual([403, { error: 'needs-role-read' }]);
  });

  it.each<[string, string, Record<string, unknown>, number[]]>([
    [
      'a body that is too long',
      '/dicomweb/studies',
      { method: 'POST', body: Buffer.alloc(10 * 1024 * 1024 + 1) },
      [413],
    ],
    [
      'a body that is too long for a request',
      '/dicomweb/studies',
      { method: 'POST', body: Buffer.alloc(4_400_001) },
      [413],
    ],
    ['a query without end', `/dicomweb/studies?PatientID=${'x'.repeat(12_000)}`, {}, [200, 400, 414]],
    ['a header without end', '/dicomweb/studies', { headers: { accept: 'a/b,'.repeat(3_500) } }, [400, 431]],
    ['a step up to another root', '/dicomweb/../../../links', {}, [403, 404]],
    ['a step up in percent form', '/dicomweb/%2e%2e/%2e%2e/links', {}, [403, 404]],
    ['another root by two slashes', '//links', {}, [403, 404]],
    ['a route of signatures below the root of tokens', '/api/study', {}, [401, 403, 404]],
    ['a proxy', '/dicomweb/http://169.254.169.254/latest', {}, [404]],
    ['a method that there is not', '/dicomweb/studies', { method: 'TRACE' }, [400, 403, 404, 405, 501]],
  ])('gives nothing and breaks nothing for %s', async (_, path, options, expected) => {
    const token = await tokenOf('read', 'upload');
    const api = new URL(pipeline.stack.outputs[OUTPUTS.apiUrl] ?? '');
    const {
      method = 'GET',
      headers = {},
      body,
    } = options as {
      method?: string;
      headers?: Record<string, string>;
      body?: Buffer;
    };
    // As it stands: a client that tidies up paths would ask for something else.
    const status = await new Promise<number>((resolve, reject) => {
      const sent = request(
        {
          host: api.hostname,
          port: api.port,
          path: `/staff/api${path}`,
          method,
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/dicom', ...headers },
        },
        (answer) => answer.resume().on('end', () => resolve(answer.statusCode ?? 0)),
      );
      sent.on('error', reject);
      sent.end(body);
    });
    expect(expected).toContain(status);
  });

  it('is refused without a token, with the token about the user, and with a token where a signature is asked for', async () => {
    const tokens = await signIn(issuer, await user(['read']));
    expect((await fetch(`${pipeline.webUrl}/staff/api/dicomweb/studies`)).status).toBe(401);
    const withIdToken = await ask(tokens.id_token, '/dicomweb/studies');
    expect([withIdToken.status, await withIdToken.json()]).toEqual([403, { error: 'not-an-access-token' }]);
    const authorization = `Bearer ${tokens.access_token}`;
    const unprefixed = `${pipeline.stack.outputs[OUTPUTS.apiUrl]}/dicomweb/studies`;
    expect((await fetch(unprefixed, { headers: { authorization } })).status).toBe(403);
  });
});
