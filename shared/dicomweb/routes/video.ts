/**
 * Videos as they are stored: as the bulk data of Pixel Data whatever container they are in (PS3.18 10.4.1.1.5), and as a rendered
 * instance where they are MP4, which players take. Nothing is encoded anew, and ranges are answered in slices.
 */
import { HttpRefusal, type HttpRequest, type Route } from '../../runtime/http-handler.ts';
import { boundaryFor, type DicomwebAnswer, eTagOf, ranged, unlessKnown } from '../answer.ts';
import { acceptedBy, instanceOf, type Library, openInstance } from '../library.ts';
import { includesType } from '../media-types.ts';
import { writeMultipart } from '../multipart.ts';
import { OCTET_STREAM } from '../representations.ts';
import { MP4, type StoredVideo, storedVideo, VIDEO_SLICE } from '../video.ts';

/** The routes below the root; they stand before those of other bulk data. */
export function videoRoutes(library: Library): Route<DicomwebAnswer>[] {
  return [
    {
      method: 'GET',
      path: '/studies/{study}/series/{series}/instances/{instance}/bulkdata/7FE00010',
      answer: (request) => pixelData(request, library),
    },
  ];
}

/** The video of the instance of the path for who takes MP4; undefined where it is none. */
export async function renderedVideo(
  request: HttpRequest,
  library: Library,
): Promise<DicomwebAnswer | undefined> {
  const isTaken = acceptedBy(request).some(
    ({ multipart, type }) => !multipart && type !== '*/*' && includesType(type, MP4),
  );
  if (!isTaken) return undefined;
  const instance = await openInstance(library, instanceOf(request));
  const video = await storedVideo(instance);
  return video?.mediaType === MP4 ? videoAnswer(request, instance.revision, video, MP4) : undefined;
}

/** Pixel Data of pictures is had by their frames: only a video is one piece of bulk data. */
async function pixelData(request: HttpRequest, library: Library): Promise<DicomwebAnswer> {
  const instance = await openInstance(library, instanceOf(request));
  const video = await storedVideo(instance);
  if (video === undefined) throw new HttpRefusal(404, 'not-found');
  const accepted = acceptedBy(request).find(
    ({ type }) => includesType(type, video.mediaType) || includesType(type, OCTET_STREAM),
  );
  if (accepted === undefined) throw new HttpRefusal(406, 'not-acceptable');
  const type = includesType(accepted.type, video.mediaType) ? video.mediaType : OCTET_STREAM;
  // Players take anything and know no parts.
  if (!accepted.multipart) return videoAnswer(request, instance.revision, video, type);
  const eTag = eTagOf(instance.revision, `video ${type} parts`);
  return unlessKnown(request, eTag, () => {
    const part = {
      headers: { 'Content-Type': type },
      length: video.length,
      body: () => video.open(0, video.length),
    };
    const { contentType, ...body } = writeMultipart(type, boundaryFor(eTag), [part]);
    return { status: 200, headers: { 'content-type': contentType }, ...body };
  });
}

function videoAnswer(
  request: HttpRequest,
  revision: string,
  video: StoredVideo,
  type: string,
): DicomwebAnswer {
  const eTag = eTagOf(revision, `video ${type}`);
  return unlessKnown(request, eTag, () =>
    ranged(request, eTag, video, { 'content-type': type }, VIDEO_SLICE),
  );
}
