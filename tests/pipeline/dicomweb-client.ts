/** A DICOMweb client of staff: signs each request, follows where it is sent without its signature, takes parts apart. */
import { type RequestToSign, signRequest } from '../../cli/stack/sign-request.ts';
import { OUTPUTS } from '../../shared/contract/outputs.ts';
import { boundaryOf, readMultipart } from '../../shared/dicomweb/multipart.ts';
import type { Pipeline } from './pipeline.ts';

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  /** Where it was sent on the way. */
  readonly redirects: readonly string[];
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into what it expects
  readonly json: any;
  readonly parts: readonly { readonly type: string; readonly bytes: Buffer }[];
}

export interface Asking {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** False: asks without a signature. */
  readonly signs?: boolean;
}

/** Asks below `/dicomweb`. */
export function dicomwebClient({ stack }: Pipeline) {
  const base = (stack.outputs[OUTPUTS.apiUrl] ?? '').replace(/\/$/, '');
  return async (path: string, { method = 'GET', headers = {}, body, signs = true }: Asking = {}) => {
    const url = new URL(`${base}/dicomweb${path}`);
    const toSign = { method, url, body: body ?? '', service: 'execute-api', headers: {} };
    // A body of bytes is hashed as one of text is.
    const signature = signs ? signRequest(toSign as RequestToSign, stack.operator, new Date()) : {};
    const redirects: string[] = [];
    let response = await fetch(url, {
      method,
      headers: { ...headers, ...signature },
      redirect: 'manual',
      ...(body ? { body: new Uint8Array(body) } : {}),
    });
    while (response.status === 307) {
      const location = response.headers.get('location') ?? '';
      redirects.push(location);
      response = await fetch(location, { method, headers, redirect: 'manual' });
    }
    return answered(response, redirects);
  };
}

async function answered(response: Response, redirects: readonly string[]): Promise<Answered> {
  const bytes = Buffer.from(await response.arrayBuffer());
  const type = response.headers.get('content-type') ?? '';
  return {
    status: response.status,
    headers: response.headers,
    bytes,
    redirects,
    get json() {
      return JSON.parse(bytes.toString('utf8'));
    },
    get parts() {
      return readMultipart(bytes, boundaryOf(type)).map((part) => ({
        type: part.headers.get('content-type') ?? '',
        bytes: Buffer.from(part.body),
      }));
    },
  };
}
