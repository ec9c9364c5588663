/**
 * Which pictures and documents may show who the patient is, judged from the header alone. Nobody looks at the pixels
 * here, so the rules are conservative: only the kinds of picture whose devices write no text into them pass, and what a
 * device says of itself (Burned In Annotation NO) is believed of no kind that habitually carries text. The table is read
 * from top to bottom; the first rule that applies names the reason.
 */
import type { DataSet, Part10, Tag } from '../dicom/index.ts';
import type { Reason } from '../errors.ts';
import { embeddedOverlay } from './overlays.ts';
import { type PixelTreatment, UNTREATED } from './pixel-treatment.ts';

/** Why an instance cannot be released as it is. */
export interface Refusal {
  readonly reason: Reason;
  readonly where: string;
}

/** What the caller vouches for: nothing, or that the pictures show no identity. */
export type PixelPolicy = 'quarantine-risky' | 'trust';

interface Facts {
  readonly part10: Part10;
  readonly dataSet: DataSet;
  readonly sopClass: string;
  readonly modality: string;
  readonly imageType: readonly string[];
  readonly hasPicture: boolean;
}

interface Rule {
  /** A picture's rule is not asked when the caller vouches for the pictures; a content rule always is. */
  readonly of: 'picture' | 'content';
  readonly reason: Reason;
  readonly where: string;
  readonly applies: (facts: Facts) => boolean;
}

const STORAGE = '1.2.840.10008.5.1.4.1.1.';
const IMAGE_ORIENTATION_PATIENT: Tag = 0x00200037;
const SHARED_FUNCTIONAL_GROUPS: Tag = 0x52009229;

/** Pictures made from what a detector measured, into which their devices write no text, by SOP class below STORAGE. */
const MEASURED_PICTURES: ReadonlySet<string> = new Set([
  '1',
  '1.1',
  '1.1.1',
  '1.2',
  '1.2.1',
  '1.3',
  '1.3.1', // CR, DX, mammography, intra-oral
  '2',
  '2.1',
  '2.2', // CT
  '4',
  '4.1',
  '4.2',
  '4.3',
  '4.4', // MR
  '12.1',
  '12.1.1',
  '12.2',
  '12.2.1', // angiography, fluoroscopy
  '13.1.1',
  '13.1.2',
  '13.1.3',
  '13.1.4',
  '13.1.5', // X-ray 3D, breast tomosynthesis
  '20',
  '128',
  '128.1',
  '130', // nuclear medicine, PET
  '30',
  '66.4', // parametric maps, segmentations
  '77.1.6', // whole slides, label and overview apart
  '481.1',
  '481.2',
  '481.23',
  '481.24', // RT images and dose
]);

/** Sliced modalities: their true pictures lie in the patient's space. */
const SLICES: ReadonlySet<string> = new Set(['2', '4', '128']);

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

/** Objects that are documents, meshes of the body's surface, voices or a device's own bytes, by SOP class below STORAGE. */
const UNREADABLE_CONTENT = /^(?:104\.\d+|66|9\.4\.\d+|68\.\d+|201\.1)$/;

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
    applies: ({ sopClass, dataSet }) => UNREADABLE_CONTENT.test(below(sopClass)) || dataSet.has(0x00420011),
  },
  {
    of: 'content',
    reason: 'unsafe-content',
    where: 'no storage class of the standard (0008,0016)',
    applies: ({ sopClass }) => !sopClass.startsWith('1.2.840.10008.5.1.4.'),
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
    applies: ({ dataSet }) => startsWithYes(dataSet, 0x00280302),
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
    applies: ({ sopClass, hasPicture }) => hasPicture && !MEASURED_PICTURES.has(below(sopClass)),
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
    of: 'picture',
    reason: 'burned-in-annotation',
    where: 'a slice in colour, Photometric Interpretation (0028,0004)',
    applies: ({ dataSet, sopClass, hasPicture }) =>
      hasPicture && SLICES.has(below(sopClass)) && !/^MONOCHROME/.test(dataSet.strings(0x00280004)[0] ?? ''),
  },
];

/** The first reason why the instance's pictures or contents cannot be shown to be safe; undefined where there is none. */
export function pixelRisk(
  part10: Part10,
  sopClass: string,
  policy: PixelPolicy,
  treatment: PixelTreatment = UNTREATED,
): Refusal | undefined {
  const { dataSet } = part10;
  const facts: Facts = {
    part10,
    dataSet,
    sopClass,
    modality: dataSet.strings(0x00080060)[0] ?? '',
    imageType: dataSet.strings(0x00080008).map((value) => value.toUpperCase()),
    hasPicture: part10.pixelData !== undefined,
  };
  for (const rule of RULES) {
    if (isSettled(rule, treatment)) continue;
    if ((rule.of === 'content' || policy === 'quarantine-risky') && rule.applies(facts)) {
      return { reason: rule.reason, where: rule.where };
    }
  }
  return undefined;
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
