/**
 * Rendered instances, frames and thumbnails (PS3.18 10.4.1.1.3, 10.4.1.1.4), by the pipeline that makes previews: what a link
 * shows and what DICOMweb shows is one picture. A thumbnail is the stored preview where WebP is taken.
 */
import { isMissingObject } from '../../aws/errors.ts';
import { type InstanceUids, previewKey } from '../../contract/names.ts';
import { readImagePixel } from '../../pixels/image-pixel.ts';
import { renderPreview } from '../../pixels/preview.ts';
import { encodeRaster, type Raster, type Size } from '../../pixels/raster.ts';
import { trustedAspect } from '../../pixels/render/display-size.ts';
import { renderPicture } from '../../pixels/render/picture.ts';
import { cropRaster, turnRaster } from '../../pixels/render/presentation/arrange.ts';
import { HttpRefusal, type HttpRequest, type Route } from '../../runtime/http-handler.ts';
import { type DicomwebAnswer, eTagOf, unlessKnown } from '../answer.ts';
import {
  acceptedBy,
  instanceOf,
  type Library,
  type OpenedInstance,
  openInstance,
  orNotFound,
  readSummary,
  uidOf,
} from '../library.ts';
import {
  type PictureFormat,
  parseRendering,
  pictureFormat,
  type Rendering,
  type Viewport,
} from '../rendering.ts';
import { displayable } from './retrieve.ts';
import { renderedVideo } from './video.ts';

/** Longest side of a thumbnail where no viewport is asked for, as of previews. */
const THUMBNAIL_SIDE = 256;
/** Longest side of a rendered picture where no viewport is asked for; default 8,192, over any detector's. */
const RENDERED_SIDE = 8_192;

/** The routes below the root. */
export function renderedRoutes(library: Library): Route<DicomwebAnswer>[] {
  const get = (path: string, answer: Route<DicomwebAnswer>['answer']): Route<DicomwebAnswer> => ({
    method: 'GET',
    path,
    answer,
  });
  const instance = '/studies/{study}/series/{series}/instances/{instance}';
  return [
    get(`${instance}/rendered`, (request) => rendered(request, library)),
    get(`${instance}/frames/{frames}/rendered`, (request) => rendered(request, library)),
    get(`${instance}/thumbnail`, (request) => thumbnail(request, instanceOf(request), library)),
    get(`${instance}/frames/{frames}/thumbnail`, (request) => rendered(request, library, THUMBNAIL_SIDE)),
    get('/studies/{study}/series/{series}/thumbnail', async (request) =>
      thumbnail(
        request,
        await keyImageOf(uidOf(request, 'study'), uidOf(request, 'series'), library),
        library,
      ),
    ),
    get('/studies/{study}/thumbnail', async (request) =>
      thumbnail(request, await keyImageOf(uidOf(request, 'study'), undefined, library), library),
    ),
  ];
}

/** The instance that stands for the series, or for the first series of the study. */
async function keyImageOf(
  study: string,
  series: string | undefined,
  library: Library,
): Promise<InstanceUids> {
  const summary = await readSummary(library, study);
  const shown = summary.series.find(
    ({ seriesInstanceUid }) => seriesInstanceUid === (series ?? seriesInstanceUid),
  );
  const instance = shown?.instances[shown.keyImage ?? 0]?.sopInstanceUid;
  if (!shown || instance === undefined) throw new HttpRefusal(404, 'not-found');
  return { study, series: shown.seriesInstanceUid, instance };
}

async function rendered(
  request: HttpRequest,
  library: Library,
  side = RENDERED_SIDE,
): Promise<DicomwebAnswer> {
  const named = request.parameters.frames;
  const video = named === undefined ? await renderedVideo(request, library) : undefined;
  if (video !== undefined) return video;
  const { format, rendering } = asked(request);
  if (named !== undefined && !/^[1-9]\d{0,8}$/.test(named)) throw new HttpRefusal(400, 'invalid-frames');
  const instance = await openInstance(library, instanceOf(request));
  const { dataSet, pixelData } = instance.part10;
  if (pixelData === undefined) throw new HttpRefusal(406, 'no-image');
  const image = await displayable(async () => readImagePixel(dataSet));
  const index = named === undefined ? Math.floor((image.frames - 1) / 2) : Number(named) - 1;
  if (index >= image.frames) throw new HttpRefusal(404, 'no-such-frame');
  const form = `${named ?? ''} ${format} ${side} ${JSON.stringify(rendering)}`;
  const eTag = eTagOf(instance.revision, form);
  const picture = () => displayable(() => draw(instance, index, format, rendering, side));
  return pictureAnswer(request, eTag, format, rendering, picture);
}

async function thumbnail(
  request: HttpRequest,
  uids: InstanceUids,
  library: Library,
): Promise<DicomwebAnswer> {
  const { format, rendering } = asked(request);
  const { width, height } = rendering.viewport ?? { width: THUMBNAIL_SIDE, height: THUMBNAIL_SIDE };
  if (format === 'webp' && rendering.viewport === undefined) {
    const { bytes, revision } = await orNotFound(library.read({ key: previewKey(uids) }));
    return pictureAnswer(request, eTagOf(revision, 'preview'), format, rendering, async () => bytes);
  }
  const instance = await openInstance(library, uids).catch((error: unknown) => {
    throw isMissingObject(error) ? new HttpRefusal(404, 'not-found') : error;
  });
  const size = Math.min(width, height);
  const eTag = eTagOf(instance.revision, `thumbnail ${format} ${size}`);
  // Whatever has no image has a tile that says what it is.
  return pictureAnswer(
    request,
    eTag,
    format,
    rendering,
    async () => (await renderPreview(instance, { size, format })).bytes,
  );
}

function asked(request: HttpRequest): { format: PictureFormat; rendering: Rendering } {
  const format = pictureFormat(acceptedBy(request));
  if (format === undefined) throw new HttpRefusal(406, 'not-acceptable');
  return { format, rendering: parseRendering(request.query) };
}

async function pictureAnswer(
  request: HttpRequest,
  eTag: string,
  format: PictureFormat,
  { isAnnotated }: Rendering,
  picture: () => Promise<Uint8Array>,
): Promise<DicomwebAnswer> {
  const known = unlessKnown(request, eTag, () => ({
    status: 200,
    headers: { 'content-type': `image/${format}` },
  }));
  if (known.status === 304) return known;
  const headers = {
    ...known.headers,
    ...(isAnnotated
      ? { warning: '299 dicomweb "No text is burned into pictures: annotation is not supported."' }
      : {}),
  };
  return { ...known, headers, body: await picture() };
}

async function draw(
  instance: OpenedInstance,
  index: number,
  format: PictureFormat,
  { window, viewport, quality }: Rendering,
  side: number,
): Promise<Uint8Array> {
  const { dataSet } = instance.part10;
  const image = readImagePixel(dataSet);
  const region = viewport?.region;
  const longest = viewport && !region ? Math.max(viewport.width, viewport.height) : side;
  const { raster, size } = await renderPicture(instance, image, index, {
    longest,
    ...(window ? { window } : {}),
  });
  if (viewport === undefined) return encodeRaster(raster, size, format, undefined, quality);
  if (region === undefined) return encodeRaster(raster, fitted(size, viewport), format, undefined, quality);
  const shown = shownRegion(raster, image, region);
  const aspect = trustedAspect(dataSet, index);
  const own = { width: shown.width / Math.min(1, aspect), height: shown.height * Math.max(1, aspect) };
  return encodeRaster(shown, fitted(own, viewport), format, undefined, quality);
}

/** The size within the viewport: the picture keeps its shape (PS3.18 8.3.5.1.3), and is enlarged where only part of it is shown. */
function fitted({ width, height }: Size, viewport: Viewport): Size {
  const scale = Math.min(viewport.width / width, viewport.height / height);
  const bounded = viewport.region ? scale : Math.min(1, scale);
  return {
    width: Math.max(1, Math.round(width * bounded)),
    height: Math.max(1, Math.round(height * bounded)),
  };
}

function shownRegion(
  raster: Raster,
  { columns, rows }: { readonly columns: number; readonly rows: number },
  { left, top, width, height, isMirrored, isUpsideDown }: NonNullable<Viewport['region']>,
): Raster {
  if (left >= columns || top >= rows) throw new HttpRefusal(400, 'invalid-viewport');
  const [across, down] = [raster.width / columns, raster.height / rows];
  const from = { left: Math.floor(left * across), top: Math.floor(top * down) };
  const cropped = cropRaster(raster, {
    ...from,
    width: Math.max(1, Math.min(raster.width - from.left, Math.round(width * across))),
    height: Math.max(1, Math.min(raster.height - from.top, Math.round(height * down))),
  });
  // Upside down is mirrored and turned by half.
  return turnRaster(cropped, { rotation: isUpsideDown ? 180 : 0, isFlipped: isMirrored !== isUpsideDown });
}
