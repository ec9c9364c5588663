/** The staff routes of the HTTP API, signed. Every answer is checked against the contract before it is used. */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import {
  CreatedLink,
  type CreateLink,
  LinkList,
  OpenedUpload,
  UploadUrls,
} from '../../shared/contract/api.ts';
import { ItemPage, UploadSummary } from '../../shared/contract/report.ts';
import { Failure } from '../failure.ts';
import { type Credentials, signRequest } from './sign-request.ts';

export type UploadTarget = z.infer<typeof UploadUrls>['urls'][number];
export type LinkEntry = z.infer<typeof LinkList>['links'][number];

export interface StaffApi {
  openUpload(): Promise<string>;
  uploadUrls(upload: string, paths: readonly string[]): Promise<UploadTarget[]>;
  closeUpload(upload: string, expected: number): Promise<UploadSummary>;
  summary(upload: string): Promise<UploadSummary>;
  items(upload: string): Promise<Pick<ItemPage, 'items' | 'archives'>>;
  createLink(link: CreateLink): Promise<CreatedLink>;
  links(study?: string): Promise<LinkEntry[]>;
  revokeLink(link: string): Promise<void>;
}

const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 200;

/** Calls the API at `baseUrl` in the name of `credentials`. */
export function staffApi(baseUrl: string, credentials: Credentials): StaffApi {
  const call = async <T>(
    method: string,
    path: string,
    answer: z.ZodType<T>,
    options: { readonly body?: unknown; readonly repeatable?: boolean } = {},
  ): Promise<T> => {
    const url = new URL(`${baseUrl.replace(/\/$/, '')}${path}`);
    const body = options.body === undefined ? '' : JSON.stringify(options.body);
    const response = await send(method, url, body, credentials, options.repeatable ?? true);
    const text = await response.text();
    if (response.ok) return answer.parse(text === '' ? undefined : JSON.parse(text));
    throw new Failure(
      `${method} ${url.pathname} was answered with ${response.status}: ${text.slice(0, 300)}`,
    );
  };
  const id = encodeURIComponent;

  return {
    // Opening twice leaves an empty upload behind, which harms nobody.
    openUpload: async () => (await call('POST', '/uploads', OpenedUpload)).upload,
    uploadUrls: async (upload, paths) =>
      (await call('POST', `/uploads/${id(upload)}/objects`, UploadUrls, { body: { paths } })).urls,
    closeUpload: (upload, expected) =>
      call('POST', `/uploads/${id(upload)}/close`, UploadSummary, { body: { expected } }),
    summary: (upload) => call('GET', `/uploads/${id(upload)}`, UploadSummary),
    items: async (upload) => {
      const all: Pick<ItemPage, 'items' | 'archives'> = { items: [], archives: [] };
      let next: string | null = null;
      do {
        const query: string = next === null ? '' : `?next=${id(next)}`;
        const page: ItemPage = await call('GET', `/uploads/${id(upload)}/items${query}`, ItemPage);
        all.items.push(...page.items);
        all.archives.push(...page.archives);
        next = page.next;
      } while (next !== null);
      return all;
    },
    createLink: (link) => call('POST', '/links', CreatedLink, { body: link, repeatable: false }),
    links: async (study) =>
      (await call('GET', study === undefined ? '/links' : `/links?study=${id(study)}`, LinkList)).links,
    revokeLink: (link) => call('DELETE', `/links/${id(link)}`, z.undefined()),
  };
}

async function send(
  method: string,
  url: URL,
  body: string,
  credentials: Credentials,
  repeatable: boolean,
): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    const isLast = attempt === ATTEMPTS || !repeatable;
    const given: Record<string, string> = body === '' ? {} : { 'content-type': 'application/json' };
    const headers = signRequest(
      { method, url, body, service: 'execute-api', headers: given },
      credentials,
      new Date(),
    );
    try {
      const response = await fetch(url, { method, headers, ...(body === '' ? {} : { body }) });
      if (isLast || (response.status < 500 && response.status !== 429)) return response;
      await response.arrayBuffer();
    } catch (error) {
      if (isLast) throw new Failure(`${url.origin} cannot be reached`, { cause: error });
    }
    await sleep(FIRST_PAUSE_MS * 2 ** attempt * (0.5 + Math.random()));
  }
}
