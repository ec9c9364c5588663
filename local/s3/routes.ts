/**
 * Which operation of S3 a request means: by its method, whether it names a key, and the parameter that tells operations apart.
 */
import { bucketLocation, bucketVersioning, headBucket, listBuckets } from './bucket-queries.ts';
import { completeUpload } from './complete-upload.ts';
import { copyObject } from './copy-object.ts';
import { deleteObject, deleteObjects } from './delete-object.ts';
import { getObject, getObjectAttributes } from './get-object.ts';
import { listObjects, listObjectsV2, listObjectVersions } from './list-objects.ts';
import { listParts, listUploads } from './list-uploads.ts';
import { abortUpload, createUpload, uploadPart, uploadPartCopy } from './multipart-upload.ts';
import { deleteTagging, getTagging, putTagging } from './object-tagging.ts';
import { putObject } from './put-object.ts';
import type { Reply, S3Call } from './s3-call.ts';
import { S3Error } from './s3-error.ts';

type Operation = (call: S3Call) => Reply | Promise<Reply>;

interface Route {
  readonly method: string;
  readonly on: 'service' | 'bucket' | 'object';
  /** The parameter that must be there; a route without one is for requests that name no subresource. */
  readonly by?: string;
  readonly operation: Operation;
}

/** Parameters that ask for something else than the object or the bucket itself. */
const SUBRESOURCES = new Set([
  ...['acl', 'attributes', 'cors', 'delete', 'encryption', 'legal-hold', 'lifecycle', 'location', 'logging'],
  ...['notification', 'object-lock', 'ownershipControls', 'policy', 'policyStatus', 'publicAccessBlock'],
  ...[
    'renameObject',
    'replication',
    'requestPayment',
    'restore',
    'retention',
    'select',
    'tagging',
    'torrent',
  ],
  ...['uploadId', 'uploads', 'versioning', 'versions', 'website', 'inventory', 'metrics', 'analytics'],
]);

const ROUTES: readonly Route[] = [
  { method: 'GET', on: 'service', operation: listBuckets },
  { method: 'HEAD', on: 'bucket', operation: headBucket },
  { method: 'GET', on: 'bucket', by: 'location', operation: bucketLocation },
  { method: 'GET', on: 'bucket', by: 'versioning', operation: bucketVersioning },
  { method: 'GET', on: 'bucket', by: 'versions', operation: listObjectVersions },
  { method: 'GET', on: 'bucket', by: 'uploads', operation: listUploads },
  {
    method: 'GET',
    on: 'bucket',
    operation: (call) => (call.query.get('list-type') === '2' ? listObjectsV2(call) : listObjects(call)),
  },
  { method: 'POST', on: 'bucket', by: 'delete', operation: deleteObjects },
  { method: 'GET', on: 'object', by: 'tagging', operation: getTagging },
  { method: 'PUT', on: 'object', by: 'tagging', operation: putTagging },
  { method: 'DELETE', on: 'object', by: 'tagging', operation: deleteTagging },
  { method: 'GET', on: 'object', by: 'attributes', operation: getObjectAttributes },
  { method: 'GET', on: 'object', by: 'uploadId', operation: listParts },
  { method: 'POST', on: 'object', by: 'uploads', operation: createUpload },
  { method: 'POST', on: 'object', by: 'uploadId', operation: completeUpload },
  { method: 'DELETE', on: 'object', by: 'uploadId', operation: abortUpload },
  {
    method: 'PUT',
    on: 'object',
    by: 'uploadId',
    operation: (call) => (isCopy(call) ? uploadPartCopy(call) : uploadPart(call)),
  },
  { method: 'PUT', on: 'object', operation: (call) => (isCopy(call) ? copyObject(call) : putObject(call)) },
  { method: 'GET', on: 'object', operation: getObject },
  { method: 'HEAD', on: 'object', operation: getObject },
  { method: 'DELETE', on: 'object', operation: deleteObject },
];

/** The operation; throws when this server has none for the request. */
export function routeOf(
  method: string,
  bucket: string,
  key: string,
  query: ReadonlyMap<string, string>,
): Operation {
  const on = key !== '' ? 'object' : bucket !== '' ? 'bucket' : 'service';
  let subresource: string | undefined;
  for (const name of query.keys()) if (SUBRESOURCES.has(name)) subresource = name;
  const route = ROUTES.find(
    (candidate) => candidate.method === method && candidate.on === on && candidate.by === subresource,
  );
  if (!route)
    throw new S3Error(
      'NotImplemented',
      501,
      'A header or parameter you provided implies functionality that is not implemented',
    );
  return route.operation;
}

function isCopy(call: S3Call): boolean {
  return call.headers['x-amz-copy-source'] !== undefined;
}
