import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { archiveEntries } from '../../../functions/download-study/archive-entries.ts';
import { type DownloadPorts, downloadStudy } from '../../../functions/download-study/download-study.ts';
import { readDirectory } from '../../../shared/archive/zip/central-directory.ts';
import { expand } from '../../../shared/archive/zip/expand.ts';
import { dataStart } from '../../../shared/archive/zip/local-header.ts';
import { instanceKey, studySummaryKey } from '../../../shared/contract/names.ts';
import type { InstanceSummary, StudySummary } from '../../../shared/contract/study-summary.ts';
import { memoryStore } from '../../helpers/memory-store.ts';
import { rangedSource } from '../../helpers/ranged.ts';

const STUDY = '2.25.1';
const PRIOR = '2.25.77';

function summaryOf(series: readonly (readonly number[])[]): StudySummary {
  const instance = (uid: string, bytes: number): InstanceSummary => ({
    sopInstanceUid: uid,
    sopClassUid: '',
    instanceNumber: null,
    rows: null,
    columns: null,
    frames: 1,
    bytes,
    crc32: null,
    preview: { width: 1, height: 1 },
  });
  return {
    studyInstanceUid: STUDY,
    patientId: 'P',
    patientSex: null,
    studyDate: null,
    studyDescription: null,
    modalities: [],
    series: series.map((sizes, index) => ({
      seriesInstanceUid: `2.25.1.${index}`,
      modality: null,
      seriesNumber: null,
      seriesDescription: null,
      instances: sizes.map((size, at) => instance(`2.25.1.${index}.${at}`, size)),
    })),
    instances: 0,
    bytes: 0,
    completedAt: '',
  };
}

async function downloading(sizes: readonly (readonly number[])[], stored = sizes) {
  const library = memoryStore('library');
  await library.put(studySummaryKey(STUDY), gzipSync(JSON.stringify(summaryOf(sizes))));
  for (const { key, size } of archiveEntries(summaryOf(stored)))
    await library.put(key, Buffer.alloc(size, key.at(-5)));
  const audits: string[] = [];
  const later = '2999-01-01T00:00:00.000Z';
  const ports: DownloadPorts = {
    sessions: {
      session: async () => ({
        link: 'l',
        study: STUDY,
        studies: [STUDY, PRIOR],
        patient: 'P1',
        identified: false,
        expiresAt: later,
      }),
      link: async () => ({ expiresAt: later, revokedAt: undefined }),
      now: () => new Date(),
    },
    library: { read: (key) => library.read({ key }), stream: (key) => library.stream({ key }) },
    audit: async ({ kind, study, reason = '' }) => void audits.push(`${kind} ${study} ${reason}`.trim()),
  };
  return {
    library,
    audits,
    ports,
    download: (cookie: string | undefined = 'c', over: Partial<DownloadPorts> = {}, query = '') =>
      downloadStudy(
        { cookie, query: new URLSearchParams(query), run: 'run', address: undefined },
        { ...ports, ...over },
      ),
  };
}

describe('the download of a study', () => {
  it('is an archive of its instances, of exactly the length that is said ahead', async () => {
    const { download, audits } = await downloading([[100, 5_000_000, 0], [7]]);
    const answer = await download();
    if (answer.status !== 200) return expect.unreachable();
    const bytes = await buffer(answer.body);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/zip',
      'content-length': String(bytes.length),
      'cache-control': 'private, no-store',
    });
    const source = rangedSource(bytes);
    const entries = await readDirectory(source);
    expect(entries.map(({ name, size }) => [name, size])).toEqual([
      ['SE000001/IM000001.dcm', 100],
      ['SE000001/IM000002.dcm', 5_000_000],
      ['SE000001/IM000003.dcm', 0],
      ['SE000002/IM000001.dcm', 7],
    ]);
    for (const entry of entries) {
      const start = dataStart(entry, await source.read(entry.offset, entry.limit - entry.offset));
      expect(expand(entry, await source.read(start, entry.compressedSize))).toHaveLength(entry.size);
    }
    expect(audits).toEqual([`download ${STUDY}`]);
  });

  it('reads small instances ahead and few at a time', async () => {
    const { download, library } = await downloading([Array<number>(40).fill(1_000)]);
    let reading = 0;
    let most = 0;
    const answer = await download('c', {
      library: {
        read: async (key) => {
          most = Math.max(most, ++reading);
          await new Promise((resolve) => setTimeout(resolve, 1));
          reading--;
          return library.read({ key });
        },
        stream: (key) => library.stream({ key }),
      },
    });
    if (answer.status !== 200) return expect.unreachable();
    await buffer(answer.body);
    expect(most).toBeGreaterThan(2);
    expect(most).toBeLessThanOrEqual(8);
  });

  it('breaks off when an instance is gone or has another length', async () => {
    const { download, library, ports } = await downloading([[10, 10]]);
    const gone = instanceKey({ study: STUDY, series: '2.25.1.0', instance: '2.25.1.0.1' });
    const missing = await download('c', {
      library: {
        ...ports.library,
        read: (key) => (key === gone ? Promise.reject(new Error('NoSuchKey')) : library.read({ key })),
      },
    });
    if (missing.status !== 200) return expect.unreachable();
    await expect(buffer(missing.body)).rejects.toThrow('NoSuchKey');
    const longer = await (await downloading([[10]], [[11]])).download();
    if (longer.status !== 200) return expect.unreachable();
    await expect(buffer(longer.body)).rejects.toThrow();
  });

  it('is of a prior where it is asked for, and of nothing outside of the grant', async () => {
    const { download, audits, library } = await downloading([[1]]);
    await library.put(studySummaryKey(PRIOR), gzipSync(JSON.stringify({ ...summaryOf([[]]), series: [] })));
    expect((await download('c', {}, `study=${PRIOR}`)).status).toBe(200);
    library.requests.length = 0;
    for (const query of ['study=2.25.9', `study=${STUDY}&study=2.25.9`, 'study='])
      expect(await download('c', {}, query)).toMatchObject({ status: 404, body: '{"error":"not-found"}' });
    expect(library.requests).toEqual([]);
    expect(audits).toEqual([`download ${PRIOR}`, ...Array(3).fill(`deny ${STUDY} outside-grant`)]);
  });

  it('breaks off soon after its link is revoked', async () => {
    const { download, ports } = await downloading([Array<number>(20).fill(1_000)]);
    let time = Date.parse('2026-01-01T00:00:00Z');
    let opened = 0;
    const answer = await download('c', {
      sessions: {
        ...ports.sessions,
        // It is revoked while the fifth entry is opened; each takes two seconds.
        link: async () => ({ expiresAt: '2999', revokedAt: opened > 5 ? '2026' : undefined }),
        now: () => new Date(time),
      },
      library: {
        ...ports.library,
        read: async (key) => {
          if (key.endsWith('.dcm')) {
            opened += 1;
            time += 2_000;
          }
          return ports.library.read(key);
        },
      },
    });
    if (answer.status !== 200) return expect.unreachable();
    await expect(buffer(answer.body)).rejects.toThrow('the link is closed');
    expect(opened).toBeLessThan(20);
  });

  it('is not begun where it cannot be kept', async () => {
    const { download } = await downloading([[1]]);
    const audit = () => Promise.reject(new Error('down'));
    await expect(download('c', { audit })).rejects.toThrow('down');
  });

  it('is not given without a session, and not kept as one', async () => {
    const { download, audits, library } = await downloading([[1]]);
    library.requests.length = 0;
    expect(
      await download(undefined, {
        sessions: { session: async () => undefined, link: async () => undefined, now: () => new Date() },
      }),
    ).toMatchObject({ status: 401 });
    expect([audits, library.requests]).toEqual([[], []]);
  });
});
