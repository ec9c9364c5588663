import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { isUnprocessable } from '../../../shared/errors.ts';
import { stopCodecWorker } from '../../../shared/pixels/codecs/codec-worker.ts';
import { decodeFrame } from '../../../shared/pixels/decode.ts';
import { readImagePixel } from '../../../shared/pixels/image-pixel.ts';
import { type PreviewSource, renderPreview } from '../../../shared/pixels/preview.ts';
import { storedValue } from '../../../shared/pixels/samples.ts';
import { corpusFiles, hasCorpus, openCorpusFile } from './corpus.ts';
import { EXPECTED_PLACEHOLDERS } from './expected-placeholders.ts';

afterAll(stopCodecWorker);

describe.skipIf(!hasCorpus)(
  `the corpus${hasCorpus ? '' : ' (skipped: ../shared/corpus is not there)'}`,
  () => {
    it('renders, or shows a placeholder with the reason expected of it', async () => {
      const shown: Record<string, string> = {};
      let images = 0;
      for (const file of corpusFiles()) {
        const source = open(file);
        if (source === undefined) continue;
        const preview = await renderPreview(source);
        const { format, width, height } = await sharp(preview.bytes).metadata();
        expect({ file, format, width, height }).toEqual({
          file,
          format: 'webp',
          width: preview.width,
          height: preview.height,
        });
        if (preview.placeholder === undefined) images++;
        else shown[file] = preview.placeholder;
      }

      expect(shown).toEqual(EXPECTED_PLACEHOLDERS);
      expect(images).toBeGreaterThan(100);
    }, 120_000);

    it('reads one frame of a cine, and no more', async () => {
      const source = openCorpusFile('03-modality/HasFragmentSequence.dcm');

      await renderPreview(source);

      expect(source.bytesRead).toBeLessThan(source.part10.size / 50);
    });

    const lossless = [
      'BigEndianExplicitTransferSyntax_1.2.840.10008.1.2.2',
      'DeflatedExplicitVRLittleEndianTransferSyntax_1.2.840.10008.1.2.1.99',
      'JPEG2000LosslessOnlyTransferSyntax_1.2.840.10008.1.2.4.90',
      'JPEGLSLosslessTransferSyntax_1.2.840.10008.1.2.4.80',
      'JPEGProcess14TransferSyntax_1.2.840.10008.1.2.4.57',
      'JPEGProcess14SV1TransferSyntax_1.2.840.10008.1.2.4.70',
      'LittleEndianExplicitTransferSyntax_1.2.840.10008.1.2.1',
      'LittleEndianImplicitTransferSyntax_1.2.840.10008.1.2',
      'RLELosslessTransferSyntax_1.2.840.10008.1.2.5',
    ].map((name) => `01-transfer-syntax/ct-family/CTImage.dcm_${name}.dcm`);

    it.each([
      { name: 'one slice in nine lossless transfer syntaxes', files: lossless },
      {
        name: 'one colour pattern, native, JPEG-LS and JPEG lossless',
        files: [
          'TestPattern_RGB.dcm',
          'TestPattern_JPEG-LS-Lossless.dcm',
          'TestPattern_JPEG-Lossless_RGB.dcm',
        ].map((name) => `01-transfer-syntax/colour-family/${name}`),
      },
      {
        name: 'one enhanced MR, native, JPEG-LS and JPEG 2000',
        files: ['emri_small.dcm', 'emri_small_jpeg_ls_lossless.dcm', 'emri_small_jpeg_2k_lossless.dcm'].map(
          (name) => `01-transfer-syntax/multiframe/${name}`,
        ),
      },
      {
        name: 'one enhanced CT, native, RLE with a table, JPEG-LS and JPEG lossless in fragments without one',
        files: [
          'CT0012.explicit_little_endian.dcm',
          'CT0012.not_fragmented_bot_rle.dcm',
          'CT0012.fragmented_no_bot_jpeg_ls.80.dcm',
          'CT0012.fragmented_no_bot_jpeg_lossless.57.dcm',
        ].map((name) => `01-transfer-syntax/fragments-bot/${name}`),
      },
      {
        name: 'one small MR, native, RLE and JPEG-LS',
        files: ['MR_small.dcm', 'MR_small_RLE.dcm', 'MR_small_jpeg_ls_lossless.dcm'].map(
          (name) => `01-transfer-syntax/small/${name}`,
        ),
      },
      {
        name: 'one liver segmentation, native and deflated by frame',
        files: ['03-modality/liver.dcm', '01-transfer-syntax/new/liver_deflate.dcm'],
      },
    ])('decodes to identical values: $name', async ({ files }) => {
      const digests = await Promise.all(files.map((file) => digestOfFrames(openCorpusFile(file))));

      expect(new Set(digests).size).toBe(1);
    });
  },
);

/** Undefined where the reader refuses the file: such a file never comes to a preview. */
function open(file: string): PreviewSource | undefined {
  try {
    return openCorpusFile(file);
  } catch (error) {
    if (isUnprocessable(error)) return undefined;
    throw error;
  }
}

/** A digest of the stored values of all frames. */
async function digestOfFrames(source: PreviewSource): Promise<string> {
  const image = readImagePixel(source.part10.dataSet);
  const hash = createHash('sha256');
  for (let index = 0; index < image.frames; index++) {
    const samples = await decodeFrame(source, image, index);
    const values = Int32Array.from(samples.data, (cell) =>
      samples.kind === 'cells' ? storedValue(cell, samples) : cell,
    );
    hash.update(new Uint8Array(values.buffer));
  }
  return hash.digest('hex');
}
