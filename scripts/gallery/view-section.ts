/** What a viewer may ask for: overlays, presentation states, windows; beside dcmtk where it does the same. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPart10 } from '../../shared/dicom/index.ts';
import { type PreviewOptions, renderPreview } from '../../shared/pixels/preview.ts';
import { readPresentationState } from '../../shared/pixels/render/presentation/presentation-state.ts';
import { openSource } from './compare.ts';
import { madePresentation } from './made-presentation.ts';
import type { GalleryCard, GallerySection } from './page.ts';
import { referencePresentation } from './reference.ts';
import type { PictureFolder } from './write-pictures.ts';

const CT =
  '01-transfer-syntax/ct-family/CTImage.dcm_LittleEndianExplicitTransferSyntax_1.2.840.10008.1.2.1.dcm';
const OVERLAYS = '03-modality/ovly_p01.dcm';
const STATE = '03-modality/prOverlay.dcm';

export async function viewSection(corpus: string, pictures: PictureFolder): Promise<GallerySection> {
  const cards: GalleryCard[] = [];
  const show = async (file: string, caption: string, options: PreviewOptions) => {
    const preview = await renderPreview(openSource(join(corpus, file)), options);
    return pictures.keep(caption, preview.bytes, 'webp');
  };
  if (existsSync(join(corpus, CT))) {
    cards.push({
      title: 'One slice through three windows',
      facts: ['window asked for by the viewer'],
      pictures: [
        await show(CT, 'lung: -600, 1500', { window: { center: -600, width: 1500 } }),
        await show(CT, 'bone: 400, 1800', { window: { center: 400, width: 1800 } }),
        await show(CT, 'narrow: 40, 80', { window: { center: 40, width: 80 } }),
      ],
    });
    cards.push(await madeCard(join(corpus, CT), pictures));
  }
  if (existsSync(join(corpus, STATE))) {
    const state = readPresentationState(readPart10(readFileSync(join(corpus, STATE))).dataSet);
    const reference = referencePresentation(join(corpus, OVERLAYS), join(corpus, STATE));
    cards.push({
      title: 'Six overlays: in pixel bits, in the image, in the presentation state',
      facts: [OVERLAYS, STATE],
      pictures: [
        await show(OVERLAYS, 'as it is', {}),
        await show(OVERLAYS, 'overlays of the image', { overlays: true }),
        ...(state ? [await show(OVERLAYS, 'presentation state', { presentation: state })] : []),
        ...(reference ? [await pictures.keepPgm('dcmp2pgm, which paints none', reference)] : []),
      ],
    });
  }
  return { title: 'Views on request', about: 'Windows, overlays and presentation states.', cards };
}

async function madeCard(file: string, pictures: PictureFolder): Promise<GalleryCard> {
  const source = openSource(file);
  const presentation = madePresentation(source.part10.dataSet);
  const { bytes } = await renderPreview(source, { presentation, size: 512 });
  return {
    title: 'A presentation state with annotations, a shutter, a crop and a quarter turn',
    facts: ['made by this script'],
    pictures: [pictures.keep('shapes, texts, circular shutter, turned by 90 degrees', bytes, 'webp')],
  };
}
