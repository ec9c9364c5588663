import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { hasDcmtk, readPgm, referencePresentation } from '../../../scripts/gallery/reference.ts';
import { readPart10 } from '../../../shared/dicom/index.ts';
import { renderPreview } from '../../../shared/pixels/preview.ts';
import { readPresentationState } from '../../../shared/pixels/render/presentation/presentation-state.ts';
import { CORPUS, hasCorpus, openCorpusFile } from './corpus.ts';

const ready = hasCorpus && hasDcmtk;
const skipped = hasCorpus ? 'dcmtk is not installed' : '../shared/corpus is not there';

describe.skipIf(!ready)(
  `presentation states beside those of dcmp2pgm${ready ? '' : ` (skipped: ${skipped})`}`,
  () => {
    /** Both pictures, as greys of the same size; ours is applied also where the state refers to another image. */
    async function both(file: string, state: string): Promise<{ ours: Uint8Array; theirs: Uint8Array }> {
      const read = readPresentationState(readPart10(readFileSync(CORPUS + state)).dataSet);
      if (read === undefined) throw new Error('no presentation state');
      const presentation = { ...read, refersTo: () => true };
      const { bytes } = await renderPreview(openCorpusFile(file), {
        presentation,
        size: 512,
        format: 'png',
      });
      const ours = await sharp(bytes).toColourspace('b-w').raw().toBuffer();
      const reference = referencePresentation(CORPUS + file, CORPUS + state);
      if (reference === undefined) throw new Error('dcmp2pgm gave nothing');
      return { ours, theirs: readPgm(reference).pixels };
    }

    it.each(['03-modality/mlut_18.dcm', '03-modality/signed-raw-9bit.dcm'])(
      'take modality LUT, VOI LUT and presentation LUT from the state: %s',
      async (file) => {
        const { ours, theirs } = await both(file, '03-modality/prLUTs.dcm');

        expect(Buffer.compare(ours, theirs)).toBe(0);
      },
    );

    it('paint the overlays they activate, and leave all else as it is', async () => {
      const { ours, theirs } = await both('03-modality/ovly_p01.dcm', '03-modality/prOverlay.dcm');

      let painted = 0;
      for (let at = 0; at < theirs.length; at++) {
        if (Math.abs((ours[at] as number) - (theirs[at] as number)) <= 1) continue;
        expect(ours[at]).toBe(255);
        painted++;
      }
      expect(painted).toBeGreaterThan(1000);
    });
  },
);
