/**
 * List prices of us-east-1 in dollars, as published by AWS and read on 2026-11-22. Free tiers, discounts, storage and
 * transfer to the internet are left out.
 */
export const PRICES = {
  readOn: '2026-11-22',
  region: 'us-east-1',
  /** PUT, COPY, POST and LIST requests of S3 Standard, each. */
  s3Put: 5 / 1e6,
  /** GET and all other requests of S3 Standard, each. */
  s3Get: 0.4 / 1e6,
  /** Requests of standard queues, each. */
  sqsRequest: 0.4 / 1e6,
  /** Write request units of on-demand tables: one for each KiB of a row. */
  dynamodbWrite: 0.625 / 1e6,
  /** Read request units of on-demand tables: one for 4 KiB read consistently. */
  dynamodbRead: 0.125 / 1e6,
  /** Invocations of functions, each. */
  lambdaInvocation: 0.2 / 1e6,
  /** Gigabyte-seconds of functions on arm64. */
  lambdaGigabyteSecond: 0.0000133334,
  /** A gigabyte of log lines taken in. */
  logGigabyte: 0.5,
} as const;
