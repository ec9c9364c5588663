import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  type HttpEvent,
  HttpRefusal,
  httpHandler,
  needing,
  type Route,
} from '../../../shared/runtime/http-handler.ts';
import { lambdaContext } from '../../helpers/lambda.ts';
import { recorder } from '../../helpers/recorder.ts';

const routes: Route[] = needing('read', [
  {
    method: 'GET',
    path: '/things/{thing}',
    answer: async ({ parameters, query }) => ({ status: 200, body: { ...parameters, q: query.get('q') } }),
  },
  {
    method: 'POST',
    path: '/things',
    answer: async (request) => ({ status: 201, body: request.body(z.object({ name: z.string() })) }),
  },
  {
    method: 'GET',
    path: '/bytes',
    answer: async () => ({
      status: 200,
      headers: { 'content-type': 'image/webp' },
      body: Uint8Array.of(1, 2),
    }),
  },
  {
    method: 'GET',
    path: '/cookie',
    answer: async ({ cookie, header }) => ({
      status: 200,
      cookies: ['a=b'],
      body: { cookie: cookie('x'), header: header('x-one') },
    }),
  },
  { method: 'DELETE', path: '/things/{thing}', answer: async () => ({ status: 204 }) },
  {
    method: 'GET',
    path: '/refused',
    answer: async () => {
      throw new HttpRefusal(404, 'gone');
    },
  },
  {
    method: 'GET',
    path: '/broken',
    answer: async () => {
      throw new Error('Doe^Jane');
    },
  },
]);
const authorizer = { iam: { userId: 'AROAROLE:jane' } };

function call(method: string, path: string, event: Partial<HttpEvent> = {}) {
  const record = recorder();
  const handler = httpHandler(routes, record.ports.log);
  const [rawPath = '', rawQueryString = ''] = path.split('?');
  return handler(
    { rawPath, rawQueryString, requestContext: { http: { method }, authorizer }, ...event },
    lambdaContext,
  ).then((result) => ({ ...result, record }));
}

describe('an HTTP handler', () => {
  it('gives a route its parameters and query, decoded', async () => {
    const { statusCode, body, headers } = await call('GET', '/things/a%20b?q=c+d');
    expect([statusCode, JSON.parse(body)]).toEqual([200, { thing: 'a b', q: 'c d' }]);
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
    });
  });

  it.each<[string, string, Partial<HttpEvent>, number, string]>([
    ['a path that is no route', '/nothing', {}, 404, 'not-found'],
    ['a route within a route', '/things/a/b', {}, 404, 'not-found'],
    ['another method', '/bytes', { requestContext: { http: { method: 'POST' }, authorizer } }, 405, 'method'],
    ['a segment that cannot be decoded', '/things/%ff', {}, 400, 'invalid-path'],
    ['what a route refuses', '/refused', {}, 404, 'gone'],
  ])('answers %s', async (_, path, event, status, error) => {
    const { statusCode, body } = await call('GET', path, event);
    expect([statusCode, JSON.parse(body)]).toEqual([status, { error }]);
  });

  it.each(['{', '{"name":1}', '', '[]'])('answers the body %j with 400', async (body) => {
    const result = await call('POST', '/things', { body });
    expect([result.statusCode, JSON.parse(result.body)]).toEqual([400, { error: 'invalid-body' }]);
  });

  it('reads a body in base64 too', async () => {
    const body = Buffer.from('{"name":"ü"}').toString('base64');
    expect(JSON.parse((await call('POST', '/things', { body, isBase64Encoded: true })).body)).toEqual({
      name: 'ü',
    });
  });

  it('sends bytes in base64', async () => {
    const result = await call('GET', '/bytes');
    expect(result).toMatchObject({
      body: 'AQI=',
      isBase64Encoded: true,
      headers: { 'content-type': 'image/webp' },
    });
  });

  it.each<[string, Partial<HttpEvent>]>([
    ['as API Gateway gives them', { cookies: ['x=1=2', 'y=3'] }],
    ['as a header', { headers: { cookie: 'x=1=2; y=3', 'X-One': 'h' } }],
  ])('reads cookies %s', async (_, event) => {
    const result = await call('GET', '/cookie', event);
    expect(JSON.parse(result.body)).toMatchObject({ cookie: '1=2' });
    expect(result.cookies).toEqual(['a=b']);
  });

  it('answers without a body', async () => {
    expect(await call('DELETE', '/things/a')).toMatchObject({
      statusCode: 204,
      body: '',
      isBase64Encoded: false,
    });
  });

  it('says nothing of a fault of ours, and logs its name only', async () => {
    const { statusCode, body, record } = await call('GET', '/broken');
    expect([statusCode, JSON.parse(body)]).toEqual([500, { error: 'internal' }]);
    expect(record.lines).toMatchObject([{ errorName: 'Error' }, { status: 500, route: 'GET /broken' }]);
    expect(JSON.stringify(record.lines)).not.toContain('Doe');
  });

  it('logs the pattern of the route, never the path', async () => {
    const { record } = await call('GET', '/things/Doe');
    expect(record.lines).toMatchObject([{ route: 'GET /things/{thing}', status: 200 }]);
    expect(JSON.stringify(record.lines)).not.toContain('Doe');
  });
});
