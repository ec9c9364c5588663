/** The policy of a deployment is checked at synthesis and told to `deidentify`. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { deidentificationPolicy } from '../../infra/deidentification-policy.ts';
import { POLICIES, PolicyError } from '../../shared/deid/policy.ts';

const folder = mkdtempSync(join(tmpdir(), 'filmroom-policy-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (data: unknown) => {
  const path = join(folder, 'own.json');
  writeFileSync(path, JSON.stringify(data, null, 2));
  return path;
};
const share = POLICIES.get('share')!;

describe('deidentificationPolicy', () => {
  it.each([...POLICIES.keys()])('is %s by its name', (name) => {
    expect(deidentificationPolicy(name)).toBe(name);
  });

  it('is the content of a file, in one line', () => {
    const own = { ...share, name: 'own' };
    expect(JSON.parse(deidentificationPolicy(file(own)))).toEqual(own);
    expect(deidentificationPolicy(file(own))).not.toContain('\n');
  });

  it('stops the synthesis at a fault, with its place', () => {
    expect(() => deidentificationPolicy(file({ ...share, pixels: 'any' }))).toThrow(PolicyError);
    expect(() => deidentificationPolicy('lenient')).toThrow(/share, research, strict/);
    expect(() => deidentificationPolicy(join(folder, 'none.json'))).toThrow(/ENOENT/);
  });
});
