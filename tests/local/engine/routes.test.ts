import { describe, expect, it } from 'vitest';
import { matchRoute } from '../../../local/http/routes.ts';

const KEYS = [
  'GET /links',
  'ANY /links',
  'GET /links/{link}',
  'GET /links/own',
  'GET /dicomweb/{proxy+}',
  'GET /dicomweb/studies/{study}',
  'GET /',
];
const routes = KEYS.map((key) => ({ key, target: undefined }));

describe('the route of a request', () => {
  it.each([
    ['GET', '/links', 'GET /links', undefined],
    ['POST', '/links', 'ANY /links', undefined],
    ['GET', '/links/own', 'GET /links/own', undefined],
    ['GET', '/links/l%201', 'GET /links/{link}', { link: 'l 1' }],
    ['GET', '/dicomweb/studies/1.2', 'GET /dicomweb/studies/{study}', { study: '1.2' }],
    ['GET', '/dicomweb/studies/1.2/series', 'GET /dicomweb/{proxy+}', { proxy: 'studies/1.2/series' }],
    ['GET', '/', 'GET /', undefined],
  ])('%s %s is %s', (method, path, key, pathParameters) => {
    const match = matchRoute(routes, method, path);
    expect(match?.route.key).toBe(key);
    expect(match?.pathParameters).toEqual(pathParameters);
  });

  it.each([
    ['POST', '/links/own'],
    ['GET', '/links/'],
    ['GET', '/links/a/b'],
    ['GET', '/dicomweb/'],
    ['GET', '/nowhere'],
  ])('%s %s is none', (method, path) => {
    expect(matchRoute(routes, method, path)).toBeUndefined();
  });

  it('is $default when nothing else fits', () => {
    const all = [{ key: '$default', target: undefined }, ...routes];
    expect(matchRoute(all, 'GET', '/nowhere')?.route.key).toBe('$default');
    expect(matchRoute(all, 'GET', '/links')?.route.key).toBe('GET /links');
  });
});
