/**
 * STOW-RS (PS3.18 10.5): instances of one request become the files of one upload and go the way of every upload. What is no
 * DICOM is refused at once, by its reason; what the steps behind think of the rest is in the report of the upload.
 */
import type { Ledger } from '../../shared/aws/ledger.ts';
import type { ObjectStore } from '../../shared/aws/object-store.ts';
import { METADATA, uploadKey } from '../../shared/contract/names.ts';
import { isValidUid, looksLikeDicom, readPart10 } from '../../shared/dicom/index.ts';
import { includesType, parseAccept, parseMediaType } from '../../shared/dicomweb/media-types.ts';
import { boundaryOf, readMultipart } from '../../shared/dicomweb/multipart.ts';
import {
  FAILURE,
  type FailedReference,
  type StoredReference,
  storedResponse,
} from '../../shared/dicomweb/stored-response.ts';
import { isUnprocessable } from '../../shared/errors.ts';
import {
  type HttpAnswer,
  HttpRefusal,
  type HttpRequest,
  type Route,
} from '../../shared/runtime/http-handler.ts';
import { mapInParallel } from '../../shared/runtime/in-parallel.ts';

export interface StorePorts {
  readonly ledger: Pick<Ledger, 'openUpload' | 'closeUpload'>;
  readonly vault: Pick<ObjectStore, 'put'>;
  newUpload(): string;
}

/** Bytes of a request; default 4,400,000: an event of Lambda has 6 MiB, of which base64 takes a quarter. */
export const MAXIMUM_REQUEST_BYTES = 4_400_000;

const DICOM = 'application/dicom';
const JSON_TYPE = 'application/dicom+json';
/** Writes to S3 at once. */
const WIDTH = 8;

interface Received extends StoredReference {
  readonly bytes: Uint8Array;
}

/** The routes below `root`. */
export function storeRoutes(root: string, ports: StorePorts): Route[] {
  const answer = (request: HttpRequest) => store(request, ports);
  return [
    { method: 'POST', path: `${root}/studies`, answer },
    { method: 'POST', path: `${root}/studies/{study}`, answer },
  ];
}

async function store(request: HttpRequest, ports: StorePorts): Promise<HttpAnswer> {
  const { study } = request.parameters;
  if (study !== undefined && !isValidUid(study)) throw new HttpRefusal(400, 'invalid-uid');
  const isAnswerable = parseAccept(request.header('accept')).some(
    ({ multipart, type }) => !multipart && (includesType(type, JSON_TYPE) || type === 'application/json'),
  );
  if (!isAnswerable) throw new HttpRefusal(406, 'not-acceptable');
  const bytes = request.bytes();
  if (bytes.length > MAXIMUM_REQUEST_BYTES)
    return { status: 413, body: { error: 'too-large', instead: 'POST /uploads' } };

  const received: Received[] = [];
  const failed: FailedReference[] = [];
  for (const { contentType, body } of partsOf(request.header('content-type') ?? '', bytes)) {
    const judged = judge(contentType, body, study);
    if ('reason' in judged) failed.push(judged);
    else received.push({ ...judged, bytes: body });
  }
  if (received.length + failed.length === 0) throw new HttpRefusal(400, 'no-instances');
  const headers: Record<string, string> = { 'content-type': JSON_TYPE };
  if (received.length > 0) headers['filmroom-upload'] = await upload(received, ports, request.run);
  return {
    // All, some or none of them (PS3.18 Table 10.5.3-1).
    status: failed.length === 0 ? 200 : received.length > 0 ? 202 : 409,
    headers,
    body: JSON.stringify(storedResponse(received, failed)),
  };
}

function partsOf(contentType: string, bytes: Uint8Array): { contentType: string; body: Uint8Array }[] {
  const { type, parameters } = parseMediaType(contentType);
  if (type === DICOM) return [{ contentType: DICOM, body: bytes }];
  const ofParts = parseMediaType(parameters.get('type') ?? '').type;
  if (type !== 'multipart/related' || ofParts !== DICOM) throw new HttpRefusal(415, 'unsupported-media-type');
  return readMultipart(bytes, boundaryOf(contentType)).map(({ headers, body }) => ({
    contentType: parseMediaType(headers.get('content-type') ?? DICOM).type,
    body,
  }));
}

const UIDS = {
  sopClassUid: 0x00080016,
  sopInstanceUid: 0x00080018,
  study: 0x0020000d,
  series: 0x0020000e,
} as const;

/** Whether the part is an instance that says which one it is, and of the study that the path names. */
function judge(
  contentType: string,
  body: Uint8Array,
  study: string | undefined,
): StoredReference | FailedReference {
  const unknown = { sopClassUid: undefined, sopInstanceUid: undefined };
  if (contentType !== DICOM) return { ...unknown, reason: FAILURE.processing };
  if (!looksLikeDicom(body)) return { ...unknown, reason: FAILURE.notDicom };
  try {
    const { dataSet } = readPart10(body);
    const uid = (tag: number) => {
      const value = dataSet.uid(tag);
      return value !== undefined && isValidUid(value) ? value : undefined;
    };
    const reference = { sopClassUid: uid(UIDS.sopClassUid), sopInstanceUid: uid(UIDS.sopInstanceUid) };
    const isWhole = Object.values(UIDS).every((tag) => uid(tag) !== undefined);
    const isOf = study === undefined || uid(UIDS.study) === study;
    return isWhole && isOf ? reference : { ...reference, reason: FAILURE.doesNotMatch };
  } catch (error) {
    if (!isUnprocessable(error)) throw error;
    const isOtherSyntax = error.reason === 'unsupported-transfer-syntax';
    return { ...unknown, reason: isOtherSyntax ? FAILURE.transferSyntax : FAILURE.notDicom };
  }
}

/** Writes the instances as the files of an upload that holds nothing else. */
async function upload(received: readonly Received[], ports: StorePorts, run: string): Promise<string> {
  const id = ports.newUpload();
  await ports.ledger.openUpload(id);
  await mapInParallel([...received.entries()], WIDTH, ([index, { bytes }]) =>
    ports.vault.put(uploadKey(id, `stow/${index + 1}.dcm`), bytes, {
      contentType: DICOM,
      metadata: { [METADATA.run]: run },
      onlyIf: 'absent',
    }),
  );
  await ports.ledger.closeUpload(id, received.length);
  return id;
}
