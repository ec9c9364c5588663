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
