/**
 * DeleteObject and DeleteObjects.
 */
import { AccessDenied } from '../auth/authorize.ts';
import { receiveDocument } from './receive-body.ts';
import type { StoredVersion } from './records.ts';
import { objectArn, type Reply, type S3Call } from './s3-call.ts';
import { malformedXml } from './s3-error.ts';
import { elementsOf, textOf, type XmlElement, xmlDocument } from './xml.ts';

const MOST_KEYS = 1000;

export function deleteObject(call: S3Call): Reply {
  const versionId = call.query.get('versionId');
  call.allow(versionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion');
  const version = call.store.remove(call.bucket, call.key, versionId);
  const headers: Record<string, string> = {};
  if (version?.marker) headers['x-amz-delete-marker'] = 'true';
  const id = versionId ?? version?.id ?? 'null';
  if (id !== 'null') headers['x-amz-version-id'] = id;
  return { status: 204, headers };
}

export async function deleteObjects(call: S3Call): Promise<Reply> {
  call.store.bucket(call.bucket);
  const document = await receiveDocument(call);
  const asked = elementsOf(document, 'Object').map((element) => ({
    key: textOf(element, 'Key') ?? '',
    versionId: textOf(element, 'VersionId'),
  }));
  if (asked.length === 0 || asked.length > MOST_KEYS || asked.some(({ key }) => key === ''))
    throw malformedXml();
  const quiet = textOf(document, 'Quiet') === 'true';
  const results: XmlElement[] = [];
  for (const { key, versionId } of asked) {
    const result = deleteOne(call, key, versionId);
    if (!quiet || result[0] === 'Error') results.push(result);
  }
  return { status: 200, xml: xmlDocument('DeleteResult', results) };
}

function deleteOne(call: S3Call, key: string, versionId: string | undefined): XmlElement {
  const named: XmlElement[] = [
    ['Key', key],
    ['VersionId', versionId],
  ];
  try {
    const action = versionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion';
    call.allow(action, objectArn(call.bucket, key));
    return ['Deleted', [...named, ...markerElements(call.store.remove(call.bucket, key, versionId))]];
  } catch (error) {
    if (!(error instanceof AccessDenied)) throw error;
    return ['Error', [...named, ['Code', 'AccessDenied'], ['Message', error.message]]];
  }
}

function markerElements(version: StoredVersion | undefined): XmlElement[] {
  if (!version?.marker) return [];
  return [
    ['DeleteMarker', true],
    ['DeleteMarkerVersionId', version.id],
  ];
}
