/** Every staff route under every role, through the very handlers that are deployed; nothing of AWS answers behind them. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ENV, FUNCTION_ENV } from '../../../shared/contract/env.ts';
import { ROLES, type Role, STAFF_API } from '../../../shared/contract/roles.ts';
import type { AuthorizerContext } from '../../../shared/runtime/caller.ts';
import type { HttpEvent, HttpResult } from '../../../shared/runtime/http-handler.ts';
import { lambdaContext } from '../../helpers/lambda.ts';
import { STAFF_ROUTES, type StaffFunction } from '../../helpers/staff-routes.ts';

const SUB = '3f0e8a52-7c1d-4a8e-9f0a-2b6d1c9e4f77';
const handlers = new Map<
  StaffFunction,
  (event: HttpEvent, context: typeof lambdaContext) => Promise<HttpResult>
>();
const before = { ...process.env };
const lines: string[] = [];

beforeAll(async () => {
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
  const closed = 'http://127.0.0.1:9';
  for (const name of ['uploads', 'links', 'read-audit', 'dicomweb', 'store-instances'] as const)
    for (const key of FUNCTION_ENV[name]) process.env[ENV[key]] = /Days$/.test(key) ? '14' : `${closed}/x`;
  Object.assign(process.env, {
    [ENV.rolesClaim]: 'cognito:groups',
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'none',
    AWS_SECRET_ACCESS_KEY: 'none',
    AWS_MAX_ATTEMPTS: '1',
    AWS_ENDPOINT_URL: closed,
  });
  handlers.set('uploads', (await import('../../../functions/uploads/handler.ts')).handler);
  handlers.set('links', (await import('../../../functions/links/handler.ts')).handler);
  handlers.set('read-audit', (await import('../../../functions/read-audit/handler.ts')).handler);
  handlers.set('dicomweb', (await import('../../../functions/dicomweb/handler.ts')).handler);
  handlers.set('store-instances', (await import('../../../functions/store-instances/handler.ts')).handler);
}, 60_000);
afterAll(() => {
  process.env = before;
  vi.restoreAllMocks();
});

async function call(name: StaffFunction, key: string, base: string, authorizer?: AuthorizerContext) {
  const [method = '', path = ''] = key.split(' ');
  const rawPath = `${base}${path.replace('{proxy+}', 'studies').replace(/\{\w+\}/g, '1.2.3')}`;
  const handler = handlers.get(name);
  if (handler === undefined) throw new Error('no handler');
  const http = { method };
  const requestContext = authorizer === undefined ? { http } : { http, authorizer };
  const { statusCode, body } = await handler({ rawPath, requestContext }, lambdaContext);
  return { status: statusCode, error: body.startsWith('{') ? (JSON.parse(body).error as string) : undefined };
}
const bearing = (groups: string, more: Record<string, string> = {}): AuthorizerContext => ({
  jwt: { claims: { sub: SUB, token_use: 'access', 'cognito:groups': groups, ...more } },
});
/** Past the question who asks: whatever the route then thinks of the request. */
const isAdmitted = ({ status }: { status: number }) => status !== 401 && status !== 403;

describe.each(STAFF_ROUTES)('%s', (key, name, needed) => {
  it.each(ROLES)(
    `with a token of the role %s is answered as is right where ${needed} is needed`,
    async (role: Role) => {
      const answer = await call(name, key, STAFF_API, bearing(`[${role}]`));
      if (role === needed) expect(isAdmitted(answer)).toBe(true);
      else expect(answer).toEqual({ status: 403, error: `needs-role-${needed}` });
    },
  );

  it('is open to who has all roles, and with a signature to every identity that may call it', async () => {
    expect(isAdmitted(await call(name, key, STAFF_API, bearing(`[${ROLES.join(' ')}]`)))).toBe(true);
    expect(isAdmitted(await call(name, key, '', { iam: { userId: 'AROAROLE:session' } }))).toBe(true);
  });

  it('is closed to who was not judged by the authorizer of its root, whatever is deployed before it', async () => {
    const closed = { status: 401, error: 'not-signed-in' };
    expect(await call(name, key, STAFF_API)).toEqual(closed);
    expect(await call(name, key, '')).toEqual(closed);
    expect(await call(name, key, '', bearing(`[${needed}]`))).toEqual(closed);
    expect(await call(name, key, STAFF_API, { iam: { userId: 'AROAROLE:session' } })).toEqual(closed);
    expect(
      await call(name, key, STAFF_API, { jwt: { claims: { 'cognito:groups': `[${needed}]` } } }),
    ).toEqual(closed);
  });

  it('refuses a token about the user, which is no token for an API', async () => {
    const answer = await call(name, key, STAFF_API, bearing(`[${needed}]`, { token_use: 'id' }));
    expect(answer).toEqual({ status: 403, error: 'not-an-access-token' });
  });

  it.each(['', '[]', '[Share READ uploads]', 'share-not', '[administrators]'])(
    'gives nothing for the roles %j',
    async (groups) => {
      expect(await call(name, key, STAFF_API, bearing(groups))).toEqual({
        status: 403,
        error: `needs-role-${needed}`,
      });
    },
  );
});

describe('what is not for staff', () => {
  it.each(['GET /api/study', 'POST /api/open'])('is not found below their root: %s', async (key) => {
    expect(await call('links', key, STAFF_API, bearing(`[${ROLES.join(' ')}]`))).toEqual({
      status: 404,
      error: 'not-found',
    });
  });
});

it('logs which route was answered, and nothing that a token said', () => {
  expect(lines.some((line) => line.includes('GET /staff/api/dicomweb/studies'))).toBe(true);
  expect(lines.filter((line) => line.includes(SUB) || /groups|claims|administrators/.test(line))).toEqual([]);
});
