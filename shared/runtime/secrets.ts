/** Tokens nobody can guess, kept as hashes only, and passcodes, which people choose and which are slow to try. */
import { createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

export interface PasscodeHash {
  readonly salt: Uint8Array;
  readonly hash: Uint8Array;
}

/** 16 MiB and some 50 ms for each try. */
const COST = { N: 2 ** 14, r: 8, p: 1 } as const;
const HASH_BYTES = 32;

/** 256 random bits in base64url. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What is kept of a token: it has 256 bits, so that a plain hash cannot be searched. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/** Whether two hashes are the same, in a time that does not tell where they differ. */
export function isSameHash(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** What is kept of a passcode. */
export async function hashPasscode(passcode: string): Promise<PasscodeHash> {
  const salt = randomBytes(16);
  return { salt, hash: await derive(passcode, salt) };
}

/** Whether the passcode is the one that the hash was made of. */
export async function isPasscode(passcode: string, { salt, hash }: PasscodeHash): Promise<boolean> {
  const derived = await derive(passcode, salt);
  return derived.length === hash.length && timingSafeEqual(derived, hash);
}

function derive(passcode: string, salt: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(passcode.normalize('NFC'), salt, HASH_BYTES, COST, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
