/**
 * Instances and frames (PS3.18 10.4.1.1.1, 10.4.1.1.5), in the form that is accepted. Nothing is held whole: what stands in the
 * object is sent by its range, what has to be decoded one frame at a time.
 */
import type { InstanceUids } from '../../contract/names.ts';
import { EXPLICIT_VR_LITTLE_ENDIAN, type TransferSyntax, transferSyntaxOf } from '../../dicom/index.ts';
import { type ImagePixel, readImagePixel } from '../../pixels/image-pixel.ts';
import { UndisplayableError } from '../../pixels/undisplayable.ts';
import { HttpRefusal, type HttpRequest, type Route } from '../../runtime/http-handler.ts';
import { boundaryFor, type Content, type DicomwebAnswer, eTagOf, ranged, unlessKnown } from '../answer.ts';
import { explicitInstance, isConvertible } from '../explicit-instance.ts';
import {
  acceptedBy,
  instanceOf,
  type Library,
  type OpenedInstance,
  openInstance,
  readSummary,
  uidOf,
} from '../library.ts';
import { includesType } from '../media-types.ts';
import { type OutgoingPart, type PartSource, writeMultipart } from '../multipart.ts';
import { decodedFrame, decodedFrameBytes, isDecodable, storedRanges } from '../native-frames.ts';
import { readAhead } from '../read-ahead.ts';
import { DICOM, type Representation, representFrames, representInstance } from '../representations.ts';
import { joined } from '../video.ts';

/** Frames of one request; default 1,000. */
const MAXIMUM_FRAMES = 1_000;

/** The routes below `root`. */
export function retrieveRoutes(root: string, library: Library): Route<DicomwebAnswer>[] {
  const get = (path: string, answer: Route<DicomwebAnswer>['answer']): Route<DicomwebAnswer> => ({
    method: 'GET',
    path,
    answer,
  });
  return [
    get('/studies/{study}', (request) => severalInstances(request, root, library)),
    get('/studies/{study}/series/{series}', (request) => severalInstances(request, root, library)),
    get('/studies/{study}/series/{series}/instances/{instance}', (request) =>
      oneInstance(request, root, library),
    ),
    get('/studies/{study}/series/{series}/instances/{instance}/frames/{frames}', (request) =>
      frames(request, root, library),
    ),
  ];
}

async function oneInstance(request: HttpRequest, root: string, library: Library): Promise<DicomwebAnswer> {
  const uids = instanceOf(request);
  const instance = await openInstance(library, uids);
  const representation = representInstance(acceptedBy(request), {
    transferSyntax: instance.part10.transferSyntax,
    isConvertible: isConvertible(instance),
  });
  if (representation === undefined) throw new HttpRefusal(406, 'not-acceptable');
  const { form, multipart, transferSyntax } = representation;
  const eTag = eTagOf(instance.revision, `${form} ${multipart}`);
  return unlessKnown(request, eTag, () => {
    if (multipart) return several(eTag, DICOM, [instancePart(root, uids, instance, representation)]);
    const headers = { 'content-type': `${DICOM}; transfer-syntax=${transferSyntax}` };
    if (form === 'stored')
      return {
        ...ranged(request, eTag, storedContent(instance), headers),
        object: { key: instance.key, contentType: DICOM },
      };
    const { length, open } = explicitInstance(instance);
    return { status: 200, headers, length, body: refusing(open) };
  });
}

function storedContent({ size, stream }: OpenedInstance): Content {
  return { length: size, open: stream };
}

function instancePart(
  root: string,
  uids: InstanceUids,
  instance: OpenedInstance,
  { form, transferSyntax }: Pick<Representation, 'form' | 'transferSyntax'>,
): OutgoingPart {
  const headers = {
    'Content-Type': `${DICOM}; transfer-syntax=${transferSyntax}`,
    'Content-Location': instanceUrl(root, uids),
  };
  if (form === 'stored')
    return { headers, length: instance.size, body: () => instance.stream(0, instance.size) };
  const { length, open } = explicitInstance(instance);
  return { headers, length, body: () => refusing(open) };
}

/** The part in the form that was chosen; undefined where its first frame cannot be decoded as that asks for. */
async function decodedPart(
  root: string,
  uids: InstanceUids,
  instance: OpenedInstance,
  chosen: Pick<Representation, 'form' | 'transferSyntax'>,
): Promise<OutgoingPart | undefined> {
  const part = instancePart(root, uids, instance, chosen);
  if (chosen.form === 'stored') return part;
  try {
    const pieces = await explicitInstance(instance).open();
    return { ...part, body: () => pieces };
  } catch (error) {
    if (error instanceof UndisplayableError) return undefined;
    throw error;
  }
}

/** All instances of a study or a series, each opened when its turn comes. */
async function severalInstances(
  request: HttpRequest,
  root: string,
  library: Library,
): Promise<DicomwebAnswer> {
  const study = uidOf(request, 'study');
  const wanted = request.parameters.series === undefined ? undefined : uidOf(request, 'series');
  const summary = await readSummary(library, study);
  const listed = summary.series
    .filter((one) => wanted === undefined || one.seriesInstanceUid === wanted)
    .flatMap(({ seriesInstanceUid: series, instances }) =>
      instances.map(({ sopInstanceUid: instance, bytes }) => ({ uids: { study, series, instance }, bytes })),
    );
  if (listed.length === 0) throw new HttpRefusal(404, 'not-found');
  const accepted = acceptedBy(request).filter(
    ({ multipart, type }) => (multipart && includesType(type, DICOM)) || type === '*/*',
  );
  const [best] = accepted;
  if (best === undefined) throw new HttpRefusal(406, 'not-acceptable');
  const isVerbatim =
    best.transferSyntax === '*' || (best.type === '*/*' && best.transferSyntax === undefined);
  const form = isVerbatim ? 'stored' : JSON.stringify(accepted);
  const eTag = eTagOf(`${study} ${summary.completedAt}`, `${wanted ?? ''} ${form}`);
  return unlessKnown(request, eTag, () => {
    const bodies = readAhead(listed, library);
    return several(
      eTag,
      DICOM,
      listed.map(({ uids, bytes }, index) => {
        if (isVerbatim)
          return {
            headers: { 'Content-Type': DICOM, 'Content-Location': instanceUrl(root, uids) },
            length: bytes,
            body: () => bodies(index),
          };
        return async () => {
          const instance = await openInstance(library, uids);
          const { transferSyntax } = instance.part10;
          const chosen = representInstance(accepted, {
            transferSyntax,
            isConvertible: isConvertible(instance),
          });
          // What cannot be sent as asked for is sent as it is, and says so: the status has been sent already.
          const stored = { form: 'stored', transferSyntax: transferSyntax.uid } as const;
          return (
            (await decodedPart(root, uids, instance, chosen ?? stored)) ??
            instancePart(root, uids, instance, stored)
          );
        };
      }),
    );
  });
}

async function frames(request: HttpRequest, root: string, library: Library): Promise<DicomwebAnswer> {
  const numbers = frameNumbers(request.parameters.frames ?? '');
  const uids = instanceOf(request);
  const instance = await openInstance(library, uids);
  if (instance.part10.pixelData === undefined) throw new HttpRefusal(404, 'no-such-frame');
  const image = await displayable(async () => readImagePixel(instance.part10.dataSet));
  if (numbers.some((number) => number > image.frames)) throw new HttpRefusal(404, 'no-such-frame');
  const { transferSyntax } = instance.part10;
  const isNative = transferSyntax.codec === 'native';
  const chosen = representFrames(acceptedBy(request), {
    // Native frames are sent in little endian whatever the data set around them is written in.
    transferSyntax: isNative ? EXPLICIT : transferSyntax,
    isConvertible: isDecodable(instance, image),
  });
  const isOne = numbers.length === 1;
  if (chosen === undefined || (!chosen.multipart && !isOne)) throw new HttpRefusal(406, 'not-acceptable');
  const contents = await displayable(() =>
    Promise.all(
      numbers.map((number) =>
        frameContent(instance, image, number - 1, isNative || chosen.form === 'stored'),
      ),
    ),
  );
  const type = `${chosen.mediaType}; transfer-syntax=${chosen.transferSyntax}`;
  const eTag = eTagOf(instance.revision, `${numbers.join()} ${chosen.form} ${chosen.multipart}`);
  return unlessKnown(request, eTag, () => {
    const [first] = contents;
    if (!chosen.multipart && first) return ranged(request, eTag, first, { 'content-type': type });
    return several(
      eTag,
      chosen.mediaType,
      contents.map((content, index) => ({
        headers: {
          'Content-Type': type,
          'Content-Location': `${instanceUrl(root, uids)}/frames/${numbers[index]}`,
        },
        length: content.length,
        body: () => content.open(0, content.length),
      })),
    );
  });
}

const EXPLICIT = transferSyntaxOf(EXPLICIT_VR_LITTLE_ENDIAN) as TransferSyntax;

/** A frame as it stands in the object where it can be sent so, else decoded when it is sent. */
async function frameContent(
  instance: OpenedInstance,
  image: ImagePixel,
  index: number,
  asStored: boolean,
): Promise<Content> {
  const ranges = asStored ? await storedRanges(instance, image, index) : undefined;
  if (ranges === undefined)
    return {
      length: decodedFrameBytes(image),
      open: async function* (start, length) {
        const frame = await displayable(() => decodedFrame(instance, image, index));
        yield frame.subarray(start, start + length);
      },
    };
  return joined(ranges, instance.stream);
}

/** `1,3`: frames count from 1. */
function frameNumbers(list: string): number[] {
  const numbers = /^[1-9]\d{0,8}(,[1-9]\d{0,8})*$/.test(list) ? list.split(',').map(Number) : [];
  if (numbers.length === 0) throw new HttpRefusal(400, 'invalid-frames');
  if (numbers.length > MAXIMUM_FRAMES) throw new HttpRefusal(413, 'too-many-frames');
  return numbers;
}

/** The pieces; what cannot be decoded is a refusal, and a status of its own as long as none has been sent. */
async function* refusing(open: () => Promise<AsyncIterable<Uint8Array>>): AsyncGenerator<Uint8Array> {
  const pieces = (await displayable(open))[Symbol.asyncIterator]();
  for (;;) {
    const { done, value } = await displayable(() => pieces.next());
    if (done) return;
    yield value;
  }
}

/** An instance without frames has none to give; one whose frames are not as it says cannot be sent. */
export async function displayable<Value>(reading: () => Promise<Value>): Promise<Value> {
  try {
    return await reading();
  } catch (error) {
    if (!(error instanceof UndisplayableError)) throw error;
    const isWithout = error.reason === 'no-image' || error.reason === 'pixel-data-missing';
    throw new HttpRefusal(isWithout ? 404 : 406, isWithout ? 'no-such-frame' : error.reason);
  }
}

function several(eTag: string, type: string, parts: readonly PartSource[]): DicomwebAnswer {
  const { contentType, ...body } = writeMultipart(type, boundaryFor(eTag), parts);
  return { status: 200, headers: { 'content-type': contentType }, ...body };
}

function instanceUrl(root: string, { study, series, instance }: InstanceUids): string {
  return `${root}/studies/${study}/series/${series}/instances/${instance}`;
}
