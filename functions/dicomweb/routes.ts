/**
 * QIDO-RS for studies, series and instances, WADO-RS for metadata and whole instances. Answers are made of what completion
 * wrote; what is too large for an answer of Lambda is handed out by a signed URL.
 */
import { gunzipSync } from 'node:zlib';
import { isMissingObject } from '../../shared/aws/errors.ts';
import type { IndexTable } from '../../shared/aws/index-table.ts';
import { instanceKey, studyMetadataKey } from '../../shared/contract/names.ts';
import { type DicomJson, isValidUid } from '../../shared/dicom/index.ts';
import {
  type HttpAnswer,
  HttpRefusal,
  type HttpRequest,
  type Route,
} from '../../shared/runtime/http-handler.ts';
import { instanceRows, seriesRows } from './levels.ts';
import { parseQuery, type Query } from './matching.ts';

export interface DicomwebPorts {
  completeStudies: IndexTable['completeStudies'];
  read(key: string): Promise<{ readonly bytes: Uint8Array }>;
  /** A URL that lives for minutes. */
  signGet(
    key: string,
    answer: { readonly contentType: string; readonly contentEncoding?: string },
  ): Promise<string>;
}

const JSON_TYPE = 'application/dicom+json';
/** Lambda answers with 6 MB at most; JSON is sent as text. */
const MAXIMUM_ANSWER = 5_500_000;

/** The routes over the ports. */
export function dicomwebRoutes(ports: DicomwebPorts): Route[] {
  const get = (path: string, answer: Route['answer']): Route => ({
    method: 'GET',
    path: `/dicomweb${path}`,
    answer,
  });
  const metadataOf = async (request: HttpRequest): Promise<DicomJson[]> =>
    parseMetadata((await readOrRefuse(ports, studyMetadataKey(uid(request, 'study')))).bytes);
  const ofSeries = async (request: HttpRequest): Promise<DicomJson[]> => {
    const series = uid(request, 'series');
    const within = (await metadataOf(request)).filter((one) => one['0020000E']?.Value?.[0] === series);
    if (within.length === 0) throw new HttpRefusal(404, 'not-found');
    return within;
  };
  const ofInstance = async (request: HttpRequest): Promise<DicomJson[]> => {
    const instance = uid(request, 'instance');
    const within = (await ofSeries(request)).filter((one) => one['00080018']?.Value?.[0] === instance);
    if (within.length === 0) throw new HttpRefusal(404, 'not-found');
    return within;
  };

  return [
    get('/studies', async (request) => json(await matchingStudies(ports, parseQuery(request.query)))),
    get('/studies/{study}/series', async (request) =>
      json(matching(seriesRows(await metadataOf(request)), parseQuery(request.query))),
    ),
    get('/studies/{study}/instances', async (request) =>
      json(matching(instanceRows(await metadataOf(request)), parseQuery(request.query))),
    ),
    get('/studies/{study}/series/{series}/instances', async (request) =>
      json(matching(instanceRows(await ofSeries(request)), parseQuery(request.query))),
    ),
    get('/studies/{study}/metadata', async (request) => {
      const key = studyMetadataKey(uid(request, 'study'));
      const text = gunzipSync((await readOrRefuse(ports, key)).bytes);
      if (text.length <= MAXIMUM_ANSWER)
        return { status: 200, headers: { 'content-type': JSON_TYPE }, body: text.toString('utf8') };
      return redirect(await ports.signGet(key, { contentType: JSON_TYPE, contentEncoding: 'gzip' }));
    }),
    get('/studies/{study}/series/{series}/metadata', async (request) => json(await ofSeries(request))),
    get('/studies/{study}/series/{series}/instances/{instance}/metadata', async (request) =>
      json(await ofInstance(request)),
    ),
    get('/studies/{study}/series/{series}/instances/{instance}', async (request) => {
      await ofInstance(request);
      const uids = {
        study: uid(request, 'study'),
        series: uid(request, 'series'),
        instance: uid(request, 'instance'),
      };
      return redirect(await ports.signGet(instanceKey(uids), { contentType: 'application/dicom' }));
    }),
  ];
}

async function matchingStudies(ports: DicomwebPorts, query: Query): Promise<DicomJson[]> {
  const found: DicomJson[] = [];
  let skipped = 0;
  for await (const { rollUp } of ports.completeStudies()) {
    const attributes = JSON.parse(rollUp?.attributes ?? '{}') as DicomJson;
    if (!query.matches(attributes)) continue;
    if (skipped < query.offset) skipped++;
    else found.push(attributes);
    if (found.length >= query.limit) break;
  }
  return found;
}

function matching(rows: readonly DicomJson[], query: Query): DicomJson[] {
  return rows.filter((row) => query.matches(row)).slice(query.offset, query.offset + query.limit);
}

function json(rows: readonly DicomJson[]): HttpAnswer {
  const body = JSON.stringify(rows);
  if (body.length > MAXIMUM_ANSWER) throw new HttpRefusal(413, 'answer-too-large');
  return { status: 200, headers: { 'content-type': JSON_TYPE }, body };
}

function redirect(url: string): HttpAnswer {
  return { status: 307, headers: { location: url } };
}

function parseMetadata(bytes: Uint8Array): DicomJson[] {
  return JSON.parse(gunzipSync(bytes).toString('utf8')) as DicomJson[];
}

function uid({ parameters }: HttpRequest, name: string): string {
  const value = parameters[name] ?? '';
  if (!isValidUid(value)) throw new HttpRefusal(400, 'invalid-uid');
  return value;
}

async function readOrRefuse(ports: DicomwebPorts, key: string): Promise<{ readonly bytes: Uint8Array }> {
  try {
    return await ports.read(key);
  } catch (error) {
    if (isMissingObject(error)) throw new HttpRefusal(404, 'not-found');
    throw error;
  }
}
