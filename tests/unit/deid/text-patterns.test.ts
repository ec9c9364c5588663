import { describe, expect, it } from 'vitest';
import { replacePatterns } from '../../../shared/deid/text-patterns.ts';
import { instance, output, testProfile, text } from './instances.ts';

describe('text that looks like an identifier', () => {
  it.each([
    'write to eva.evans@hospital.example now',
    'see https://pacs.example/study?id=1 now',
    'see www.hospital.example/x now',
    'call +41 44 123 45 67 now',
    'call (555) 123-4567 now',
    'call 555-123-4567 now',
    'Tel: 044 123 45 67 now',
    'MRN: 12345 now',
    'patient id 4711 now',
    'SSN 078-05-1120 now',
    'NHS 943 476 5919 now',
    'AHV 756.1234.5678.97 now',
    'pnr 850709-9805 now',
    'hetu 131052-308T now',
    'CPF 123.456.789-09 now',
    'cf RSSMRA85T10A562S now',
    'dni 12345678Z now',
    'nir 1 85 05 78 006 084 36 now',
    'aadhaar 2345 6789 0123 now',
  ])('“%s” loses it', (value) => {
    const replaced = replacePatterns(value, '#', true);
    expect(replaced).toContain('#');
    expect(replaced).toMatch(/#.* now$/);
    expect(replaced).not.toMatch(/\d{3}|@|example/);
  });

  it.each([
    '03.02.1970',
    '2/3/1970',
    '1970-02-03',
    '19700203',
    '3 Feb 1970',
    'February 3rd, 1970',
    '3. März 1970',
  ])('the date %s is replaced, unless dates are kept', (date) => {
    expect(replacePatterns(`on ${date} seen`, '#', false)).toBe('on # seen');
    expect(replacePatterns(`on ${date} seen`, '#', true)).toBe(`on ${date} seen`);
  });

  it.each([
    'CT Chest 5.0 B31f',
    'syngo CT 2012B VA44A',
    'T12-L1 1.5/2.0',
    '0.625\\0.625\\1.25',
    '512x512 FoV 350',
    'Foley catheter 16 Fr',
    'R-41531',
    'GE MEDICAL SYSTEMS',
    '27_LX_MR Software release:HD23.0_V01',
  ])('“%s” stays', (value) => {
    expect(replacePatterns(value, '#', false)).toBe(value);
  });

  it('takes no more than a moment for a long text made to be slow', () => {
    const started = performance.now();
    for (const piece of ['a.', '1 ', '1-', 'www.a', '(', '+1 '])
      replacePatterns(piece.repeat(20_000), '#', false);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('kept text under a profile with patterns', () => {
  const elements = [text(0x00080070, 'LO', 'Maker tel 044 123 45 67'), text(0x00181020, 'LO', '2020-01-31')];

  it('loses what looks like an identifier and keeps the rest', () => {
    const { part10, deidentified } = output(instance(elements), testProfile({ textPatterns: true }));
    expect(part10.dataSet.text(0x00080070)).toBe('Maker REMOVED');
    expect(deidentified.operations.C).toBe(1);
  });

  it('keeps software versions, which are often dates', () => {
    const { dataSet } = output(instance(elements), testProfile({ textPatterns: true })).part10;
    expect(dataSet.text(0x00181020)).toBe('2020-01-31');
  });

  it('stays without', () => {
    expect(output(instance(elements)).part10.dataSet.text(0x00080070)).toBe('Maker tel 044 123 45 67');
  });
});

describe('identifiers that the caller supplies', () => {
  const profile = testProfile({ extraIdentifiers: ['Wonderly', 'Foley', 'AB-1234'] });
  it.each(['seen by WONDERLY', 'Foley', 'no. ab1234', 'x AB-1234'])('are found in “%s”', (value) => {
    const { dataSet } = output(instance([text(0x00080070, 'LO', value)]), profile).part10;
    expect(dataSet.text(0x00080070)).toBe('REMOVED');
  });
  it('are not searched for in parts of words', () => {
    const { dataSet } = output(instance([text(0x00080070, 'LO', 'Foleys')]), profile).part10;
    expect(dataSet.text(0x00080070)).toBe('Foleys');
  });
});
