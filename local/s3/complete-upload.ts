/**
 * CompleteMultipartUpload: the listed parts, in order, become the object.
 */
import { compositeChecksum, joinChecksums } from './checksums.ts';
import { checkWrite } from './conditions.ts';
import { checksumElements } from './copy-object.ts';
import { multipartEtag, uploadOf } from './multipart-upload.ts';
import { encryptionHeaders, quotedEtag, versionHeaders } from './object-headers.ts';
import { receiveDocument } from './receive-body.ts';
import type { StoredChecksum, StoredPart } from './records.ts';
import type { Reply, S3Call } from './s3-call.ts';
import { invalidRequest, malformedXml, S3Error } from './s3-error.ts';
import type { Upload } from './store-state.ts';
import { elementsOf, textOf, xmlDocument } from './xml.ts';

const SMALLEST_PART_BYTES = 5 << 20;

export async function completeUpload(call: S3Call): Promise<Reply> {
  const { store, bucket, key, headers } = call;
  const { id } = uploadOf(call);
  call.allow('s3:PutObject');
  const document = await receiveDocument({ ...call, headers: ofTheRequest(headers) });
  const upload = store.upload(id, bucket, key);
  const { description } = upload.facts;
  call.allowKey('kms:Decrypt', description.kmsKeyArn);

  const parts = listedParts(document, upload);
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  const checksum = wholeChecksum(upload, parts);
  checkAnnounced(call, size, checksum);
  const version = store.put(
    bucket,
    key,
    {
      size,
      etag: multipartEtag(parts),
      body: parts.flatMap((part) => part.body),
      checksum,
      parts: parts.map((part) => part.size),
      ...description,
    },
    {
      event: 'ObjectCreated:CompleteMultipartUpload',
      upload: id,
      precondition: (current) => checkWrite(headers, current),
    },
  );
  return {
    status: 200,
    headers: { ...versionHeaders(version), ...encryptionHeaders(description.kmsKeyArn) },
    xml: xmlDocument('CompleteMultipartUploadResult', [
      ['Location', `http://${headers.host}/${bucket}/${encodeURIComponent(key)}`],
      ['Bucket', bucket],
      ['Key', key],
      ['ETag', quotedEtag(version.etag)],
      ...checksumElements(checksum),
    ]),
  };
}

/** The checksum in the headers is that of the object, not of the document that lists its parts. */
function ofTheRequest(headers: S3Call['headers']): S3Call['headers'] {
  const own = Object.entries(headers).filter(([name]) => !name.startsWith('x-amz-checksum-'));
  return Object.fromEntries(own);
}

function listedParts(document: string, upload: Upload): StoredPart[] {
  const listed = elementsOf(document, 'Part');
  if (listed.length === 0) throw malformedXml();
  const numbers = listed.map((element) => Number(textOf(element, 'PartNumber')));
  if (numbers.some((number, index) => index > 0 && number <= numbers[index - 1]!))
    throw new S3Error(
      'InvalidPartOrder',
      400,
      'The list of parts was not in ascending order. Parts must be ordered by part number.',
    );
  const parts = listed.map((element, index) => listedPart(element, numbers[index]!, upload));
  if (parts.slice(0, -1).some((part) => part.size < SMALLEST_PART_BYTES))
    throw new S3Error('EntityTooSmall', 400, 'Your proposed upload is smaller than the minimum allowed size');
  return parts;
}

function listedPart(element: string, number: number, upload: Upload): StoredPart {
  const part = upload.parts.get(number);
  const etag = (textOf(element, 'ETag') ?? '').replaceAll('"', '');
  if (!part || part.etag !== etag) throw invalidPart();
  const { algorithm, type } = upload.facts.checksum;
  const claimed = textOf(element, `Checksum${algorithm.toUpperCase()}`);
  const known = part.checksums[algorithm];
  if (claimed === undefined && type === 'COMPOSITE')
    throw invalidRequest(
      `The upload was created using a ${algorithm} checksum. The complete request must include the checksum for each part. It was missing for part ${number} in the request.`,
    );
  if (claimed !== undefined && known !== undefined && claimed !== known) throw invalidPart();
  return part;
}

/** The checksum of the object, without its value when that of a copied part is not known. */
function wholeChecksum(upload: Upload, parts: readonly StoredPart[]): StoredChecksum {
  const { algorithm, type } = upload.facts.checksum;
  const values: string[] = [];
  for (const part of parts) {
    const value = part.checksums[algorithm];
    if (value === undefined) return { algorithm };
    values.push(value);
  }
  if (type === 'COMPOSITE') return { algorithm, type, value: compositeChecksum(algorithm, values) };
  const value = values.reduce((whole, next, index) =>
    joinChecksums(algorithm, whole, next, parts[index]!.size),
  );
  return { algorithm, value };
}

function checkAnnounced(call: S3Call, size: number, checksum: StoredChecksum): void {
  const announcedSize = call.headers['x-amz-mp-object-size'];
  if (announcedSize !== undefined && Number(announcedSize) !== size)
    throw invalidRequest(
      `The provided 'x-amz-mp-object-size' header does not match what was computed: ${size}`,
    );
  const announced = call.headers[`x-amz-checksum-${checksum.algorithm}`];
  if (announced !== undefined && checksum.value !== undefined && announced !== checksum.value)
    throw new S3Error(
      'BadDigest',
      400,
      `The ${checksum.algorithm} you specified did not match the calculated checksum.`,
    );
}

function invalidPart(): S3Error {
  return new S3Error(
    'InvalidPart',
    400,
    'One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part entity tag.',
  );
}
