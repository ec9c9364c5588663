/** Who holds a link, as a browser would act for them; keeps every answer for whoever wants to search it. */
import type { Connection } from '../../cli/stack/connect.ts';
import type { OpenedLink } from '../../shared/contract/api.ts';
import type { StudySummary } from '../../shared/contract/study-summary.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
}

export interface Visitor {
  readonly answers: { readonly path: string; readonly answer: Answer }[];
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  post(path: string): Promise<Answer>;
  open(passcode?: string): Promise<Answer>;
  study(): Promise<StudySummary>;
}

/** A visitor with the address of a link. */
export function visit(link: string): Visitor {
  const url = new URL(link);
  const token = url.hash.slice(1);
  const answers: Visitor['answers'] = [];
  let cookie = '';
  const send = async (path: string, init: RequestInit): Promise<Answer> => {
    const headers = { ...(init.headers as Record<string, string>), ...(cookie === '' ? {} : { cookie }) };
    const response = await fetch(new URL(path, url.origin), { ...init, headers, redirect: 'manual' });
    const answer = {
      status: response.status,
      headers: response.headers,
      bytes: Buffer.from(await response.arrayBuffer()),
    };
    answers.push({ path, answer });
    const set = response.headers.getSetCookie()[0];
    if (set !== undefined) cookie = set.slice(0, set.indexOf(';'));
    return answer;
  };
  const get = (path: string, headers = {}) => send(path, { headers });
  return {
    answers,
    get,
    post: (path) =>
      send(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }),
    open: (passcode) =>
      send('/api/open', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(passcode === undefined ? { token } : { token, passcode }),
      }),
    study: async () => JSON.parse((await get('/api/study')).bytes.toString()) as StudySummary,
  };
}

/** What opening a link answered. */
export function openedOf(answer: Answer): OpenedLink {
  return JSON.parse(answer.bytes.toString()) as OpenedLink;
}

/** The root by which a viewer without a cookie reads the studies of a fresh link. */
export async function segmentRoot(
  { api, webUrl }: Pick<Connection, 'api' | 'webUrl'>,
  study: string,
): Promise<string> {
  const { path } = await api.createLink({ study });
  const holder = visit(`${webUrl}${path}`);
  await holder.open();
  return new URL(JSON.parse((await holder.post('/api/segment')).bytes.toString()).root, webUrl).href;
}
