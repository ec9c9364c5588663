/**
 * The secret that pseudonyms are made with: given by file or environment, or made once and kept in the project, so that
 * the same study gets the same identifiers tomorrow.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Failure } from '../failure.ts';
import { PROJECT } from '../stack/project.ts';

export const SECRET_VARIABLE = 'FILMROOM_PSEUDONYM_SECRET';
const KEPT = join(PROJECT, '.filmroom', 'pseudonym-secret');
/** PS3.15 leaves the strength open; 256 bits is what HMAC-SHA-256 can use. */
const SECRET_BYTES = 32;

/** The bytes of the secret; `note` hears of one that was made or found. */
export async function readSecret(
  file: string | undefined,
  note: (line: string) => void,
): Promise<Uint8Array> {
  if (file !== undefined) return checked(await readFile(file, 'utf8'), file);
  const given = process.env[SECRET_VARIABLE];
  if (given !== undefined) return checked(given, SECRET_VARIABLE);
  const kept = await readFile(KEPT, 'utf8').catch(() => undefined);
  if (kept !== undefined) return checked(kept, KEPT);
  const made = randomBytes(SECRET_BYTES).toString('base64url');
  await mkdir(dirname(KEPT), { recursive: true });
  // Of two processes at once, the first one's secret stands.
  await writeFile(KEPT, `${made}\n`, { mode: 0o600, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  note(`made a secret for pseudonyms and keep it in ${KEPT}: who has it can tell which patient is which`);
  return checked(await readFile(KEPT, 'utf8'), KEPT);
}

function checked(text: string, source: string): Uint8Array {
  const bytes = Buffer.from(text.trim());
  if (bytes.length < SECRET_BYTES)
    throw new Failure(`the secret in ${source} is shorter than ${SECRET_BYTES} bytes`);
  return bytes;
}
