/**
 * Serves the built link page with studies made of files at hand: what the page asks for is answered by the same code as in the pipeline,
 * without queues, tables and sessions between. For what is drawn; that links hold and pipelines run is tested elsewhere.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { factsOf } from '../../functions/complete-study/instance-facts.ts';
import { summarizeStudy } from '../../functions/complete-study/summarize-study.ts';
import type { StudySummary } from '../../shared/contract/study-summary.ts';
import {
  type DicomJson,
  type Part10,
  readPart10,
  toDicomJson,
  valueBytes,
} from '../../shared/dicom/index.ts';
import { ranged } from '../../shared/dicomweb/answer.ts';
import { elementAt } from '../../shared/dicomweb/bulk-data.ts';
import { decodedFrame } from '../../shared/dicomweb/native-frames.ts';
import { storedVideo, VIDEO_SLICE } from '../../shared/dicomweb/video.ts';
import { hasContentTree, reportLines } from '../../shared/pixels/documents/structured-report.ts';
import { firstFrame } from '../../shared/pixels/first-frame.ts';
import { readImagePixel } from '../../shared/pixels/image-pixel.ts';
import { renderPreview } from '../../shared/pixels/preview.ts';
import { buildWeb } from '../../web/build.ts';

/** As CloudFront sends it. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; frame-src blob:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

interface Served {
  readonly bytes: Uint8Array;
  readonly part10: Part10;
  readonly header: DicomJson;
  readonly preview: Uint8Array;
}

export interface StudyServer {
  readonly url: string;
  readonly studies: readonly StudySummary[];
  /** The queries of what the page said it was about to print. */
  readonly printed: readonly string[];
  /** The ranges that films were asked for. */
  readonly filmRanges: readonly string[];
  /** Frames answer with this instead, once. */
  failNext(status: number): void;
  close(): void;
}

export interface ServedGrant {
  /** Bytes of a film that are sent at once. */
  readonly filmSlice?: number;
  readonly identified?: { readonly name: string; readonly birthDate: string };
}

/** A server of the studies that the files belong to; the first one is the link's own. */
export async function serveStudies(
  files: readonly Uint8Array[],
  grant: ServedGrant = {},
): Promise<StudyServer> {
  const web = mkdtempSync(join(tmpdir(), 'filmroom-web-'));
  buildWeb(web);
  const served = new Map<string, Served>();
  const byStudy = new Map<string, { header: DicomJson; facts: ReturnType<typeof factsOf>[] }>();
  for (const bytes of files) {
    const part10 = readPart10(bytes);
    const header = toDicomJson(part10.dataSet, { bulkDataUri: (path) => `bulkdata/${path}` });
    const { preview, facts } = await previewOf(bytes, part10);
    const [study = '', series = '', instance = ''] = ['0020000D', '0020000E', '00080018'].map((tag) =>
      String(header[tag]?.Value?.[0]),
    );
    served.set(`${series}/${instance}`, { bytes, part10, header, preview });
    const found = byStudy.get(study) ?? { header, facts: [] };
    found.facts.push(
      factsOf({ uids: { study, series, instance }, bytes: bytes.length, preview: facts } as never, header),
    );
    byStudy.set(study, found);
  }
  const studies = [...byStudy].map(([study, { header, facts }]) =>
    summarizeStudy(study, header, facts, '2026-01-01T00:00:00Z'),
  );
  const [own] = studies;
  if (own === undefined) throw new Error('no study to serve');
  let failure: number | undefined;
  const printed: string[] = [];
  const filmRanges: string[] = [];

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    try {
      await answer(url, request, response);
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });

  async function answer(url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const json = (body: unknown, type = 'application/json') =>
      response.writeHead(200, { 'content-type': type }).end(JSON.stringify(body));
    const send = (bytes: Uint8Array, type: string) =>
      response.writeHead(200, { 'content-type': type, 'cache-control': 'private, no-cache' }).end(bytes);
    const none = () => response.writeHead(404).end();
    const [, api, kind, ...rest] = url.pathname.split('/');
    if (api !== 'api') return file(url.pathname, response);
    const asked = studies.find(
      (one) => one.studyInstanceUid === (url.searchParams.get('study') ?? own?.studyInstanceUid),
    );
    const expires = new Date(Date.now() + 3_600_000).toISOString();
    if (kind === 'open') return void json({ study: '', linkExpiresAt: expires, sessionExpiresAt: expires });
    if (kind === 'study') return void (asked === undefined ? none() : json(asked));
    if (kind === 'grant')
      return void json({
        study: own?.studyInstanceUid,
        studies: studies.map(({ studyInstanceUid, studyDate, studyDescription, modalities }) => ({
          studyInstanceUid,
          studyDate,
          studyDescription,
          modalities,
        })),
        identified: grant.identified !== undefined,
        patient: grant.identified,
        linkExpiresAt: expires,
        sessionExpiresAt: expires,
      });
    if (kind === 'printed') {
      printed.push(url.search);
      return void response.writeHead(204).end();
    }
    const found = served.get(`${rest[0]}/${rest[1]}`);
    if (kind === 'previews' && found)
      return void send(
        url.searchParams.has('still') ? firstFrame(found.preview) : found.preview,
        'image/webp',
      );
    if (kind === 'pictures' && found) {
      const frame = url.searchParams.get('frame');
      const picture = await renderPreview(sourceOf(found), {
        size: Number(url.searchParams.get('size')),
        ...(frame === null ? {} : { frame: Number(frame) - 1 }),
      });
      return void send(picture.bytes, 'image/webp');
    }
    if (kind === 'reports' && found)
      return void (hasContentTree(found.part10.dataSet)
        ? json({ lines: reportLines(found.part10.dataSet) })
        : none());
    if (kind === 'dicomweb') return dicomweb(rest, { json, send, none, request, response });
    none();
  }

  async function dicomweb(
    [, , , series, word, instance, resource, ...further]: readonly string[],
    to: {
      json: (body: unknown, type?: string) => unknown;
      send: (bytes: Uint8Array, type: string) => unknown;
      none: () => unknown;
      request: IncomingMessage;
      response: ServerResponse;
    },
  ): Promise<void> {
    if (word === 'metadata') {
      const headers = [...served]
        .filter(([key]) => key.startsWith(`${series}/`))
        .map(([, { header }]) => header);
      to.json(headers, 'application/dicom+json');
      return;
    }
    const found = served.get(`${series}/${instance}`);
    if (found === undefined) return void to.none();
    if (resource === 'frames') {
      if (failure !== undefined) {
        to.response.writeHead(failure).end();
        failure = undefined;
        return;
      }
      const image = readImagePixel(found.part10.dataSet);
      const frame = await decodedFrame(sourceOf(found), image, Number(further[0]) - 1);
      return void to.send(frame, 'application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1');
    }
    if (resource === 'bulkdata' && further[0] === '7FE00010') return film(found, to.request, to.response);
    const element = elementAt(found.part10.dataSet, further);
    if (resource === 'bulkdata' && element)
      return void to.send(valueBytes(element), 'application/octet-stream');
    to.none();
  }

  async function film({ part10, bytes }: Served, request: IncomingMessage, response: ServerResponse) {
    const video = await storedVideo({
      ...sourceOf({ part10, bytes }),
      stream: async function* (start, length) {
        yield bytes.subarray(start, start + length);
      },
    });
    if (video === undefined) return void response.writeHead(404).end();
    const header = (name: string) => request.headers[name] as string | undefined;
    const told = ranged(
      { header },
      '"film"',
      video,
      { 'content-type': video.mediaType },
      grant.filmSlice ?? VIDEO_SLICE,
    );
    const { status, headers, length, body } = told;
    if (status === 206) filmRanges.push(header('range') ?? '');
    response.writeHead(status, { ...headers, 'content-length': length ?? 0 });
    if (request.method !== 'HEAD' && typeof body === 'object' && Symbol.asyncIterator in body)
      for await (const piece of body) response.write(piece);
    response.end();
  }

  function file(path: string, response: ServerResponse): void {
    const name = path === '/' ? '/index.html' : path;
    const type = TYPES[extname(name)];
    if (type === undefined || name.includes('..')) return void response.writeHead(404).end();
    try {
      const bytes = readFileSync(join(web, name));
      response.writeHead(200, { 'content-type': type, 'content-security-policy': POLICY }).end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/#${'a'.repeat(69)}`,
    studies,
    printed,
    filmRanges,
    failNext: (status) => {
      failure = status;
    },
    close() {
      server.close();
      server.closeAllConnections();
      rmSync(web, { recursive: true, force: true });
    },
  };
}

const sourceOf = ({ part10, bytes }: Pick<Served, 'part10' | 'bytes'>) => ({
  part10,
  read: async (start: number, length: number) => bytes.subarray(start, start + length),
});

async function previewOf(bytes: Uint8Array, part10: Part10) {
  const { bytes: preview, width, height, placeholder } = await renderPreview(sourceOf({ part10, bytes }));
  return { preview, facts: { width, height, ...(placeholder === undefined ? {} : { placeholder }) } };
}
