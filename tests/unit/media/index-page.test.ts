import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { StudySummary } from '../../../shared/contract/study-summary.ts';
import { indexPage } from '../../../shared/media/index-page.ts';
import { HARM } from '../../helpers/viewer-studies.ts';

const study = (text: string): StudySummary => ({
  studyInstanceUid: '2.25.1',
  patientId: 'PSEUDONYM1',
  patientSex: null,
  studyDate: '20240102',
  studyDescription: text,
  modalities: ['MR'],
  series: [
    {
      seriesInstanceUid: '2.25.2',
      modality: 'MR',
      seriesNumber: 3,
      seriesDescription: text,
      instances: Array(7).fill({}),
    },
  ],
  instances: 7,
  bytes: 1,
  completedAt: '',
});

describe('the page of a medium', () => {
  it('lists the series with their folders, and says of whom by a pseudonym alone', () => {
    const page = indexPage(study('Knee, ł'));
    expect(page).toContain('<td>3</td><td>Knee, ł</td><td>MR</td><td>7</td>');
    expect(page).toContain('href="DICOM/SE000001/"');
    expect(page).toContain('2024-01-02');
    expect(page).toContain('PSEUDONYM1');
  });

  it.each([HARM, '</td><script>alert(1)</script>', 'a\u0000b\u0008c\ufffe', ']]>&amp;&#x3c;'])(
    'takes %j for text',
    (text) => {
      const page = indexPage(study(text));
      expect(page).not.toMatch(/<script|<img|javascript:/i);
      for (const sign of ['\u0000', '\u0008', '\ufffe']) expect(page).not.toContain(sign);
      const { status, error, stderr } = spawnSync('xmllint', ['--noout', '--nonet', '-'], {
        input: page,
        encoding: 'utf8',
      });
      // Where the checker of XML is not installed its tags are counted.
      if (error === undefined) expect([status, stderr]).toEqual([0, '']);
      expect(page.match(/<[a-z]/g)?.length).toBe(indexPage(study('plain')).match(/<[a-z]/g)?.length);
    },
  );

  it('asks for nothing from elsewhere', () => {
    const page = indexPage(study('Knee'));
    expect([...page.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, to]) => to)).toEqual([
      'DICOMDIR',
      'README.TXT',
      'DICOM/SE000001/',
    ]);
  });
});
