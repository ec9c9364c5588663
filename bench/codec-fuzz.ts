/**
 * Damaged frames for every codec, more of them than the tests take: `npx tsx bench/codec-fuzz.ts [mutants] [seed]`. Each must end
 * as a picture of the right size or as a reason, and the process must live; prints how many of each, and the slowest.
 */
import type { Codec } from '../shared/dicom/index.ts';
import { stopCodecWorker } from '../shared/pixels/codecs/codec-worker.ts';
import { ENCODERS, encodeFrame } from '../shared/pixels/codecs/encode.ts';
import { DECODERS } from '../shared/pixels/decode.ts';
import type { ImagePixel } from '../shared/pixels/image-pixel.ts';
import { PIXEL_LIMITS } from '../shared/pixels/limits.ts';
import type { CellSamples } from '../shared/pixels/samples.ts';
import { UndisplayableError } from '../shared/pixels/undisplayable.ts';
import { damaged, randomFrom } from './codec-mutations.ts';

const MUTANTS = Number(process.argv[2] ?? 1000);
const SEED = Number(process.argv[3] ?? 20_261_122);
const DEADLINE = 2000;
const SIDE = 64;

const data = Uint16Array.from({ length: SIDE * SIDE }, (_, at) => ((at % SIDE) * 61 + (at >> 6) * 7) % 4096);
const samples: CellSamples = {
  kind: 'cells',
  width: SIDE,
  height: SIDE,
  channels: 1,
  colour: 'grey',
  bitsStored: 12,
  shift: 0,
  signed: false,
  data,
};
const image: ImagePixel = {
  rows: SIDE,
  columns: SIDE,
  frames: 1,
  samplesPerPixel: 1,
  photometric: 'MONOCHROME2',
  planar: false,
  bitsAllocated: 16,
  bitsStored: 12,
  highBit: 11,
  signed: false,
  number: 'integer',
};
const context = {
  image,
  encoding: { explicitVr: true, bigEndian: false },
  vr: 'OB',
  atLeast: undefined,
  limits: { ...PIXEL_LIMITS, codecDeadline: DEADLINE },
} as const;

const random = randomFrom(SEED);
const rows = [];
for (const codec of Object.keys(ENCODERS) as Codec[]) {
  const decode = DECODERS[codec];
  if (decode === undefined) continue;
  const original = await encodeFrame(codec, samples, image);
  const outcomes: Record<string, number> = { picture: 0 };
  let slowest = 0;
  for (let index = 0; index < MUTANTS; index++) {
    const start = performance.now();
    let outcome = 'picture';
    try {
      const decoded = await decode({ bytes: damaged(original, random), bitOffset: 0 }, context);
      if (decoded.data.length !== SIDE * SIDE) outcome = 'WRONG SIZE';
    } catch (error) {
      outcome = error instanceof UndisplayableError ? error.reason : `NOT A REASON: ${String(error)}`;
    }
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    slowest = Math.max(slowest, performance.now() - start);
  }
  rows.push({ codec, ...outcomes, 'slowest ms': Math.round(slowest) });
}
console.log(`${MUTANTS} damaged frames a codec, seed ${SEED}, deadline ${DEADLINE} ms`);
console.table(rows);
await stopCodecWorker();
