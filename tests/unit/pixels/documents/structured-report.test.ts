import { describe, expect, it } from 'vitest';
import type { NewElement } from '../../../../shared/dicom/index.ts';
import { DOCUMENT_LIMITS } from '../../../../shared/pixels/documents/limits.ts';
import { drawReport } from '../../../../shared/pixels/documents/report-page.ts';
import {
  hasContentTree,
  reportLines,
  structuredReportText,
} from '../../../../shared/pixels/documents/structured-report.ts';
import {
  concept,
  contentItem,
  decimals,
  documentDataSet,
  numbers,
  sequence,
  text,
} from './document-object.ts';

const CONTENT = 0x0040a730;
const report = (...items: NewElement[][]) =>
  documentDataSet(...contentItem('CONTAINER', 'Report', sequence(CONTENT, ...items)));
const contentValue = (...item: NewElement[]) => reportLines(report(item))[1]?.value;
const measured = (value: string, code: string, meaning = 'unit') =>
  sequence(0x0040a300, [
    sequence(0x004008ea, [text(0x00080100, 'SH', code), text(0x00080104, 'LO', meaning)]),
    text(0x0040a30a, 'DS', value),
  ]);

describe('a structured report', () => {
  it('is its content tree in reading order, with the depth of each item', () => {
    const nested = report(
      contentItem(
        'CONTAINER',
        'Findings',
        sequence(
          CONTENT,
          contentItem('TEXT', 'Liver', text(0x0040a160, 'UT', 'No focal lesion.')),
          contentItem('NUM', 'Length', measured('12.5', 'cm')),
        ),
      ),
      contentItem('CODE', 'Conclusion', concept(0x0040a168, 'Normal')),
    );
    expect(structuredReportText(nested)).toBe(
      [
        'Report',
        '  Findings',
        '    Liver: No focal lesion.',
        '    Length: 12.5 cm',
        '  Conclusion: Normal',
      ].join('\n'),
    );
  });

  it.each<[string, NewElement[], string | undefined]>([
    ['a text', contentItem('TEXT', 'n', text(0x0040a160, 'UT', 'a < b & c')), 'a < b & c'],
    ['a number with its unit', contentItem('NUM', 'n', measured('3', 'mm')), '3 mm'],
    ['a number without a unit', contentItem('NUM', 'n', measured('3', '1')), '3'],
    ['a count', contentItem('NUM', 'n', measured('3', '{lesions}')), '3 lesions'],
    [
      'why a number is not there',
      contentItem('NUM', 'n', concept(0x0040a301, 'Not measured')),
      'Not measured',
    ],
    ['no number', contentItem('NUM', 'n'), 'no value'],
    ['a code', contentItem('CODE', 'n', concept(0x0040a168, 'Spinal cord')), 'Spinal cord'],
    ['a name', contentItem('PNAME', 'n', text(0x0040a123, 'PN', 'Doe^Jane^^Dr')), 'Doe Jane Dr'],
    ['a date', contentItem('DATE', 'n', text(0x0040a121, 'DA', '20200131')), '2020-01-31'],
    ['a time', contentItem('TIME', 'n', text(0x0040a122, 'TM', '120305.5')), '12:03:05'],
    ['a time of minutes', contentItem('TIME', 'n', text(0x0040a122, 'TM', '1203')), '12:03'],
    ['both', contentItem('DATETIME', 'n', text(0x0040a120, 'DT', '20200131120305')), '2020-01-31 12:03'],
    [
      'frames of an image',
      contentItem('IMAGE', 'n', sequence(0x00081199, [text(0x00081160, 'IS', '2\\5')])),
      'image, frames 2, 5',
    ],
    ['a shape', contentItem('SCOORD', 'n', text(0x00700023, 'CS', 'POLYLINE')), 'polyline'],
    ['another item', contentItem('', undefined, numbers(0x0040db73, 'UL', 1, 3, 2)), 'see 1.3.2'],
    ['nothing of a type of tomorrow', contentItem('HOLOGRAM', 'n'), undefined],
  ])('says %s', (_, item, expected) => {
    expect(contentValue(...item)).toBe(expected);
  });

  it('takes nothing over from outside of its content', () => {
    const named = documentDataSet(
      text(0x00100010, 'PN', 'Doe^Jane'),
      text(0x00080080, 'LO', 'Clinic'),
      ...contentItem(
        'CONTAINER',
        'Report',
        sequence(CONTENT, contentItem('TEXT', 'n', text(0x0040a160, 'UT', 'x'))),
      ),
    );
    expect(structuredReportText(named)).toBe('Report\n  n: x');
  });

  it('is cut at its limit, and says so', () => {
    const items = Array.from({ length: 20 }, () =>
      contentItem('TEXT', 'n', text(0x0040a160, 'UT', 'y'.repeat(99))),
    );
    const lines = reportLines(report(...items), {
      ...DOCUMENT_LIMITS,
      maximumLines: 10,
      maximumCharacters: 9,
    });
    expect(lines).toHaveLength(11);
    expect(lines[9]).toEqual({ depth: 1, name: 'n', value: 'y'.repeat(9) });
    expect(lines[10]?.value).toBe('The report goes on.');
  });

  it('is told from what has no content tree', () => {
    expect(hasContentTree(report())).toBe(true);
    expect(hasContentTree(documentDataSet(decimals(0x00181050, 1)))).toBe(false);
  });
});

describe('the page of a report', () => {
  const strokes = (svg: string) => svg.match(/<path /g)?.length ?? 0;

  it('holds more lines the larger it is, and no markup of the report', () => {
    const lines = Array.from({ length: 200 }, () => ({ depth: 1, name: 'Finding', value: '<script>"&' }));
    const [small, large] = [drawReport(lines, 256), drawReport(lines, 1024)];
    expect(strokes(large)).toBeGreaterThan(2 * strokes(small));
    expect(large).not.toContain('script');
  });

  it('keeps every stroke on the page, however long a word is', () => {
    const svg = drawReport([{ depth: 9, name: 'W'.repeat(300), value: 'x '.repeat(4_000) }], 256);
    const coordinates = [...svg.matchAll(/[ML]([\d.-]+) ([\d.-]+)/g)].flatMap(([, x, y]) => [
      Number(x),
      Number(y),
    ]);
    expect(coordinates.length).toBeGreaterThan(1_000);
    expect(Math.min(...coordinates)).toBeGreaterThan(0);
    expect(Math.max(...coordinates)).toBeLessThan(256);
  });
});
