/** A message as S3 sends one when an object is created, for an object that was created before. */

export interface RedrivenObject {
  readonly key: string;
  readonly versionId: string;
  readonly size: number;
}

/** The body of the notification; keys are encoded as S3 does. */
export function notificationOf(
  bucket: string,
  { key, versionId, size }: RedrivenObject,
  receivedAt = new Date().toISOString(),
): object {
  const encoded = key.split('/').map(encodeSegment).join('/');
  return {
    Records: [
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        eventName: 'ObjectCreated:Redrive',
        eventTime: receivedAt,
        s3: {
          bucket: { name: bucket },
          object: { key: encoded, size, ...(versionId === '' ? {} : { versionId }) },
        },
      },
    ],
  };
}

function encodeSegment(segment: string): string {
  return encodeURIComponent(segment).replaceAll('%20', '+');
}
