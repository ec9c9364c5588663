import { describe, expect, it } from 'vitest';
import { summarizeUpload } from '../../../functions/uploads/summarize-upload.ts';
import { isUploadPath } from '../../../functions/uploads/upload-path.ts';
import type { ItemEnd, LedgerItem } from '../../../shared/aws/ledger.ts';
import { OpenedUpload, UploadUrls } from '../../../shared/contract/api.ts';
import { OPAQUE_ID, UNREGISTERED_UPLOAD } from '../../../shared/contract/names.ts';
import { ItemPage, UploadSummary } from '../../../shared/contract/report.ts';
import { newOpaqueId } from '../../../shared/runtime/opaque-id.ts';
import { CHECKED, uploadsApi } from '../../helpers/uploads-api.ts';

const objectsOf = (paths: readonly string[]) => ({ objects: paths.map((path) => ({ path, ...CHECKED })) });

function uploads() {
  const { ledger, index, call, lines } = uploadsApi();
  const instance = { study: '2.25.1', series: '2.25.2', instance: '2.25.3' };
  const item = async (upload: string, path: string, end?: ItemEnd, parent?: string) => {
    const ref = { upload, item: newOpaqueId() };
    await ledger.arrive([{ item: ref, path, size: 1, receivedAt: '', ...(parent ? { parent } : {}) }]);
    if (end) await ledger.end([{ item: ref, run: 'r', end }]);
    return ref.item;
  };
  return { ledger, index, call, lines, item, instance };
}

describe('uploads', () => {
  it('are opened under an id that nobody can guess', async () => {
    const { call } = uploads();
    const opened = await call('POST', '/uploads');
    expect(opened.status).toBe(201);
    expect(OpenedUpload.parse(opened.json).upload).toMatch(OPAQUE_ID);
  });

  it('sign a URL for each path, in order, with what the request must bear', async () => {
    const { call } = uploads();
    const { upload } = (await call('POST', '/uploads')).json;
    const paths = ['a.dcm', 'a folder/b+c.dcm', 'Müller/患者'];
    const { status, json } = await call('POST', `/uploads/${upload}/objects`, { body: objectsOf(paths) });
    expect(status).toBe(200);
    const { urls } = UploadUrls.parse(json);
    expect(urls.map(({ path }) => path)).toEqual(paths);
    expect(urls[0]).toEqual({
      path: 'a.dcm',
      url: `https://vault/uploads/${upload}/a.dcm?signed`,
      headers: { 'if-none-match': '*', 'x-amz-checksum-crc64nvme': CHECKED.crc64nvme },
    });
  });

  it.each([['../x'], ['/etc/passwd'], ['a//b'], ['a/./b'], ['a/'], ['a\u0000b'], ['a\nb']])(
    'refuse the path %j',
    async (path) => {
      const { call } = uploads();
      const { upload } = (await call('POST', '/uploads')).json;
      const { status, json } = await call('POST', `/uploads/${upload}/objects`, {
        body: objectsOf(['good', path]),
      });
      expect([status, json]).toEqual([400, { error: 'invalid-path' }]);
    },
  );

  it('refuse a path that is too long in bytes, half a character, and more paths than 500', async () => {
    expect(isUploadPath('ü'.repeat(480))).toBe(true);
    expect(isUploadPath('ü'.repeat(500))).toBe(false);
    expect(isUploadPath('\ud800')).toBe(false);
    const { call } = uploads();
    const { upload } = (await call('POST', '/uploads')).json;
    const paths = Array.from({ length: 501 }, (_, index) => `${index}`);
    expect((await call('POST', `/uploads/${upload}/objects`, { body: objectsOf(paths) })).status).toBe(400);
  });

  it.each<[string, string, object | undefined]>([
    ['POST', 'objects', objectsOf(['a'])],
    ['POST', 'standing', { paths: ['a'] }],
    ['POST', 'parts/begin', { path: 'a' }],
    ['POST', 'manifest', CHECKED],
    ['POST', 'close', { expected: 1 }],
    ['GET', '', undefined],
    ['GET', 'items', undefined],
  ])('answer %s %s of an upload that was never opened with 404', async (method, rest, body) => {
    const { call } = uploads();
    for (const upload of [newOpaqueId(), 'x', '..'])
      expect((await call(method, `/uploads/${upload}/${rest}`, body ? { body } : {})).status).toBe(404);
  });

  it('can be read where something was put into the vault under none', async () => {
    const { call, item } = uploads();
    await item(UNREGISTERED_UPLOAD, 'stray.dcm', { state: 'ignored', reason: 'not-dicom', where: 'x' });
    expect((await call('GET', '/uploads/unregistered')).json).toMatchObject({
      states: { ignored: 1 },
      closedAt: null,
    });
  });

  it('list items with their ends, and archives apart', async () => {
    const { call, item, instance } = uploads();
    const { upload } = (await call('POST', '/uploads')).json;
    const archive = await item(upload, 'a.zip', { state: 'unpacked', entries: 2 });
    await item(upload, 'a.zip/1', { state: 'indexed', instance }, archive);
    await item(upload, 'a.zip/2', { state: 'quarantined', reason: 'truncated', where: 'at 0x10' }, archive);
    const { json } = await call('GET', `/uploads/${upload}/items`);
    const common = { modality: null, size: 1, receivedAt: '', endedAt: expect.any(String) };
    expect(ItemPage.parse(json)).toEqual({
      items: [
        {
          path: 'a.zip/1',
          state: 'indexed',
          reason: null,
          where: null,
          studyInstanceUid: '2.25.1',
          sopInstanceUid: '2.25.3',
          ...common,
        },
        {
          path: 'a.zip/2',
          state: 'quarantined',
          reason: 'truncated',
          where: 'at 0x10',
          studyInstanceUid: null,
          sopInstanceUid: null,
          ...common,
        },
      ],
      archives: [{ path: 'a.zip', entries: 2 }],
      next: null,
    });
  });

  it('refuse a page that begins nowhere', async () => {
    const { call } = uploads();
    const { upload } = (await call('POST', '/uploads')).json;
    expect((await call('GET', `/uploads/${upload}/items?next=9.x`)).json).toEqual({
      error: 'invalid-cursor',
    });
  });

  it('never log a path', async () => {
    const { call, lines } = uploads();
    const { upload } = (await call('POST', '/uploads')).json;
    await call('POST', `/uploads/${upload}/objects`, { body: objectsOf(['Doe^Jane.dcm']) });
    expect(JSON.stringify(lines)).not.toMatch(/Doe|01234/);
    expect(JSON.stringify(lines)).not.toContain(upload);
  });
});

describe('the summary of an upload', () => {
  it('adds up, settles when nothing can change any more, and says so', async () => {
    const { call, item, index, instance } = uploads();
    const { upload } = (await call('POST', '/uploads')).json;
    const archive = await item(upload, 'a.zip', { state: 'unpacked', entries: 3 });
    await item(upload, 'a.zip/1', { state: 'indexed', instance }, archive);
    await item(upload, 'a.zip/2', { state: 'duplicate', reason: 'same-bytes', instance }, archive);
    await item(upload, 'notes.txt', { state: 'ignored', reason: 'not-dicom', where: '' });
    const summary = async () => UploadSummary.parse((await call('GET', `/uploads/${upload}`)).json);
    // One entry of the archive has not arrived, and how many files were sent is not known yet.
    expect(await summary()).toMatchObject({ total: 4, pending: 1, expected: null, settled: false });

    await call('POST', `/uploads/${upload}/close`, { body: { expected: 3 } });
    expect(await summary()).toMatchObject({ total: 5, pending: 2, expected: 3, settled: false });

    await item(upload, 'a.zip/3', { state: 'quarantined', reason: 'truncated', where: '' }, archive);
    await item(upload, 'last.dcm', { state: 'ignored', reason: 'not-dicom', where: '' });
    expect(await summary()).toMatchObject({ total: 5, pending: 0, settled: false });

    const rollUp = { completedAt: '', patientId: 'P1', series: 1, instances: 1, bytes: 1, attributes: '{}' };
    await index.markChanged('2.25.1', 't', 'P1');
    await index.complete('2.25.1', 't', rollUp);
    expect(await summary()).toMatchObject({
      states: { indexed: 1, duplicate: 1, ignored: 2, quarantined: 1 },
      studies: [{ patientId: 'P1', series: 1, instances: 1, ready: true }],
      settled: true,
    });
  });

  const end = (state: LedgerItem['state'], rest: Partial<LedgerItem> = {}): LedgerItem => ({
    item: newOpaqueId(),
    partition: '',
    path: 'p',
    size: 1,
    parent: undefined,
    receivedAt: undefined,
    key: undefined,
    versionId: undefined,
    series: undefined,
    modality: undefined,
    endedAt: undefined,
    state,
    reason: undefined,
    where: undefined,
    entries: 0,
    study: undefined,
    instance: undefined,
    ...rest,
  });
  const closed = (expected: number) => ({ createdAt: 'c', closedAt: 'd', expected, token: undefined });
  const study = {
    study: '1',
    changeToken: 't',
    patientId: 'P',
    ready: true,
    rollUp: { completedAt: '', patientId: 'P', series: 2, instances: 9, bytes: 1, attributes: '{}' },
  };
  const sum = (row: Parameters<typeof summarizeUpload>[1], items: LedgerItem[], studies = [study]) =>
    summarizeUpload('u', row, {
      visit: async (_upload, onItem) => items.forEach(onItem),
      studies: async () => studies,
    });

  it.each<[string, Parameters<typeof summarizeUpload>[1], LedgerItem[], boolean]>([
    ['everything has ended', closed(1), [end('indexed', { study: '1' })], true],
    ['nothing was sent', closed(0), [], true],
    ['it is open', { ...closed(0), closedAt: undefined, expected: undefined }, [end('indexed')], false],
    ['an item is on its way', closed(1), [end('pending')], false],
    ['a file has not arrived', closed(2), [end('indexed')], false],
    ['an entry has not arrived', closed(1), [end('unpacked', { entries: 1 })], false],
    ['more arrived than was said', closed(1), [end('indexed'), end('indexed')], true],
  ])('says, when %s, whether it is settled', async (_, row, items, settled) => {
    expect((await sum(row, items)).settled).toBe(settled);
  });

  it('is not settled while a study of it is not ready or not known', async () => {
    const items = [end('indexed', { study: '1' })];
    expect((await sum(closed(1), items, [{ ...study, ready: false }])).settled).toBe(false);
    expect(await sum(closed(1), items, [])).toMatchObject({
      settled: false,
      studies: [{ studyInstanceUid: '1', instances: 0, ready: false }],
    });
  });

  it('is settled whatever was refused of a study that it brought nothing of', async () => {
    const items = [end('quarantined', { reason: 'truncated', study: '9' })];
    expect(await sum(closed(1), items, [])).toMatchObject({ studies: [], settled: true });
  });

  it('counts by modality and by study, and both sum to the instances', async () => {
    const items = [
      end('indexed', { study: '1', modality: 'CT' }),
      end('indexed', { study: '1' }),
      end('duplicate', { study: '1', modality: 'CT', reason: 'same-bytes' }),
      end('quarantined', { study: '1', reason: 'truncated' }),
    ];
    expect(await sum(closed(4), items)).toMatchObject({
      modalities: { CT: 2, '': 1 },
      studies: [{ items: { indexed: 2, duplicate: 1, quarantined: 1 } }],
    });
  });

  it('counts reasons, and names each study once', async () => {
    const items = [
      end('indexed', { study: '1' }),
      end('duplicate', { study: '1', reason: 'same-bytes' }),
      end('quarantined', { reason: 'truncated' }),
      end('quarantined', { reason: 'truncated' }),
    ];
    expect(await sum(closed(4), items)).toMatchObject({
      states: { indexed: 1, duplicate: 1, ignored: 0, quarantined: 2 },
      reasons: { 'same-bytes': 1, truncated: 2 },
      studies: [{ studyInstanceUid: '1', patientId: 'P', series: 2, instances: 9, ready: true }],
    });
  });
});
