/** What is asked of the root of staff to step out, to take for ever, to be reflected or to be told more than an error's word. */
import { describe, expect, it } from 'vitest';
import { dicomwebRoutes } from '../../../functions/dicomweb/routes.ts';
import { instanceKey } from '../../../shared/contract/names.ts';
import { caller } from '../../helpers/http.ts';
import { makeInstance } from '../../helpers/instance.ts';
import { memoryIndex } from '../../helpers/memory-index.ts';
import { memoryStore } from '../../helpers/memory-store.ts';

const UIDS = { study: '2.25.1', series: '2.25.11', instance: '2.25.111' };
const PLACE = '/studies/2.25.1/series/2.25.11/instances/2.25.111';
const PLANTED = 'Doe-Jane-4711';

async function root() {
  const library = memoryStore('library');
  await library.put(instanceKey(UIDS), makeInstance(UIDS));
  const keys: string[] = [];
  const { call, lines } = caller(
    dicomwebRoutes('/dicomweb', {
      index: memoryIndex(),
      library: {
        read: (at, range) => {
          keys.push(at.key);
          return library.read(at, range);
        },
        stream: (at, range) => {
          keys.push(at.key);
          return library.stream(at, range);
        },
      },
      signGet: async (key) => `https://library/${key}`,
      keep: async () => {},
      signStream: async (_, path) => `https://stream${path}`,
    }),
  );
  const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    call(method, `/dicomweb${path}`, { headers: { host: 'pacs.example', ...headers } });
  return { get, keys, lines };
}

describe('the root of staff', () => {
  it.each<[string, string, number]>([
    ['a study that steps up', '/studies/../../vault/metadata', 404],
    ['one in percent form', '/studies/%2e%2e%2f%2e%2e%2fvault/metadata', 400],
    ['one in percent form twice', '/studies/%252e%252e%252fvault/metadata', 400],
    ['one with a backslash', '/studies/2.25.1%5c..%5c2/metadata', 400],
    ['a byte of nothing in a UID', '/studies/2.25.1%00.png/metadata', 400],
    ['a line break in a UID', '/studies/2.25.1%0d%0aset-cookie:a=b/metadata', 400],
    ['a UID of other digits', '/studies/%EF%BC%92.25.1/metadata', 400],
    ['a UID that is too long', `/studies/1${'.1'.repeat(40)}/metadata`, 400],
    ['bytes that are no text', '/studies/%ff%fe/metadata', 400],
    ['segments of nothing', '/studies//series//instances//frames/1', 404],
    ['a path that goes on', `${PLACE}/frames/1/../../../../../vault`, 404],
    ['parameters of a segment', '/studies/2.25.1;v=1/metadata', 400],
    ['a bulk data path that steps up', `${PLACE}/bulkdata/..%2f..%2fvault`, 404],
    ['a bulk data path by the name of a property', `${PLACE}/bulkdata/__proto__/0/constructor`, 404],
    ['frame nothing', `${PLACE}/frames/0`, 400],
    ['a frame before the first', `${PLACE}/frames/-1`, 400],
    ['a frame in other notations', `${PLACE}/frames/1e3`, 400],
    ['a frame beyond all numbers', `${PLACE}/frames/${'9'.repeat(400)}`, 400],
    ['frames without end', `${PLACE}/frames/${Array(1_001).fill(1).join()}`, 413],
    ['a picture larger than any', `${PLACE}/rendered?viewport=999999999,999999999`, 400],
    ['a picture of no size', `${PLACE}/rendered?viewport=0,0`, 400],
    ['a picture of no number', `${PLACE}/rendered?viewport=NaN,Infinity`, 400],
    ['a window that is code', `${PLACE}/rendered?window=1,1,constructor`, 400],
    ['a quality beyond its bounds', `${PLACE}/rendered?quality=1e9`, 400],
    ['a search by the name of a property', '/studies?__proto__=1', 400],
    ['a search for its constructor', '/studies?constructor.prototype=1', 400],
    ['conditions without end', `/studies?${attributes(65)}`, 400],
    ['a value that is too long', `/studies?PatientID=${'x'.repeat(16_385)}`, 400],
    ['a list of fields that is too long', `/studies?includefield=${'PatientID,'.repeat(2_000)}`, 400],
    ['another method', '/studies', 405],
  ])('answers %s with a word', async (name, path, status) => {
    const { get, keys } = await root();
    const answer = await get(path, {}, name === 'another method' ? 'DELETE' : 'GET');
    expect([answer.status, Object.keys(answer.json)]).toEqual([status, ['error']]);
    expect(answer.json.error).toMatch(/^[a-z-]+$/);
    // Nothing but this instance is ever asked for.
    expect(keys.filter((key) => key !== instanceKey(UIDS))).toEqual([]);
  });

  it.each<[string, string, Record<string, string>, number]>([
    ['an Accept that is too long', '/studies', { accept: 'a/b,'.repeat(2_000) }, 400],
    ['media ranges without end', '/studies', { accept: `${'a/b,'.repeat(1_000)}application/json` }, 406],
    ['quotes that do not close', '/studies', { accept: '"'.repeat(4_000) }, 406],
    ['a range beyond all numbers', PLACE, { range: `bytes=${'9'.repeat(400)}-` }, 416],
    ['ranges without end', PLACE, { range: `bytes=${'0-0,'.repeat(2_000)}1-1` }, 200],
    ['a range of something else', PLACE, { range: 'lines=1-2' }, 200],
    ['ETags without end', PLACE, { 'if-none-match': '"a",'.repeat(20_000) }, 200],
  ])('answers %s', async (_, path, headers, status) => {
    const { get } = await root();
    const answer = await get(path, { accept: 'application/dicom; transfer-syntax=*', ...headers });
    expect(answer.status).toBe(status);
  });

  it('reflects nothing that was asked, in no header, body or line of the log', async () => {
    const { get, lines } = await root();
    const said = await Promise.all([
      get(`/studies/${PLANTED}/metadata`),
      get(`/studies?PatientName=${PLANTED}`),
      get(`/studies?${PLANTED}=1`),
      get(`/studies?StudyDate=${PLANTED}`),
      get(`${PLACE}/frames/${PLANTED}`),
      get(`${PLACE}/rendered?viewport=${PLANTED}`),
      get('/studies', { host: `${PLANTED}"><script>`, accept: `text/${PLANTED}` }),
      get('/studies', { 'x-forwarded-proto': PLANTED, origin: `https://${PLANTED}` }),
      get(`${PLACE}?accept=${PLANTED}/x`, { range: PLANTED, 'if-none-match': PLANTED, 'if-range': PLANTED }),
    ]);
    const told = said.map(({ headers, bytes }) => `${JSON.stringify(headers)}${bytes}`).join('\n');
    expect(told + JSON.stringify(lines)).not.toContain(PLANTED);
  });

  it('gives no header a line break, whatever it was asked with', async () => {
    const { get } = await root();
    const broken = 'a\r\nset-cookie: a=b';
    for (const path of ['/studies', '/studies?fuzzymatching=true', PLACE, `${PLACE}/frames/1`]) {
      const { headers } = await get(path, { host: broken, 'x-forwarded-proto': broken, 'if-range': broken });
      expect(Object.values(headers).join('')).not.toMatch(/[\r\n]/);
    }
  });
});

/** So many conditions, each on another attribute of a sequence. */
function attributes(count: number): string {
  return Array.from({ length: count }, (_, at) => `0040${String(at + 0x1000).padStart(4, '0')}=1`).join('&');
}
