/** A section for each folder of the corpus: every file's preview beside the reference's picture of the same frame. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isUnprocessable } from '../../shared/errors.ts';
import { type Preview, type PreviewSource, renderPreview } from '../../shared/pixels/preview.ts';
import { PLACEHOLDER_REASONS } from '../../shared/pixels/undisplayable.ts';
import { compareWithReference, openSource } from './compare.ts';
import { EXPLAINED_DIFFERENCES, GREATEST_DIFFERENCE, LEAST_SIMILARITY } from './explained-differences.ts';
import type { GalleryCard, GallerySection } from './page.ts';
import type { PictureFolder } from './write-pictures.ts';

/** Of a series the first slices tell all there is to see. */
const SLICES_OF_A_SERIES = 2;
/** Archives and directories are no images. */
const PASSED_OVER = /\.(csv|md|zip|gz|tar|tgz|7z)$|DICOMDIR/;
const FOLDERS_PASSED_OVER = /^(11-dicomdir|12-archive)$/;

export async function corpusSections(corpus: string, pictures: PictureFolder): Promise<GallerySection[]> {
  const sections: GallerySection[] = [];
  const folders = readdirSync(corpus, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !FOLDERS_PASSED_OVER.test(entry.name))
    .map(({ name }) => name)
    .sort();
  for (const folder of folders) {
    const cards: GalleryCard[] = [];
    for (const file of filesOf(corpus, folder)) {
      const card = await cardOf(corpus, file, pictures);
      if (card !== undefined) cards.push(card);
    }
    sections.push({ title: folder, about: `${cards.length} files`, cards });
  }
  return sections;
}

function filesOf(corpus: string, folder: string): string[] {
  const seen = new Map<string, number>();
  return readdirSync(join(corpus, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => !PASSED_OVER.test(path) && statSync(join(corpus, folder, path)).isFile())
    .sort()
    .map((path) => `${folder}/${path}`)
    .filter((path) => {
      if (!path.startsWith('02-series')) return true;
      const series = path.slice(0, path.lastIndexOf('/'));
      seen.set(series, (seen.get(series) ?? 0) + 1);
      return (seen.get(series) ?? 0) <= SLICES_OF_A_SERIES;
    });
}

async function cardOf(
  corpus: string,
  file: string,
  pictures: PictureFolder,
): Promise<GalleryCard | undefined> {
  const source = openOrPassOver(join(corpus, file));
  if (source === undefined) return undefined;
  const preview = await renderPreview(source, { animated: true });
  const comparison = await compareWithReference(join(corpus, file), source);
  const shown = [pictures.keep(captionOf(preview), preview.bytes, 'webp')];
  if (preview.frames !== undefined && comparison !== undefined)
    shown.push(await pictures.keepSmall(`ours, frame ${comparison.frame + 1}`, comparison.ours));
  if (comparison?.reference !== undefined)
    shown.push(await pictures.keepSmall('dcmtk', comparison.reference));
  return {
    title: file.slice(file.indexOf('/') + 1),
    facts: factsOf(source, preview),
    pictures: shown,
    verdict: verdictOf(file, preview, comparison?.likeness),
  };
}

/** Undefined where the reader refuses the file: such a file never comes to a preview. */
function openOrPassOver(path: string): PreviewSource | undefined {
  try {
    return openSource(path);
  } catch (error) {
    if (isUnprocessable(error)) return undefined;
    throw error;
  }
}

const captionOf = ({ bytes, width, height }: Preview): string =>
  `preview, ${width} x ${height}, ${(bytes.length / 1024).toFixed(1)} kB`;

function factsOf({ part10: { dataSet, transferSyntax } }: PreviewSource, { label }: Preview): string[] {
  const [rows, columns] = [dataSet.number(0x00280010), dataSet.number(0x00280011)];
  const photometric = dataSet.strings(0x00280004)[0];
  return [
    label,
    ...(rows === undefined || columns === undefined ? [] : [`${columns} x ${rows}`]),
    ...(photometric === undefined ? [] : [photometric]),
    transferSyntax.name,
  ];
}

function verdictOf(
  file: string,
  preview: Preview,
  likeness: { similarity: number; difference: number } | undefined,
): { text: string; isGood: boolean } {
  const explained = EXPLAINED_DIFFERENCES[file];
  if (preview.placeholder !== undefined)
    return { text: `placeholder: ${PLACEHOLDER_REASONS[preview.placeholder]}`, isGood: false };
  if (likeness === undefined)
    return { text: explained ?? 'drawn by us alone: dcmtk shows nothing of it', isGood: false };
  const { similarity, difference } = likeness;
  const isGood = similarity >= LEAST_SIMILARITY && difference <= GREATEST_DIFFERENCE;
  const figures = `SSIM ${similarity.toFixed(4)}, mean difference ${difference.toFixed(2)}`;
  return { text: isGood ? figures : `${figures}: ${explained ?? 'not explained'}`, isGood };
}
