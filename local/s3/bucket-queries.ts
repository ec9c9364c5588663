/**
 * The few questions about buckets that clients ask over the wire; buckets are administered in process.
 */
import type { Reply, S3Call } from './s3-call.ts';
import { type XmlElement, xmlDocument } from './xml.ts';

export function listBuckets(call: S3Call): Reply {
  call.allow('s3:ListAllMyBuckets', '*');
  const buckets = [...call.store.buckets.keys()].sort().map((name): XmlElement => {
    return [
      'Bucket',
      [
        ['Name', name],
        ['CreationDate', new Date(0).toISOString()],
      ],
    ];
  });
  const xml = xmlDocument('ListAllMyBucketsResult', [
    ['Owner', [['ID', call.account]]],
    ['Buckets', buckets],
  ]);
  return { status: 200, xml };
}

export function headBucket(call: S3Call): Reply {
  call.allow('s3:ListBucket', call.bucketArn);
  call.store.bucket(call.bucket);
  return { status: 200, headers: { 'x-amz-bucket-region': call.region } };
}

export function bucketLocation(call: S3Call): Reply {
  call.allow('s3:GetBucketLocation', call.bucketArn);
  call.store.bucket(call.bucket);
  const region = call.region === 'us-east-1' ? '' : call.region;
  return {
    status: 200,
    xml: `<?xml version="1.0" encoding="UTF-8"?>\n<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${region}</LocationConstraint>`,
  };
}

export function bucketVersioning(call: S3Call): Reply {
  call.allow('s3:GetBucketVersioning', call.bucketArn);
  const { versioning } = call.store.bucket(call.bucket).settings;
  return { status: 200, xml: xmlDocument('VersioningConfiguration', [['Status', versioning]]) };
}
