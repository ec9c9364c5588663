/**
 * The SDK's clients, each made once per container. No endpoint is set: the SDK takes it from the environment where there
 * is one. Checksums are left to S3, which computes its own of whatever it stores, and TLS guards the way.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';

/** A connection that is not made or goes silent must end before the function's own time does. */
const requestHandler = { connectionTimeout: 3_000, socketTimeout: 60_000 };

export const s3 = once(
  () =>
    new S3Client({
      requestHandler,
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    }),
);
export const dynamodb = once(() => new DynamoDBClient({ requestHandler }));
/** Digests of the bodies are not compared: a message says what it is and is checked by its schema. */
export const sqs = once(() => new SQSClient({ requestHandler, md5: false }));

function once<Client>(make: () => Client): () => Client {
  let client: Client | undefined;
  return () => {
    client ??= make();
    return client;
  };
}
