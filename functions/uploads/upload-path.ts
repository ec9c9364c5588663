/**
 * Which paths an upload may have. They become keys, and some clients and browsers rewrite what looks like a step up or an
 * empty step; a path that two sides could read differently is refused.
 */
import { UPLOADS_PREFIX } from '../../shared/contract/names.ts';
import { HttpRefusal } from '../../shared/runtime/http-handler.ts';

/** S3 takes keys of 1,024 bytes in UTF-8; the prefix and the upload's id take some of it. */
const MAXIMUM_BYTES = 1_024 - UPLOADS_PREFIX.length - 27;

/** Whether the path is relative, goes only down and has no control characters. */
export function isUploadPath(path: string): boolean {
  if (path.length === 0 || Buffer.byteLength(path, 'utf8') > MAXIMUM_BYTES) return false;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (/[\u0000-\u001f\u007f]/.test(path) || !isWellFormed(path)) return false;
  return path.split('/').every((segment) => segment !== '' && segment !== '.' && segment !== '..');
}

/** Answers a path that is none with 400. */
export function checkPath(path: string): void {
  if (!isUploadPath(path)) throw new HttpRefusal(400, 'invalid-path');
}

/** Half of a surrogate pair has no UTF-8. */
function isWellFormed(text: string): boolean {
  return Buffer.from(text, 'utf8').toString('utf8') === text;
}
