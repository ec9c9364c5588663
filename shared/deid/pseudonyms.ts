/**
 * Keyed, stateless pseudonyms: HMAC-SHA256 under a secret over length-prefixed fields, apart by purpose and by project.
 * The same original gives the same pseudonym on every machine and every retry; without the secret nobody can confirm a
 * guess. It refuses a secret of fewer than 32 bytes.
 */
import { createHmac, createSecretKey } from 'node:crypto';

/** What de-identification replaces identifiers with. */
export interface Pseudonymizer {
  /** The UID that stands for a UID, the same wherever it is referenced: 2.25 and a UUID (PS3.5 B.2). */
  uid(original: string): string;
  /** The Patient ID that stands for an ID under its issuer: 'P' and 16 base32 characters. */
  patientId(issuer: string | undefined, id: string): string;
  /** The Patient's Name that stands for the patient of that ID; it does not depend on how the name was spelled. */
  patientName(issuer: string | undefined, id: string): string;
  /** Days to shift this patient's dates by: a whole number of weeks to the past, never zero. */
  dateShiftDays(patientKey: string): number;
  /** 16 base32 characters for a value, apart for each purpose. */
  token(purpose: string, value: string): string;
}

/** Ten years: long enough to hide the season's year, short enough to keep dates plausible. */
const MAXIMUM_SHIFT_WEEKS = 520;
const MINIMUM_SECRET_BYTES = 32;
/** Changes when the construction does, so that pseudonyms of two constructions never look alike by accident. */
const CONSTRUCTION = 'filmroom-1';
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The pseudonyms of one secret and project; two projects under one secret share none. */
export function keyedPseudonyms(secret: Uint8Array, project = ''): Pseudonymizer {
  if (secret.length < MINIMUM_SECRET_BYTES) {
    throw new RangeError(`the secret has ${secret.length} bytes, fewer than ${MINIMUM_SECRET_BYTES}`);
  }
  const key = createSecretKey(secret);
  const digest = (purpose: string, ...values: string[]): Buffer =>
    createHmac('sha256', key)
      .update(lengthPrefixed([CONSTRUCTION, project, purpose, ...values]))
      .digest();
  const patientId = (issuer: string | undefined, id: string): string =>
    `P${base32(digest('patient-id', issuer ?? '', id))}`;

  return {
    uid: (original) => `2.25.${uuidInteger(digest('uid', original))}`,
    patientId,
    patientName: patientId,
    dateShiftDays: (patientKey) =>
      -7 * (1 + (digest('date-shift', patientKey).readUInt32BE() % MAXIMUM_SHIFT_WEEKS)),
    token: (purpose, value) => base32(digest(`token:${purpose}`, value)),
  };
}

/** Each field behind its length in four bytes, so that no two lists of fields have the same bytes. */
function lengthPrefixed(fields: readonly string[]): Buffer {
  let size = 0;
  for (const field of fields) size += 4 + Buffer.byteLength(field);
  const bytes = Buffer.allocUnsafe(size);
  let at = 0;
  for (const field of fields) {
    const length = bytes.write(field, at + 4);
    bytes.writeUInt32BE(length, at);
    at += 4 + length;
  }
  return bytes;
}

/** The first 128 bits as a version 8 UUID (RFC 9562 5.8), in decimal. */
function uuidInteger(digest: Buffer): string {
  digest[6] = (digest[6]! & 0x0f) | 0x80;
  digest[8] = (digest[8]! & 0x3f) | 0x80;
  return BigInt(`0x${digest.toString('hex', 0, 16)}`).toString();
}

/** The first 80 bits in 16 characters (RFC 4648 6). */
function base32(digest: Buffer): string {
  let text = '';
  for (let block = 0; block < 2; block++) {
    let bits = digest.readUIntBE(block * 5, 5);
    let characters = '';
    for (let index = 0; index < 8; index++) {
      characters = BASE32[bits % 32] + characters;
      bits = Math.floor(bits / 32);
    }
    text += characters;
  }
  return text;
}
