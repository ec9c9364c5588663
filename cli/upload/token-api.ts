/** The hospital routes, behind the origin of the pages: an upload token in a header, and no AWS credentials. */
import type { z } from 'zod';
import { TokenFailure } from '../../shared/contract/api.ts';
import { Failure } from '../failure.ts';
import { PassingFailure } from './patience.ts';
import { type Call, type UploadApi, uploadApi } from './upload-api.ts';

const TIMEOUT_MS = 60_000;

const MESSAGES: Readonly<Record<TokenFailure, string>> = {
  'unknown-token': 'this upload token is not known: was it copied whole?',
  expired: 'this upload token has expired: ask for another one',
  revoked: 'this upload token was revoked: ask for another one',
};

/** Calls the routes behind `origin` with the token. */
export function tokenApi(origin: string, token: string): UploadApi {
  const call: Call = async (method, path, answer, options = {}) => {
    const response = await send(`${origin}/api${path}`, method, token, options.body);
    const text = await response.text().catch(() => {
      throw new PassingFailure(`${origin} went silent`);
    });
    if (response.ok) return parsed(text, answer, origin);
    if (response.status >= 500 || response.status === 429)
      throw new PassingFailure(`${origin} answers with ${response.status}`);
    throw new Failure(messageOf(response.status, errorOf(text), path));
  };
  return uploadApi(call);
}

async function send(url: string, method: string, token: string, body: unknown): Promise<Response> {
  const headers: Record<string, string> = { authorization: `Bearer ${token}` };
  if (body !== undefined) headers['content-type'] = 'application/json';
  try {
    return await fetch(url, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    throw new PassingFailure(`${new URL(url).origin} cannot be reached`, { cause: error });
  }
}

function parsed<T>(text: string, answer: z.ZodType<T>, origin: string): T {
  try {
    return answer.parse(text === '' ? undefined : JSON.parse(text));
  } catch (error) {
    throw new Failure(`${origin} does not answer as a film room does`, { cause: error });
  }
}

function errorOf(text: string): string {
  try {
    return (JSON.parse(text) as { error?: string }).error ?? '';
  } catch {
    return '';
  }
}

function messageOf(status: number, error: string, path: string): string {
  const known = TokenFailure.safeParse(error);
  if (status === 401 && known.success) return MESSAGES[known.data];
  if (error === 'token-limit')
    return 'this upload token has a limit of bytes, and these files are beyond it: ask for another one';
  if (error === 'unknown-upload')
    return 'this upload was begun with another token: use that one, or --again for a new upload';
  return `${path.replace(/[0-9a-z]{26}/, '…')} was answered with ${status} ${error}`;
}
