import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { type DownloadAnswer, downloadRoutes } from '../../../functions/download-study/routes.ts';
import { packParts } from '../../../functions/pack-study/pack-parts.ts';
import { ArchiveParts } from '../../../shared/contract/messages.ts';
import { answerKey } from '../../../shared/contract/names.ts';
import { metadataLines } from '../../../shared/dicomweb/metadata-lines.ts';
import { ARCHIVE_PART_BYTES } from '../../../shared/media/archive-parts.ts';
import type { MediaReader } from '../../../shared/media/media-bytes.ts';
import { openStudyMedia } from '../../../shared/media/open-study-media.ts';
import { answerer, type HttpAnswer } from '../../../shared/runtime/http-handler.ts';
import { SESSION_COOKIE } from '../../../shared/runtime/link-session.ts';
import { makeInstance } from '../../helpers/instance.ts';
import { memoryStore } from '../../helpers/memory-store.ts';
import { readZip } from '../../helpers/read-zip.ts';
import { recorder } from '../../helpers/recorder.ts';
import { storeStudy } from '../../helpers/stored-study.ts';

const STUDY = '2.25.1';
const PRIOR = '2.25.2';
const OTHER = '2.25.3';
const LATER = '2999-01-01T00:00:00.000Z';
const instances = (study: string, sizes: readonly number[]) =>
  sizes.map((rows, index) =>
    makeInstance({
      study,
      series: `${study}.1`,
      instance: `${study}.1.${index}`,
      number: index + 1,
      rows,
      columns: 1000,
      pixels: Buffer.alloc(rows * 2000, index + Number(study.at(-1))),
    }),
  );

async function downloading(sizes: readonly number[], streamedBytes = 1e9, { refusesAudit = false } = {}) {
  const library = memoryStore('library');
  await storeStudy(library, STUDY, instances(STUDY, sizes));
  for (const study of [PRIOR, OTHER]) await storeStudy(library, study, instances(study, [1]));
  const audits: string[] = [];
  const sent: ArchiveParts[] = [];
  let revokedAt: string | undefined;
  let now = new Date('2026-01-01T00:00:00Z');
  const reader: MediaReader = {
    read: async (key, range) => (await library.read({ key }, range)).bytes,
    stream: (key, range) => library.stream({ key }, range),
  };
  const media = (study: string) => openStudyMedia(study, reader, metadataLines);
  const resume = library.resumeInParts;
  const grant = { link: 'l', study: STUDY, studies: [STUDY, PRIOR], patient: 'P', identified: false };
  const routes = downloadRoutes({
    sessions: {
      session: async () => ({ ...grant, expiresAt: LATER }),
      link: async () => ({ expiresAt: LATER, revokedAt }),
      now: () => now,
    },
    library: reader,
    media,
    preparation: {
      exists: async (key) => library.objects.has(key),
      find: async (key) => (library.objects.has(key) ? library.read({ key }) : undefined),
      put: library.put,
      begin: library.writeInParts,
      resume,
      send: async (messages) => void sent.push(...messages.map((message) => ArchiveParts.parse(message))),
      now: () => now,
    },
    sign: async (key) => `https://library/${key}?signed`,
    audit: async ({ kind, link, study }) => {
      if (kind !== 'download') return;
      if (refusesAudit) throw new Error('not kept');
      audits.push(`${link} ${study}`);
    },
    streamedBytes,
  });
  const answer = answerer(routes, recorder().ports.log);
  return {
    library,
    audits,
    sent,
    revoke: () => {
      revokedAt = now.toISOString();
    },
    wait: (minutes: number) => {
      now = new Date(now.getTime() + minutes * 60_000);
    },
    pack: (message: ArchiveParts) => packParts(message, { library: reader, media, resume }),
    ask: ({ query = '', method = 'GET', cookie = 'c', ...headers }: Record<string, string> = {}) =>
      answer(
        {
          rawPath: '/download/study.zip',
          rawQueryString: query,
          headers,
          cookies: cookie === '' ? [] : [`${SESSION_COOKIE}=${cookie}`],
          requestContext: { http: { method } },
        },
        { awsRequestId: 'run' },
      ),
  };
}
type Answered = DownloadAnswer | HttpAnswer;
const header = ({ headers = {} }: Answered, name: string) => (headers as Record<string, string>)[name];
const bodyOf = ({ body }: Answered) => buffer(body as AsyncIterable<Uint8Array>);

describe('the download of a study', () => {
  it('is an archive of exactly the length that is said ahead, under a name and a type that say nothing of the study', async () => {
    const { ask, audits } = await downloading([1, 3000, 2]);
    const answer = await ask();
    const bytes = await bodyOf(answer);
    expect(answer).toMatchObject({
      status: 200,
      headers: {
        'content-type': 'application/zip',
        'content-disposition': 'attachment; filename="study.zip"',
        'content-length': String(bytes.length),
        'accept-ranges': 'bytes',
      },
    });
    expect((await readZip(bytes)).map(({ name }) => name)).toEqual([
      'DICOMDIR',
      'INDEX.HTM',
      'README.TXT',
      'DICOM/SE000001/IM000001',
      'DICOM/SE000001/IM000002',
      'DICOM/SE000001/IM000003',
    ]);
    expect(audits).toEqual([`l ${STUDY}`]);
  });

  it('says its length to who asks for the head alone, who has downloaded nothing', async () => {
    const { ask, audits } = await downloading([1]);
    const head = await ask({ method: 'HEAD' });
    expect(head.body).toBeUndefined();
    expect(header(head, 'content-length')).toBe(String((await bodyOf(await ask())).length));
    expect(audits).toHaveLength(1);
  });

  it('goes on where it was broken off, while it is the same archive', async () => {
    const { ask } = await downloading([1, 3000, 2]);
    const first = await ask();
    const whole = await bodyOf(first);
    const etag = header(first, 'etag') ?? '';
    const rest = await ask({ range: 'bytes=5000000-', 'if-range': etag });
    expect(rest.status).toBe(206);
    expect(header(rest, 'content-range')).toBe(`bytes 5000000-${whole.length - 1}/${whole.length}`);
    expect((await bodyOf(rest)).equals(whole.subarray(5_000_000))).toBe(true);
    expect((await ask({ range: 'bytes=5000000-', 'if-range': '"other"' })).status).toBe(200);
    expect((await ask({ range: `bytes=${whole.length}-` })).status).toBe(416);
    expect((await bodyOf(await ask({ range: 'bytes=-22' }))).equals(whole.subarray(-22))).toBe(true);
  });

  it('reads small instances ahead and few at a time', async () => {
    const { ask, library } = await downloading(Array<number>(40).fill(1));
    const { read } = library;
    let reading = 0;
    let most = 0;
    library.read = async (at, range) => {
      most = Math.max(most, ++reading);
      await new Promise((resolve) => setTimeout(resolve, 1));
      reading--;
      return read(at, range);
    };
    await bodyOf(await ask());
    expect(most).toBeGreaterThan(4);
    expect(most).toBeLessThanOrEqual(12);
  });

  it('is of a prior where the link grants it, and of no other study', async () => {
    const { ask, audits } = await downloading([1]);
    const own = await bodyOf(await ask());
    const prior = await ask({ query: `study=${PRIOR}` });
    expect(prior.status).toBe(200);
    expect((await bodyOf(prior)).equals(own)).toBe(false);
    for (const query of [`study=${OTHER}`, `study=${STUDY}&study=${OTHER}`, 'study=..%2F'])
      expect(await ask({ query })).toMatchObject({ status: 404, body: { error: 'not-found' } });
    expect(audits).toEqual([`l ${STUDY}`, `l ${PRIOR}`]);
  });

  it('breaks off soon after its link is revoked', async () => {
    const { ask, revoke, wait } = await downloading([1, 1, 1]);
    const { body } = await ask();
    const pieces = (body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
    await pieces.next();
    revoke();
    expect((await pieces.next()).done).toBe(false);
    wait(1);
    await expect(pieces.next()).rejects.toThrow('the link is closed');
  });

  it('is not begun where it cannot be kept', async () => {
    const { ask } = await downloading([1], 1e9, { refusesAudit: true });
    expect((await ask()).status).toBe(500);
  });

  it('is not given without a session, and not kept as one', async () => {
    const { ask, audits, library } = await downloading([1]);
    library.requests.length = 0;
    expect(await ask({ cookie: '' })).toMatchObject({ status: 401 });
    expect([audits, library.requests]).toEqual([[], []]);
  });
});

describe('the download of a study that is too long to be streamed', () => {
  const LARGE = [6000, 6000];

  it('is prepared once, told how far it is, and then fetched by an address of minutes', async () => {
    const { ask, sent, pack, library, audits } = await downloading(LARGE, 1_000_000);
    const parts = Math.ceil((2 * 6000 * 2000) / ARCHIVE_PART_BYTES);
    expect(await ask()).toMatchObject({
      status: 202,
      headers: { 'retry-after': '2', 'filmroom-prepared': `0/${parts}` },
    });
    const [message] = sent;
    expect(message).toMatchObject({ study: STUDY, firstPart: 1, parts });
    // One call makes the second half, another one all of it.
    await pack({ ...message!, firstPart: 2, parts: parts - 1 });
    expect(header(await ask(), 'filmroom-prepared')).toBe(`${parts - 1}/${parts}`);
    await pack(message!);
    expect(audits).toEqual([]);
    const key = answerKey(message!.revision);
    expect(await ask()).toMatchObject({
      status: 307,
      headers: { location: `https://library/${key}?signed` },
    });
    expect([sent.length, audits]).toEqual([1, [`l ${STUDY}`]]);
    const files = await readZip(Buffer.from(library.objects.get(key)!.bytes));
    expect(files).toHaveLength(3 + LARGE.length);
  });

  it('can still be had by short ranges', async () => {
    const { ask, sent } = await downloading(LARGE, 1_000_000);
    const range = await ask({ range: 'bytes=0-999999' });
    expect([range.status, (await bodyOf(range)).length, sent]).toEqual([206, 1_000_000, []]);
  });

  it('shows a page that asks again to a browser that came without the page', async () => {
    const { ask } = await downloading(LARGE, 1_000_000);
    const answer = await ask({ accept: 'text/html,*/*' });
    expect(answer).toMatchObject({
      status: 202,
      headers: { refresh: '2', 'content-type': 'text/html; charset=utf-8' },
    });
    expect(answer.body).toContain('<progress');
  });

  it('is written only once by packers that are delivered twice, and not at all where the study has changed', async () => {
    const { ask, sent, pack, library } = await downloading(LARGE, 1_000_000);
    await ask();
    const [message] = sent;
    await pack(message!);
    library.requests.length = 0;
    await pack(message!);
    expect(library.requests).toEqual([]);

    await storeStudy(library, STUDY, instances(STUDY, [6000, 6000, 1]));
    await ask();
    expect(sent).toHaveLength(2);
    expect(sent[1]!.revision).not.toBe(message!.revision);
    const other = { ...sent[1]!, revision: message!.revision, writing: sent[1]!.writing };
    await pack(other);
    expect(library.objects.has(answerKey(sent[1]!.revision))).toBe(false);
  });

  it('is begun anew where it has not come to an end', async () => {
    const { ask, sent, wait, pack } = await downloading(LARGE, 1_000_000);
    await ask();
    wait(19);
    await ask();
    expect(sent).toHaveLength(1);
    wait(2);
    await ask();
    expect(sent).toHaveLength(2);
    await pack(sent[1]!);
    expect((await ask()).status).toBe(307);
  });
});
