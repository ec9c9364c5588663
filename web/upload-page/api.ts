/** The routes of uploads, called with the token. A network that is gone is waited for; what nobody can wait for is thrown. */
import type { Checked, SignedTarget, TokenFailure } from '../../shared/contract/api.ts';
import type { ItemPage, UploadSummary } from '../../shared/contract/report.ts';

/** Why nothing can go on: what the server said of the token or the upload. */
export class Refused extends Error {
  readonly reason: TokenFailure | 'token-limit' | 'unknown-upload' | (string & {});

  constructor(reason: string) {
    super(reason);
    this.reason = reason;
  }
}

export interface CheckedObject extends Checked {
  readonly path: string;
}

export interface CheckedPart extends Checked {
  readonly part: number;
}

export interface InParts {
  readonly path: string;
  readonly id: string;
}

/** Hears whether the network is there. */
export type Weather = (isThere: boolean) => void;

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/** Runs the work until it does not fail for want of a network. */
export async function patiently<T>(work: () => Promise<T | 'again'>, weather: Weather): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    const result = await work().catch((error: unknown) => {
      if (error instanceof Refused) throw error;
      return 'again' as const;
    });
    if (result !== 'again') {
      weather(true);
      return result;
    }
    // One that fails once is no weather.
    if (attempt > 0) weather(false);
    await pause(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt));
  }
}

/** Ends early when the browser says that it is online again. */
function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      removeEventListener('online', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds * (0.5 + Math.random() / 2));
    addEventListener('online', end);
  });
}

export type UploadsApi = ReturnType<typeof uploadsApi>;

/** The routes behind this page's own origin. */
export function uploadsApi(token: string, weather: Weather) {
  const call = <T>(method: 'GET' | 'POST', path: string, body?: object): Promise<T> =>
    patiently(async () => {
      const response = await fetch(`/api${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body ? { 'content-type': 'application/json' } : {}),
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
        cache: 'no-store',
      });
      if (response.status >= 500 || response.status === 429) return 'again';
      const text = await response.text();
      if (response.ok) return (text === '' ? undefined : JSON.parse(text)) as T;
      throw new Refused(errorOf(text));
    }, weather);
  const post = <T>(upload: string, route: string, body: object) =>
    call<T>('POST', `/uploads/${encodeURIComponent(upload)}/${route}`, body);

  return {
    open: async () => (await call<{ upload: string }>('POST', '/uploads')).upload,
    urls: async (upload: string, objects: readonly CheckedObject[]) =>
      (await post<{ urls: (SignedTarget & { path: string })[] }>(upload, 'objects', { objects })).urls,
    standing: async (upload: string, paths: readonly string[]) =>
      (await post<{ paths: string[] }>(upload, 'standing', { paths })).paths,
    beginParts: async (upload: string, path: string) =>
      (await post<{ id: string }>(upload, 'parts/begin', { path })).id,
    partUrls: async (upload: string, object: InParts, parts: readonly CheckedPart[]) =>
      (await post<{ urls: (SignedTarget & { part: number })[] }>(upload, 'parts/urls', { ...object, parts }))
        .urls,
    standingParts: async (upload: string, object: InParts) =>
      (await post<{ parts: CheckedPart[] | null }>(upload, 'parts/standing', object)).parts ?? undefined,
    finishParts: (upload: string, object: InParts, whole: Checked) =>
      post<void>(upload, 'parts/finish', { ...object, ...whole }),
    manifestUrl: (upload: string, bytes: Checked) => post<SignedTarget>(upload, 'manifest', bytes),
    close: (upload: string, expected: number) => post<UploadSummary>(upload, 'close', { expected }),
    summary: (upload: string) => call<UploadSummary>('GET', `/uploads/${encodeURIComponent(upload)}`),
    items: (upload: string, next: string | null) =>
      call<ItemPage>(
        'GET',
        `/uploads/${encodeURIComponent(upload)}/items${next === null ? '' : `?next=${encodeURIComponent(next)}`}`,
      ),
  };
}

function errorOf(text: string): string {
  try {
    return (JSON.parse(text) as { error?: string }).error ?? 'unknown';
  } catch {
    return 'unknown';
  }
}
