/** The routes of uploads: open, sign, close, sum up, list; for staff, and under `/api` for who holds an upload token. */
import type { ClientParts } from '../../shared/aws/client-parts.ts';
import { isCursor, type Ledger } from '../../shared/aws/ledger.ts';
import type { UrlSigner } from '../../shared/aws/presign.ts';
import { Checked, CloseUpload, ObjectsToUpload, PathsToFind } from '../../shared/contract/api.ts';
import { manifestKey, OPAQUE_ID, UNREGISTERED_UPLOAD, uploadKey } from '../../shared/contract/names.ts';
import { HttpRefusal, type HttpRequest, needing, type Route } from '../../shared/runtime/http-handler.ts';
import { mapInParallel } from '../../shared/runtime/in-parallel.ts';
import { findMissing, type MissingPorts } from './find-missing.ts';
import { itemPage } from './item-page.ts';
import { partRoutes } from './part-routes.ts';
import { type Sender, senderOf, spend, type TokenPorts } from './sender.ts';
import { type SummaryPorts, summarizeUpload } from './summarize-upload.ts';
import { checkPath } from './upload-path.ts';

export interface UploadsPorts extends TokenPorts {
  readonly ledger: Pick<Ledger, 'openUpload' | 'closeUpload' | 'upload' | 'visit' | 'page'>;
  readonly vault: MissingPorts['vault'];
  readonly parts: ClientParts;
  readonly signer: Pick<UrlSigner, 'put' | 'putPart'>;
  studies: SummaryPorts['studies'];
  newUpload(): string;
}

/** What a route knows of who asks: the upload is one that they may see. */
export interface Asked {
  readonly upload: string;
  readonly sender: Sender;
}

/** URLs that are signed at once: each takes a little computing and no request. */
const WIDTH = 16;
/** Requests to S3 at once for one of ours. */
const REQUESTS = 8;
/** A path and two hashes a line, compressed: room for twenty million files. */
const LARGEST_MANIFEST_BYTES = 4 * 2 ** 30;

/** The routes over the ports, for staff and for holders of a token. */
export function uploadRoutes(ports: UploadsPorts): Route[] {
  return [
    ...needing(
      'upload',
      routesUnder('', async () => ({ isStaff: true }), ports),
    ),
    ...routesUnder('/api', (request) => senderOf(request, ports), ports),
  ];
}

function routesUnder(
  base: '' | '/api',
  identify: (request: HttpRequest) => Promise<Sender>,
  ports: UploadsPorts,
): Route[] {
  const summary = async (upload: string) =>
    summarizeUpload(upload, await ports.ledger.upload(upload), {
      visit: ports.ledger.visit,
      studies: (studies) => ports.studies(studies),
    });
  const asked = async (request: HttpRequest): Promise<Asked> => {
    const sender = await identify(request);
    return { upload: await openedUpload(request, sender, ports), sender };
  };
  const readable = async (request: HttpRequest): Promise<string> => {
    const sender = await identify(request);
    // What was put into the vault under no upload that was opened can be read as one, by staff.
    return sender.isStaff && request.parameters.upload === UNREGISTERED_UPLOAD
      ? UNREGISTERED_UPLOAD
      : openedUpload(request, sender, ports);
  };
  return [
    {
      method: 'POST',
      path: `${base}/uploads`,
      answer: async (request) => {
        const sender = await identify(request);
        const upload = ports.newUpload();
        await ports.ledger.openUpload(upload, sender.isStaff ? undefined : sender.token.token);
        return { status: 201, body: { upload } };
      },
    },
    {
      method: 'POST',
      path: `${base}/uploads/{upload}/objects`,
      answer: async (request) => {
        const { upload, sender } = await asked(request);
        const { objects } = request.body(ObjectsToUpload);
        for (const { path } of objects) checkPath(path);
        await spend(sender, objects, ports);
        const urls = await mapInParallel(objects, WIDTH, async ({ path, ...bytes }) => ({
          path,
          ...(await ports.signer.put(uploadKey(upload, path), bytes)),
        }));
        return { status: 200, body: { urls } };
      },
    },
    {
      method: 'POST',
      path: `${base}/uploads/{upload}/standing`,
      answer: async (request) => {
        const { upload } = await asked(request);
        const { paths } = request.body(PathsToFind);
        for (const path of paths) checkPath(path);
        const stand = await mapInParallel(paths, REQUESTS, (path) =>
          ports.parts.stands(uploadKey(upload, path)),
        );
        return { status: 200, body: { paths: paths.filter((_, index) => stand[index]) } };
      },
    },
    ...partRoutes(`${base}/uploads/{upload}/parts`, asked, ports),
    {
      method: 'POST',
      path: `${base}/uploads/{upload}/manifest`,
      answer: async (request) => {
        const { upload } = await asked(request);
        const bytes = request.body(Checked);
        if (bytes.size > LARGEST_MANIFEST_BYTES) throw new HttpRefusal(400, 'manifest-too-large');
        // An interrupted upload may end with another manifest than the one it sent before.
        const target = await ports.signer.put(manifestKey(upload), bytes, { overwrites: true });
        return { status: 200, body: target };
      },
    },
    {
      method: 'POST',
      path: `${base}/uploads/{upload}/close`,
      answer: async (request) => {
        const { upload } = await asked(request);
        const { expected } = request.body(CloseUpload);
        await ports.ledger.closeUpload(upload, expected);
        return { status: 200, body: await summary(upload) };
      },
    },
    {
      method: 'GET',
      path: `${base}/uploads/{upload}`,
      answer: async (request) => ({ status: 200, body: await summary(await readable(request)) }),
    },
    {
      method: 'GET',
      path: `${base}/uploads/{upload}/items`,
      answer: async (request) => {
        const upload = await readable(request);
        const cursor = request.query.get('next') ?? undefined;
        if (cursor !== undefined && !isCursor(cursor)) throw new HttpRefusal(400, 'invalid-cursor');
        const page = await ports.ledger.page(upload, cursor);
        return { status: 200, body: itemPage(page.items, page.cursor) };
      },
    },
    {
      method: 'GET',
      path: `${base}/uploads/{upload}/missing`,
      answer: async (request) => {
        const { visit } = ports.ledger;
        return {
          status: 200,
          body: await findMissing(await readable(request), { visit, vault: ports.vault }),
        };
      },
    },
  ];
}

/** The upload of the request; one that another sender opened is answered as one that nobody opened. */
async function openedUpload(
  { parameters }: HttpRequest,
  sender: Sender,
  ports: UploadsPorts,
): Promise<string> {
  const upload = parameters.upload ?? '';
  const row = OPAQUE_ID.test(upload) ? await ports.ledger.upload(upload) : undefined;
  if (!row || !(sender.isStaff || row.token === sender.token.token))
    throw new HttpRefusal(404, 'unknown-upload');
  return upload;
}
