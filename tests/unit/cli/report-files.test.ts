import { describe, expect, it } from 'vitest';
import { csvLines, field } from '../../../cli/report/csv.ts';
import { reportPage } from '../../../cli/report/html.ts';
import type { IngestReport } from '../../../cli/report/json-output.ts';

const HOSTILE = '=HYPERLINK("http://x")<script>alert(1)</script>\u202egnp.dcm';
const report: IngestReport = {
  upload: '06f3k',
  total: 3,
  states: { indexed: 1, duplicate: 0, ignored: 0, quarantined: 1 },
  pending: 1,
  reasons: { truncated: 1 },
  modalities: { MR: 1 },
  studies: [],
  items: [
    { path: 'a,b.dcm', state: 'indexed', reason: null, where: null },
    { path: HOSTILE, state: 'quarantined', reason: 'truncated', where: 'at 0x1' },
    { path: 'late', state: 'pending', reason: null, where: null },
  ].map((item) => ({
    ...(item as Pick<IngestReport['items'][number], 'path' | 'state' | 'reason' | 'where'>),
    studyInstanceUid: null,
    sopInstanceUid: null,
    modality: null,
    size: 3,
    receivedAt: null,
    endedAt: null,
  })),
  archives: [],
  missing: {
    manifest: 4,
    directories: [],
    missing: 1,
    otherSize: 0,
    unreadable: 0,
    files: [{ path: 'gone.dcm', why: 'missing', directory: null }],
  },
  rates: { seconds: null, instancesPerSecond: null },
};

describe('the report as CSV', () => {
  it('has a line for each item and each missing file, by RFC 4180', () => {
    expect([...csvLines(report)]).toEqual([
      'path,state,reason,where,modality,studyInstanceUid,sopInstanceUid,size,receivedAt,endedAt\r\n',
      '"a,b.dcm",indexed,,,,,,3,,\r\n',
      `"'${HOSTILE.replaceAll('"', '""')}",quarantined,truncated,at 0x1,,,,3,,\r\n`,
      'late,pending,,,,,,3,,\r\n',
      'gone.dcm,missing,,,,,,,,\r\n',
    ]);
  });

  it.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    [' =1', "' =1"],
    ['\r\n=1', '"\'\r\n=1"'],
    ['a=1', 'a=1'],
    ['a "b"', '"a ""b"""'],
    ['a\nb', '"a\nb"'],
    [' a', '" a"'],
    ['', ''],
  ])('writes %j as %j', (text, written) => {
    expect(field(text)).toBe(written);
  });
});

describe('the report as a page', () => {
  const page = reportPage(report, new Date('2026-01-02T03:04:05Z'));

  it('stands alone: no script, no address but the one of its own words', () => {
    expect(page).not.toMatch(/<script|<link|<img|<iframe|url\(|@import|\ssrc=|\shref=/i);
    expect(page).toContain("default-src 'none'");
  });

  it('shows a name as text, with nothing hidden in it', () => {
    expect(page).toContain('&#60;script&#62;');
    expect(page).toContain('\\u{202e}');
    expect(page).not.toContain('\u202e');
  });

  it('says in one line what a person must look at, and sums to what was sent', () => {
    expect(page).toContain('<h1>3 files: 1 on their way, 1 missing, 1 quarantined</h1>');
    const byState = /By state.*?<\/section>/s.exec(page)?.[0] ?? '';
    const counts = [...byState.matchAll(/class="number">([\d,]+)</g)].map(([, count]) => Number(count));
    const total = counts.pop();
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(total);
    expect(total).toBe(report.total);
  });
});
