/** What stands in the body of a queue's record: text to JSON to type in one schema. */
import { z } from 'zod';

const Json = z.string().transform((body, context) => {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    context.addIssue({ code: 'custom', message: 'the body is not JSON' });
    return z.NEVER;
  }
});

/** The schema of a record's body: it may hold several messages, or none. */
export type BodySchema<Message> = z.ZodType<readonly Message[], string>;

/** A body that is one message of the project. */
export function oneMessage<Message>(schema: z.ZodType<Message>): BodySchema<Message> {
  return Json.pipe(schema).transform((message) => [message]);
}

/** An object that S3 says was created. */
export interface CreatedObject {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string;
  readonly size: number;
  readonly createdAt: string;
}

/** Keys arrive as HTML forms are encoded: a space as `+`, the rest as `%xx`. */
const Key = z.string().transform((encoded, context) => {
  try {
    return decodeURIComponent(encoded.replaceAll('+', ' '));
  } catch {
    context.addIssue({ code: 'custom', message: 'the key is not encoded as S3 does' });
    return z.NEVER;
  }
});

const TestEvent = z.object({ Event: z.literal('s3:TestEvent') }).transform((): CreatedObject[] => []);
const Notification = z
  .object({
    Records: z.array(
      z.object({
        eventTime: z.string(),
        s3: z.object({
          bucket: z.object({ name: z.string() }),
          object: z.object({
            key: Key,
            size: z.number().int().nonnegative().default(0),
            versionId: z.string().default(''),
          }),
        }),
      }),
    ),
  })
  .transform(({ Records }): CreatedObject[] =>
    Records.map(({ eventTime, s3: { bucket, object } }) => ({
      bucket: bucket.name,
      key: object.key,
      versionId: object.versionId,
      size: object.size,
      createdAt: eventTime,
    })),
  );

/** A body that is S3's notification of created objects; the test event that S3 sends to a new queue holds none. */
export const createdObjects: BodySchema<CreatedObject> = Json.pipe(z.union([TestEvent, Notification]));
