/**
 * The one route of `download-study`: a study that the visitor's session grants, as a medium in one archive. What is short enough
 * is streamed while it is made, any range of it; a longer one is prepared, and then fetched by an address that lives for
 * minutes. Who asks while it is prepared is told how far it is, and when to ask again.
 */
import { type MediaReader, mediaBytes } from '../../shared/media/media-bytes.ts';
import type { StudyMedia } from '../../shared/media/study-media.ts';
import { parseRange } from '../../shared/runtime/byte-range.ts';
import type { HttpRequest, Route } from '../../shared/runtime/http-handler.ts';
import {
  checkSession,
  openUntil,
  SESSION_COOKIE,
  type SessionPorts,
} from '../../shared/runtime/link-session.ts';
import { factsOf, studyIn, type VisitPorts } from '../../shared/runtime/visit.ts';
import { type Preparation, type PreparePorts, prepareArchive } from './prepare-archive.ts';
import { waitingPage } from './waiting-page.ts';

export interface DownloadPorts extends VisitPorts {
  readonly library: MediaReader;
  readonly preparation: PreparePorts;
  media(study: string): Promise<StudyMedia>;
  /** An address of a prepared archive. */
  sign(key: string): Promise<string>;
  /** Longer answers are prepared. */
  readonly streamedBytes: number;
}

export interface DownloadAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | AsyncIterable<Uint8Array>;
}

/** The same for every study: a name could be an identifier. */
export const DOWNLOAD_HEADERS = {
  'content-type': 'application/zip',
  'content-disposition': 'attachment; filename="study.zip"',
} as const;
const ASK_AGAIN_SECONDS = 2;
/** How long a stream goes on after its link was revoked, and what is being read of it. */
const LINK_ASKED_AGAIN_MILLISECONDS = 5_000;

/** The route over the ports. */
export function downloadRoutes(ports: DownloadPorts): Route<DownloadAnswer>[] {
  return [
    {
      method: 'GET',
      path: '/download/study.zip',
      answer: async (request) => {
        const asking = await checkSession(request.cookie(SESSION_COOKIE), ports.sessions);
        const { session, study } = await studyIn(asking, request, ports);
        const media = await ports.media(study);
        const isHead = request.method === 'HEAD';
        const audit = async () => {
          if (!isHead) await ports.audit({ ...factsOf(session, request), kind: 'download', study });
        };

        const { length } = media.archive;
        const eTag = `"${media.revision.slice(0, 32)}"`;
        const range = askedRange(request, eTag, length);
        if (range === 'unsatisfiable')
          return { status: 416, headers: { 'content-range': `bytes */${length}` } };
        if (range.length > ports.streamedBytes) {
          const preparation = await prepareArchive(study, media, ports.preparation);
          if (!preparation.ready) return waiting(request, preparation);
          await audit();
          return { status: 307, headers: { location: await ports.sign(preparation.key) } };
        }
        await audit();
        const { start } = range;
        const isPart = range.length < length;
        return {
          status: isPart ? 206 : 200,
          headers: {
            ...DOWNLOAD_HEADERS,
            'accept-ranges': 'bytes',
            etag: eTag,
            'content-length': String(range.length),
            ...(isPart ? { 'content-range': `bytes ${start}-${start + range.length - 1}/${length}` } : {}),
          },
          ...(isHead
            ? {}
            : {
                body: whileOpen(
                  session.link,
                  ports.sessions,
                  mediaBytes(media, start, start + range.length, ports.library),
                ),
              }),
        };
      },
    },
  ];
}

/** The bytes while the link is open; a stream that breaks off is how the visitor learns that it is not. */
async function* whileOpen(
  link: string,
  sessions: SessionPorts,
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let asked = sessions.now().getTime();
  for await (const piece of bytes) {
    if (sessions.now().getTime() - asked >= LINK_ASKED_AGAIN_MILLISECONDS) {
      if ((await openUntil(link, sessions)) === undefined) throw new Error('the link is closed');
      asked = sessions.now().getTime();
    }
    yield piece;
  }
}

/** A range counts only of the archive that its asker has the rest of. */
function askedRange(request: Pick<HttpRequest, 'header'>, eTag: string, length: number) {
  const condition = request.header('if-range');
  const header = condition === undefined || condition === eTag ? request.header('range') : undefined;
  const range = header === undefined ? undefined : parseRange(header, length);
  return range ?? { start: 0, length };
}

/** For a program its state, for a browser that came without one a page that asks again by itself. */
function waiting(
  request: Pick<HttpRequest, 'header'>,
  { done, parts }: Extract<Preparation, { ready: false }>,
): DownloadAnswer {
  const isPage = (request.header('accept') ?? '').includes('text/html');
  return {
    status: 202,
    headers: {
      'retry-after': String(ASK_AGAIN_SECONDS),
      'filmroom-prepared': `${done}/${parts}`,
      'content-type': isPage ? 'text/html; charset=utf-8' : 'application/json',
      ...(isPage ? { refresh: String(ASK_AGAIN_SECONDS) } : {}),
    },
    body: isPage ? waitingPage(done, parts) : JSON.stringify({ state: 'preparing', done, parts }),
  };
}
