/** Which instances are searched for text, and what is known before the search. */
import { describe, expect, it } from 'vitest';
import type { NewElement } from '../../../../shared/dicom/index.ts';
import { readPart10 } from '../../../../shared/dicom/index.ts';
import { decide } from '../../../../shared/pixels/burned-in/decide.ts';
import { isTelling } from '../../../../shared/pixels/burned-in/telling-text.ts';
import { imageBytes, text } from '../image-object.ts';

const CT = '1.2.840.10008.5.1.4.1.1.2';
const CR = '1.2.840.10008.5.1.4.1.1.1';
const of = (sopClass: string, more: readonly NewElement[], risk?: string) =>
  decide(
    readPart10(
      imageBytes(
        { rows: 4, columns: 6, more: [text(0x00080016, 'UI', sopClass), ...more] },
        new Uint8Array(24),
      ),
    ),
    risk,
  );

describe('the decision about text', () => {
  it('spares a slice of no known device', () => {
    expect(of(CT, [text(0x00080008, 'CS', 'ORIGINAL\\PRIMARY\\AXIAL')]).outcome).toBe('spared');
  });

  it('searches what is risky, and on slices excuses what cannot be read', () => {
    expect(of(CT, [], 'a reason')).toMatchObject({
      outcome: 'search',
      why: 'a reason',
      excuseByReading: true,
    });
  });

  it('searches a localizer, on which devices write names', () => {
    expect(of(CT, [text(0x00080008, 'CS', 'ORIGINAL\\PRIMARY\\LOCALIZER')])).toMatchObject({
      outcome: 'search',
    });
  });

  it('searches a processed radiograph, and keeps its side and position', () => {
    expect(of(CR, [text(0x00080008, 'CS', 'DERIVED\\PRIMARY')])).toMatchObject({
      outcome: 'search',
      regions: [{ x: 0, y: 0, width: 6, height: 4 }],
    });
  });

  it('masks where a rule of the device says, before any search', () => {
    const device = [
      text(0x00080008, 'CS', 'DERIVED\\SECONDARY\\SCREEN SAVE'),
      text(0x00080060, 'CS', 'CT'),
      text(0x00081090, 'LO', 'LightSpeed VCT'),
    ];
    const decision = of(CT, device);
    expect(decision).toMatchObject({ outcome: 'search' });
    expect(decision.outcome === 'search' && decision.places).toContainEqual({
      label: 'LightSpeed Dose Report (Susan Weber)',
      place: { x: 0, y: 0, width: 512, height: 121 },
    });
  });

  it('spares what nothing decodes: it is refused without a search', () => {
    const part10 = readPart10(imageBytes({ rows: 4, columns: 6 }, new Uint8Array(24)));
    const video = { ...part10, transferSyntax: { ...part10.transferSyntax, codec: 'mpeg' as const } };
    expect(decide(video, 'video').outcome).toBe('spared');
  });
});

describe('text within an ultrasound region', () => {
  const judge = {
    isIdentifier: (read: string) => /doe/i.test(read),
    isKnownWord: (word: string) => word === 'spine',
  };
  it.each([
    ['12.5 cm', 0.95, false],
    ['Sag Liver', 0.95, false],
    ['spine', 0.95, false],
    ['4.0cm-', 0.3, false],
    ['DOE', 0.95, true],
    ['Quillfeather', 0.95, true],
    ['14.04.2020', 0.95, true],
    ['4/14/2020', 0.4, true],
    ['00047431395', 0.9, true],
    ['Sag Liver', 0.4, true],
    ['', 0, false],
  ])('"%s" read with confidence %s: telling %s', (read, confidence, telling) => {
    expect(isTelling({ text: read, confidence }, judge)).toBe(telling);
  });
});
