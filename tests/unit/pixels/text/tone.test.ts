import { describe, expect, it } from 'vitest';
import { type Tone, toned } from '../../../../shared/pixels/text/tone.ts';

const SCALING = { mean: [100, 110, 120], gain: [0.5, 0.25, 0.125] } as const;

describe('a tone', () => {
  it.each<[Tone, (byte: number) => number]>([
    ['soft', (byte) => 64 + byte / 2],
    ['soft negative', (byte) => 191 - byte / 2],
    ['negative', (byte) => 255 - byte],
  ])('%s is what a network sees of the bytes that it makes', (tone, made) => {
    const { mean, gain } = toned(SCALING, tone);
    for (const byte of [0, 1, 128, 255])
      for (const plane of [0, 1, 2] as const)
        expect((byte - mean[plane]) * gain[plane]).toBeCloseTo(
          (made(byte) - SCALING.mean[plane]) * SCALING.gain[plane],
          9,
        );
  });
});
