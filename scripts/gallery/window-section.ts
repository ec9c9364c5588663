/** Images shown by their own window, and by the one that they would get if they had none. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { decodeFrame } from '../../shared/pixels/decode.ts';
import { readImagePixel } from '../../shared/pixels/image-pixel.ts';
import { renderPreview } from '../../shared/pixels/preview.ts';
import { automaticWindow } from '../../shared/pixels/render/automatic-window.ts';
import { modalityTransform } from '../../shared/pixels/render/modality.ts';
import { openSource } from './compare.ts';
import type { GalleryCard, GallerySection } from './page.ts';
import type { PictureFolder } from './write-pictures.ts';

const FILES = [
  '01-transfer-syntax/fragments-bot/D_CLUNIE_CT1_RLE_FRAGS.dcm',
  '01-transfer-syntax/small/JPEG-lossy.dcm',
  '02-series/ct-ge-20/01.dcm',
  '02-series/mr-20/N2D_0180.dcm',
  '03-modality/GH133.dcm',
  '03-modality/GH184.dcm',
  '03-modality/MOVEKNEE.dcm',
  '03-modality/NM-MONO2-16-13x-heart',
  '03-modality/OutOfBoundsOverlay.dcm',
  '03-modality/dx_image.dcm',
  '03-modality/mr_brucker.dcm',
  '05-burned-in-phi/0_ORIGINAL_compressed.dcm',
];

export async function windowSection(corpus: string, pictures: PictureFolder): Promise<GallerySection> {
  const cards: GalleryCard[] = [];
  for (const file of FILES.filter((name) => existsSync(join(corpus, name)))) {
    cards.push(await windowCard(corpus, file, pictures));
  }
  return {
    title: 'Windows of our own',
    about: 'As the object asks for, and as if it asked for none.',
    cards,
  };
}

async function windowCard(corpus: string, file: string, pictures: PictureFolder): Promise<GalleryCard> {
  const source = openSource(join(corpus, file));
  const { dataSet } = source.part10;
  const image = readImagePixel(dataSet);
  const frame = Math.floor(image.frames / 2);
  const samples = await decodeFrame(source, image, frame);
  const window = automaticWindow(dataSet, image, samples, modalityTransform(dataSet, frame).map);
  const stated = await renderPreview(source, { frame });
  const own = await renderPreview(source, { frame, window });
  return {
    title: file,
    facts: [stated.label, `window ${Math.round(window.center)}, ${Math.round(window.width)}`],
    pictures: [pictures.keep('its own', stated.bytes, 'webp'), pictures.keep('ours', own.bytes, 'webp')],
  };
}
