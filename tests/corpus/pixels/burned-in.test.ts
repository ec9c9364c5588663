/** Burned-in text of public files: the name is found, read, and gone once its boxes are filled; plain slices have none. */
import { afterAll, describe, expect, it } from 'vitest';
import { renderFile } from '../../../bench/burned-in/grounds.ts';
import { fillBoxes } from '../../../bench/burned-in/reading.ts';
import { openTextFinder } from '../../../shared/pixels/text/find-text.ts';
import { CORPUS, hasCorpus } from './corpus.ts';

const finder = openTextFinder();
afterAll(() => finder.close());

/** What a device wrote on the frame, as a person reads it. */
const WRITTEN: readonly [file: string, excuseByReading: boolean, words: readonly string[]][] = [
  ['2_ORIGINAL.dicom', true, ['KAUFMAN', 'SCOTT', '03.09.2012', '07.22.1943']],
  ['GREYSCALE_IMAGE.dcm', false, ['ZZZ TEST', '00079241539', '08/29/1951', '05:24:57PM']],
];

describe.skipIf(!hasCorpus)(
  hasCorpus ? 'text in public files' : 'text in public files (skipped: ../shared/corpus is not here)',
  { timeout: 120_000 },
  () => {
    it.each(WRITTEN)(
      '%s is read, and clean after its boxes are filled',
      async (file, excuseByReading, words) => {
        const picture = await renderFile(`${CORPUS}05-burned-in-phi/${file}`);
        const boxes = [...(await finder.find(picture, { excuseByReading }))];
        // Searched again as the cleaning does it: marks of a scale may be found once the numbers are gone, and read as nothing.
        const again = { excuseByReading: true, masked: boxes };
        const beside = await finder.find(fillBoxes(picture, boxes), again);
        expect(beside.length).toBeLessThanOrEqual(1);
        boxes.push(...beside);
        const masked = fillBoxes(picture, boxes);
        const read = async (from: typeof picture): Promise<string> =>
          (await Promise.all(boxes.map((box) => finder.read(from, box)))).map(({ text }) => text).join(' ');
        const before = await read(picture);
        for (const word of words) expect(before).toContain(word);
        expect(await read(masked)).not.toMatch(/\p{L}\p{L}|\p{N}\p{N}/u);
        expect(await finder.find(masked, again)).toEqual([]);
      },
    );

    it.each(['03-modality/MOVEKNEE.dcm', '02-series/mr-20/N2D_0194.dcm', '06-no-preamble/GH340.dcm'])(
      '%s, a plain slice, gives no box',
      async (file) => {
        expect(await finder.find(await renderFile(CORPUS + file), { excuseByReading: true })).toEqual([]);
      },
    );
  },
);
