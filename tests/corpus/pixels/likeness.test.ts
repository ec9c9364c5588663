import { afterAll, describe, expect, it } from 'vitest';
import type { DataSet } from '../../../shared/dicom/index.ts';
import { isUnprocessable } from '../../../shared/errors.ts';
import { TAG } from '../../../shared/pixels/attributes.ts';
import { stopCodecWorker } from '../../../shared/pixels/codecs/codec-worker.ts';
import { decodeFrame } from '../../../shared/pixels/decode.ts';
import { type ImagePixel, readImagePixel } from '../../../shared/pixels/image-pixel.ts';
import { type PreviewSource, renderPreview } from '../../../shared/pixels/preview.ts';
import { frameScope } from '../../../shared/pixels/render/functional-groups.ts';
import { modalityTransform } from '../../../shared/pixels/render/modality.ts';
import { readPadding } from '../../../shared/pixels/render/padding.ts';
import { robustRange } from '../../../shared/pixels/render/statistics.ts';
import { readWindow } from '../../../shared/pixels/render/voi.ts';
import { CORPUS, corpusFiles, hasCorpus, openCorpusFile } from './corpus.ts';
import { EXPECTED_PLACEHOLDERS } from './expected-placeholders.ts';
import { hasDcmtk, hasGdcm, likeness, type ReferenceVoi, referencePicture } from './reference.ts';

/** Where our picture differs from dcmtk's by more than the bound, or dcmtk gives none, and why. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  '01-transfer-syntax/fragments-bot/CT0012.fragmented_no_bot_jpeg_ls.80.dcm':
    'GDCM does not put fragments together without a table',
  '01-transfer-syntax/new/liver_deflate.dcm': 'dcmtk does not know Deflated Image Frame Compression',
  '03-modality/NM-MONO2-16-13x-heart':
    'dcmtk rounds greys down, which on a frame of nearly black ones is a tenth of their structure',
  '03-modality/SC_rgb_32bit.dcm': 'dcmtk refuses 32 bits of colour',
  '03-modality/gdcm-US-ALOKA-16.dcm': 'dcmtk does not know segmented palettes',
  '03-modality/liver.dcm': 'dcmtk shows a bit that is set as mid-grey',
  '03-modality/parametric_map_double_float.dcm': 'dcmtk does not show Double Float Pixel Data',
  '03-modality/parametric_map_float.dcm': 'dcmtk does not show Float Pixel Data',
};

const LEAST_SIMILARITY = 0.98;
const GREATEST_DIFFERENCE = 1.5;

const ready = hasCorpus && hasDcmtk && hasGdcm;
const skipped = hasCorpus ? 'dcmtk or GDCM is not installed' : '../shared/corpus is not there';

afterAll(stopCodecWorker);

describe.skipIf(!ready)(`pictures beside those of dcmtk${ready ? '' : ` (skipped: ${skipped})`}`, () => {
  // The series add time and nothing else: neighbouring slices are rendered alike.
  const files = corpusFiles().filter((file) => !/^02-series\/.*(0[2-9]|1\d|8[1-9]|9\d)\.dcm$/.test(file));

  it.each(files.filter(rendersHere))('%s', async (file) => {
    const source = openCorpusFile(file);
    // At full size no resampling stands between the two.
    const ours = await renderPreview(source, { format: 'png', size: 4096 });
    const { dataSet, transferSyntax } = source.part10;
    const image = readImagePixel(dataSet);
    const index = Math.floor(image.frames / 2);
    const unpackFirst = transferSyntax.codec === 'jpeg-2000' || transferSyntax.codec === 'jpeg-ls';
    const reference = referencePicture(CORPUS + file, index, await voiFor(source, image, index), unpackFirst);
    if (reference === undefined) {
      expect(Object.keys(EXCEPTIONS)).toContain(file);
      return;
    }

    const { similarity, difference } = await likeness(ours.bytes, reference);

    const alike = similarity >= LEAST_SIMILARITY && difference <= GREATEST_DIFFERENCE;
    expect({ file, similarity, difference, alike: alike || file in EXCEPTIONS }).toMatchObject({
      alike: true,
    });
  });
});

function rendersHere(file: string): boolean {
  try {
    const { part10 } = openCorpusFile(file);
    const hasImage = part10.pixelData !== undefined && EXPECTED_PLACEHOLDERS[file] === undefined;
    return hasImage && !file.startsWith('11-dicomdir/');
  } catch (error) {
    if (isUnprocessable(error)) return false;
    throw error;
  }
}

/** What dcmtk is told to apply, as it applies no window unless told, and knows nothing of functional groups. */
async function voiFor(source: PreviewSource, image: ImagePixel, index: number): Promise<ReferenceVoi> {
  const { dataSet } = source.part10;
  if (image.samplesPerPixel > 1 || image.photometric === 'PALETTE COLOR') return 'none';
  const scope: DataSet = frameScope(dataSet, index, TAG.FrameVOILUTSequence);
  if (scope.sequence(TAG.VOILUTSequence).length > 0) return 'stored-table';
  const window = readWindow(scope);
  if (window !== undefined) return scope === dataSet ? 'stored-window' : window;
  if (image.bitsStored <= 8) return 'none';
  const { low, high } = robustRange(await decodeFrame(source, image, index), readPadding(dataSet, image));
  const modality = modalityTransform(dataSet, index);
  return { center: (modality(low) + modality(high)) / 2, width: Math.max(1, modality(high) - modality(low)) };
}
