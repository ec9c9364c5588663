/** The staff routes of the HTTP API, signed. Every answer is checked against the contract before it is used. */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import {
  CreatedLink,
  CreatedUploadToken,
  type CreateUploadToken,
  LinkList,
  UploadTokenList,
  type WantedLink,
} from '../../shared/contract/api.ts';
import { Failure } from '../failure.ts';
import { PassingFailure } from '../upload/patience.ts';
import { type Call, type UploadApi, uploadApi } from '../upload/upload-api.ts';
import { type Credentials, signRequest } from './sign-request.ts';

export type LinkEntry = z.infer<typeof LinkList>['links'][number];

export type UploadToken = z.infer<typeof UploadTokenList>['tokens'][number];

export interface StaffApi extends UploadApi {
  createLink(link: WantedLink): Promise<CreatedLink>;
  links(study?: string): Promise<LinkEntry[]>;
  revokeLink(link: string): Promise<void>;
  createUploadToken(token: CreateUploadToken): Promise<CreatedUploadToken>;
  uploadTokens(): Promise<UploadToken[]>;
  revokeUploadToken(token: string): Promise<void>;
}

const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 200;

/** Calls the API at `baseUrl` in the name of `credentials`. */
export function staffApi(baseUrl: string, credentials: Credentials): StaffApi {
  const call: Call = async (method, path, answer, options = {}) => {
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
    ...uploadApi(call),
    createLink: (link) => {
      const path = link.identified === true ? '/identified-links' : '/links';
      // A link whose answer was lost opens for nobody: its token was never seen. An ingest of hours must not end for one.
      return call('POST', path, CreatedLink, { body: link });
    },
    links: async (study) => {
      const links: LinkEntry[] = [];
      let next: string | null = null;
      do {
        const query = new URLSearchParams({
          ...(study === undefined ? {} : { study }),
          ...(next === null ? {} : { next }),
        });
        const page: LinkList = await call('GET', `/links?${query}`, LinkList);
        links.push(...page.links);
        next = page.next;
      } while (next !== null);
      return links;
    },
    revokeLink: (link) => call('DELETE', `/links/${id(link)}`, z.undefined()),
    createUploadToken: (token) =>
      call('POST', '/upload-tokens', CreatedUploadToken, { body: token, repeatable: false }),
    uploadTokens: async () => (await call('GET', '/upload-tokens', UploadTokenList)).tokens,
    revokeUploadToken: (token) => call('DELETE', `/upload-tokens/${id(token)}`, z.undefined()),
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
      if (isLast) throw new PassingFailure(`${url.origin} cannot be reached`, { cause: error });
    }
    await sleep(FIRST_PAUSE_MS * 2 ** attempt * (0.5 + Math.random()));
  }
}
