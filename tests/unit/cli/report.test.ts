import { describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../../cli/commands/ingest.ts';
import { parseExpiry } from '../../../cli/commands/link.ts';
import { withUploadPaths } from '../../../cli/ingest/upload-path.ts';
import type { IngestReport } from '../../../cli/report/json-output.ts';
import { meaningOf, reportLines } from '../../../cli/report/print-report.ts';
import { REASONS } from '../../../shared/errors.ts';

const item = (path: string, state: IngestReport['items'][number]['state'], reason: string | null = null) => ({
  path,
  state,
  reason,
  where: reason === null ? null : '(0010,0010)',
  studyInstanceUid: null,
  sopInstanceUid: null,
  modality: null,
  size: 4,
  receivedAt: null,
  endedAt: null,
});

const report: IngestReport = {
  upload: 'abc',
  total: 4,
  states: { indexed: 2, duplicate: 0, ignored: 1, quarantined: 1 },
  pending: 0,
  reasons: { truncated: 1, 'not-dicom': 1 },
  modalities: { CT: 1, '': 1 },
  studies: [
    {
      studyInstanceUid: '2.25.1',
      patientId: 'PABC',
      series: 1,
      instances: 2,
      ready: true,
      items: { indexed: 2, duplicate: 0, quarantined: 0 },
      link: 'http://l/#t',
    },
  ],
  items: [
    item('a', 'indexed'),
    item('b', 'indexed'),
    item('note\u001b[2J.txt', 'ignored', 'not-dicom'),
    item('cut\n.dcm', 'quarantined', 'truncated'),
  ],
  archives: [{ path: 'x.zip', entries: 2 }],
  missing: {
    manifest: 5,
    directories: [{ path: 'CD/DICOMDIR', files: 3, missing: 1 }],
    missing: 1,
    otherSize: 1,
    unreadable: 0,
    files: [
      { path: 'CD/IM3', why: 'missing', directory: 'CD/DICOMDIR' },
      { path: 'a', why: 'size', directory: null },
    ],
  },
  rates: { seconds: 2, instancesPerSecond: 1 },
};

describe('the report for a person', () => {
  const lines = reportLines(report);

  it('shows counts, reasons with their meaning, quarantined files, archives, studies with links and the rate', () => {
    const text = lines.join('\n');
    expect(text).toMatch(/indexed +2\n +duplicate +0\n +ignored +1\n +quarantined +1/);
    expect(text).toContain(`truncated  1  ${REASONS.truncated.meaning}`);
    expect(text).toContain('  cut\\n.dcm  truncated  (0010,0010)');
    expect(text).toContain('x.zip  2 entries');
    expect(text).toContain('PABC  1 series, 2 instances\n    http://l/#t');
    expect(text).toContain('2 instances in 2.0 s: 1 a second');
  });

  it('lets no file name reach the terminal as it is', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(lines.join('')).not.toMatch(/[\u0000-\u001f]/);
  });

  it('counts by modality and names what should have come', () => {
    const text = lines.join('\n');
    expect(text).toMatch(/Modalities\n {2}CT +1\n {2}\(none\) +1/);
    expect(text).toContain('CD/IM3  named by CD/DICOMDIR, did not come');
    expect(text).toMatch(/a +has another size than the manifest says/);
  });

  it('names what is still on its way', () => {
    const text = reportLines({ ...report, pending: 1, items: [item('late', 'pending')] }).join('\n');
    expect(text).toMatch(/pending +1/);
    expect(text).toMatch(/Still on their way\n {2}late/);
  });

  it('counts what would be too long a list', () => {
    const items = Array.from({ length: 100 }, (_, index) => item(`f${index}`, 'quarantined', 'malformed'));
    expect(reportLines({ ...report, items }).join('\n')).toContain('and 40 more');
  });

  it.each([...Object.keys(REASONS), 'same-bytes'].map((reason) => [reason]))(
    'knows what %s means',
    (reason) => {
      expect(meaningOf(reason)).not.toBe('');
    },
  );
});

describe('the exit code', () => {
  const states = { indexed: 4, duplicate: 0, ignored: 0, quarantined: 0 };
  it.each([
    ['0 when all is well', { ...report, states }, 0],
    ['2 when files are quarantined', report, 2],
    ['1 when something is still on its way', { ...report, pending: 1 }, 1],
    [
      '1 when a study is not ready',
      { ...report, studies: report.studies.map((study) => ({ ...study, ready: false })) },
      1,
    ],
  ])('is %s', (_case, of, code) => {
    expect(exitCodeOf(of)).toBe(code);
  });
});

describe('the path of an upload', () => {
  const pathsOf = (...paths: string[]) =>
    withUploadPaths(paths.map((path) => ({ path, file: Buffer.from(path), size: 0, modifiedAt: 0 }))).map(
      ({ path }) => path,
    );

  it('is the path of the file, whatever is printable in it', () => {
    const paths = ['a/b c+d.dcm', 'Ünï 日本/%41 #?&', "it's/..hidden"];
    expect(pathsOf(...paths)).toEqual(paths);
  });

  it('shows a control character as its picture', () => {
    expect(pathsOf('a\nb', 'tab\there', 'del\u007f')).toEqual(['a␊b', 'tab␉here', 'del␡']);
  });

  it('keeps two files apart that would have one path', () => {
    expect(pathsOf('a\nb', 'a␊b')).toEqual(['a␊b', 'a␊b~2']);
  });

  it('fits a key when it is long, by its end and a hash', () => {
    const [one, two] = pathsOf(`${'深/'.repeat(400)}one.dcm`, `${'浅/'.repeat(400)}深/深/one.dcm`);
    expect(one).toMatch(/^[0-9a-f]{16}….*one\.dcm$/u);
    expect(Buffer.byteLength(one ?? '')).toBeLessThan(880);
    expect(one).not.toBe(two);
  });
});

describe('the time a link opens', () => {
  it.each([
    ['30m', 1_800],
    ['12h', 43_200],
    ['7d', 604_800],
    ['2w', 1_209_600],
  ])('%s is %d seconds', (text, seconds) => {
    expect(parseExpiry(text)).toBe(seconds);
  });

  it.each([['7'], ['d'], ['-1d'], ['1y'], ['0d']])('%s is refused with an example', (text) => {
    expect(() => parseExpiry(text)).toThrow('say 30m, 12h, 7d or 2w');
  });
});
