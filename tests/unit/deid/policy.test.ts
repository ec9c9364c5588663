import { describe, expect, it } from 'vitest';
import { keyedPseudonyms, POLICIES, PolicyError, profileOf, readPolicy } from '../../../shared/deid/index.ts';
import { instance, output, refusalOf, SECRET, text } from './instances.ts';

const given = { pseudonyms: keyedPseudonyms(SECRET) };
const share = POLICIES.get('share')!;
const outputUnder = (name: string, ...elements: Parameters<typeof instance>[0][number][]) =>
  output(instance(elements), profileOf(POLICIES.get(name)!, given)).part10.dataSet;

describe('the policies that are shipped', () => {
  it('are share, research and strict', () => {
    expect([...POLICIES.keys()]).toEqual(['share', 'research', 'strict']);
  });

  it.each([...POLICIES.values()])(
    '$name: its name, version and codes stand in the instance',
    ({ name, version }) => {
      const dataSet = outputUnder(name);
      expect(dataSet.strings(0x00120063)).toContain(`Policy ${name} ${version}`);
      const codes = dataSet.sequence(0x00120064).map((item) => item.text(0x00080100));
      const expected = {
        share: ['113107'],
        research: ['113105', '113107', '113108', '113109', '113111'],
        strict: [],
      };
      expect(codes).toEqual(['113100', ...expected[name as keyof typeof expected]]);
    },
  );

  it('share: keeps unlisted text and shifts unlisted dates', () => {
    const dataSet = outputUnder(
      'share',
      text(0x00080070, 'LO', 'Maker'),
      text(0x00141020, 'DA', '20200108'),
      text(0x00143077, 'TM', '101010'),
    );
    expect(dataSet.text(0x00080070)).toBe('Maker');
    expect(dataSet.text(0x00141020)).toMatch(/^(?:19|20)\d{6}$/);
    expect(dataSet.text(0x00143077)).toBe('101010');
  });

  it('strict: replaces unlisted text, keeps codes and terms, empties unlisted dates', () => {
    const dataSet = outputUnder(
      'strict',
      text(0x00080070, 'LO', 'Maker'),
      text(0x00080100, 'SH', 'T-D1100'),
      text(0x00080104, 'LO', 'Head'),
      text(0x00141020, 'DA', '20200108'),
      text(0x00180015, 'CS', 'HEAD'),
    );
    const values = [0x00080070, 0x00080100, 0x00080104, 0x00141020, 0x00180015].map((tag) =>
      dataSet.text(tag),
    );
    expect(values).toEqual(['REMOVED', 'T-D1100', 'REMOVED', '', 'HEAD']);
  });
});

describe.each([...POLICIES.keys()])('under %s numbers, terms and class UIDs', (name) => {
  it.each([
    ['decimals', text(0x00200032, 'DS', '-18.20200131\\19700203\\1')],
    ['integers', text(0x00280008, 'IS', '20200131')],
    ['terms', text(0x00281054, 'LO', 'HU')],
    ['code strings', text(0x00280004, 'CS', 'MONOCHROME2')],
    ['class UIDs', text(0x0008001a, 'UI', '1.2.840.10008.5.1.4.1.1.20200131')],
  ])('stay byte for byte: %s', (_, element) => {
    const written = outputUnder(name, element).value(element.tag);
    expect(Buffer.from(written!)).toEqual(element.value);
  });
});

describe('a head', () => {
  const head = [
    text(0x00180015, 'CS', 'HEAD'),
    text(0x00280004, 'CS', 'MONOCHROME2'),
    { tag: 0x7fe00010, vr: 'OW', value: new Uint8Array(8) } as const,
  ];
  it('is released by share, and marked', () => {
    expect(outputUnder('share', ...head).text(0x00280302)).toBe('YES');
  });
  it.each(['research', 'strict'])('is quarantined by %s', (name) => {
    expect(refusalOf(() => outputUnder(name, ...head)).reason).toBe('unsafe-content');
  });
});

describe('a policy file', () => {
  it.each([
    [null, 'policy: not an object'],
    [{ ...share, option: [] }, '"option": unknown key'],
    [{ ...share, name: 'My Policy' }, 'name: not'],
    [{ ...share, version: '1' }, 'version: not'],
    [{ ...share, version: 0 }, 'version: not'],
    [{ ...share, options: 'none' }, 'options: not a list'],
    [{ ...share, options: ['retainUIDs', 'retainDates'] }, 'options[1]: unknown option'],
    [{ ...share, options: ['retainUIDs', 'retainUIDs'] }, 'options[1]: named twice'],
    [{ ...share, options: ['retainFullDates', 'retainModifiedDates'] }, 'options: retainFullDates and'],
    [{ ...share, unlistedText: 'lose' }, 'unlistedText: not one of "keep", "remove"'],
    [{ ...share, textPatterns: undefined }, 'textPatterns: not one of'],
    [{ ...share, pixels: 'any' }, 'pixels: not one of'],
    [{ ...share, recognizableFeatures: 'blur' }, 'recognizableFeatures: not one of'],
  ])('%j is refused with the place', (data, message) => {
    expect(() => readPolicy(data)).toThrow(PolicyError);
    expect(() => readPolicy(data)).toThrow(message);
  });

  it('that is sound becomes a policy', () => {
    expect(readPolicy(JSON.parse(JSON.stringify(share)))).toEqual(share);
  });
});
