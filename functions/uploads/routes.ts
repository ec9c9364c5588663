/** The routes of uploads: open, sign, close, sum up, list. */
import { isCursor, type Ledger } from '../../shared/aws/ledger.ts';
import type { UrlSigner } from '../../shared/aws/presign.ts';
import { CloseUpload, ObjectsToUpload } from '../../shared/contract/api.ts';
import { OPAQUE_ID, UNREGISTERED_UPLOAD, uploadKey } from '../../shared/contract/names.ts';
import { HttpRefusal, type HttpRequest, type Route } from '../../shared/runtime/http-handler.ts';
import { mapInParallel } from '../../shared/runtime/in-parallel.ts';
import { itemPage } from './item-page.ts';
import { type SummaryPorts, summarizeUpload } from './summarize-upload.ts';
import { isUploadPath } from './upload-path.ts';

export interface UploadsPorts {
  readonly ledger: Pick<Ledger, 'openUpload' | 'closeUpload' | 'upload' | 'items' | 'page'>;
  studies: SummaryPorts['studies'];
  signPut: UrlSigner['put'];
  newUpload(): string;
}

/** URLs that are signed at once: each takes a little computing and no request. */
const WIDTH = 16;

/** The routes over the ports. */
export function uploadRoutes(ports: UploadsPorts): Route[] {
  const summary = async (upload: string) =>
    summarizeUpload(upload, await ports.ledger.upload(upload), {
      items: (id) => ports.ledger.items(id),
      studies: (studies) => ports.studies(studies),
    });
  return [
    {
      method: 'POST',
      path: '/uploads',
      answer: async () => {
        const upload = ports.newUpload();
        await ports.ledger.openUpload(upload);
        return { status: 201, body: { upload } };
      },
    },
    {
      method: 'POST',
      path: '/uploads/{upload}/objects',
      answer: async (request) => {
        const upload = await openedUpload(request, ports);
        const { paths } = request.body(ObjectsToUpload);
        if (!paths.every(isUploadPath)) throw new HttpRefusal(400, 'invalid-path');
        const urls = await mapInParallel(paths, WIDTH, async (path) => ({
          path,
          ...(await ports.signPut(uploadKey(upload, path))),
        }));
        return { status: 200, body: { urls } };
      },
    },
    {
      method: 'POST',
      path: '/uploads/{upload}/close',
      answer: async (request) => {
        const upload = await openedUpload(request, ports);
        const { expected } = request.body(CloseUpload);
        await ports.ledger.closeUpload(upload, expected);
        return { status: 200, body: await summary(upload) };
      },
    },
    {
      method: 'GET',
      path: '/uploads/{upload}',
      answer: async (request) => ({ status: 200, body: await summary(await readableUpload(request, ports)) }),
    },
    {
      method: 'GET',
      path: '/uploads/{upload}/items',
      answer: async (request) => {
        const upload = await readableUpload(request, ports);
        const cursor = request.query.get('next') ?? undefined;
        if (cursor !== undefined && !isCursor(cursor)) throw new HttpRefusal(400, 'invalid-cursor');
        const page = await ports.ledger.page(upload, cursor);
        return { status: 200, body: itemPage(page.items, page.cursor) };
      },
    },
  ];
}

async function openedUpload({ parameters }: HttpRequest, ports: UploadsPorts): Promise<string> {
  const upload = parameters.upload ?? '';
  if (!OPAQUE_ID.test(upload) || !(await ports.ledger.upload(upload)))
    throw new HttpRefusal(404, 'unknown-upload');
  return upload;
}

/** What was put into the vault under no upload that was opened can be read as one. */
async function readableUpload(request: HttpRequest, ports: UploadsPorts): Promise<string> {
  return request.parameters.upload === UNREGISTERED_UPLOAD
    ? UNREGISTERED_UPLOAD
    : openedUpload(request, ports);
}
