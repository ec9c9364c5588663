/** The routes of objects that are sent in parts: begin, sign, ask what stands, put together, give up. */
import { BegunObject, FinishParts, ObjectInParts, PartsToUpload } from '../../shared/contract/api.ts';
import { uploadKey } from '../../shared/contract/names.ts';
import { HttpRefusal, type HttpRequest, type Route } from '../../shared/runtime/http-handler.ts';
import { mapInParallel } from '../../shared/runtime/in-parallel.ts';
import type { Asked, UploadsPorts } from './routes.ts';
import { spend } from './sender.ts';
import { checkPath } from './upload-path.ts';

/** URLs that are signed at once. */
const WIDTH = 16;

/** The routes under `base`; `asked` tells who asks and for which upload. */
export function partRoutes(
  base: string,
  asked: (request: HttpRequest) => Promise<Asked>,
  { parts, signer, tokens }: Pick<UploadsPorts, 'parts' | 'signer' | 'tokens'>,
): Route[] {
  const keyOf = ({ upload }: Asked, { path }: { readonly path: string }) => {
    checkPath(path);
    return uploadKey(upload, path);
  };
  return [
    {
      method: 'POST',
      path: `${base}/begin`,
      answer: async (request) => {
        const key = keyOf(await asked(request), request.body(ObjectInParts));
        return { status: 201, body: { id: await parts.begin(key) } };
      },
    },
    {
      method: 'POST',
      path: `${base}/urls`,
      answer: async (request) => {
        const { upload, sender } = await asked(request);
        const wanted = request.body(PartsToUpload);
        const key = keyOf({ upload, sender }, wanted);
        await spend(sender, wanted.parts, { tokens });
        const urls = await mapInParallel(wanted.parts, WIDTH, async ({ part, ...bytes }) => ({
          part,
          ...(await signer.putPart(key, wanted.id, part, bytes)),
        }));
        return { status: 200, body: { urls } };
      },
    },
    {
      method: 'POST',
      path: `${base}/standing`,
      answer: async (request) => {
        const who = await asked(request);
        const begun = request.body(BegunObject);
        const standing = await parts.standing(keyOf(who, begun), begun.id);
        return { status: 200, body: { parts: standing ?? null } };
      },
    },
    {
      method: 'POST',
      path: `${base}/finish`,
      answer: async (request) => {
        const who = await asked(request);
        const { id, size, crc64nvme, ...object } = request.body(FinishParts);
        const key = keyOf(who, object);
        const outcome = await parts.finish(key, id, { size, crc64nvme });
        if (outcome === 'damaged') throw new HttpRefusal(409, 'damaged');
        // The answer to a call that put it together may have been lost.
        if (outcome === 'unknown' && !(await parts.stands(key))) throw new HttpRefusal(409, 'unknown-parts');
        return { status: 204 };
      },
    },
    {
      method: 'POST',
      path: `${base}/abandon`,
      answer: async (request) => {
        const who = await asked(request);
        const begun = request.body(BegunObject);
        await parts.abandon(keyOf(who, begun), begun.id);
        return { status: 204 };
      },
    },
  ];
}
