/**
 * Which pictures and documents may show who the patient is, judged from the header alone. Nobody looks at the pixels
 * here, so the rules are conservative: only the kinds of picture whose devices write no text into them pass, and what a
 * device says of itself (Burned In Annotation NO) is believed of no kind that habitually carries text. The table is read
 * from top to bottom; the first rule that applies names the reason.
 */
import type { DataSet, Part10, Tag } from '../dicom/index.ts';
import type { Reason } from '../errors.ts';
import { readSopClass } from './identity.ts';
import { type ObjectRule, objectRuleOf } from './object-kinds.ts';
import { embeddedOverlay } from './overlays.ts';
import type { PixelTreatment } from './pixel-treatment.ts';
import {
  type HeadShown,
  headShown,
  isPhotograph,
  type RecognizableFeatures,
} from './recognizable-features.ts';

/** Why an instance cannot be released as it is. */
export interface Refusal {
  readonly reason: Reason;
  readonly where: string;
}

/**
 * What the caller vouches for: nothing, so that risky pictures are refused unless text was searched for and cleaned ('clean'
 * has it searched for), or that the pictures show no identity.
 */
export type PixelPolicy = 'clean' | 'quarantine-risky' | 'trust';

interface Facts {
  readonly part10: Part10;
  readonly dataSet: DataSet;
  readonly sopClass: string;
  readonly rule: ObjectRule | undefined;
  readonly head: HeadShown;
  readonly features: RecognizableFeatures;
  readonly modality: string;
  readonly imageType: readonly string[];
  readonly hasPicture: boolean;
}

interface Rule {
  /**
   * A picture's rule is not asked when the caller vouches for the pictures; one for unsearched pictures neither when they are
   * searched for text; a content rule always is.
   */
  readonly of: 'picture' | 'content' | 'unsearched-picture';
  readonly reason: Reason;
  readonly where: string;
  readonly applies: (facts: Facts) => boolean;
}

const STORAGE = '1.2.840.10008.5.1.4.1.1.';
const IMAGE_ORIENTATION_PATIENT: Tag = 0x00200037;
const SHARED_FUNCTIONAL_GROUPS: Tag = 0x52009229;
const ENCAPSULATED_DOCUMENT: Tag = 0x00420011;

/** Sliced modalities: their true pictures lie in the patient's space. */
const SLICES: ReadonlySet<string> = new Set(['2', '4', '128']);

/** On some devices' localizers it is written whose they are, as on radiographs by the workstation that processed them. */
const LOCALIZER = /LOCALI[SZ]ER|SCOUT|TOPOGRAM|SCANOGRAM/;
const RADIOGRAPHS: ReadonlySet<string> = new Set(['1', '1.1']);

/** Computed from other pictures, whose modality they may carry. */
const COMPUTED_PICTURES: ReadonlySet<string> = new Set(['30', '66.4']);

/** Modalities that say of a picture that it is a photograph, a capture, a scan of paper or ultrasound. */
const TEXTED_MODALITIES: ReadonlySet<string> = new Set([
  'US',
  'IVUS',
  'SC',
  'OT',
  'ES',
  'XC',
  'GM',
  'DG',
  'DOC',
  'HC',
  'OP',
  'OPT',
  'SMR',
  'VF',
  'LS',
  'BI',
  'TG',
  'LEN',
]);

/** In Image Type: saved screens, dose sheets, reports and renderings of the surface. */
const TEXTED_IMAGE_TYPE = /SCREEN(?!ING)|CAPTURE|DOSE|REPORT|PROTOCOL|VOLREN|\b(?:PROT|SSD|VRT)\b/;

/** In Image Type: a face, where the surface is that of a head. */
const RENDERED_SURFACE = /VOLREN|\b(?:SSD|VRT)\b/;

const EMBEDDED_OVERLAY: Rule = {
  of: 'content',
  reason: 'unsafe-content',
  where: 'overlay in pixel bits of (60xx,0102)',
  applies: ({ part10 }) => embeddedOverlay(part10.dataSet),
};

const RULES: readonly Rule[] = [
  {
    of: 'content',
    reason: 'unsafe-content',
    where: 'a document, a mesh, a voice or raw bytes (0008,0016)',
    applies: ({ rule, dataSet }) => rule === 'quarantine' || dataSet.has(ENCAPSULATED_DOCUMENT),
  },
  {
    of: 'content',
    reason: 'unsafe-content',
    where: 'no storage class of the standard (0008,0016)',
    applies: ({ rule }) => rule === undefined,
  },
  EMBEDDED_OVERLAY,
  {
    of: 'picture',
    reason: 'burned-in-annotation',
    where: 'Burned In Annotation (0028,0301) is YES',
    applies: ({ dataSet }) => startsWithYes(dataSet, 0x00280301),
  },
  {
    of: 'picture',
    reason: 'unsafe-content',
    where: 'Recognizable Visual Features (0028,0302) is YES',
    applies: ({ dataSet, head, features }) =>
      startsWithYes(dataSet, 0x00280302) && !(head === 'yes' && features === 'release'),
  },
  {
    of: 'picture',
    reason: 'burned-in-annotation',
    where: 'video (0002,0010)',
    applies: ({ part10, hasPicture }) => hasPicture && part10.transferSyntax.codec === 'mpeg',
  },
  {
    of: 'picture',
    reason: 'burned-in-annotation',
    where: 'a kind of picture that habitually carries text (0008,0016)',
    applies: ({ rule, hasPicture }) => hasPicture && rule !== 'clean',
  },
  {
    of: 'picture',
    reason: 'burned-in-annotation',
    where: 'a modality whose pictures habitually carry text (0008,0060)',
    applies: ({ modality, hasPicture, sopClass }) =>
      hasPicture && !COMPUTED_PICTURES.has(below(sopClass)) && TEXTED_MODALITIES.has(modality),
  },
  {
    of: 'picture',
    reason: 'burned-in-annotation',
    where: 'a converted picture, Conversion Type (0008,0064)',
    applies: ({ dataSet, hasPicture }) =>
      hasPicture && dataSet.strings(0x00080064).some((type) => type !== ''),
  },
  {
    of: 'picture',
    reason: 'burned-in-annotation',
    where: 'a screen, a report or a rendering, Image Type (0008,0008)',
    applies: ({ imageType, hasPicture, sopClass }) =>
      hasPicture &&
      !below(sopClass).startsWith('481.') &&
      imageType.some((value) => TEXTED_IMAGE_TYPE.test(value)),
  },
  {
    of: 'picture',
    reason: 'burned-in-annotation',
    where: 'a label or overview of a slide, Image Type (0008,0008) or (0048,0010)',
    applies: ({ imageType, dataSet }) =>
      imageType.includes('LABEL') || imageType.includes('OVERVIEW') || startsWithYes(dataSet, 0x00480010),
  },
  {
    of: 'picture',
    reason: 'burned-in-annotation',
    where: 'a derived picture with no place in the patient (0020,0037)',
    applies: ({ imageType, dataSet, sopClass, hasPicture }) =>
      hasPicture && SLICES.has(below(sopClass)) && imageType.includes('SECONDARY') && !isPlaced(dataSet),
  },
  {
    of: 'unsearched-picture',
    reason: 'burned-in-annotation',
    where: 'a localizer or a processed radiograph, Image Type (0008,0008)',
    applies: ({ imageType, sopClass, hasPicture }) =>
      hasPicture &&
      ((SLICES.has(below(sopClass)) && imageType.some((value) => LOCALIZER.test(value))) ||
        (RADIOGRAPHS.has(below(sopClass)) && imageType.includes('DERIVED'))),
  },
  {
    of: 'picture',
    reason: 'burned-in-annotation',
    where: 'a slice in colour, Photometric Interpretation (0028,0004)',
    applies: ({ dataSet, sopClass, hasPicture }) =>
      hasPicture && SLICES.has(below(sopClass)) && !/^MONOCHROME/.test(dataSet.strings(0x00280004)[0] ?? ''),
  },
  {
    of: 'picture',
    reason: 'unsafe-content',
    where: 'a photograph of a person (0008,0016) or (0008,0060)',
    applies: ({ sopClass, dataSet, hasPicture }) => hasPicture && isPhotograph(sopClass, dataSet),
  },
  {
    of: 'picture',
    reason: 'unsafe-content',
    where: 'the rendered surface of a head, Image Type (0008,0008)',
    applies: ({ head, imageType }) =>
      head !== 'no' && imageType.some((value) => RENDERED_SURFACE.test(value)),
  },
  {
    of: 'picture',
    reason: 'unsafe-content',
    where: 'a face may be rendered from it (0018,0015), (0008,2218) or a description',
    applies: ({ head, features }) => head !== 'no' && features === 'quarantine',
  },
];

/** What is chosen of a profile about pictures. */
export interface PictureChoices {
  readonly pixels: PixelPolicy;
  readonly recognizableFeatures: RecognizableFeatures;
}

/** What the rules say of an instance. They are asked once; what is done to its pixels decides which of the answers count. */
export interface PixelRisks {
  /** The instance that was asked about. */
  readonly part10: Part10;
  /** The first reason that stands after the treatment; undefined where there is none. */
  refusal(treatment: PixelTreatment): Refusal | undefined;
}

/** Asks the rules about an instance: each once, and none before its answer is needed. */
export function pixelRisks(
  part10: Part10,
  sopClass: string,
  { pixels, recognizableFeatures }: PictureChoices,
): PixelRisks {
  const { dataSet } = part10;
  const hasPicture = part10.pixelData !== undefined;
  const facts: Facts = {
    part10,
    dataSet,
    sopClass,
    rule: objectRuleOf(sopClass),
    head: headShown(sopClass, dataSet, hasPicture),
    features: recognizableFeatures,
    modality: dataSet.strings(0x00080060)[0] ?? '',
    imageType: dataSet.strings(0x00080008).map((value) => value.toUpperCase()),
    hasPicture,
  };
  const rules = RULES.filter(
    ({ of }) => of === 'content' || pixels === 'quarantine-risky' || (of === 'picture' && pixels === 'clean'),
  );
  const answers = new Map<Rule, boolean>();
  const applies = (rule: Rule): boolean => {
    const answer = answers.get(rule) ?? rule.applies(facts);
    answers.set(rule, answer);
    return answer;
  };
  return {
    part10,
    refusal: (treatment) => {
      const first = rules.find((rule) => !isSettled(rule, treatment) && applies(rule));
      return first && { reason: first.reason, where: first.where };
    },
  };
}

/** The risks that were asked for when the pixels were treated; asked now where they were not, or about another instance. */
export function risksOf(part10: Part10, choices: PictureChoices, { risks }: PixelTreatment): PixelRisks {
  return risks?.part10 === part10 ? risks : pixelRisks(part10, readSopClass(part10), choices);
}

/** Text that was searched for and cleaned is no reason any more; nor is an overlay that is gone. */
function isSettled(rule: Rule, { cleaned, overlaysCleared }: PixelTreatment): boolean {
  if (rule === EMBEDDED_OVERLAY) return overlaysCleared === true;
  return cleaned === true && rule.reason === 'burned-in-annotation';
}

function below(sopClass: string): string {
  return sopClass.startsWith(STORAGE) ? sopClass.slice(STORAGE.length) : '';
}

function startsWithYes(dataSet: DataSet, tag: Tag): boolean {
  return dataSet.strings(tag)[0]?.toUpperCase().startsWith('Y') ?? false;
}

function isPlaced(dataSet: DataSet): boolean {
  return dataSet.has(IMAGE_ORIENTATION_PATIENT) || dataSet.has(SHARED_FUNCTIONAL_GROUPS);
}
