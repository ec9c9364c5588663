/** What must still be there afterwards: each attribute that no rule names, and a dummy for each that the table replaces. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { BEYOND_THE_TABLE } from '../../../shared/deid/beyond-the-table.ts';
import { keyedPseudonyms, POLICIES, profileOf } from '../../../shared/deid/index.ts';
import { MARKERS } from '../../../shared/deid/markers.ts';
import { PROFILE_ROWS } from '../../../shared/deid/ps3-15.generated.ts';
import { rowOf } from '../../../shared/deid/rules.ts';
import { formatTag, lookUp, type NewElement, type Tag, type VR } from '../../../shared/dicom/index.ts';
import { bytes, ENHANCED_CT, instance, numbers, output, SECRET, sequence, text } from './instances.ts';

const ATTRIBUTES = fileURLToPath(
  new URL('../../../../shared/standard/ps3.6-attributes.json', import.meta.url),
);
const hasAttributes = existsSync(ATTRIBUTES);
const pseudonyms = keyedPseudonyms(SECRET);
const under = (policy: string) => profileOf({ ...POLICIES.get(policy)!, pixels: 'trust' }, { pseudonyms });

/** A value of each VR such as a device writes it, that identifies nobody. */
const VALUES: Partial<Record<VR, string>> = {
  AE: 'STORE',
  AS: '045Y',
  CS: 'AXIAL',
  DA: '20200131',
  DS: '1.25',
  DT: '20200131101112',
  IS: '12',
  LO: 'Bone kernel',
  LT: 'Bone kernel',
  PN: 'Evans^Eva',
  SH: 'KERNEL',
  ST: 'Bone kernel',
  TM: '101112',
  UC: 'Bone kernel',
  UI: '1.2.840.113619.2.5.1762583153',
  UR: 'https://example.org',
  UT: 'Bone kernel',
};
const NUMBERS: ReadonlySet<string> = new Set(['US', 'SS', 'UL', 'SL', 'FL', 'FD', 'AT', 'UV', 'SV']);

function madeOf(tag: Tag, vr: VR): NewElement {
  const value = VALUES[vr];
  if (value !== undefined) return text(tag, vr, value);
  if (vr === 'SQ') return sequence(tag, [numbers(0x00280010, 'US', 512)]);
  if (vr === 'UV' || vr === 'SV') return bytes(tag, vr, Uint8Array.of(7, 0, 0, 0, 0, 0, 0, 0));
  return NUMBERS.has(vr) ? numbers(tag, vr, 7) : bytes(tag, vr, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8));
}

/** Attributes of PS3.6 that Table E.1-1 does not list and that may stand in the data set of an instance. */
function unlisted(): { tag: Tag; vr: VR }[] {
  const listed = JSON.parse(readFileSync(ATTRIBUTES, 'utf8')) as { id: string }[];
  return listed
    .filter(({ id }) => /^[\dA-F]{8}$/i.test(id))
    .map(({ id }) => Number.parseInt(id, 16))
    .filter((tag) => tag >= 0x00080000 && tag >>> 16 !== 0x7fe0 && rowOf(tag) === undefined)
    .flatMap((tag) => (lookUp(tag)?.vr ?? []).slice(0, 1).map((vr) => ({ tag, vr })));
}

/** Attributes that mean something to the reader of the object itself; they are kept in every other test. */
const STRUCTURAL: ReadonlySet<Tag> = new Set([0x00080005, 0x00080016]);
/** Names and addresses have no other value than to identify; what is listed beside the table is named with its reason. */
const IDENTIFYING: ReadonlySet<VR> = new Set<VR>(['PN', 'UR']);

describe.skipIf(!hasAttributes)(
  `under share${hasAttributes ? '' : ' (skipped: ../shared/standard is absent)'}`,
  () => {
    it('no attribute is lost that neither the table nor a rule of its own names', () => {
      const all = unlisted().filter(({ tag }) => !STRUCTURAL.has(tag));
      const expected = ({ tag, vr }: { tag: Tag; vr: VR }): boolean =>
        !BEYOND_THE_TABLE.has(tag) &&
        !MARKERS.has(tag) &&
        !IDENTIFYING.has(vr) &&
        // Overlays and retired group lengths.
        ![0x60, 0x50].includes(tag >>> 24) &&
        (tag & 0xffff) !== 0;
      const lost: string[] = [];
      const profile = under('share');
      for (let from = 0; from < all.length; from += 200) {
        const some = all.slice(from, from + 200).filter(expected);
        const elements = some.map(({ tag, vr }) => madeOf(tag, vr));
        const { dataSet } = output(instance(elements), profile).part10;
        for (const [index, { tag, vr }] of some.entries()) {
          const value = dataSet.value(tag);
          const isKept = value !== undefined && value.length > 0;
          const mayChange = ['DA', 'DT', 'UI'].includes(vr) || vr === 'SQ';
          const given = elements[index]!.value as Uint8Array;
          if (!isKept || !(mayChange || Buffer.from(value).equals(Buffer.from(given))))
            lost.push(formatTag(tag));
        }
      }
      expect(lost).toEqual([]);
      expect(all.filter(expected).length).toBeGreaterThan(4000);
    });
  },
);

/** What a value of the VR may look like (PS3.5 6.2), one value. */
const VALID: Partial<Record<VR, RegExp>> = {
  AE: /^[\x21-\x5b\x5d-\x7e ]{1,16}$/,
  AS: /^\d{3}[DWMY]$/,
  CS: /^[A-Z\d _]{1,16}$/,
  DA: /^(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/,
  DS: /^[+-]?\d+(?:\.\d+)?$/,
  DT: /^(?:19|20)\d{12}$/,
  IS: /^[+-]?\d{1,12}$/,
  LO: /^[^\\]{1,64}$/,
  LT: /^.{1,10240}$/,
  PN: /^[^\\]{1,64}$/,
  SH: /^[^\\]{1,16}$/,
  ST: /^.{1,1024}$/,
  TM: /^(?:[01]\d|2[0-3])[0-5]\d[0-5]\d$/,
  UC: /^.+$/,
  UI: /^2\.25\.\d+$/,
  UR: /^\S+$/,
  UT: /^.+$/,
};

describe.each([...POLICIES.keys()])('under %s', (policy) => {
  const rows = PROFILE_ROWS.filter(({ tag }) => /^[\dA-F]{8}$/i.test(tag)).flatMap((row) => {
    const tag = Number.parseInt(row.tag, 16);
    const { vr: [vr] = [], vm = '' } = lookUp(tag) ?? {};
    // An encapsulated document refuses the instance, whatever it is replaced by.
    const mayStand = tag >= 0x00080000 && tag !== 0x00420011;
    return row.basic === 'D' && vr !== undefined && mayStand ? [{ tag, vr, vm, name: row.name }] : [];
  });

  it.each([
    ['CT images', undefined],
    ['enhanced CT images', ENHANCED_CT],
  ])('each attribute of action D is there, with a dummy of its VR and VM: %s', (_, sopClass) => {
    const elements = rows.map(({ tag, vr }) => madeOf(tag, vr));
    const { dataSet } = output(instance(elements, sopClass), under(policy)).part10;
    const faults = rows.filter(({ tag, vr, vm }) => {
      const written = dataSet.get(tag);
      if (written === undefined || written.vr !== vr) return true;
      if (vr === 'SQ') return dataSet.sequence(tag).length === 0;
      const values = dataSet.strings(tag);
      const valid = VALID[vr];
      const isValid = valid === undefined || (values.length === 1 && valid.test(values[0] ?? ''));
      return written.valueEnd === written.valueStart || !isValid || !/^1(?:-|$)/.test(vm);
    });
    expect(faults.map(({ tag, name }) => `${formatTag(tag)} ${name}`)).toEqual([]);
    expect(rows.length).toBeGreaterThan(80);
  });
});
