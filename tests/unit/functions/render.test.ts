import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { renderRoutes } from '../../../functions/render/routes.ts';
import { askedView, roundWindow } from '../../../functions/render/view.ts';
import { instanceKey, METADATA, RENDERED_PREFIX, renderedKey } from '../../../shared/contract/names.ts';
import { encodeNumbers, encodeText, type NewElement } from '../../../shared/dicom/index.ts';
import { hashToken } from '../../../shared/runtime/secrets.ts';
import { caller } from '../../helpers/http.ts';
import { makeInstance } from '../../helpers/instance.ts';
import { memoryLinks } from '../../helpers/memory-links.ts';
import { memoryStore } from '../../helpers/memory-store.ts';

const STUDY = '2.25.1';
const IMAGE = { study: STUDY, series: '2.25.2', instance: '2.25.3' };
const CINE = { ...IMAGE, instance: '2.25.4' };
const PRIOR = { ...IMAGE, study: '2.25.98' };
const ELSEWHERE = { study: '2.25.99', series: '2.25.2', instance: '2.25.5' };
const PATH = '/api/pictures/2.25.2/2.25.3';

const decimal = (tag: number, value: number): NewElement => ({
  tag,
  vr: 'DS',
  value: encodeText(String(value), 'DS'),
});
const cells = (count: number, of: (at: number) => number) =>
  encodeNumbers(
    Array.from({ length: count }, (_, at) => of(at)),
    'US',
  );
/** 64 x 64, from 0 on the left to 1,008 on the right. */
const ramp = (center = 500, ...more: NewElement[]) =>
  makeInstance({
    rows: 64,
    columns: 64,
    pixels: cells(64 * 64, (at) => (at % 64) * 16),
    with: [decimal(0x00281050, center), decimal(0x00281051, 1000), ...more],
  });

async function opened() {
  const links = memoryLinks();
  const library = memoryStore('library');
  await library.put(instanceKey(IMAGE), ramp());
  await library.put(instanceKey(PRIOR), ramp());
  await library.put(instanceKey(ELSEWHERE), ramp());
  const frames = cells(3 * 64 * 64, (at) => Math.floor(at / (64 * 64)) * 400 + 100);
  await library.put(
    instanceKey(CINE),
    makeInstance({
      rows: 64,
      columns: 64,
      frames: 3,
      pixels: frames,
      with: [decimal(0x00281050, 500), decimal(0x00281051, 1000)],
    }),
  );
  await links.create({
    link: 'l',
    study: STUDY,
    patient: 'P1',
    priors: true,
    identified: false,
    tokenHash: 'h',
    createdAt: '2026-01-01T00:00:00Z',
    expiresAt: '2026-02-01T00:00:00Z',
    passcode: undefined,
    note: undefined,
  });
  await links.openSession(hashToken('session'), {
    link: 'l',
    study: STUDY,
    studies: [STUDY, PRIOR.study],
    patient: 'P1',
    identified: false,
    expiresAt: '2026-01-01T00:15:00.000Z',
  });
  library.requests.length = 0;
  const now = () => new Date('2026-01-01T00:01:00Z');
  const kinds: string[] = [];
  const audit = async ({ kind }: { kind: string }) => void kinds.push(kind);
  const { call, lines } = caller(renderRoutes({ sessions: { ...links, now }, audit, library }));
  const get = (path: string, headers: Record<string, string> = {}) =>
    call('GET', path, { cookies: ['__Host-filmroom=session'], headers });
  return { call, get, library, links, lines, kinds };
}

/** The grey of a pixel. */
async function greyAt(bytes: Uint8Array, x: number): Promise<number> {
  const { data, info } = await sharp(bytes).greyscale().raw().toBuffer({ resolveWithObject: true });
  return data[(32 * info.width + x) * info.channels] ?? -1;
}

describe('a picture of the study of a link', () => {
  it('is a frame as the object asks for it, and says by which window', async () => {
    const { get } = await opened();
    const answer = await get(PATH);
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'image/webp']);
    expect(answer.headers['filmroom-window']).toBe('500,1000,rising');
    expect(answer.headers['cache-control']).toBe('private, max-age=900');
    expect(await greyAt(answer.bytes, 32)).toBeCloseTo(131, -1);
  });

  it('is one of a prior where that is granted, and of nothing else', async () => {
    const { get } = await opened();
    expect((await get(`${PATH}?study=${PRIOR.study}`)).status).toBe(200);
    const outside = await get(`${PATH.replace(IMAGE.instance, ELSEWHERE.instance)}?study=${ELSEWHERE.study}`);
    const nowhere = await get(`${PATH}?study=2.25.404`);
    expect([outside.status, outside.bytes]).toEqual([nowhere.status, nowhere.bytes]);
    expect(outside.status).toBe(404);
  });

  it.each([
    ['png', 'image/png', 'image.png'],
    ['jpeg', 'image/jpeg', 'image.jpg'],
  ])(
    'is a file to be saved as %s, under a name that says nothing, and the audit knows',
    async (format, type, name) => {
      const { get, library, kinds } = await opened();
      const answer = await get(`${PATH}?download=${format}&window=100,200&size=2048`);
      expect([answer.status, answer.headers['content-type']]).toEqual([200, type]);
      expect(answer.headers['content-disposition']).toBe(`attachment; filename="${name}"`);
      expect(answer.headers['cache-control']).toBe('private, no-store');
      expect((await sharp(answer.bytes).metadata()).format).toBe(format);
      expect(await greyAt(answer.bytes, 32)).toBeGreaterThan(250);
      expect(kinds).toEqual(['view', 'download']);
      expect([...library.objects.keys()].some((key) => key.startsWith(RENDERED_PREFIX))).toBe(false);
      expect((await get(`${PATH}?download=exe`)).status).toBe(400);
    },
  );

  it('is shown by another window, inverted, by another frame', async () => {
    const { get } = await opened();
    const bright = await get(`${PATH}?window=100,200`);
    expect(bright.headers['filmroom-window']).toBe('100,200,rising');
    expect(await greyAt(bright.bytes, 32)).toBe(255);
    expect(await greyAt((await get(`${PATH}?window=100,200&inverted=1`)).bytes, 32)).toBe(0);
    const [first, last] = await Promise.all(
      [1, 3].map((frame) => get(`/api/pictures/2.25.2/2.25.4?frame=${frame}`)),
    );
    expect(await greyAt(first!.bytes, 32)).toBeLessThan(40);
    expect(await greyAt(last!.bytes, 32)).toBeGreaterThan(220);
  });

  it('says where high values are dark', async () => {
    const { get, library } = await opened();
    await library.put(
      instanceKey(IMAGE),
      ramp(500, { tag: 0x00280004, vr: 'CS', value: encodeText('MONOCHROME1', 'CS') }),
    );
    expect((await get(PATH)).headers['filmroom-window']).toBe('500,1000,falling');
  });

  it('is WebP, but JPEG for who names that alone', async () => {
    const { get } = await opened();
    expect((await get(PATH, { accept: '*/*' })).headers['content-type']).toBe('image/webp');
    const jpeg = await get(PATH, { accept: 'image/png,image/jpeg' });
    expect(jpeg.headers['content-type']).toBe('image/jpeg');
    expect((await sharp(jpeg.bytes).metadata()).format).toBe('jpeg');
  });

  it('is kept as it is shown first, and read from there: one GET, one HEAD, no PUT', async () => {
    const { get, library } = await opened();
    const made = await get(`${PATH}?size=512`);
    const key = renderedKey(IMAGE, { size: 512 });
    expect(key).toBe(`${RENDERED_PREFIX}2.25.1/2.25.2/2.25.3-512.webp`);
    expect(library.objects.get(key)?.options.metadata?.[METADATA.window]).toBe('500,1000,rising');
    library.requests.length = 0;
    const again = await get(`${PATH}?size=512`);
    expect(library.requests.sort()).toEqual([`head ${instanceKey(IMAGE)}`, `read ${key}`]);
    expect(again.bytes.equals(made.bytes)).toBe(true);
    expect(again.headers).toEqual(made.headers);
  });

  it.each([['window=40,400'], ['inverted=1']])('is kept nowhere with %s', async (query) => {
    const { get, library } = await opened();
    expect((await get(`${PATH}?${query}`)).status).toBe(200);
    expect(library.requests.filter((request) => request.startsWith('put'))).toEqual([]);
  });

  it('is not shown from the store when the instance was written anew, or is gone', async () => {
    const { get, library } = await opened();
    const before = await get(PATH);
    await library.put(instanceKey(IMAGE), ramp(100));
    const after = await get(PATH);
    expect(after.bytes.equals(before.bytes)).toBe(false);
    expect(after.headers.etag).not.toBe(before.headers.etag);
    expect((await get(PATH)).bytes.equals(after.bytes)).toBe(true);
    (library.objects as Map<string, unknown>).delete(instanceKey(IMAGE));
    expect((await get(PATH)).status).toBe(404);
  });

  it('is not sent again to who has it', async () => {
    const { get } = await opened();
    const etag = (await get(`${PATH}?window=40,400`)).headers.etag!;
    const again = await get(`${PATH}?window=40,400`, { 'if-none-match': etag });
    expect([again.status, again.bytes.length]).toEqual([304, 0]);
    expect((await get(`${PATH}?window=41,400`, { 'if-none-match': etag })).status).toBe(200);
  });

  it.each([
    ['another study', '/api/pictures/2.25.2/2.25.5', 404],
    ['an instance that is nowhere', '/api/pictures/2.25.2/2.25.6', 404],
    ['a frame behind the last', '/api/pictures/2.25.2/2.25.4?frame=4', 404],
    ['frame 0', `${PATH}?frame=0`, 404],
    ['a frame that is no number', `${PATH}?frame=1e1`, 404],
    ['a size of its own', `${PATH}?size=1000`, 400],
    ['a window without width', `${PATH}?window=40`, 400],
    ['a window of no width', `${PATH}?window=40,0`, 400],
    ['a window beyond all values', `${PATH}?window=40,99999999999`, 400],
    ['a window that is no number', `${PATH}?window=NaN,Infinity`, 400],
    ['what is no UID', '/api/pictures/2.25.2/..%2F2.25.5', 400],
  ])('is refused for %s', async (_case, path, status) => {
    const { get, lines } = await opened();
    const answer = await get(path);
    expect(answer.status).toBe(status);
    expect(answer.bytes.toString()).toMatch(/^\{"error":"[a-z-]+"\}$/);
    expect(JSON.stringify(lines)).not.toContain('2.25.');
  });

  it('is refused without a session, and at once when the link is revoked', async () => {
    const { call, get, links, library } = await opened();
    expect((await call('GET', PATH)).status).toBe(401);
    await get(PATH);
    await links.revoke('l', '2026-01-01T00:00:30Z');
    library.requests.length = 0;
    expect((await get(PATH)).status).toBe(401);
    expect(library.requests).toEqual([]);
  });
});

describe('a window', () => {
  it.each([
    [
      { center: 40, width: 400 },
      { center: 40, width: 400 },
    ],
    [
      { center: 40.4, width: 400.6 },
      { center: 40, width: 401 },
    ],
    [
      { center: 0.12345, width: 0.5 },
      { center: 0.123, width: 0.5 },
    ],
    [
      { center: -600.004, width: 15.55 },
      { center: -600, width: 15.6 },
    ],
  ])('%j is rounded to %j', (window, rounded) => {
    expect(roundWindow(window)).toEqual(rounded);
  });

  it('is whole from a width of 100 on', () => {
    expect(askedView(new URLSearchParams('window=40.5,150.2')).window).toEqual({ center: 41, width: 150 });
  });
});
