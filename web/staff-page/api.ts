/** What the page asks of the API: DICOMweb and links, below the root of staff. The token stands in a header alone. */
import type {
  CreatedLink,
  LinkEntry as LinkEntrySchema,
  LinkEvents,
  WantedLink,
} from '../../shared/contract/api.ts';
import { accessToken, renew } from './sign-in.ts';

const ROOT = '/staff/api';

export type LinkEntry = (typeof LinkEntrySchema)['_output'];

/** The API refused; `error` is a word of its lists. */
export class Refused extends Error {
  readonly status: number;
  readonly error: string;

  constructor(status: number, error: string) {
    super(`${status} ${error}`);
    this.status = status;
    this.error = error;
  }
}

export interface Criteria {
  readonly patient: string;
  readonly from: string;
  readonly to: string;
  readonly modality: string;
  readonly description: string;
}

export interface Study {
  readonly uid: string;
  readonly patient: string;
  readonly date: string;
  readonly description: string;
  readonly modalities: readonly string[];
  readonly series: number;
  readonly instances: number;
}

export interface Series {
  readonly uid: string;
  readonly description: string;
  readonly modality: string;
  readonly instances: number;
}

/** Studies a page of results shows. */
export const PAGE = 24;

/** The studies that meet the criteria, and whether there are more. */
export async function findStudies(
  wanted: Criteria,
  offset: number,
): Promise<{ studies: Study[]; isMore: boolean }> {
  const query = new URLSearchParams({
    limit: String(PAGE),
    offset: String(offset),
    includefield: '00081030',
  });
  const day = (date: string) => date.replaceAll('-', '');
  if (wanted.patient !== '') query.set('PatientID', wanted.patient);
  if (wanted.from !== '' || wanted.to !== '') query.set('StudyDate', `${day(wanted.from)}-${day(wanted.to)}`);
  if (wanted.modality !== '') query.set('ModalitiesInStudy', wanted.modality);
  // What a person types is a part of it; the asterisk is DICOM's.
  if (wanted.description !== '')
    query.set('StudyDescription', `*${wanted.description.replace(/[*?]/g, '')}*`);
  const answer = await search(`/dicomweb/studies?${query}`);
  return { studies: answer.rows.map(studyOf), isMore: answer.isMore };
}

export async function findStudy(uid: string): Promise<Study | undefined> {
  const { rows } = await search(`/dicomweb/studies?StudyInstanceUID=${encodeURIComponent(uid)}`);
  return rows[0] && studyOf(rows[0]);
}

export async function findSeries(study: string): Promise<Series[]> {
  const { rows } = await search(`/dicomweb/studies/${encodeURIComponent(study)}/series`);
  return rows.map((row) => ({
    uid: text(row, '0020000E'),
    description: text(row, '0008103E'),
    modality: text(row, '00080060'),
    instances: Number(text(row, '00201209')),
  }));
}

/** The picture that stands for the study, or for a series of it, as an object URL; undefined where there is none. */
export async function thumbnail(study: string, series?: string): Promise<string | undefined> {
  const path = series === undefined ? '' : `/series/${encodeURIComponent(series)}`;
  const answer = await ask(`/dicomweb/studies/${encodeURIComponent(study)}${path}/thumbnail`, {
    headers: { accept: 'image/webp' },
  }).catch(() => undefined);
  return answer && URL.createObjectURL(await answer.blob());
}

export async function createLink(wanted: WantedLink): Promise<CreatedLink> {
  const path = wanted.identified ? '/identified-links' : '/links';
  return (await send('POST', path, wanted)).json() as Promise<CreatedLink>;
}

export async function linksOf(study: string): Promise<LinkEntry[]> {
  const links: LinkEntry[] = [];
  let next: string | null = null;
  do {
    const query = new URLSearchParams({ study, ...(next === null ? {} : { next }) });
    const answer = await ask(`/links?${query}`);
    const page = (await answer.json()) as { links: LinkEntry[]; next: string | null };
    links.push(...page.links);
    next = page.next;
  } while (next !== null);
  return links;
}

export async function eventsOf(link: string): Promise<LinkEvents> {
  return (await ask(`/links/${encodeURIComponent(link)}/events`)).json() as Promise<LinkEvents>;
}

export async function revokeLink(link: string): Promise<void> {
  await send('DELETE', `/links/${encodeURIComponent(link)}`);
}

function send(method: string, path: string, body?: object): Promise<Response> {
  return ask(path, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
}

async function search(path: string): Promise<{ rows: Row[]; isMore: boolean }> {
  const answer = await ask(path, { headers: { accept: 'application/dicom+json' } });
  const isMore = /additional results/.test(answer.headers.get('warning') ?? '');
  return { rows: answer.status === 204 ? [] : ((await answer.json()) as Row[]), isMore };
}

/** Asks, and once more with new tokens where the old ones have expired. */
async function ask(path: string, init: RequestInit = {}, isAgain = false): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set('authorization', `Bearer ${accessToken() ?? ''}`);
  const answer = await fetch(`${ROOT}${path}`, { ...init, headers, credentials: 'omit', cache: 'no-store' });
  if (answer.ok) return answer;
  if (answer.status === 401 && !isAgain && (await renew())) return ask(path, init, true);
  const { error = '' } = (await answer.json().catch(() => ({}))) as { error?: string };
  throw new Refused(answer.status, error);
}

type Row = Readonly<Record<string, { readonly Value?: readonly unknown[] } | undefined>>;

function text(row: Row, tag: string): string {
  const value = row[tag]?.Value?.[0];
  return value === undefined || value === null ? '' : String(value);
}

function studyOf(row: Row): Study {
  return {
    uid: text(row, '0020000D'),
    patient: text(row, '00100020'),
    date: text(row, '00080020'),
    description: text(row, '00081030'),
    modalities: (row['00080061']?.Value ?? []).map(String),
    series: Number(text(row, '00201206')),
    instances: Number(text(row, '00201208')),
  };
}
