import { beforeEach, describe, expect, it } from 'vitest';
import { LONGEST_TOKEN_SECONDS } from '../../../functions/uploads/token-routes.ts';
import { CreatedUploadToken, UploadTokenList } from '../../../shared/contract/api.ts';
import { uploadKey } from '../../../shared/contract/names.ts';
import { CHECKED, uploadsApi } from '../../helpers/uploads-api.ts';

const DAY = 24 * 60 * 60;
let api: ReturnType<typeof uploadsApi>;
beforeEach(() => {
  api = uploadsApi();
});

const create = async (wanted: object = {}) => {
  const { json } = await api.call('POST', '/upload-tokens', { body: { expiresInSeconds: DAY, ...wanted } });
  return CreatedUploadToken.parse(json);
};
const bearer = (secret: string) => ({ headers: { authorization: `Bearer ${secret}` } });
const open = async (secret: string): Promise<string> =>
  (await api.call('POST', '/api/uploads', bearer(secret))).json.upload;
const objects = (size: number) => ({ objects: [{ path: 'a.dcm', ...CHECKED, size }] });

describe('an upload token', () => {
  it('is shown once, in the fragment of the page, and kept as a hash', async () => {
    const { secret, path, token } = await create({ label: 'St. Mary' });
    expect(path).toBe(`/upload#${secret}`);
    expect(JSON.stringify([...api.tokens.rows])).not.toContain(secret.slice(26));
    const { json } = await api.call('GET', '/upload-tokens');
    expect(UploadTokenList.parse(json).tokens).toMatchObject([
      { token, label: 'St. Mary', signedBytes: 0, revokedAt: null, maximumBytes: null },
    ]);
    expect(JSON.stringify(json)).not.toContain(secret.slice(26));
  });

  it('lives no longer than a delivery takes', async () => {
    const body = { expiresInSeconds: LONGEST_TOKEN_SECONDS + 1 };
    expect((await api.call('POST', '/upload-tokens', { body })).json).toEqual({ error: 'expires-too-late' });
  });

  it('opens an upload, gets addresses for it, closes it and reads what became of it', async () => {
    const { secret } = await create();
    const upload = await open(secret);
    const path = `/api/uploads/${upload}`;
    const signed = await api.call('POST', `${path}/objects`, { ...bearer(secret), body: objects(3) });
    expect(signed.json.urls[0].url).toContain(uploadKey(upload, 'a.dcm'));
    expect((await api.call('POST', `${path}/manifest`, { ...bearer(secret), body: CHECKED })).status).toBe(
      200,
    );
    const closed = await api.call('POST', `${path}/close`, { ...bearer(secret), body: { expected: 1 } });
    expect(closed.json).toMatchObject({ upload, expected: 1, pending: 1 });
    expect((await api.call('GET', path, bearer(secret))).status).toBe(200);
    expect((await api.call('GET', `${path}/items`, bearer(secret))).json.items).toEqual([]);
  });

  it.each([
    ['no header', {}],
    ['another scheme', { headers: { authorization: 'Basic abc' } }],
    ['half a token', bearer('0fqejbywm3rfg8gr67v4zytj69')],
    ['a token that nobody made', bearer('0fqejbywm3rfg8gr67v4zytj69'.padEnd(69, 'x'))],
  ])('is asked for at each route: %s is answered with 401', async (_name, event) => {
    const { secret } = await create();
    const upload = await open(secret);
    for (const [method, path] of [
      ['POST', '/api/uploads'],
      ['POST', `/api/uploads/${upload}/objects`],
      ['POST', `/api/uploads/${upload}/standing`],
      ['POST', `/api/uploads/${upload}/parts/begin`],
      ['POST', `/api/uploads/${upload}/parts/urls`],
      ['POST', `/api/uploads/${upload}/parts/finish`],
      ['POST', `/api/uploads/${upload}/close`],
      ['GET', `/api/uploads/${upload}`],
      ['GET', `/api/uploads/${upload}/items`],
    ] as const) {
      const { status, json } = await api.call(method, path, event);
      expect([path, status, json]).toEqual([path, 401, { error: 'unknown-token' }]);
    }
  });

  it('is refused from the moment it is revoked or has expired', async () => {
    const [one, other] = [await create(), await create()];
    const upload = await open(one.secret);
    expect((await api.call('DELETE', `/upload-tokens/${one.token}`)).status).toBe(204);
    const answer = async (secret: string) =>
      (await api.call('GET', `/api/uploads/${upload}`, bearer(secret))).json;
    expect(await answer(one.secret)).toEqual({ error: 'revoked' });
    api.clock.now = new Date(api.clock.now.getTime() + DAY * 1000);
    expect(await answer(other.secret)).toEqual({ error: 'expired' });
    expect((await api.call('DELETE', '/upload-tokens/nobody')).status).toBe(404);
  });

  it('does not see the upload of another token, of staff, or what was uploaded under none', async () => {
    const [one, other] = [await create(), await create()];
    const foreign = await open(other.secret);
    const ofStaff = (await api.call('POST', '/uploads')).json.upload;
    for (const upload of [foreign, ofStaff, 'unregistered'])
      for (const [method, rest, body] of [
        ['GET', '', undefined],
        ['GET', '/items', undefined],
        ['POST', '/objects', objects(3)],
        ['POST', '/parts/begin', { path: 'a' }],
        ['POST', '/parts/urls', { path: 'a', id: 'id', parts: [{ part: 1, ...CHECKED }] }],
        ['POST', '/parts/abandon', { path: 'a', id: 'id' }],
        ['POST', '/close', { expected: 0 }],
      ] as const) {
        const event = { ...bearer(one.secret), ...(body ? { body } : {}) };
        expect((await api.call(method, `/api/uploads/${upload}${rest}`, event)).status).toBe(404);
      }
    expect(api.asked).toEqual([]);
    // Staff see them all.
    expect((await api.call('GET', `/uploads/${foreign}`)).status).toBe(200);
  });

  it('sends no more bytes than it may, in parts or whole', async () => {
    const { secret } = await create({ maximumBytes: 100 });
    const upload = await open(secret);
    const whole = (size: number) =>
      api.call('POST', `/api/uploads/${upload}/objects`, { ...bearer(secret), body: objects(size) });
    const part = (size: number) =>
      api.call('POST', `/api/uploads/${upload}/parts/urls`, {
        ...bearer(secret),
        body: { path: 'a', id: 'id', parts: [{ part: 1, ...CHECKED, size }] },
      });
    expect((await whole(60)).status).toBe(200);
    expect((await part(50)).json).toEqual({ error: 'token-limit' });
    expect((await part(40)).status).toBe(200);
    expect((await whole(1)).json).toEqual({ error: 'token-limit' });
  });

  it('is never logged', async () => {
    const { secret } = await create();
    await open(secret);
    await api.call('POST', '/api/uploads', bearer(`${secret}x`));
    expect(JSON.stringify(api.lines)).not.toContain(secret.slice(0, 20));
  });
});

describe('an object in parts', () => {
  const call = async (route: string, body: object) => {
    const upload = (await api.call('POST', '/uploads')).json.upload;
    const { status, bytes } = await api.call('POST', `/uploads/${upload}/parts/${route}`, { body });
    const text = bytes.toString();
    return { status, json: text === '' ? undefined : JSON.parse(text), key: uploadKey(upload, 'a') };
  };

  it('is begun under its key, and its parts are signed one by one', async () => {
    const { json, key } = await call('begin', { path: 'a' });
    expect([json, api.asked]).toEqual([{ id: 'id' }, [`begin ${key}`]]);
    const parts = [1, 2].map((part) => ({ part, ...CHECKED }));
    expect((await call('urls', { path: 'a', id: 'id', parts })).json.urls).toMatchObject([
      { part: 1 },
      { part: 2 },
    ]);
  });

  it('is told what of it has arrived, or that it is not awaited', async () => {
    expect((await call('standing', { path: 'a', id: 'id' })).json).toEqual({
      parts: [{ part: 1, ...CHECKED }],
    });
    expect((await call('standing', { path: 'a', id: 'other' })).json).toEqual({ parts: null });
  });

  it.each([
    ['a', 'id', 204, undefined],
    ['a', 'damaged', 409, { error: 'damaged' }],
    ['a', 'other', 409, { error: 'unknown-parts' }],
    ['is/there', 'other', 204, undefined],
  ])('of path %s and id %s is finished with %i', async (path, id, status, json) => {
    expect(await call('finish', { path, id, ...CHECKED })).toMatchObject({ status, json });
  });

  it.each([
    ['begin', {}],
    ['urls', { id: 'id', parts: [{ part: 1, ...CHECKED }] }],
    ['standing', { id: 'id' }],
    ['finish', { id: 'id', ...CHECKED }],
    ['abandon', { id: 'id' }],
  ])('is refused under a path that steps up: %s', async (route, body) => {
    expect(await call(route, { path: '../a', ...body })).toMatchObject({
      status: 400,
      json: { error: 'invalid-path' },
    });
    expect(api.asked).toEqual([]);
  });
});
