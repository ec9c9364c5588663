/**
 * The tags of an object: get, replace, remove.
 */
import { checkTags, versionHeaders } from './object-headers.ts';
import { receiveDocument } from './receive-body.ts';
import type { Reply, S3Call } from './s3-call.ts';
import { elementsOf, textOf, type XmlElement, xmlDocument } from './xml.ts';

export function getTagging(call: S3Call): Reply {
  const version = taggedVersion(call, 'Get');
  const tags = Object.entries(version.tags ?? {}).map(([name, value]): XmlElement => {
    return [
      'Tag',
      [
        ['Key', name],
        ['Value', value],
      ],
    ];
  });
  return { status: 200, headers: versionHeaders(version), xml: xmlDocument('Tagging', [['TagSet', tags]]) };
}

export async function putTagging(call: S3Call): Promise<Reply> {
  const version = taggedVersion(call, 'Put');
  const document = await receiveDocument(call);
  const tags = Object.fromEntries(
    elementsOf(document, 'Tag').map((tag) => [textOf(tag, 'Key') ?? '', textOf(tag, 'Value') ?? '']),
  );
  checkTags(tags);
  call.store.amend(call.bucket, call.key, version.id, { tags });
  return { status: 200, headers: versionHeaders(version) };
}

export function deleteTagging(call: S3Call): Reply {
  const version = taggedVersion(call, 'Delete');
  call.store.amend(call.bucket, call.key, version.id, { tags: {} });
  return { status: 204, headers: versionHeaders(version) };
}

function taggedVersion(call: S3Call, verb: 'Get' | 'Put' | 'Delete') {
  call.allow(`s3:${verb}Object${call.query.has('versionId') ? 'Version' : ''}Tagging`);
  return call.readable();
}
