/** Pictures with text before and after cleaning; after is rendered from the bytes that would be written. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { basicProfile, cleaningWanted, keyedPseudonyms, textJudge } from '../../shared/deid/index.ts';
import { isUnprocessable } from '../../shared/errors.ts';
import { cleanPixels } from '../../shared/pixels/burned-in/clean-pixels.ts';
import { decide } from '../../shared/pixels/burned-in/decide.ts';
import { decodeFrame } from '../../shared/pixels/decode.ts';
import type { ImagePixel } from '../../shared/pixels/image-pixel.ts';
import { readImagePixel } from '../../shared/pixels/image-pixel.ts';
import { maskPixels } from '../../shared/pixels/mask/mask-pixels.ts';
import { encodeRaster } from '../../shared/pixels/raster.ts';
import { renderFrame } from '../../shared/pixels/render/render.ts';
import type { Samples } from '../../shared/pixels/samples.ts';
import { openTextFinder, type TextFinder } from '../../shared/pixels/text/find-text.ts';
import { openSource } from './compare.ts';
import type { GalleryCard, GallerySection } from './page.ts';
import type { PictureFolder } from './write-pictures.ts';

const FILES = [
  '03-modality/YBR_422.dcm',
  '05-burned-in-phi/0_ORIGINAL_compressed.dcm',
  '05-burned-in-phi/2_ORIGINAL.dicom',
  '05-burned-in-phi/GREYSCALE_IMAGE.dcm',
  '05-burned-in-phi/GH1728.dcm',
  '05-burned-in-phi/RGB_IMAGE.dcm',
  '05-burned-in-phi/RGB_ORIGINAL.dcm',
  '05-burned-in-phi/image1.dcm',
];

const profile = basicProfile({ pseudonyms: keyedPseudonyms(randomBytes(32)), pixels: 'clean' });

export async function burnedInSection(corpus: string, pictures: PictureFolder): Promise<GallerySection> {
  const finder = openTextFinder();
  const cards: GalleryCard[] = [];
  for (const file of FILES.filter((name) => existsSync(join(corpus, name))))
    cards.push(await burnedInCard(corpus, file, pictures, finder));
  await finder.close();
  return {
    title: 'Text in pictures',
    about: 'Before and after cleaning. Scales and labels within ultrasound regions stay.',
    cards,
  };
}

async function burnedInCard(
  corpus: string,
  file: string,
  pictures: PictureFolder,
  finder: TextFinder,
): Promise<GalleryCard> {
  const source = openSource(join(corpus, file));
  const { part10 } = source;
  const { dataSet } = part10;
  const png = async (image: ImagePixel, samples: Samples): Promise<Uint8Array> => {
    const raster = renderFrame(dataSet, image, samples, 0);
    return encodeRaster(raster, raster, 'png');
  };
  const image = readImagePixel(dataSet);
  const before = pictures.keep('before', await png(image, await decodeFrame(source, image, 0)), 'png');
  const decision = decide(part10, cleaningWanted(part10, profile).risk);
  const facts = [part10.transferSyntax.name, decision.why];
  if (decision.outcome === 'spared') return { title: file, facts, pictures: [before] };
  try {
    const options = { finder, judge: textJudge(part10, profile) };
    const { masks, rounds } = await cleanPixels(source, decision, options);
    const { decode, image: written } = await maskPixels(source, masks);
    const after = pictures.keep('after', await png(written, await decode(0)), 'png');
    return {
      title: file,
      facts: [...facts, `${masks.length} masks, read again ${rounds} times`],
      pictures: [before, after],
    };
  } catch (error) {
    if (!isUnprocessable(error)) throw error;
    return { title: file, facts, pictures: [before], verdict: { text: error.message, isGood: true } };
  }
}
