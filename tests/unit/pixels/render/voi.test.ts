import { describe, expect, it } from 'vitest';
import { TAG } from '../../../../shared/pixels/attributes.ts';
import { readWindow, voiTransform, windowTransform } from '../../../../shared/pixels/render/voi.ts';
import { bytes, imageSource, numbers, sequence, text, words } from '../image-object.ts';

describe('a window', () => {
  // PS3.3 C.11.2.1.2.1: the examples of the standard, c=2048 w=4096 and c=100 w=100, and its ends.
  it.each([
    ['LINEAR', 2048, 4096, -1, 0],
    ['LINEAR', 2048, 4096, 0, 0],
    ['LINEAR', 2048, 4096, 4095, 255],
    ['LINEAR', 2048, 4096, 4096, 255],
    ['LINEAR', 100, 100, 50, 0],
    ['LINEAR', 100, 100, 149, 255],
    ['LINEAR', 100, 100, 99.5, 127.5],
    ['LINEAR', 40, 1, 39, 0],
    ['LINEAR', 40, 1, 39.5, 0],
    ['LINEAR', 40, 1, 40, 255],
    ['LINEAR_EXACT', 2048, 4096, 0, 0],
    ['LINEAR_EXACT', 2048, 4096, 2048, 127.5],
    ['LINEAR_EXACT', 2048, 4096, 4096, 255],
    ['LINEAR_EXACT', 0.5, 1, 0.25, 63.75],
    ['SIGMOID', 100, 50, 100, 127.5],
    ['SIGMOID', 100, 50, 150, 255 / (1 + Math.exp(-4))],
    ['SIGMOID', 100, 50, -1e6, 0],
  ] as const)('%s of center %d and width %d maps %d to %d', (name, center, width, value, expected) => {
    expect(windowTransform({ center, width, function: name })(value)).toBeCloseTo(expected, 10);
  });

  const stated = (...more: Parameters<typeof sequence>[1]) =>
    imageSource({ rows: 1, columns: 1, more }, bytes(0, 0)).part10.dataSet;

  it.each([
    [
      'the first of several',
      [text(TAG.WindowCenter, 'DS', '40\\400'), text(TAG.WindowWidth, 'DS', '80\\2000')],
      { center: 40, width: 80, function: 'LINEAR' },
    ],
    [
      'with its function',
      [
        text(TAG.WindowCenter, 'DS', '40'),
        text(TAG.WindowWidth, 'DS', '80'),
        text(TAG.VOILUTFunction, 'CS', 'SIGMOID'),
      ],
      { center: 40, width: 80, function: 'SIGMOID' },
    ],
    [
      'narrower than 1 as exact',
      [text(TAG.WindowCenter, 'DS', '0.5'), text(TAG.WindowWidth, 'DS', '0.8')],
      { center: 0.5, width: 0.8, function: 'LINEAR_EXACT' },
    ],
    ['none of width 0', [text(TAG.WindowCenter, 'DS', '40'), text(TAG.WindowWidth, 'DS', '0')], undefined],
    ['none without a width', [text(TAG.WindowCenter, 'DS', '40')], undefined],
    [
      'none of numbers that are none',
      [text(TAG.WindowCenter, 'DS', 'x'), text(TAG.WindowWidth, 'DS', '1')],
      undefined,
    ],
  ])('is read: %s', (_, more, expected) => {
    expect(readWindow(stated(...more))).toEqual(expected);
  });

  it('of floats is exact, as LINEAR counts whole values', () => {
    const dataSet = stated(text(TAG.WindowCenter, 'DS', '0.5'), text(TAG.WindowWidth, 'DS', '1'));

    expect(voiTransform(dataSet, 0, true)?.(0.5)).toBe(127.5);
  });
});

describe('a VOI LUT', () => {
  const table = sequence(TAG.VOILUTSequence, [
    numbers(TAG.LUTDescriptor, 'US', 3, 10, 12),
    { tag: TAG.LUTData, vr: 'US', value: words(0, 819, 4095) },
  ]);
  const dataSet = (...more: Parameters<typeof sequence>[1]) =>
    imageSource({ rows: 1, columns: 1, more: [table, ...more] }, bytes(0, 0)).part10.dataSet;

  it.each([
    [-5, 0],
    [10, 0],
    [11, 51],
    [12, 255],
    [900, 255],
  ])('maps %i to %i', (value, expected) => {
    expect(voiTransform(dataSet(), 0)?.(value)).toBeCloseTo(expected, 10);
  });

  it('goes before a window', () => {
    const both = dataSet(text(TAG.WindowCenter, 'DS', '40'), text(TAG.WindowWidth, 'DS', '80'));

    expect(voiTransform(both, 0)?.(11)).toBeCloseTo(51, 10);
  });

  it('without entries is none', () => {
    const empty = sequence(TAG.VOILUTSequence, [numbers(TAG.LUTDescriptor, 'US', 3, 10, 12)]);

    expect(
      voiTransform(imageSource({ rows: 1, columns: 1, more: [empty] }, bytes(0, 0)).part10.dataSet, 0),
    ).toBeUndefined();
  });
});

describe('a window chosen by the viewer', () => {
  const windows = [
    text(TAG.WindowCenter, 'DS', '40\\-600'),
    text(TAG.WindowWidth, 'DS', '80\\1500'),
    text(TAG.VOILUTFunction, 'CS', 'LINEAR_EXACT'),
    text(TAG.WindowCenterWidthExplanation, 'LO', 'BRAIN\\Lung'),
    sequence(TAG.VOILUTSequence, [
      numbers(TAG.LUTDescriptor, 'US', 2, 0, 8),
      text(TAG.LUTExplanation, 'LO', 'Contrast'),
      { tag: TAG.LUTData, vr: 'US', value: words(255, 0) },
    ]),
  ];
  const { dataSet } = imageSource({ rows: 1, columns: 1, more: windows }, bytes(0, 0)).part10;

  it.each([
    ['by its numbers', { center: 100, width: 10 }, 100, 141.66],
    ['by its numbers and function', { center: 100, width: 10, function: 'SIGMOID' }, 100, 127.5],
    ['by its position', { index: 1 }, -600, 127.5],
    ['by its explanation', { explanation: 'lung' }, -600, 127.5],
    ['a table by its explanation', { explanation: 'CONTRAST' }, 0, 255],
  ] as const)('%s', (_, choice, value, expected) => {
    expect(voiTransform(dataSet, 0, false, choice)?.(value)).toBeCloseTo(expected, 1);
  });

  it.each([
    ['a position it has not', { index: 7 }],
    ['an explanation it has not', { explanation: 'BONE' }],
    ['no width', { center: 1, width: 0 }],
    ['no number', { center: Number.NaN, width: 1 }],
  ] as const)('is that of the object where it asks for %s', (_, choice) => {
    // The table of the object goes before its windows.
    expect(voiTransform(dataSet, 0, false, choice)?.(0)).toBe(255);
  });
});

describe('a VOI lookup table', () => {
  it('whose first value lost its sign begins below zero', () => {
    const more = [
      sequence(TAG.VOILUTSequence, [
        numbers(TAG.LUTDescriptor, 'US', 4, 65534, 8),
        { tag: TAG.LUTData, vr: 'US' as const, value: words(0, 85, 170, 255) },
      ]),
    ];
    const transform = voiTransform(imageSource({ rows: 1, columns: 1, more }, bytes(0, 0)).part10.dataSet, 0);

    expect([-9, -2, -1, 0, 1, 9].map((value) => transform?.(value))).toEqual([0, 0, 85, 170, 255, 255]);
  });
});
