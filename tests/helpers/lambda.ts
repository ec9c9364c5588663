/** Records and contexts as Lambda hands them over. */
import type { LambdaContext, SqsEvent } from '../../shared/runtime/lambda.ts';
import type { CreatedObject } from '../../shared/runtime/message-body.ts';

/** An event of these bodies; objects are written as JSON. Message ids are `m0`, `m1` and so on. */
export function sqsEvent(bodies: readonly unknown[], receiveCount = 1): SqsEvent {
  return {
    Records: bodies.map((body, index) => ({
      messageId: `m${index}`,
      body: typeof body === 'string' ? body : JSON.stringify(body),
      attributes: { ApproximateReceiveCount: String(receiveCount) },
    })),
  };
}

export const lambdaContext: LambdaContext = {
  awsRequestId: '11111111-2222-3333-4444-555555555555',
  getRemainingTimeInMillis: () => 60_000,
};

/** S3's notification of created objects, its keys encoded as S3 does. */
export function notification(...objects: readonly CreatedObject[]) {
  return {
    Records: objects.map(({ bucket, key, versionId, size, createdAt }) => ({
      eventVersion: '2.1',
      eventSource: 'aws:s3',
      eventName: 'ObjectCreated:Put',
      eventTime: createdAt,
      s3: {
        bucket: { name: bucket },
        object: {
          key: key
            .split('/')
            .map((part) => encodeURIComponent(part).replaceAll('%20', '+'))
            .join('/'),
          size,
          ...(versionId ? { versionId } : {}),
        },
      },
    })),
  };
}

/** The ids of the records that are to be delivered again. */
export function failures(response: { batchItemFailures: readonly { itemIdentifier: string }[] }): string[] {
  return response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}
