/**
 * Clean Pixel Data (PS3.15 E.3.1): text that is burned into the pictures of an instance is found and masked in all frames,
 * and what was masked is read again from its new bytes. What is still readable after some rounds, what cannot be decoded
 * and what is over a limit is refused: it has not been shown to be clean.
 */
import type { NewElement, Tag } from '../../dicom/index.ts';
import { UnprocessableInstanceError } from '../../errors.ts';
import { decodeFrame } from '../decode.ts';
import type { PreviewSource } from '../frames.ts';
import { readImagePixel } from '../image-pixel.ts';
import type { Mask, Rectangle } from '../mask/mask.ts';
import {
  MASKING_LIMITS,
  type MaskedPixels,
  type MaskingLimits,
  maskPixels,
  type PixelRewrite,
  refusing,
} from '../mask/mask-pixels.ts';
import type { TextBox, TextFinder } from '../text/find-text.ts';
import type { Decision } from './decide.ts';
import {
  picturesToSearch,
  SEARCH_LIMITS,
  type SearchedPicture,
  type SearchLimits,
  searchedAgain,
} from './searched-pictures.ts';
import { isTelling, type TextJudge } from './telling-text.ts';
import { isWithin } from './ultrasound-regions.ts';

/** A box in which text was found, and what becomes of it. */
export interface Finding {
  readonly picture: SearchedPicture['of'];
  /** 0 for the instance as it came, then the round of masking after which it was found. */
  readonly round: number;
  readonly box: Rectangle;
  readonly masked: boolean;
  readonly why: string;
  /** What was read; only where reading decided. For the person at the terminal, for nothing else. */
  readonly text?: string;
}

/** In the shape of de-identification's `PixelTreatment`; without `rewrite` where no text was there to mask. */
export type CleanTreatment = Omit<PixelRewrite, 'rewrite'> &
  Partial<Pick<PixelRewrite, 'rewrite'>> & { readonly cleaned: true };

export interface CleanedPixels {
  readonly treatment: CleanTreatment;
  readonly findings: readonly Finding[];
  readonly masks: readonly Mask[];
  /** Times that masked pixels were read again. */
  readonly rounds: number;
}

export interface CleaningOptions {
  readonly finder: Pick<TextFinder, 'find' | 'read'>;
  readonly judge: TextJudge;
  readonly limits?: Partial<SearchLimits & MaskingLimits>;
}

type Search = Extract<Decision, { outcome: 'search' }>;

const BURNED_IN_ANNOTATION: Tag = 0x00280301;
const NO: NewElement = { tag: BURNED_IN_ANNOTATION, vr: 'CS', value: Buffer.from('NO', 'latin1') };
/** Pixels around a box: strokes end softly. */
const MARGIN = 2;

/** Finds and masks the text of an instance for which a search was decided. */
export async function cleanPixels(
  source: PreviewSource,
  decision: Search,
  { finder, judge, limits: given = {} }: CleaningOptions,
): Promise<CleanedPixels> {
  const limits = { ...MASKING_LIMITS, ...SEARCH_LIMITS, ...given };
  return refusing(async () => {
    const { dataSet } = source.part10;
    const image = readImagePixel(dataSet, limits);
    const search = (pictures: readonly SearchedPicture[], round: number, masks: readonly Rectangle[] = []) =>
      searchPictures(pictures, round, decision, finder, judge, masks);
    const original = await picturesToSearch(
      dataSet,
      image,
      (index) => decodeFrame(source, image, index, { limits }),
      limits,
    );
    const findings = await search(original, 0);
    const masks: Mask[] = [
      ...decision.places.map(({ place }) => place),
      ...findings.filter(({ masked }) => masked).map(({ box }) => grown(box)),
    ];
    if (decision.isStated && findings.length === 0 && decision.places.length === 0)
      throw new UnprocessableInstanceError(
        'burned-in-annotation',
        '(0028,0301) says YES and no text was found',
      );
    if (masks.length === 0) return { treatment: unmasked(), findings, masks, rounds: 0 };
    for (let round = 1; ; round++) {
      const masked = await maskPixels(source, masks, limits);
      const left = await leftIn(masked, async () => {
        const pictures = await searchedAgain(original, masked.decode, masks);
        return (await search(pictures, round, masks)).filter(({ masked: isToMask }) => isToMask);
      });
      findings.push(...left);
      if (left.length === 0) return { treatment: masking(masked), findings, masks, rounds: round };
      if (round === limits.maximumRounds)
        throw new UnprocessableInstanceError('burned-in-annotation', `text after ${round} rounds of masking`);
      masks.push(...left.map(({ box }) => grown(box)));
    }
  });
}

/** What is found in masked pixels; those are given up unless they are the ones to write. */
async function leftIn({ treatment }: MaskedPixels, search: () => Promise<Finding[]>): Promise<Finding[]> {
  let left: Finding[] | undefined;
  try {
    left = await search();
    return left;
  } finally {
    if (left?.length !== 0) treatment.close?.();
  }
}

async function searchPictures(
  pictures: readonly SearchedPicture[],
  round: number,
  { regions, excuseByReading }: Search,
  finder: CleaningOptions['finder'],
  judge: TextJudge,
  masks: readonly Rectangle[],
): Promise<Finding[]> {
  const findings: Finding[] = [];
  // A mask is no letter, nor is its outline.
  const hidden = masks.map(({ x, y, width, height }) => ({ left: x, top: y, width, height }));
  for (const { of: picture, raster } of pictures) {
    // What only shows once the rest is gone, a detector of its contrast sees; a person must be able to read it.
    for (const found of await finder.find(raster, {
      excuseByReading: excuseByReading || round > 0,
      masked: hidden,
    })) {
      const box = rectangleOf(found);
      if (!isWithin(box, regions)) {
        findings.push({ picture, round, box, masked: true, why: 'text' });
        continue;
      }
      const reading = await finder.read(raster, found);
      const masked = isTelling(reading, judge);
      const why = masked ? 'may tell an identity, where other text stays' : 'of the examination';
      findings.push({ picture, round, box, masked, why, text: reading.text });
    }
  }
  return findings;
}

function rectangleOf({ left, top, width, height }: TextBox): Rectangle {
  return { x: left, y: top, width, height };
}

function grown({ x, y, width, height }: Rectangle): Mask {
  return { x: x - MARGIN, y: y - MARGIN, width: width + 2 * MARGIN, height: height + 2 * MARGIN };
}

function unmasked(): CleanTreatment {
  return { operations: [], attributes: [NO], cleaned: true };
}

function masking({ treatment }: MaskedPixels): CleanTreatment {
  return { ...treatment, attributes: [...treatment.attributes, NO], cleaned: true };
}
