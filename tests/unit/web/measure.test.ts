import { describe, expect, it } from 'vitest';
import { BEAD_DISTANCE, BEADS, PIXEL_SPACING } from '../../../scripts/sample/phantom.ts';
import { calibrationFor, calibrationOfAll } from '../../../web/link-page/viewer/calibration.ts';
import type { DataSet } from '../../../web/link-page/viewer/dicom-json.ts';
import { imageFacts, type UltrasoundRegion } from '../../../web/link-page/viewer/image-facts.ts';
import { describeMark, valuesWithin } from '../../../web/link-page/viewer/measure.ts';

const number = (...Value: number[]) => ({ vr: 'DS', Value });
const text = (...Value: string[]) => ({ vr: 'CS', Value });
const image = (more: DataSet = {}): DataSet => ({
  '00080060': text('CT'),
  '00280010': number(256),
  '00280011': number(256),
  '00280002': number(1),
  '00280004': text('MONOCHROME2'),
  '00280100': number(16),
  '00280101': number(12),
  ...more,
});
const at = (x: number, y: number) => ({ x, y });
const facts = (more: DataSet) => imageFacts(image(more), 1);

describe('a length', () => {
  it('on the phantom is what the phantom is', () => {
    const [one, other] = BEADS;
    const points = [at(one.column + 0.5, one.row + 0.5), at(other.column + 0.5, other.row + 0.5)];
    const own = facts({ '00280030': number(PIXEL_SPACING, PIXEL_SPACING) });
    expect(describeMark({ kind: 'length', points }, own)).toEqual([`${BEAD_DISTANCE.toFixed(1)} mm`]);
  });

  it('counts rows and columns each by their own spacing', () => {
    const own = facts({ '00280030': number(2, 0.5) });
    expect(describeMark({ kind: 'length', points: [at(0, 0), at(10, 0)] }, own)).toEqual(['5.0 mm']);
    expect(describeMark({ kind: 'length', points: [at(0, 0), at(0, 10)] }, own)).toEqual(['20.0 mm']);
  });

  it.each<[string, DataSet, string[]]>([
    ['has no spacing', {}, ['10.0 px']],
    [
      'has the spacing of its detector alone',
      { '00181164': number(0.2, 0.2) },
      ['2.0 mm', 'approximate (at the detector)'],
    ],
    [
      'is a projection that calls its detector the patient',
      { '00080060': text('DX'), '00280030': number(0.2, 0.2), '00181164': number(0.2, 0.2) },
      ['2.0 mm', 'approximate (at the detector)'],
    ],
    [
      'is a projection that was calibrated',
      {
        '00080060': text('DX'),
        '00280030': number(0.2, 0.2),
        '00181164': number(0.2, 0.2),
        '00280A02': text('FIDUCIAL'),
      },
      ['2.0 mm'],
    ],
    [
      'is a projection with another spacing than its detector',
      { '00080060': text('XA'), '00280030': number(0.15, 0.15), '00181164': number(0.2, 0.2) },
      ['1.5 mm'],
    ],
    [
      'was a film',
      { '00080060': text('SC'), '00182010': number(0.1, 0.1) },
      ['1.0 mm', 'approximate (on the film)'],
    ],
  ])('of an image that %s says so', (_case, more, says) => {
    expect(describeMark({ kind: 'length', points: [at(5, 5), at(15, 5)] }, facts(more))).toEqual(says);
  });

  it('in a frame of an enhanced object is measured by the spacing of that frame', () => {
    const measures = (spacing: number) => ({
      vr: 'SQ',
      Value: [{ '00280030': number(spacing, spacing) }],
    });
    const enhanced = image({
      '52009229': { vr: 'SQ', Value: [{ '00289110': measures(9) }] },
      '52009230': { vr: 'SQ', Value: [{}, { '00289110': measures(2) }] },
    });
    const length = (frame: number) =>
      describeMark({ kind: 'length', points: [at(0, 0), at(1, 0)] }, imageFacts(enhanced, frame));
    expect([length(1), length(2)]).toEqual([['9.0 mm'], ['2.0 mm']]);
  });
});

describe('on ultrasound', () => {
  const tissue: UltrasoundRegion = {
    x0: 0,
    y0: 0,
    x1: 199,
    y1: 99,
    unitsX: 3,
    unitsY: 3,
    deltaX: 0.02,
    deltaY: 0.04,
    high: true,
  };
  const doppler: UltrasoundRegion = {
    ...tissue,
    y0: 100,
    y1: 199,
    unitsX: 4,
    unitsY: 7,
    deltaX: 0.005,
    deltaY: 0.5,
  };
  const own = { ...facts({}), regions: [tissue, doppler] };
  const length = (...points: { x: number; y: number }[]) => describeMark({ kind: 'length', points }, own);

  it('centimetres of a region become millimetres, each axis by its own', () => {
    expect(length(at(10, 10), at(110, 10))).toEqual(['20.0 mm']);
    expect(length(at(10, 10), at(10, 60))).toEqual(['20.0 mm']);
  });

  it('a spectrum is measured in time and speed, and has no angles', () => {
    expect(length(at(10, 110), at(110, 150))).toEqual(['Δ 0.500 s', 'Δ 20.0 cm/s']);
    const points = [at(10, 110), at(20, 120), at(30, 110)];
    expect(describeMark({ kind: 'angle', points }, own)).toEqual(['no angle between different units']);
  });

  it('what crosses from one region into another is not measured, and says so', () => {
    expect(length(at(10, 90), at(10, 130))[0]).toMatch(/crosses .*: not measured/);
    const region = { kind: 'rectangle' as const, points: [at(10, 90), at(60, 130)] };
    expect(describeMark(region, own)[0]).toMatch(/not measured/);
  });

  it('what lies outside every region is told in pixels, and what begins there is not measured within', () => {
    expect(length(at(300, 10), at(310, 10))).toEqual(['10.0 px', 'outside the calibrated regions']);
    expect(length(at(300, 10), at(100, 10))[0]).toMatch(/not measured/);
  });

  it('the region of high priority is the one that is seen where two overlap', () => {
    const inset = { ...tissue, x1: 99, y1: 49, deltaX: 0.1, deltaY: 0.1, high: true };
    const overlapped = { regions: [{ ...tissue, high: false }, inset], spacing: undefined };
    expect(calibrationFor(overlapped, [at(10, 10), at(20, 10)])).toEqual({ kind: 'length', x: 1, y: 1 });
    expect(calibrationFor(overlapped, [at(10, 10), at(150, 10)]).kind).toBe('none');
  });

  it('a scale bar is drawn by the largest region of tissue, and by none of a spectrum', () => {
    expect(calibrationOfAll(own)).toMatchObject({ kind: 'length', x: 0.2, y: 0.4 });
    expect(calibrationOfAll({ ...own, regions: [doppler] }).kind).toBe('pixels');
  });
});

describe('an angle', () => {
  it('is that of the patient where pixels are not square', () => {
    const points = [at(10, 0), at(0, 0), at(10, 10)];
    expect(describeMark({ kind: 'angle', points }, facts({}))).toEqual(['45.0°']);
    expect(describeMark({ kind: 'angle', points }, facts({ '00280030': number(1.7320508, 1) }))).toEqual([
      '60.0°',
    ]);
  });
});

describe('a region', () => {
  const small = { ...facts({}), columns: 4, rows: 4 };
  const values = Int16Array.from([0, 0, 0, 0, 0, 10, 20, 0, 0, 30, 40, 0, 0, 0, 0, 999]);
  const frame = { values, low: 0, high: 999, padded: undefined };

  it('has the mean and the deviation of the pixels whose middles lie in it', () => {
    const found = valuesWithin({ kind: 'rectangle', points: [at(1, 1), at(3, 3)] }, small, frame);
    expect(found).toEqual({ count: 4, mean: 25, deviation: expect.closeTo(11.18, 2) });
    const round = valuesWithin({ kind: 'ellipse', points: [at(0, 0), at(4, 4)] }, small, frame);
    expect(round?.count).toBe(12);
  });

  it('does not count padding', () => {
    const padded = new Uint8Array(16);
    padded[10] = 1;
    const points = [at(1, 1), at(3, 3)];
    expect(valuesWithin({ kind: 'rectangle', points }, small, { ...frame, padded })?.mean).toBe(20);
  });

  it('says area, mean and deviation in the units of the image', () => {
    const own = { ...facts({ '00280030': number(0.5, 0.5) }), columns: 4, rows: 4 };
    expect(describeMark({ kind: 'rectangle', points: [at(1, 1), at(3, 3)] }, own, frame)).toEqual([
      '1.0 mm²',
      'Mean 25.0 HU',
      'SD 11.2 HU',
    ]);
  });
});
