/**
 * Writes one HTML page of all previews beside the reference's pictures: `npx tsx scripts/gallery.ts [OUT_DIR] [CORPUS]`. It is for
 * looking at: figures alone do not tell whether a picture is one that a radiologist would accept.
 */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { stopCodecWorker } from '../shared/pixels/codecs/codec-worker.ts';
import { burnedInSection } from './gallery/burned-in-section.ts';
import { corpusSections } from './gallery/corpus-sections.ts';
import { type GallerySection, galleryPage } from './gallery/page.ts';
import { hasDcmtk, hasGdcm } from './gallery/reference.ts';
import { viewSection } from './gallery/view-section.ts';
import { windowSection } from './gallery/window-section.ts';
import { type PictureFolder, pictureFolder } from './gallery/write-pictures.ts';

/** What makes sections, in the order of the page; each gets the corpus and a place for its pictures. */
const SECTIONS: readonly ((corpus: string, pictures: PictureFolder) => Promise<readonly GallerySection[]>)[] =
  [
    async (corpus, pictures) => [await viewSection(corpus, pictures)],
    async (corpus, pictures) => [await windowSection(corpus, pictures)],
    async (corpus, pictures) => [await burnedInSection(corpus, pictures)],
    corpusSections,
  ];

const DEFAULT_OUTPUT = fileURLToPath(new URL('../.filmroom/gallery', import.meta.url));
const DEFAULT_CORPUS = fileURLToPath(new URL('../../shared/corpus', import.meta.url));

async function main([output = DEFAULT_OUTPUT, corpus = DEFAULT_CORPUS]: readonly string[]): Promise<void> {
  if (!existsSync(corpus)) throw new Error(`no corpus at ${corpus}`);
  if (!hasDcmtk || !hasGdcm)
    console.log('dcmtk or GDCM is not installed: there will be fewer pictures to compare with');
  rmSync(join(output, 'pictures'), { recursive: true, force: true });
  const pictures = pictureFolder(output);
  const sections: GallerySection[] = [];
  for (const make of SECTIONS) sections.push(...(await make(corpus, pictures)));
  const page = join(resolve(output), 'index.html');
  writeFileSync(page, galleryPage(sections));
  for (const { title, cards } of sections) console.log(`${String(cards.length).padStart(4)}  ${title}`);
  const open = sections
    .flatMap(({ cards }) => cards)
    .filter(({ verdict }) => verdict?.text.endsWith('not explained'));
  for (const { title, verdict } of open) console.log(`${title}: ${verdict?.text}`);
  console.log(pathToFileURL(page).href);
}

main(process.argv.slice(2)).finally(stopCodecWorker);
