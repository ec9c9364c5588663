import '../../helpers/seed.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DicomJson, DicomJsonValue, VR } from '../../../shared/dicom/index.ts';
import { fitsWildcards, matcherFor } from '../../../shared/dicomweb/match-value.ts';
import { parseSearch } from '../../../shared/dicomweb/search.ts';

const fits = (vr: VR, wanted: string, value: DicomJsonValue) => matcherFor(vr, wanted)?.(value) ?? true;

describe('a value', () => {
  it.each<[VR, string, DicomJsonValue, boolean]>([
    ['LO', 'AB*', 'ABC', true],
    ['LO', 'ab*', 'ABC', false],
    ['LO', ' ABC ', 'ABC', true],
    ['LO', 'A.C', 'ABC', false],
    ['LO', '', null, true],
    ['LO', '**', null, true],
    ['LO', '?', null, false],
    ['CS', 'CT\\MR', 'MR', true],
    ['CS', 'CT,MR', 'US', false],
    ['UI', '1.2,1.3', '1.3', true],
    ['UI', '1.2*', '1.23', false],
    ['DA', '20200101', '20200101', true],
    ['DA', '-20200101', '20200101', true],
    ['DA', '20200102-', '20200101', false],
    ['DA', '20200101-20200103', null, false],
    ['TM', '1015', '101500', true],
    ['TM', '1015', '101501', false],
    ['TM', '10-1015', '101559.999', true],
    ['TM', '10-1015', '101600', false],
    ['DT', '2020-2021', '20210704', true],
    ['IS', '01', 1, true],
    ['IS', '1', '1', true],
    ['DS', '1.50', 1.5, true],
    ['PN', 'doe^jane', { Alphabetic: 'Doe^Jane' }, true],
    ['PN', 'Doe^Jane^^', { Alphabetic: 'Doe^Jane' }, true],
    ['PN', 'doe*', { Alphabetic: 'Roe' }, false],
    ['PN', '山田*', { Alphabetic: 'Yamada', Ideographic: '山田^太郎' }, true],
    ['PN', '=山田*', { Alphabetic: 'Yamada', Ideographic: '山田^太郎' }, true],
    ['PN', 'Yamada=x*', { Alphabetic: 'Yamada', Ideographic: '山田^太郎' }, false],
  ])('of %s wanted as %j: %j fits %s', (vr, wanted, value, expected) => {
    expect(fits(vr, wanted, value)).toBe(expected);
  });

  it('fits a pattern as a regular expression says', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', '^'), maxLength: 8 });
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '?', '^'), maxLength: 8 });
    fc.assert(
      fc.property(text, pattern, (value, wanted) => {
        const naive = [...wanted]
          .map((one) => (one === '*' ? '.*' : one === '?' ? '.' : one.replace(/[.^]/, '\\$&')))
          .join('');
        expect(fitsWildcards(value, wanted)).toBe(new RegExp(`^${naive}$`, 's').test(value));
      }),
      { numRuns: 2_000 },
    );
  });

  it('fits a range of dates where it is not before its beginning and not after its end', () => {
    const date = fc.integer({ min: 19_990_101, max: 19_990_131 }).map(String);
    const end = fc.option(date, { nil: '' });
    fc.assert(
      fc.property(date, end, end, (value, from, to) => {
        fc.pre(from !== '' || to !== '');
        const naive = (from === '' || value >= from) && (to === '' || value <= to);
        expect(fits('DA', `${from}-${to}`, value)).toBe(naive);
      }),
    );
  });
});

describe('a search', () => {
  const row = fc.record({
    id: fc.constantFrom('P1', 'P2', 'Q1'),
    date: fc.constantFrom('20200101', '20200102', '20210101'),
    modality: fc.uniqueArray(fc.constantFrom('CT', 'MR', 'US'), { maxLength: 3 }),
  });
  const json = ({ id, date, modality }: { id: string; date: string; modality: string[] }): DicomJson => ({
    '00080020': { vr: 'DA', Value: [date] },
    '00080061': { vr: 'CS', Value: modality },
    '00100020': { vr: 'LO', Value: [id] },
  });
  const conditions = fc.record(
    {
      PatientID: fc.constantFrom('P1', 'P*', '?1', '*', ''),
      StudyDate: fc.constantFrom('20200101', '20200102-', '-20200102', ''),
      ModalitiesInStudy: fc.constantFrom('CT', 'CT,MR', ''),
    },
    { requiredKeys: [] },
  );

  it('finds what meets each of its conditions, and nothing else', () => {
    fc.assert(
      fc.property(row, conditions, (one, wanted) => {
        const parameters = new URLSearchParams(wanted as Record<string, string>);
        const { PatientID = '', StudyDate = '', ModalitiesInStudy = '' } = wanted;
        const ids: Record<string, string[]> = { P1: ['P1'], 'P*': ['P1', 'P2'], '?1': ['P1', 'Q1'] };
        const byId = ids[PatientID] ?? [one.id];
        const dates: Record<string, boolean> = {
          '20200101': one.date === '20200101',
          '20200102-': one.date >= '20200102',
          '-20200102': one.date <= '20200102',
        };
        const byDate = dates[StudyDate] ?? true;
        const byModality =
          ModalitiesInStudy === '' ||
          one.modality.some((code) => ModalitiesInStudy.split(',').includes(code));
        expect(parseSearch('study', parameters).matches('study', json(one))).toBe(
          byId.includes(one.id) && byDate && byModality,
        );
      }),
    );
  });

  it('returns nothing that has no value, whatever is asked for', () => {
    const search = parseSearch('study', new URLSearchParams('includefield=all'));
    const empty: DicomJson = { '00080061': { vr: 'CS' }, '00080020': { vr: 'DA', Value: [] } };
    expect(search.select(empty, ['study'])).toEqual({});
  });

  it('returns what is included by keyword, by tag, within a list and by a condition', () => {
    const header: DicomJson = {
      '00080008': { vr: 'CS', Value: ['ORIGINAL'] },
      '00180050': { vr: 'DS', Value: [1] },
      '00280030': { vr: 'DS', Value: [1, 1] },
      '00181030': { vr: 'LO', Value: ['P'] },
      '00080070': { vr: 'LO', Value: ['M'] },
    };
    const tags = (query: string) =>
      Object.keys(parseSearch('instance', new URLSearchParams(query)).select(header, ['instance']));
    expect(tags('')).toEqual([]);
    expect(tags('includefield=SliceThickness,00280030&includefield=ImageType')).toEqual([
      '00080008',
      '00180050',
      '00280030',
    ]);
    expect(tags('ProtocolName=P')).toEqual(['00181030']);
    expect(tags('includefield=all')).toHaveLength(5);
  });
});
