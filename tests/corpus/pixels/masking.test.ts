/** Real files with a rectangle masked: the same picture elsewhere, and other readers take what was written. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { hasDcmtk, hasGdcm } from '../../../scripts/gallery/reference.ts';
import { stopCodecWorker } from '../../../shared/pixels/codecs/codec-worker.ts';
import { masked, valuesOf } from '../../unit/pixels/mask/masking.ts';
import { CORPUS, hasCorpus } from './corpus.ts';

const MASK = { x: 40, y: 32, width: 48, height: 24 };
/** Around a mask of JPEG an MCU is masked as a whole, and one pixel beside it is interpolated with it. */
const MCU = 18;

const FILES: readonly (readonly [
  path: string,
  rim: number,
  reader: 'dcmdjpeg' | 'dcmdjpls' | 'gdcmconv' | 'none',
])[] = [
  ['01-transfer-syntax/colour-family/TestPattern_JPEG-Baseline_YBR422.dcm', MCU, 'dcmdjpeg'],
  ['01-transfer-syntax/colour-family/TestPattern_JPEG-LS-Lossless.dcm', 0, 'dcmdjpls'],
  ['01-transfer-syntax/colour-family/TestPattern_JPEG-LS-NearLossless.dcm', 0, 'dcmdjpls'],
  ['01-transfer-syntax/fragments-bot/CT0012.fragmented_no_bot_jpeg_ls.80.dcm', 0, 'gdcmconv'],
  ['06-no-preamble/JLSL_RGB_ILV1.dcm', 0, 'gdcmconv'],
  ['03-modality/YBR_422.dcm', 2, 'none'],
];

const folder = hasCorpus ? mkdtempSync(join(tmpdir(), 'filmroom-masking-')) : '';
afterAll(async () => {
  await stopCodecWorker();
  if (folder !== '') rmSync(folder, { recursive: true });
});

const READERS = {
  dcmdjpeg: (from: string, to: string) => ['dcmdjpeg', from, to],
  dcmdjpls: (from: string, to: string) => ['dcmdjpls', from, to],
  gdcmconv: (from: string, to: string) => ['gdcmconv', '--raw', from, to],
} as const;

describe.skipIf(!hasCorpus)(
  'a mask over a file of the corpus (skipped where the corpus is not there)',
  () => {
    it.each(FILES)('changes nothing outside: %s', async (path, rim) => {
      const bytes = readFileSync(CORPUS + path);
      const [before, after] = [await valuesOf(bytes), await valuesOf(await masked(bytes, [MASK]))];
      const { channels, width } = before.samples;
      const differing = before.values.filter((value, at) => {
        const pixel = Math.floor(at / channels);
        const [x, y] = [pixel % width, Math.floor(pixel / width)];
        const isNear =
          x >= MASK.x - rim &&
          x < MASK.x + MASK.width + rim &&
          y >= MASK.y - rim &&
          y < MASK.y + MASK.height + rim;
        return !isNear && value !== after.values[at];
      });
      expect(differing).toHaveLength(0);
    });

    describe.skipIf(!hasDcmtk || !hasGdcm)('(skipped where dcmtk and GDCM are not installed)', () => {
      it.each(FILES.filter(([, , reader]) => reader !== 'none'))(
        'is decoded by others to the same picture: %s',
        async (path, _, reader) => {
          const written = await masked(readFileSync(CORPUS + path), [MASK]);
          const [file, raw] = [join(folder, 'masked.dcm'), join(folder, 'raw.dcm')];
          writeFileSync(file, written);
          const [command, ...args] = READERS[reader as keyof typeof READERS](file, raw);
          expect(spawnSync(command ?? '', args).status).toBe(0);
          const [ours, theirs] = [await valuesOf(written), await valuesOf(readFileSync(raw))];
          const center = (MASK.y + 12) * ours.samples.width + MASK.x + 24;
          expect(theirs.values.length).toBe(ours.values.length);
          expect(Math.abs((theirs.values[center] ?? 0) - (ours.values[center] ?? 0))).toBeLessThanOrEqual(1);
          if (reader !== 'dcmdjpeg') expect(theirs.values).toEqual(ours.values);
        },
      );
    });
  },
);
