import { describe, expect, it } from 'vitest';
import type { NewElement } from '../../../../shared/dicom/index.ts';
import { readWaveform } from '../../../../shared/pixels/documents/waveform.ts';
import { drawWaveform } from '../../../../shared/pixels/documents/waveform-page.ts';
import { concept, decimals, documentDataSet, numbers, sequence, text } from './document-object.ts';

interface Described {
  readonly labels: readonly string[];
  readonly bytes: Uint8Array;
  readonly interpretation?: string;
  readonly bits?: number;
  readonly frequency?: number;
  readonly channel?: readonly NewElement[];
  readonly padding?: Uint8Array;
}

function group({
  labels,
  bytes,
  interpretation = 'SS',
  bits = 16,
  frequency = 500,
  ...more
}: Described): NewElement[] {
  return [
    numbers(0x003a0005, 'US', labels.length),
    numbers(0x003a0010, 'UL', bytes.length / (bits / 8) / labels.length),
    decimals(0x003a001a, frequency),
    sequence(0x003a0200, ...labels.map((label) => [concept(0x003a0208, label), ...(more.channel ?? [])])),
    numbers(0x54001004, 'US', bits),
    text(0x54001006, 'CS', interpretation),
    ...(more.padding ? [{ tag: 0x5400100a, vr: 'OW' as const, value: more.padding }] : []),
    { tag: 0x54001010, vr: 'OW', value: bytes },
  ];
}

const waveform = (...groups: NewElement[][]) => documentDataSet(sequence(0x54000100, ...groups));
const words = (...values: number[]) => new Uint8Array(Int16Array.from(values).buffer);
const microvolts = (sensitivity: number, ...more: NewElement[]) => [
  decimals(0x003a0210, sensitivity),
  sequence(0x003a0211, [text(0x00080100, 'SH', 'uV')]),
  ...more,
];

describe('a waveform', () => {
  it('is read channel by channel, in units of its sensitivity and baseline', () => {
    const channel = microvolts(2.5, decimals(0x003a0212, 2), decimals(0x003a0213, 10));
    const { channels, frequency } = readWaveform(
      waveform(
        group({ labels: ['Lead I', 'Lead aVR (Goldberger)'], bytes: words(1, -1, 2, -2, 3, -3), channel }),
      ),
    );
    expect(frequency).toBe(500);
    expect(channels.map(({ label, unit }) => [label, unit])).toEqual([
      ['I', 'uV'],
      ['aVR', 'uV'],
    ]);
    expect(channels.map(({ samples }) => [...samples])).toEqual([
      [15, 20, 25],
      [5, 0, -5],
    ]);
  });

  it.each<[string, number, number[], number[]]>([
    ['SB', 8, [0xff, 0x7f], [-1, 127]],
    ['UB', 8, [0xff, 0x7f], [255, 127]],
    ['SS', 16, [0xff, 0xff, 0x01, 0x00], [-1, 1]],
    ['US', 16, [0xff, 0xff, 0x01, 0x00], [65_535, 1]],
    ['SL', 32, [0xff, 0xff, 0xff, 0xff, 1, 0, 0, 0], [-1, 1]],
    // ITU-T G.711: the largest values of either sign, in 14 and 13 bits.
    ['MB', 8, [0x80, 0x00], [8_031, -8_031]],
    ['AB', 8, [0xaa, 0x2a], [4_032, -4_032]],
  ])('of %s samples is read', (interpretation, bits, bytes, expected) => {
    const { channels } = readWaveform(
      waveform(group({ labels: ['x'], bytes: Uint8Array.from(bytes), interpretation, bits })),
    );
    expect([...channels[0]!.samples]).toEqual(expected);
  });

  it('has gaps where samples were left out', () => {
    const { channels } = readWaveform(
      waveform(group({ labels: ['x'], bytes: words(1, -32_768, 3, 4), padding: words(-32_768) })),
    );
    expect([...channels[0]!.samples]).toEqual([1, Number.NaN, 3, 4]);
  });

  it('is that of the group with the most channels, and no more of it than the limits say', () => {
    const long = new Uint8Array(2 * 2 * 60_000);
    const { channels } = readWaveform(
      waveform(
        group({ labels: ['x'], bytes: words(1, 2) }),
        group({ labels: ['I', 'II'], bytes: long, frequency: 500 }),
      ),
    );
    expect(channels.map(({ samples }) => samples.length)).toEqual([5_000, 5_000]);
  });

  it.each<[string, NewElement[][]]>([
    ['has no group', []],
    ['has no samples', [group({ labels: ['x'], bytes: new Uint8Array(0) })]],
    ['is of samples that nobody knows', [group({ labels: ['x'], bytes: words(1, 2), interpretation: 'XX' })]],
    [
      'says bits that its samples do not have',
      [group({ labels: ['x'], bytes: words(1, 2), interpretation: 'SB' })],
    ],
    ['has no time', [group({ labels: ['x'], bytes: words(1, 2), frequency: 0 })]],
  ])('that %s ends as a reason', (_, groups) => {
    expect(() => readWaveform(waveform(...groups))).toThrow(
      expect.objectContaining({ name: 'UndisplayableError' }) as Error,
    );
  });
});

describe('the page of an electrocardiogram', () => {
  const LEADS = ['I', 'II', 'III', 'aVR', 'aVL', 'aVF', 'V1', 'V2', 'V3', 'V4', 'V5', 'V6'];
  /** A step of one millivolt from the fifth second on. */
  const step = (labels: readonly string[], unit: string, height: number) =>
    drawWaveform(
      {
        frequency: 100,
        channels: labels.map((label) => ({
          label,
          unit,
          samples: Float64Array.from({ length: 1_000 }, (_, at) => (at < 800 ? 0 : height)),
        })),
      },
      1_000,
    );

  it('is ten seconds wide and four rows high for twelve leads', () => {
    const { size } = step(LEADS, 'uV', 1_000);
    // 10 s at 25 mm and margins of 5 mm; four rows of 32 mm.
    expect(size).toEqual({ width: 1_000, height: Math.round((1_000 * (4 * 32 + 10)) / 260) });
  });

  it.each([
    ['uV', 1_000],
    ['mV', 1],
  ])('shows a millivolt as 10 mm, given in %s', (unit, height) => {
    const { svg, size } = step(['II'], unit, height);
    const millimetre = size.width / 260;
    const trace = /<path d="(M[^"]+)" stroke="#16202b"/.exec(svg)![1]!;
    const heights = [...trace.matchAll(/[ML][\d.]+ ([\d.]+)/g)].map(([, y]) => Number(y));
    expect(Math.max(...heights) - Math.min(...heights)).toBeCloseTo(10 * millimetre, 0);
  });

  it('is drawn in rows of its own where it is no electrocardiogram', () => {
    const { svg, size } = step(['Pressure'], 'mm[Hg]', 90);
    expect(size.width).toBe(1_000);
    expect(svg).not.toContain('#e5a79a');
  });

  it('is drawn whatever its samples are', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 0]) {
      const samples = new Float64Array(10).fill(value);
      const { svg } = drawWaveform({ frequency: 5, channels: [{ label: 'II', unit: 'uV', samples }] }, 256);
      expect(svg).not.toMatch(/NaN|Infinity/);
    }
  });
});
