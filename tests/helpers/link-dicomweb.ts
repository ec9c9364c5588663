/** Two studies in a library, a link to one of them, and who holds it: asks `link-dicomweb` as the gateway does. */
import { gzipSync } from 'node:zlib';
import { crossOrigin } from '../../functions/link-dicomweb/cross-origin.ts';
import { linkDicomwebRoutes } from '../../functions/link-dicomweb/routes.ts';
import { mintSegment } from '../../functions/links/mint-segment.ts';
import { instanceKey, studyMetadataKey, studySummaryKey } from '../../shared/contract/names.ts';
import { answerer } from '../../shared/runtime/http-handler.ts';
import { SESSION_COOKIE } from '../../shared/runtime/link-session.ts';
import { hashToken } from '../../shared/runtime/secrets.ts';
import type { StreamedAnswer } from '../../shared/runtime/streaming-handler.ts';
import { makeInstance } from './instance.ts';
import { lambdaContext } from './lambda.ts';
import { memoryIndex } from './memory-index.ts';
import { memoryLinks } from './memory-links.ts';
import { memoryStore } from './memory-store.ts';
import { recorder } from './recorder.ts';

/** The link's own study, and another of the same patient that it does not grant. */
export const [OWN, OTHER, NOWHERE] = ['2.25.1', '2.25.2', '2.25.3'];
export const COOKIE = 'a-session';
export const now = new Date('2026-03-01T12:00:00.000Z');
export const SIDE = 64;
export const pixels = new Uint8Array(SIDE * SIDE * 2).map((_, at) => (at % 2 ? 0 : at % 251));

/** A visitor whose session grants the studies, and what each request of theirs read. */
export async function visitor(studies: readonly string[] = [OWN]) {
  const library = memoryStore('library');
  const index = memoryIndex();
  for (const study of [OWN, OTHER]) {
    const uids = { study, series: `${study}1`, instance: `${study}11` };
    await library.put(instanceKey(uids), makeInstance({ ...uids, rows: SIDE, columns: SIDE, pixels }));
    const header = {
      '00080018': { vr: 'UI', Value: [uids.instance] },
      '0020000D': { vr: 'UI', Value: [study] },
      '0020000E': { vr: 'UI', Value: [uids.series] },
      '00281201': {
        vr: 'OW',
        BulkDataURI: `series/${uids.series}/instances/${uids.instance}/bulkdata/00281201`,
      },
    };
    await library.put(studyMetadataKey(study), gzipSync(`[${JSON.stringify(header)}]`));
    const instances = [{ sopInstanceUid: uids.instance, bytes: 1 }];
    const summary = { completedAt: '2026', series: [{ seriesInstanceUid: uids.series, instances }] };
    await library.put(studySummaryKey(study), gzipSync(JSON.stringify(summary)));
    await index.markChanged(study, 't', 'P');
    await index.complete(study, 't', {
      completedAt: '2026',
      patientId: 'P',
      series: 1,
      instances: 1,
      bytes: 1,
      attributes: JSON.stringify({
        '00080020': { vr: 'DA', Value: ['20200115'] },
        '00080061': { vr: 'CS', Value: ['MR'] },
        '00100020': { vr: 'LO', Value: ['P'] },
        '0020000D': { vr: 'UI', Value: [study] },
      }),
    });
  }
  const links = memoryLinks();
  const made = { createdAt: '2026-01-01', tokenHash: '', passcode: undefined, note: undefined };
  const grant = { link: 'l', study: OWN, studies, patient: 'P', identified: false };
  await links.create({
    ...made,
    link: 'l',
    study: OWN,
    patient: 'P',
    priors: false,
    identified: false,
    expiresAt: '2026-03-01T12:30:00.000Z',
  });
  await links.openSession(hashToken(COOKIE), { ...grant, expiresAt: '2026-03-01T12:15:00.000Z' });
  const clock = { now };
  const asked: string[] = [];
  const events: string[] = [];
  const routes = linkDicomwebRoutes({
    index: {
      studies: (studies) => {
        asked.push(`rows ${studies.join()}`);
        return index.studies(studies);
      },
    },
    library,
    sessions: { ...links, now: () => clock.now },
    audit: async ({ kind, study, reason }) => void events.push([kind, study, reason].join(' ').trim()),
  });
  const { ports, lines } = recorder();
  const answer = crossOrigin<typeof lambdaContext>(answerer<StreamedAnswer>(routes, ports.log));
  const call = async (
    path: string,
    headers: Record<string, string> = {},
    method = 'GET',
    cookie = COOKIE,
  ) => {
    const [rawPath = '', rawQueryString = ''] = path.split('?');
    library.requests.length = 0;
    asked.length = 0;
    events.length = 0;
    const cookies = cookie === '' ? [] : [`${SESSION_COOKIE}=${cookie}`];
    const event = { rawPath, rawQueryString, headers, cookies, requestContext: { http: { method } } };
    const { body, ...head } = await answer(event, lambdaContext);
    const pieces: Uint8Array[] = [];
    if (typeof body === 'object' && Symbol.asyncIterator in body)
      for await (const piece of body) pieces.push(piece);
    else if (body instanceof Uint8Array) pieces.push(body);
    else if (body !== undefined)
      pieces.push(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));
    return {
      ...head,
      headers: head.headers ?? {},
      bytes: Buffer.concat(pieces),
      work: [...library.requests, ...asked],
    };
  };
  const get = (path: string, headers: Record<string, string> = {}) => call(`/api/dicomweb${path}`, headers);
  const mint = async () => (await mintSegment(grant, { links, now: () => clock.now })).root;
  return { call, get, mint, links, clock, lines, events };
}

/** The one instance of a study. */
export const place = (study: string) => `/studies/${study}/series/${study}1/instances/${study}11`;
export const rowsOf = ({ bytes }: { bytes: Buffer }) => JSON.parse(bytes.toString());
