/** The routes of uploads as a client sees them; the same for staff, who sign, and for who holds a token. */
import { z } from 'zod';
import {
  BegunParts,
  type Checked,
  OpenedUpload,
  PartUrls,
  SignedTarget,
  StandingParts,
  StandingPaths,
  UploadUrls,
} from '../../shared/contract/api.ts';
import { ItemPage, MissingFiles, UploadSummary } from '../../shared/contract/report.ts';

/** Calls one route and checks its answer against the contract. */
export type Call = <T>(
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  answer: z.ZodType<T>,
  options?: { readonly body?: unknown; readonly repeatable?: boolean },
) => Promise<T>;

export interface CheckedObject extends Checked {
  readonly path: string;
}

export interface CheckedPart extends Checked {
  readonly part: number;
}

/** An object that is being sent in parts. */
export interface InParts {
  readonly path: string;
  readonly id: string;
}

export interface UploadApi {
  openUpload(): Promise<string>;
  uploadUrls(upload: string, objects: readonly CheckedObject[]): Promise<(SignedTarget & { path: string })[]>;
  /** Which of the paths have been stored. */
  standing(upload: string, paths: readonly string[]): Promise<string[]>;
  beginParts(upload: string, path: string): Promise<string>;
  partUrls(
    upload: string,
    object: InParts,
    parts: readonly CheckedPart[],
  ): Promise<(SignedTarget & { part: number })[]>;
  /** Undefined where nothing is being sent under that id any more. */
  standingParts(upload: string, object: InParts): Promise<CheckedPart[] | undefined>;
  finishParts(upload: string, object: InParts, whole: Checked): Promise<void>;
  abandonParts(upload: string, object: InParts): Promise<void>;
  manifestUrl(upload: string, bytes: Checked): Promise<SignedTarget>;
  closeUpload(upload: string, expected: number): Promise<UploadSummary>;
  summary(upload: string): Promise<UploadSummary>;
  items(upload: string): Promise<Pick<ItemPage, 'items' | 'archives'>>;
  missing(upload: string): Promise<MissingFiles>;
}

const id = encodeURIComponent;
const Nothing = z.undefined();

/** The routes over a way to call them. */
export function uploadApi(call: Call): UploadApi {
  const post = <T>(upload: string, route: string, answer: z.ZodType<T>, body: unknown) =>
    call('POST', `/uploads/${id(upload)}/${route}`, answer, { body });
  return {
    // Opening twice leaves an empty upload behind, which harms nobody.
    openUpload: async () => (await call('POST', '/uploads', OpenedUpload)).upload,
    uploadUrls: async (upload, objects) => (await post(upload, 'objects', UploadUrls, { objects })).urls,
    standing: async (upload, paths) => (await post(upload, 'standing', StandingPaths, { paths })).paths,
    beginParts: async (upload, path) => (await post(upload, 'parts/begin', BegunParts, { path })).id,
    partUrls: async (upload, object, parts) =>
      (await post(upload, 'parts/urls', PartUrls, { ...object, parts })).urls,
    standingParts: async (upload, object) =>
      (await post(upload, 'parts/standing', StandingParts, object)).parts ?? undefined,
    finishParts: (upload, object, whole) => post(upload, 'parts/finish', Nothing, { ...object, ...whole }),
    abandonParts: (upload, object) => post(upload, 'parts/abandon', Nothing, object),
    manifestUrl: (upload, bytes) => post(upload, 'manifest', SignedTarget, bytes),
    closeUpload: (upload, expected) => post(upload, 'close', UploadSummary, { expected }),
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
    missing: (upload) => call('GET', `/uploads/${id(upload)}/missing`, MissingFiles),
  };
}
