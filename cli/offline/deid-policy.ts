/** The policy and the extra identifiers that `filmroom deidentify` is given, by name or by file. */
import { readFile } from 'node:fs/promises';
import { POLICIES, type Policy, PolicyError, readPolicy } from '../../shared/deid/index.ts';
import { Failure } from '../failure.ts';

/** Each is searched for in every file, so that many would make the search slow. */
const MAXIMUM_IDENTIFIERS = 1000;

/** A shipped policy by its name, or one in a file. */
export async function openPolicy(nameOrFile: string): Promise<Policy> {
  const shipped = POLICIES.get(nameOrFile);
  if (shipped !== undefined) return shipped;
  const text = await readFile(nameOrFile, 'utf8').catch(() => {
    throw new Failure(
      `no policy ${nameOrFile}: neither a file nor one of ${[...POLICIES.keys()].join(', ')}`,
    );
  });
  try {
    return readPolicy(JSON.parse(text));
  } catch (error) {
    if (error instanceof PolicyError) throw new Failure(`${nameOrFile}: ${error.message}`);
    if (error instanceof SyntaxError) throw new Failure(`${nameOrFile} is no JSON`);
    throw error;
  }
}

/** Identifiers to search for beside those of each instance, one on a line. */
export async function readIdentifiers(file: string): Promise<string[]> {
  const lines = (await readFile(file, 'utf8'))
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines.length > MAXIMUM_IDENTIFIERS)
    throw new Failure(`${file} has more than ${MAXIMUM_IDENTIFIERS} identifiers`);
  return lines;
}
