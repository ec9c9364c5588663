import { describe, expect, it } from 'vitest';
import type { NewElement } from '../../../../shared/dicom/index.ts';
import { DOCUMENT_LIMITS } from '../../../../shared/pixels/documents/limits.ts';
import { drawStructureSet } from '../../../../shared/pixels/documents/structure-set.ts';
import { decimals, documentDataSet, sequence, text } from './document-object.ts';

const square = (side: number, z: number) =>
  decimals(0x30060050, ...[-side, -side, z, side, -side, z, side, side, z, -side, side, z]);
const structure = (colour: string, ...contours: NewElement[]): NewElement[] => [
  text(0x3006002a, 'IS', colour),
  sequence(0x30060040, ...contours.map((points) => [text(0x30060042, 'CS', 'CLOSED_PLANAR'), points])),
];
const setOf = (...structures: NewElement[][]) => documentDataSet(sequence(0x30060039, ...structures));

/** The paths of a colour. */
const paths = (svg: string, colour: string) =>
  [...svg.matchAll(/<path d="([^"]+)" stroke="([^"]+)"/g)]
    .filter(([, , stroke]) => stroke === colour)
    .map(([, d]) => d as string);
const RED = 'rgb(255,0,0)';
const GREEN = 'rgb(0,255,0)';

describe('the picture of a structure set', () => {
  it('shows the slice that cuts most structures, and each from the front', () => {
    const svg = drawStructureSet(
      setOf(
        structure('255\\0\\0', square(100, 0), square(100, 10), square(100, 20)),
        structure('0\\255\\0', square(30, 20)),
      ),
      256,
    );
    // One contour of each in the slice at 20, one outline of each from the front.
    expect(paths(svg, RED)).toHaveLength(2);
    expect(paths(svg, GREEN)).toHaveLength(2);
  });

  it('has from the front the width that each slice has', () => {
    const svg = drawStructureSet(setOf(structure('255\\0\\0', square(100, 0), square(50, 100))), 256);
    const front = paths(svg, RED).at(-1)!;
    const xs = [...front.matchAll(/[ML]([\d.]+) [\d.]+/g)].map(([, x]) => Number(x));
    expect(xs).toHaveLength(4);
    const [low, narrow, wide, high] = [...xs].sort((a, b) => a - b) as [number, number, number, number];
    expect((wide - narrow) / (high - low)).toBeCloseTo(0.5, 1);
  });

  it('lifts a colour that could not be seen on black, and shows what has none', () => {
    const svg = drawStructureSet(setOf(structure('0\\0\\0', square(9, 0)), structure('', square(8, 0))), 256);
    expect(paths(svg, 'rgb(110,110,110)')).toHaveLength(1);
    expect(paths(svg, '#c9d1dc')).toHaveLength(1);
  });

  it('draws fewer contours than there are where they are over the limit', () => {
    const many = setOf(structure('255\\0\\0', ...Array.from({ length: 60 }, (_, z) => square(50, z))));
    const levels = (maximumPoints: number) =>
      paths(drawStructureSet(many, 256, { ...DOCUMENT_LIMITS, maximumPoints }), RED)
        .at(-1)!
        .split('L').length;
    expect(levels(20)).toBeLessThan(levels(200_000) / 2);
  });

  it('passes over a point that is nowhere on earth', () => {
    const svg = drawStructureSet(
      setOf(structure('255\\0\\0', square(50, 0), decimals(0x30060050, 1e300, 0, 0))),
      256,
    );
    expect(svg).not.toMatch(/NaN|Infinity/);
  });
});
