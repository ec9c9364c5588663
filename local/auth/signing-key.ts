/**
 * The key that signs for one day, region and service, derived from a secret as Signature Version 4 prescribes.
 *
 * Deriving takes four HMACs, so the keys in use are kept; the cache is emptied when it grows beyond any honest use.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

const KEYS_KEPT = 1000;
const keys = new Map<string, Buffer>();

/** The derived key for `<date>/<region>/<service>/aws4_request`. */
export function signingKey(secret: string, date: string, region: string, service: string): Buffer {
  const name = `${secret}\n${date}\n${region}\n${service}`;
  const known = keys.get(name);
  if (known) return known;
  let key: Buffer = Buffer.from(`AWS4${secret}`);
  for (const part of [date, region, service, 'aws4_request']) key = hmac(key, part);
  if (keys.size >= KEYS_KEPT) keys.clear();
  keys.set(name, key);
  return key;
}

export function hmac(key: Uint8Array, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

export function sha256Hex(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Compares two signatures in constant time. */
export function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
