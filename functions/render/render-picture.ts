/**
 * One frame of the library as a large picture. The view that everybody sees first is kept under `rendered/…` and read from there
 * next time; it counts only while the instance is the one it was made of, so that what is written anew or removed is never
 * shown from the store. Other windows are kept by the browser alone.
 */
import { createHash } from 'node:crypto';
import { isMissingObject } from '../../shared/aws/errors.ts';
import type { ObjectFacts, ObjectStore } from '../../shared/aws/object-store.ts';
import { type InstanceUids, instanceKey, METADATA, renderedKey } from '../../shared/contract/names.ts';
import { isUnprocessable } from '../../shared/errors.ts';
import { TAG } from '../../shared/pixels/attributes.ts';
import { type Preview, type PreviewFormat, renderPreview } from '../../shared/pixels/preview.ts';
import { CLOSE_QUALITY } from '../../shared/pixels/raster.ts';
import { HttpRefusal } from '../../shared/runtime/http-handler.ts';
import { type OpenedInstance, openInstance } from './open-instance.ts';
import { type AskedView, isDefault, SIZES } from './view.ts';

export type PictureLibrary = Pick<ObjectStore, 'read' | 'head' | 'put'>;

export interface RenderedPicture {
  readonly etag: string;
  readonly contentType: string;
  /** `center,width,rising` or `…,falling`: by which window values became greys; absent for colours. */
  readonly window: string | undefined;
  /** Absent where the browser has it already. */
  readonly bytes?: Uint8Array;
}

export interface PictureRequest {
  readonly instance: InstanceUids;
  readonly view: AskedView;
  readonly format: PreviewFormat;
  /** Whether the browser has the picture of this tag. */
  has(etag: string): boolean;
}

/** Lambda answers with 6 MB at most, and bytes are sent as base64. */
export const MAXIMUM_ANSWER = 4_300_000;

/** The picture; a refusal with 404 for whatever is not in the library. */
export async function pictureOf(
  { instance, view, format, has }: PictureRequest,
  library: PictureLibrary,
  run: string,
): Promise<RenderedPicture> {
  const key = instanceKey(instance);
  const kept = format === 'webp' && isDefault(view) ? renderedKey(instance, view) : undefined;
  const contentType = `image/${format}`;
  const [current, found] = await Promise.all([
    library.head({ key }),
    kept === undefined ? undefined : readKept(kept, library),
  ]);
  if (current === undefined) throw new HttpRefusal(404, 'not-found');
  const etag = etagOf(current, view, format);
  const isGood = found?.metadata[METADATA.source] === revisionName(current);
  const keptWindow = isGood ? found?.metadata[METADATA.window] : undefined;
  if (has(etag)) return { etag, contentType, window: keptWindow };
  if (found && isGood) return { etag, contentType, window: keptWindow, bytes: found.bytes };

  const source = await openOrRefuse(key, library);
  const { bytes, window } = await renderWithin(source, view, format);
  const text =
    window && `${brief(window.center)},${brief(window.width)},${window.falling ? 'falling' : 'rising'}`;
  if (kept !== undefined)
    await library.put(kept, bytes, {
      contentType,
      metadata: {
        [METADATA.source]: revisionName(source),
        [METADATA.run]: run,
        ...(text === undefined ? {} : { [METADATA.window]: text }),
      },
      // Two who look at once write the same; what is out of date is replaced, and only that.
      onlyIf: found ? { revision: found.revision } : 'absent',
    });
  return { etag: etagOf(source, view, format), contentType, window: text, bytes };
}

/** A picture that is too large for an answer is made smaller: noise in colours at the largest size. */
async function renderWithin(
  source: OpenedInstance,
  { frame, size, window, inverted }: AskedView,
  format: PreviewFormat,
): Promise<Preview> {
  if (frame !== undefined && frame > (source.part10.dataSet.number(TAG.NumberOfFrames) ?? 1))
    throw new HttpRefusal(404, 'not-found');
  const options = {
    ...(frame === undefined ? {} : { frame: frame - 1 }),
    ...(window === undefined ? {} : { window }),
    inverted,
    format,
    quality: CLOSE_QUALITY,
  };
  let picture = await renderPreview(source, { ...options, size });
  for (const smaller of SIZES.filter((one) => one < size).reverse()) {
    if (picture.bytes.length <= MAXIMUM_ANSWER) break;
    picture = await renderPreview(source, { ...options, size: smaller });
  }
  return picture;
}

async function readKept(key: string, library: PictureLibrary) {
  try {
    return await library.read({ key });
  } catch (error) {
    if (isMissingObject(error)) return undefined;
    throw error;
  }
}

async function openOrRefuse(key: string, library: PictureLibrary): Promise<OpenedInstance> {
  try {
    return await openInstance(key, library);
  } catch (error) {
    if (isMissingObject(error) || isUnprocessable(error)) throw new HttpRefusal(404, 'not-found');
    throw error;
  }
}

function etagOf({ revision }: Pick<ObjectFacts, 'revision'>, view: AskedView, format: string): string {
  const parameters = [view.frame, view.size, view.window?.center, view.window?.width, view.inverted];
  const digest = createHash('sha256')
    .update(JSON.stringify([revision, format, ...parameters]))
    .digest('hex');
  return `"${digest.slice(0, 32)}"`;
}

/** As it may stand in metadata. */
function revisionName({ revision }: Pick<ObjectFacts, 'revision'>): string {
  return revision.replaceAll('"', '');
}

function brief(value: number): string {
  return String(Number(value.toPrecision(6)));
}
