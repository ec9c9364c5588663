import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shifted } from '../../../../shared/deid/actions/shift-dates.ts';
import type { VR } from '../../../../shared/dicom/index.ts';

describe('a value under modified dates', () => {
  it.each([
    ['DA', '20200106', '20191230'],
    ['DA', '2020.01.06', '20191230'],
    ['DA', '20000229', '20000222'],
    ['DA', '', ''],
    ['DT', '20200106101112.123456+0130', '20191230101112.123456+0130'],
    ['DT', '2020010610', '2019123010'],
    ['DT', '202001', '202001'],
    ['DT', '2020-0500', '2020-0500'],
    ['TM', '101112.5', '101112.5'],
    ['TM', '10:11:12', '10:11:12'],
    ['SH', '+0100', '+0100'],
  ] as const)('%s %s becomes %s', (vr, value, expected) => {
    expect(shifted(value, vr, -7)).toBe(expected);
  });

  it.each([
    ['DA', '20200231'],
    ['DA', 'Evans'],
    ['DA', '2020010'],
    ['DA', '20200101-20200201'],
    ['DT', '20200106Evans'],
    ['DT', '2020010699'],
    ['TM', '20200106'],
    ['SH', 'Evans'],
    ['LO', '20200106'],
  ] as const)('%s %s is none', (vr, value) => {
    expect(shifted(value, vr as VR, -7)).toBeUndefined();
  });

  it('moves a partial date as the middle of its period', () => {
    expect(shifted('202001', 'DT', -28)).toBe('201912');
    expect(shifted('2020', 'DT', -364)).toBe('2019');
  });

  it('keeps the interval between any two dates, and the weekday', () => {
    const date = fc.date({ min: new Date('1850-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
    const digits = (each: Date) => each.toISOString().slice(0, 10).replaceAll('-', '');
    const days = (value: string) =>
      Date.parse(`${value.slice(0, 4)}-${value.slice(4, 6)}-${value.slice(6)}`) / 86_400_000;
    fc.assert(
      fc.property(date, date, fc.integer({ min: 1, max: 520 }), (one, other, weeks) => {
        const [a, b] = [digits(one), digits(other)] as const;
        const [c, d] = [shifted(a, 'DA', -7 * weeks)!, shifted(b, 'DA', -7 * weeks)!] as const;
        expect(days(d) - days(c)).toBe(days(b) - days(a));
        expect(days(a) - days(c)).toBe(7 * weeks);
      }),
    );
  });
});
