/** What stands in a bucket, in the order of its keys: for who compares it with what should stand there. */
import { ListObjectsV2Command, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { s3 } from './clients.ts';

export interface StandingObject {
  readonly key: string;
  readonly size: number;
  readonly writtenAt: Date;
}

export interface StandingVersion extends StandingObject {
  readonly versionId: string;
}

/** The current objects under a prefix. */
export async function* standingObjects(bucket: string, prefix: string): AsyncGenerator<StandingObject> {
  let token: string | undefined;
  do {
    const page = await s3().send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token }),
    );
    for (const { Key, Size, LastModified } of page.Contents ?? [])
      yield { key: Key ?? '', size: Size ?? 0, writtenAt: LastModified ?? new Date(0) };
    token = page.NextContinuationToken;
  } while (token);
}

/** Every version of every object under a prefix; marks of deletion are none. */
export async function* standingVersions(bucket: string, prefix: string): AsyncGenerator<StandingVersion> {
  let from: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } | undefined = {};
  while (from) {
    const page: Awaited<ReturnType<typeof listVersions>> = await listVersions(bucket, prefix, from);
    for (const { Key, Size, LastModified, VersionId } of page.Versions ?? [])
      yield {
        key: Key ?? '',
        size: Size ?? 0,
        writtenAt: LastModified ?? new Date(0),
        versionId: VersionId ?? '',
      };
    from = page.IsTruncated
      ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
      : undefined;
  }
}

function listVersions(
  bucket: string,
  prefix: string,
  from: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined },
) {
  return s3().send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: prefix, ...from }));
}
