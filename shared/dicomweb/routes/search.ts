/**
 * QIDO-RS (PS3.18 10.6): studies from the index, series and instances from the stored metadata of their studies. What is named
 * by UID or patient is found by key; all else is looked through in the order of Study Date, as far as the limits say, and a
 * search that is too broad for them is refused rather than answered in part.
 */

import { isMissingObject } from '../../aws/errors.ts';
import type { IndexTable, StudyRow } from '../../aws/index-table.ts';
import { studyMetadataKey } from '../../contract/names.ts';
import { type DicomJson, isValidUid } from '../../dicom/index.ts';
import { HttpRefusal, type HttpRequest, type Route } from '../../runtime/http-handler.ts';
import { type DicomwebAnswer, rootOf } from '../answer.ts';
import type { Level } from '../keys.ts';
import { acceptedBy, type Library, uidOf } from '../library.ts';
import { includesType } from '../media-types.ts';
import { metadataLines } from '../metadata-lines.ts';
import { parseSearch, type Search } from '../search.ts';

export interface SearchPorts {
  readonly index: Pick<IndexTable, 'completeStudies' | 'studies' | 'studiesOfPatient'>;
  readonly library: Library;
}

export const BREADTH_LIMITS = {
  /** Studies that are looked at for one answer; default 20,000: some 40 MB of rows, within the seconds of a request. */
  maximumStudies: 20_000,
  /** Studies whose metadata is read for one answer; default 200. */
  maximumRead: 200,
} as const;

export const JSON_TYPE = 'application/dicom+json';

/** The routes below `root`. */
export function searchRoutes(root: string, ports: SearchPorts): Route<DicomwebAnswer>[] {
  const get = (path: string, level: Level): Route<DicomwebAnswer> => ({
    method: 'GET',
    path,
    answer: (request) => answerSearch(request, level, root, ports),
  });
  return [
    get('/studies', 'study'),
    get('/series', 'series'),
    get('/instances', 'instance'),
    get('/studies/{study}/series', 'series'),
    get('/studies/{study}/instances', 'instance'),
    get('/studies/{study}/series/{series}/instances', 'instance'),
  ];
}

async function answerSearch(
  request: HttpRequest,
  level: Level,
  root: string,
  ports: SearchPorts,
): Promise<DicomwebAnswer> {
  acceptsJson(request);
  const given = {
    ...(request.parameters.study === undefined ? {} : { StudyInstanceUID: uidOf(request, 'study') }),
    ...(request.parameters.series === undefined ? {} : { SeriesInstanceUID: uidOf(request, 'series') }),
  };
  const search = parseSearch(level, request.query, given);
  const called = rootOf(request, root);
  const rows: DicomJson[] = [];
  let skipped = 0;
  let isMore = false;
  for await (const row of level === 'study'
    ? studyRows(search, ports, called)
    : lowerRows(search, ports, called, request.parameters.study === undefined)) {
    if (skipped < search.offset) skipped++;
    else if (rows.length < search.limit) rows.push(row);
    else {
      isMore = true;
      break;
    }
  }
  const warnings = [
    ...(isMore ? ['299 dicomweb "There are additional results that can be requested"'] : []),
    ...(search.isFuzzy
      ? [
          '299 dicomweb "The fuzzymatching parameter is not supported. Only literal matching has been performed."',
        ]
      : []),
  ];
  return {
    status: 200,
    headers: {
      'content-type': JSON_TYPE,
      ...(warnings.length > 0 ? { warning: warnings.join(', ') } : {}),
    },
    body: JSON.stringify(rows),
  };
}

/** Refuses who takes neither DICOM JSON nor JSON. */
export function acceptsJson(request: HttpRequest): void {
  const isTaken = acceptedBy(request).some(
    ({ multipart, type }) =>
      !multipart && (includesType(type, JSON_TYPE) || includesType(type, 'application/json')),
  );
  if (!isTaken) throw new HttpRefusal(406, 'not-acceptable');
}

async function* studyRows(search: Search, ports: SearchPorts, root: string) {
  for await (const attributes of matchingStudies(search, ports, root))
    yield search.select(attributes, ['study']);
}

/** Studies that meet the conditions on studies, each with what is known of it. */
async function* matchingStudies(
  search: Search,
  { index }: SearchPorts,
  root: string,
): AsyncGenerator<DicomJson> {
  let looked = 0;
  for await (const { study, rollUp } of candidates(search, index)) {
    if (++looked > BREADTH_LIMITS.maximumStudies) throw new HttpRefusal(413, 'search-too-broad');
    if (rollUp === undefined) continue;
    const attributes: DicomJson = {
      ...(JSON.parse(rollUp.attributes) as DicomJson),
      '00080056': { vr: 'CS', Value: ['ONLINE'] },
      '00081190': { vr: 'UR', Value: [`${root}/studies/${study}`] },
    };
    if (search.matches('study', attributes)) yield attributes;
  }
}

async function* candidates(search: Search, index: SearchPorts['index']): AsyncIterable<StudyRow> {
  const uids = search.wanted('0020000D')?.split(/[\\,]/);
  const patient = search.wanted('00100020')?.trim();
  if (uids) {
    const wanted = new Set(uids.map((uid) => uid.trim()).filter(isValidUid));
    yield* (await index.studies([...wanted])).sort(byPlace);
  } else if (patient !== undefined && !/[*?]/.test(patient)) {
    yield* (await index.studiesOfPatient(patient)).sort(byPlace);
  } else {
    const [, from, dash, to] = /^(\d{8})?(-)?(\d{8})?$/.exec(search.wanted('00080020') ?? '') ?? [];
    const last = dash === undefined ? from : to;
    yield* index.completeStudies({ ...(from ? { from } : {}), ...(last ? { to: last } : {}) });
  }
}

/** The last Study Date first, then the last UID: the order of the index. */
export function byPlace(a: StudyRow, b: StudyRow): number {
  const placeOf = ({ study, rollUp }: StudyRow) => {
    const { '00080020': date } = JSON.parse(rollUp?.attributes ?? '{}') as DicomJson;
    return `${date?.Value?.[0] ?? ''}#${study}`;
  };
  return placeOf(a) < placeOf(b) ? 1 : -1;
}

async function* lowerRows(search: Search, ports: SearchPorts, root: string, withStudies: boolean) {
  const levels: Level[] = [...(withStudies ? (['study'] as const) : []), 'series'];
  let read = 0;
  for await (const study of matchingStudies(search, ports, root)) {
    if (++read > BREADTH_LIMITS.maximumRead) throw new HttpRefusal(413, 'search-too-broad');
    const uid = String(study['0020000D']?.Value?.[0] ?? '');
    const headers = headersOf(uid, ports.library);
    if (search.level === 'series')
      yield* seriesRows(search, headers, study, levels, `${root}/studies/${uid}`);
    else
      for await (const header of headers) {
        const ofSeries = { ...study, ...header };
        if (!search.matches('series', ofSeries) || !search.matches('instance', ofSeries)) continue;
        const place = `${header['0020000E']?.Value?.[0]}/instances/${header['00080018']?.Value?.[0]}`;
        const row = { ...ofSeries, ...placed(`${root}/studies/${uid}/series/${place}`) };
        yield search.select(row, withStudies ? [...levels, 'instance'] : ['instance']);
      }
  }
}

/** Instances come series by series: a series has ended when another one begins. */
async function* seriesRows(
  search: Search,
  headers: AsyncIterable<DicomJson>,
  study: DicomJson,
  levels: readonly Level[],
  root: string,
) {
  let first: DicomJson | undefined;
  let count = 0;
  const ended = function* () {
    if (first === undefined) return;
    const row: DicomJson = {
      ...study,
      ...first,
      '00201209': { vr: 'IS', Value: [count] },
      ...placed(`${root}/series/${first['0020000E']?.Value?.[0]}`),
    };
    if (search.matches('series', row)) yield search.select(row, levels);
  };
  for await (const header of headers) {
    if (header['0020000E']?.Value?.[0] !== first?.['0020000E']?.Value?.[0]) {
      yield* ended();
      first = header;
      count = 0;
    }
    count++;
  }
  yield* ended();
}

function placed(url: string): DicomJson {
  return { '00080056': { vr: 'CS', Value: ['ONLINE'] }, '00081190': { vr: 'UR', Value: [url] } };
}

/** The header of each instance of the study; none where its metadata is not there. */
async function* headersOf(study: string, library: Library): AsyncGenerator<DicomJson> {
  let stream: AsyncIterable<Uint8Array>;
  try {
    stream = await library.stream({ key: studyMetadataKey(study) });
  } catch (error) {
    if (isMissingObject(error)) return;
    throw error;
  }
  for await (const line of metadataLines(stream)) yield JSON.parse(line) as DicomJson;
}
