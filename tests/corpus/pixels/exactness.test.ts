/** First frames, value by value, beside those of dcmtk and GDCM; and what ours encodes, decoded by them. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Codec } from '../../../shared/dicom/index.ts';
import { isUnprocessable } from '../../../shared/errors.ts';
import { stopCodecWorker } from '../../../shared/pixels/codecs/codec-worker.ts';
import { encodeFrame } from '../../../shared/pixels/codecs/encode.ts';
import { decodeFrame } from '../../../shared/pixels/decode.ts';
import { readImagePixel } from '../../../shared/pixels/image-pixel.ts';
import { imageBytes, TRANSFER_SYNTAX_OF } from '../../unit/pixels/image-object.ts';
import { CORPUS, corpusFiles, hasCorpus, openCorpusFile } from './corpus.ts';
import {
  greatestDifference,
  hasDcmtkEncoder,
  hasNativeDecoders,
  nativelyDecoded,
  sourceOfBytes,
  storedValues,
} from './native-decoders.ts';

const scratch = mkdtempSync(join(tmpdir(), 'filmroom-exactness-'));
afterAll(async () => {
  rmSync(scratch, { recursive: true });
  await stopCodecWorker();
});

/** Files that neither tool decodes, and why. */
const WITHOUT_REFERENCE: Readonly<Record<string, string>> = {
  '01-transfer-syntax/new/HTJ2KLossless_08_RGB.dcm': 'neither knows HTJ2K',
  '01-transfer-syntax/new/HTJ2K_08_RGB.dcm': 'neither knows HTJ2K',
  '01-transfer-syntax/new/liver_deflate.dcm': 'neither knows Deflated Image Frame Compression',
  '01-transfer-syntax/new/will-jxl.dcm': 'neither knows JPEG XL',
};

/** Files whose picture ends as a reason in place of values. */
const REASONS: Readonly<Record<string, string>> = {
  '07-malformed/GH1146.dcm': 'pixel-data-mismatch',
  '07-malformed/JPEG2000-embedded-sequence-delimiter.dcm': 'pixel-data-mismatch',
  '07-malformed/meta_missing_tsyntax.dcm': 'pixel-data-mismatch',
};

const CT =
  '01-transfer-syntax/ct-family/CTImage.dcm_LittleEndianExplicitTransferSyntax_1.2.840.10008.1.2.1.dcm';
const ready = hasCorpus && hasNativeDecoders;
const skipped = hasCorpus ? 'dcmtk or GDCM is not installed' : '../shared/corpus is not there';

describe.skipIf(!ready)(
  `values beside those of dcmtk and GDCM${ready ? '' : ` (skipped: ${skipped})`}`,
  () => {
    // Of the series the first slices do: the others are compressed alike.
    const files = corpusFiles().filter(
      (file) =>
        !/^02-series\/.*(0[2-9]|[1-9]\d)\.dcm$/.test(file) && !file.startsWith('11-') && hasPixels(file),
    );

    it.each(files)('%s', async (file) => {
      const source = openCorpusFile(file);
      if (REASONS[file] !== undefined) {
        const decoding = (async () => storedValues(source))();
        await expect(decoding).rejects.toMatchObject({ reason: REASONS[file] });
        return;
      }
      const ours = await storedValues(source);

      const differences: Record<string, number | undefined> = {};
      const { codec } = source.part10.transferSyntax;
      for (const { tool, source: theirs } of nativelyDecoded(
        CORPUS + file,
        codec,
        join(scratch, 'raw.dcm'),
      )) {
        differences[tool] = greatestDifference(ours, await storedValues(theirs));
        if (differences[tool] === 0) break;
      }

      if (WITHOUT_REFERENCE[file] !== undefined) expect(differences).toEqual({});
      else expect(Object.values(differences)).toContain(0);
    });

    const REREAD: [Codec, string][] = [
      ['rle', 'dcmdrle'],
      ['jpeg-lossless', 'dcmdjpeg'],
      ['jpeg-ls', 'dcmdjpls'],
      ['jpeg-2000', 'gdcmconv'],
    ];
    it.each(REREAD)('what is encoded as %s is read by %s', async (codec, tool) => {
      const source = openCorpusFile(CT);
      const image = readImagePixel(source.part10.dataSet);
      const encoded = await encodeFrame(codec, await decodeFrame(source, image, 0), image);
      const { rows, columns, bitsAllocated, bitsStored, signed } = image;
      const transferSyntax = TRANSFER_SYNTAX_OF[codec] as string;
      const file = join(scratch, 'encoded.dcm');
      writeFileSync(
        file,
        imageBytes(
          { rows, columns, bitsAllocated, bitsStored, signed, transferSyntax, vr: 'OB' },
          { fragments: [encoded] },
        ),
      );

      const answers = [...nativelyDecoded(file, codec, join(scratch, 'raw.dcm'))];
      const theirs = answers.find((answer) => answer.tool === tool);

      expect(
        theirs && greatestDifference(await storedValues(source), await storedValues(theirs.source)),
      ).toBe(0);
    });

    it.skipIf(!hasDcmtkEncoder).each(['2', '3', '4', '5', '6', '7'])(
      'JPEG lossless of predictor %s as dcmtk writes it',
      async (predictor) => {
        const file = join(scratch, 'predicted.dcm');
        spawnSync('dcmcjpeg', ['+el', '+sv', predictor, CORPUS + CT, file]);

        const values = await storedValues(sourceOfBytes(readFileSync(file)));

        expect(greatestDifference(values, await storedValues(openCorpusFile(CT)))).toBe(0);
      },
    );

    it.skipIf(!hasDcmtkEncoder).each([
      { name: 'extended', option: '+ee' },
      { name: 'spectral selection', option: '+es' },
      { name: 'progressive', option: '+ep' },
    ])('JPEG of 12 bits, $name, as dcmtk writes and reads it', async ({ option }) => {
      const [plain, file] = [join(scratch, 'twelve.dcm'), join(scratch, 'twelve-encoded.dcm')];
      // Steps as large as 12 bits can hold beside smooth parts, in a size that is none of whole blocks.
      const [rows, columns] = [61, 53];
      const values = Uint16Array.from({ length: rows * columns }, (_, at) =>
        at % columns < 26 ? (at * 17) & 4095 : at % 7 === 0 ? 4095 : at % columns,
      );
      writeFileSync(
        plain,
        imageBytes({ rows, columns, bitsAllocated: 16, bitsStored: 12 }, new Uint8Array(values.buffer)),
      );
      spawnSync('dcmcjpeg', [option, plain, file]);
      const source = sourceOfBytes(readFileSync(file));

      const theirs = [...nativelyDecoded(file, 'jpeg-extended', join(scratch, 'raw.dcm'))].find(
        ({ tool }) => tool === 'dcmdjpeg',
      );

      expect(
        theirs && greatestDifference(await storedValues(source), await storedValues(theirs.source)),
      ).toBe(0);
    });
  },
);

function hasPixels(file: string): boolean {
  try {
    return openCorpusFile(file).part10.pixelData !== undefined;
  } catch (error) {
    if (isUnprocessable(error)) return false;
    throw error;
  }
}
