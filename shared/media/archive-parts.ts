/** How an archive that is written in parts is cut: always at the same places, so that any call can make any part. */

/** Default 16 MiB: held whole while it is sent; 10,000 parts, the most that S3 takes, are 156 GiB. */
export const ARCHIVE_PART_BYTES = 16 * 1024 * 1024;
/** Default 8: a call reads the metadata of the study anew, and is to have more to do than that. */
export const PARTS_PER_CALL = 8;

/** Where a part begins and ends; parts count from 1. */
export function archivePart(part: number, length: number): { readonly start: number; readonly end: number } {
  const start = (part - 1) * ARCHIVE_PART_BYTES;
  return { start, end: Math.min(start + ARCHIVE_PART_BYTES, length) };
}
