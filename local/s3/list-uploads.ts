/**
 * ListParts and ListMultipartUploads.
 */
import { uploadOf } from './multipart-upload.ts';
import { quotedEtag } from './object-headers.ts';
import type { Reply, S3Call } from './s3-call.ts';
import { type XmlElement, xmlDocument } from './xml.ts';

const LARGEST_PAGE = 1000;

export function listParts(call: S3Call): Reply {
  call.allow('s3:ListMultipartUploadParts');
  const upload = uploadOf(call);
  const after = Number(call.query.get('part-number-marker') ?? 0);
  const size = Math.min(Number(call.query.get('max-parts') ?? LARGEST_PAGE), LARGEST_PAGE);
  const all = [...upload.parts].filter(([number]) => number > after).sort(([a], [b]) => a - b);
  const page = all.slice(0, size);
  const { algorithm } = upload.facts.checksum;
  const parts = page.map(([number, part]): XmlElement => {
    return [
      'Part',
      [
        ['PartNumber', number],
        ['LastModified', new Date(part.at).toISOString()],
        ['ETag', quotedEtag(part.etag)],
        ['Size', part.size],
        [`Checksum${algorithm.toUpperCase()}`, part.checksums[algorithm]],
      ],
    ];
  });
  const xml = xmlDocument('ListPartsResult', [
    ['Bucket', call.bucket],
    ['Key', call.key],
    ['UploadId', upload.id],
    ['PartNumberMarker', after],
    ['NextPartNumberMarker', page.at(-1)?.[0] ?? 0],
    ['MaxParts', size],
    ['IsTruncated', page.length < all.length],
    ...parts,
  ]);
  return { status: 200, xml };
}

export function listUploads(call: S3Call): Reply {
  call.allow('s3:ListBucketMultipartUploads', call.bucketArn);
  call.store.bucket(call.bucket);
  const prefix = call.query.get('prefix') ?? '';
  const [keyMarker, idMarker] = [
    call.query.get('key-marker') ?? '',
    call.query.get('upload-id-marker') ?? '',
  ];
  const size = Math.min(Number(call.query.get('max-uploads') ?? LARGEST_PAGE), LARGEST_PAGE);
  const all = [...call.store.uploads.values()]
    .map(({ id, facts }) => ({ id, ...facts }))
    .filter(({ bucket, key }) => bucket === call.bucket && key.startsWith(prefix))
    .filter(({ key, id }) => key > keyMarker || (key === keyMarker && idMarker !== '' && id > idMarker))
    .sort((a, b) => (a.key === b.key ? (a.id < b.id ? -1 : 1) : a.key < b.key ? -1 : 1));
  const page = all.slice(0, size);
  const last = page.length < all.length ? page.at(-1) : undefined;
  const xml = xmlDocument('ListMultipartUploadsResult', [
    ['Bucket', call.bucket],
    ['KeyMarker', keyMarker],
    ['UploadIdMarker', idMarker],
    ['NextKeyMarker', last?.key],
    ['NextUploadIdMarker', last?.id],
    ['MaxUploads', size],
    ['IsTruncated', last !== undefined],
    ...page.map(({ key, id, at }): XmlElement => {
      return [
        'Upload',
        [
          ['Key', key],
          ['UploadId', id],
          ['Initiated', new Date(at).toISOString()],
        ],
      ];
    }),
  ]);
  return { status: 200, xml };
}
