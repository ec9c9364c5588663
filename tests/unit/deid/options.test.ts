import { describe, expect, it } from 'vitest';
import { OPTION_CODES, OPTION_NAMES } from '../../../shared/deid/options.ts';
import { PROFILE_ROWS } from '../../../shared/deid/ps3-15.generated.ts';
import { decideByTag } from '../../../shared/deid/rules.ts';
import type { OptionName } from '../../../shared/deid/table-row.ts';
import { instance, ORIGINAL, output, sequence, testProfile, text } from './instances.ts';

const rows = PROFILE_ROWS.filter((row) => /^[\dA-F]{8}$/.test(row.tag) && !row.tag.startsWith('0002'));
const withOptions = (...options: OptionName[]) => ({
  options: new Set(options),
  unlistedText: 'keep' as const,
});

describe.each(OPTION_NAMES)('the option %s', (option) => {
  it('relaxes the rows that its column names, and no other', () => {
    for (const row of rows) {
      const tag = Number.parseInt(row.tag, 16);
      const basic = decideByTag(tag, undefined);
      const decision = decideByTag(tag, undefined, withOptions(option));
      const asked = row.options?.[option];
      if (asked === undefined) expect(decision, row.tag).toEqual(basic);
      else if (row.vr === 'AS') expect(decision, row.tag).toMatchObject({ action: 'C', cleaning: 'age' });
      else expect(decision?.action, row.tag).toBe(asked);
    }
  });

  it('is named in the instance by its code of CID 7050', () => {
    const { dataSet } = output(instance([]), testProfile({ options: [option] })).part10;
    const codes = dataSet.sequence(0x00120064).map((item) => item.text(0x00080100));
    expect(codes).toEqual(['113100', OPTION_CODES[option]].sort());
  });
});

describe('options together', () => {
  it.each([
    [{ options: ['retainFullDates', 'retainModifiedDates'] as const }, /contradict each other/],
    [
      { options: ['retainSafePrivate'] as const, unlistedText: 'remove' as const },
      /contradicts retainSafePrivate/,
    ],
  ])('%j are refused with a message', (options, message) => {
    expect(() => testProfile(options)).toThrow(message);
  });

  it('shift the dates of a device that is retained, since one true date gives the shift away', () => {
    const decision = decideByTag(
      0x00181200,
      undefined,
      withOptions('retainDeviceIdentity', 'retainModifiedDates'),
    );
    expect(decision).toMatchObject({ action: 'C', cleaning: 'dates' });
  });
});

describe('what an option retains', () => {
  const patient = [
    text(0x00080020, 'DA', '20200106'),
    text(0x00080021, 'DA', '20200107'),
    text(0x00080030, 'TM', '101112.5'),
    text(0x0008002a, 'DT', '20200106101112.5+0100'),
    text(0x00080080, 'LO', 'Sunnydale Hospital'),
    text(0x00081010, 'SH', 'SCANNER42'),
    text(0x00100010, 'PN', 'Rosendahl^Mia'),
    text(0x00100020, 'LO', 'MRN-4711'),
    text(0x00100030, 'DA', '19200203'),
    text(0x00101010, 'AS', '099Y'),
    text(0x00101030, 'DS', '71.5'),
    text(0x00141020, 'DA', '20200108'),
    text(0x00400241, 'AE', 'CT_MAIN'),
  ];
  const of = (...options: OptionName[]) => output(instance(patient), testProfile({ options })).part10.dataSet;
  const day = (date: string | undefined) =>
    Date.UTC(Number(date?.slice(0, 4)), Number(date?.slice(4, 6)) - 1, Number(date?.slice(6, 8))) /
    86_400_000;

  it('full dates: dates and times stay, the birth date does not', () => {
    const dataSet = of('retainFullDates');
    expect(
      [0x00080020, 0x00080021, 0x00080030, 0x0008002a, 0x00141020].map((tag) => dataSet.text(tag)),
    ).toEqual(['20200106', '20200107', '101112.5', '20200106101112.5+0100', '20200108']);
    expect(dataSet.text(0x00100030)).toBe('');
    expect(dataSet.text(0x00280303)).toBe('UNMODIFIED');
  });

  it('modified dates: all move by the same whole weeks, unlisted ones too, and times stay', () => {
    const dataSet = of('retainModifiedDates');
    const shift = day(dataSet.text(0x00080020)) - day('20200106');
    expect(shift % 7).toBe(-0);
    expect(shift).toBeLessThanOrEqual(-7);
    expect(day(dataSet.text(0x00080021)) - day('20200107')).toBe(shift);
    expect(day(dataSet.text(0x00141020)) - day('20200108')).toBe(shift);
    expect(dataSet.text(0x0008002a)).toBe(`${dataSet.text(0x00080020)}101112.5+0100`);
    expect(dataSet.text(0x00080030)).toBe('101112.5');
    expect(dataSet.text(0x00100030)).toBe('');
    expect(dataSet.text(0x00280303)).toBe('MODIFIED');
  });

  it('modified dates: by the patient, and by another number under another secret', () => {
    const shifted = (id: string, secret: number) => {
      const elements = [text(0x00080020, 'DA', '20200106'), text(0x00100020, 'LO', id)];
      const profile = testProfile({
        options: ['retainModifiedDates'],
        secret: new Uint8Array(32).fill(secret),
      });
      return output(instance(elements), profile).part10.dataSet.text(0x00080020);
    };
    expect(new Set([shifted('A', 1), shifted('B', 1), shifted('A', 2)]).size).toBe(3);
    expect(shifted('A', 1)).toBe(shifted('A', 1));
  });

  it('modified dates: one that by chance becomes another date of the instance passes the gate', () => {
    const first = of('retainModifiedDates').text(0x00080020)!;
    const elements = [...patient.filter(({ tag }) => tag !== 0x00100030), text(0x00100030, 'DA', first)];
    const profile = testProfile({ options: ['retainModifiedDates'] });
    expect(output(instance(elements), profile).part10.dataSet.text(0x00080020)).toBe(first);
  });

  it('patient characteristics: weight stays, an age over 89 is capped', () => {
    const dataSet = of('retainPatientCharacteristics');
    expect(dataSet.text(0x00101030)).toBe('71.5');
    expect(dataSet.text(0x00101010)).toBe('089Y');
  });

  it('device identity: the station stays, a title becomes a pseudonym', () => {
    const dataSet = of('retainDeviceIdentity');
    expect(dataSet.text(0x00081010)).toBe('SCANNER42');
    expect(dataSet.text(0x00400241)).toMatch(/^[A-Z2-7]{16}$/);
    expect(dataSet.text(0x00080080)).toBeUndefined();
  });

  it('institution identity: the institution stays, the station does not', () => {
    const dataSet = of('retainInstitutionIdentity');
    expect(dataSet.text(0x00080080)).toBe('Sunnydale Hospital');
    expect(dataSet.text(0x00081010)).toBeUndefined();
  });

  it('UIDs: those of the instance and of its references stay', () => {
    const reference = sequence(0x00081140, [text(0x00081155, 'UI', ORIGINAL.instance)]);
    const { part10, deidentified } = output(instance([reference]), testProfile({ options: ['retainUIDs'] }));
    expect(deidentified.uids).toEqual(ORIGINAL);
    expect(part10.dataSet.uid(0x00080018)).toBe(ORIGINAL.instance);
    expect(part10.dataSet.sequence(0x00081140)[0]?.uid(0x00081155)).toBe(ORIGINAL.instance);
  });

  it('descriptors: vocabulary and numbers stay, names go', () => {
    const elements = [
      ...patient,
      text(0x00081030, 'LO', 'CT Chest Wonderly 5mm'),
      text(0x0008103e, 'LO', 'Wonderly'),
    ];
    const { dataSet } = output(instance(elements), testProfile({ options: ['cleanDescriptors'] })).part10;
    expect(dataSet.text(0x00081030)).toBe('CT Chest 5mm');
    expect(dataSet.has(0x0008103e)).toBe(false);
  });

  it('descriptors: one whose vocabulary is the patient’s name goes whole', () => {
    const elements = [text(0x00100010, 'PN', 'Knee^Max'), text(0x00081030, 'LO', 'MR Knee')];
    const { dataSet } = output(instance(elements), testProfile({ options: ['cleanDescriptors'] })).part10;
    expect(dataSet.has(0x00081030)).toBe(false);
  });
});
