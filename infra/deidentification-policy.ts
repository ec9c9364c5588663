/**
 * The policy of a deployment as `deidentify` is told it: a shipped one by its name, one of a file as JSON in one line. It is
 * read and checked when the stack is synthesised, so that a misspelled option never reaches a deployment.
 */
import { readFileSync } from 'node:fs';
import { POLICIES, readPolicy } from '../shared/deid/policy.ts';

/** Lambda takes 4 KB of variables in all; the others need less than one. */
const MAXIMUM_BYTES = 3072;

/** The value of the variable for a setting that names a shipped policy or a file; throws where neither is meant. */
export function deidentificationPolicy(setting: string): string {
  if (POLICIES.has(setting)) return setting;
  if (!setting.endsWith('.json'))
    throw new Error(
      `Setting deidentificationPolicy must be ${[...POLICIES.keys()].join(', ')} or a .json file`,
    );
  const text = JSON.stringify(readPolicy(JSON.parse(readFileSync(setting, 'utf8'))));
  if (Buffer.byteLength(text) > MAXIMUM_BYTES)
    throw new Error(`${setting} has more than ${MAXIMUM_BYTES} bytes`);
  return text;
}
