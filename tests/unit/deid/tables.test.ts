import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { BEYOND_THE_TABLE, CLASS_UID_ATTRIBUTES } from '../../../shared/deid/beyond-the-table.ts';
import { HARVESTED, PATIENT_NAMES } from '../../../shared/deid/harvested-attributes.ts';
import { DEIDENTIFICATION_METHODS, PROFILE_ROWS } from '../../../shared/deid/ps3-15.generated.ts';
import { rowOf } from '../../../shared/deid/rules.ts';
import { formatTag, lookUp } from '../../../shared/dicom/index.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const hasStandard = existsSync(`${root}/../shared/standard`);

describe('the generated tables', () => {
  it.skipIf(!hasStandard)(
    `are what the script would write${hasStandard ? '' : ' (skipped: ../shared/standard is absent)'}`,
    () => {
      const script = ['--import', 'tsx', 'scripts/generate-deid-tables.ts', '--check'];
      expect(spawnSync(process.execPath, script, { cwd: root, encoding: 'utf8' }).stderr).toBe('');
    },
  );

  it('keep the option columns', () => {
    const count = (option: string): number =>
      PROFILE_ROWS.filter((row) => row.options !== undefined && option in row.options).length;
    expect(count('retainFullDates')).toBe(169);
    expect(count('cleanDescriptors')).toBe(141);
    expect(count('retainUIDs')).toBe(60);
    expect(count('retainSafePrivate')).toBe(1);
    expect(DEIDENTIFICATION_METHODS).toHaveLength(13);
  });
});

describe('the lists beside the table', () => {
  it.each([...BEYOND_THE_TABLE.keys(), ...CLASS_UID_ATTRIBUTES].map((tag) => [formatTag(tag), tag] as const))(
    'name attributes of PS3.6 that the table omits: %s',
    (_, tag) => {
      expect(lookUp(tag)).toBeDefined();
      expect(rowOf(tag)).toBeUndefined();
    },
  );

  it.each([...HARVESTED.keys(), ...PATIENT_NAMES].map((tag) => [formatTag(tag), tag] as const))(
    'harvest from attributes that are not kept: %s',
    (_, tag) => {
      expect(lookUp(tag)).toBeDefined();
      expect(rowOf(tag) !== undefined || BEYOND_THE_TABLE.has(tag)).toBe(true);
    },
  );
});
