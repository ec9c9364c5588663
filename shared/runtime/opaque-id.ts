/** Ids that say nothing: 128 bits in Crockford's base 32, lower case, 26 characters. */
import { createHash, randomBytes } from 'node:crypto';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** A new id that nobody can guess. */
export function newOpaqueId(): string {
  return encode(randomBytes(16));
}

/**
 * The item of one version of one vault object: the same on every delivery of the same notification. An entry of an archive
 * that was refused before it became an object has the id of the key it would have had, and no version.
 */
export function itemIdOf(key: string, versionId: string): string {
  return encode(createHash('sha256').update(`${key}\0${versionId}`, 'utf8').digest().subarray(0, 16));
}

function encode(bytes: Uint8Array): string {
  let value = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  let text = '';
  for (let digit = 0; digit < 26; digit++) {
    text = ALPHABET.charAt(Number(value & 31n)) + text;
    value >>= 5n;
  }
  return text;
}
