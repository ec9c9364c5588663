/** The questions that are asked of an error of the SDK; nothing else inspects its names. */

/** Whether there is no such object, or no such version of it. */
export function isMissingObject(error: unknown): boolean {
  return ['NoSuchKey', 'NoSuchVersion', 'NotFound'].includes(nameOf(error)) || statusOf(error) === 404;
}

/** Whether the condition of a write to S3 did not hold: another write came before. */
export function isPreconditionFailed(error: unknown): boolean {
  return nameOf(error) === 'PreconditionFailed' || statusOf(error) === 412;
}

/** Whether there is no object that is being sent in parts under that id. */
export function isMissingUpload(error: unknown): boolean {
  return nameOf(error) === 'NoSuchUpload';
}

/** Whether what was sent is not what its size or checksum says. */
export function isDamaged(error: unknown): boolean {
  return ['BadDigest', 'InvalidPart', 'InvalidRequest', 'EntityTooSmall', 'MalformedXML'].includes(
    nameOf(error),
  );
}

/** Whether the condition of a write to DynamoDB did not hold. */
export function isConditionFailed(error: unknown): boolean {
  return nameOf(error) === 'ConditionalCheckFailedException';
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } } | undefined)?.$metadata?.httpStatusCode;
}
