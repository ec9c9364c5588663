/**
 * What is done with each kind of object: one rule for every storage SOP class of PS3.4, from which pixel-risk.ts refuses and
 * docs/conformance.md is written. A class of the standard that is not listed (a retired or later one) is a picture that may
 * carry text; a class of nobody's standard is refused.
 */

/**
 * clean: by the tables, the picture passes unless it says otherwise of itself. clean-text: the picture passes only when its
 * text was looked for. clean-content: by the tables, there is no picture. quarantine: nothing in it can be shown to be
 * clean. ignore: no instance.
 */
export type ObjectRule = 'clean' | 'clean-text' | 'clean-content' | 'quarantine' | 'ignore';

/** A kind of object, with the SOP classes that are of it. */
export interface ObjectKind {
  readonly name: string;
  readonly rule: ObjectRule;
  /** In a sentence, for docs/conformance.md: what stays, what goes. */
  readonly becomes: string;
  /** Below 1.2.840.10008.5.1.4 unless they begin with it. */
  readonly classes: readonly string[];
}

const STANDARD = '1.2.840.10008.5.1.4.';
const STORAGE = `${STANDARD}1.1.`;

const below = (prefix: string, ...suffixes: readonly (string | number)[]): string[] =>
  suffixes.map((suffix) => `${prefix}${suffix}`);
const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

export const OBJECT_KINDS: readonly ObjectKind[] = [
  {
    name: 'projections: CR, DX, mammography, intra-oral, angiography, fluoroscopy, breast projections',
    rule: 'clean',
    becomes:
      'header by the tables, pixels untouched; a picture that says it has text, or is a capture, is held back',
    classes: below(
      '1.1.',
      '1',
      '1.1',
      '1.1.1',
      '1.2',
      '1.2.1',
      '1.3',
      '1.3.1',
      '12.1',
      '12.1.1',
      '12.2',
      '12.2.1',
      '13.1.4',
      '13.1.5',
    ),
  },
  {
    name: 'slices and volumes: CT, MR, PET, NM, X-ray 3D, tomosynthesis, with their enhanced and converted kin',
    rule: 'clean',
    becomes:
      'as projections; a slice in colour or without a place in the patient is held back, a head by the policy',
    classes: below(
      '1.1.',
      '2',
      '2.1',
      '2.2',
      '4',
      '4.1',
      '4.3',
      '4.4',
      '20',
      '128',
      '128.1',
      '130',
      '13.1.1',
      '13.1.2',
      '13.1.3',
    ),
  },
  {
    name: 'segmentations and parametric maps',
    rule: 'clean',
    becomes: 'header by the tables, segments with their codes stay, pixels untouched',
    classes: below('1.1.', '30', '66.4'),
  },
  {
    name: 'RT images and doses',
    rule: 'clean',
    becomes: 'header by the tables, pixels untouched',
    classes: below('1.1.481.', 1, 2, 23, 24),
  },
  {
    name: 'whole slides',
    rule: 'clean',
    becomes: 'tiles as projections; label and overview are held back',
    classes: below('1.1.', '77.1.6'),
  },
  {
    name: 'ultrasound, photoacoustic and intravascular pictures',
    rule: 'clean-text',
    becomes: 'held back until their text was looked for',
    classes: below('1.1.', '3.1', '6.1', '6.2', '6.3', '14.1', '14.2'),
  },
  {
    name: 'secondary captures',
    rule: 'clean-text',
    becomes: 'held back until their text was looked for',
    classes: below('1.1.7', '', '.1', '.2', '.3', '.4'),
  },
  {
    name: 'endoscopy, microscopy, with their videos',
    rule: 'clean-text',
    becomes: 'held back until their text was looked for; video always',
    classes: below('1.1.77.1.', '1', '1.1', '2', '2.1', '3', '8', '9'),
  },
  {
    name: 'pictures, maps and layers of the eye',
    rule: 'clean-text',
    becomes: 'held back until their text was looked for; photographs by the policy as recognizable',
    classes: [...below('1.1.77.1.5.', 1, 2, 4, 5, 6, 7, 8), ...below('1.1.', '81.1', '82.1')],
  },
  {
    name: 'photographs of a person or the skin, with their videos',
    rule: 'clean-text',
    becomes: 'held back; when their text was looked for, still as recognizable',
    classes: below('1.1.77.1.', '4', '4.1', '7'),
  },
  {
    name: 'structured reports, CAD, dose reports, key objects, prescriptions',
    rule: 'clean-content',
    becomes:
      'Content Sequence becomes one dummy item; under Clean Structured Content what is coded, numbers and places stay',
    classes: [
      ...below('1.1.88.', 11, 22, 33, 34, 35, 40, 50, 59, 65),
      ...below('1.1.88.', ...range(67, 76)),
      ...below('1.1.', '79.1', '78.6'),
    ],
  },
  {
    name: 'presentation states and displays',
    rule: 'clean-content',
    becomes:
      'windows, layers and references stay; graphic annotations become one dummy item, under Clean Graphics their shapes stay',
    classes: [...below('1.1.11.', ...range(1, 12)), ...below('1.1.', '131')],
  },
  {
    name: 'waveforms: ECG, EEG, EMG, EOG, haemodynamic, pulse, respiration, position',
    rule: 'clean-content',
    becomes:
      'samples and channels stay; the annotations (0040,B020) go, under Clean Graphics their codes and numbers stay',
    classes: [
      ...below('1.1.9.', '1.1', '1.2', '1.3', '1.4', '2.1', '3.1', '5.1', '6.1', '6.2', '8.1'),
      ...below('1.1.9.7.', 1, 2, 3, 4),
    ],
  },
  {
    name: 'RT plans, structures, records and instructions',
    rule: 'clean-content',
    becomes: 'geometry, doses and codes stay; names, labels, dates and machines by the tables',
    classes: [...below('1.1.481.', ...range(3, 22), 25), ...below('', '34.7', '34.10')],
  },
  {
    name: 'registrations, fiducials, real world values, tracts, surfaces of segments, annotations in bulk, spectra',
    rule: 'clean-content',
    becomes: 'matrices, points, codes and numbers stay; texts by the tables',
    classes: below('1.1.', '4.2', '66.1', '66.2', '66.3', '66.5', '66.6', '67', '77.1.5.3', '90.1', '91.1'),
  },
  {
    name: 'measurements of the eye',
    rule: 'clean-content',
    becomes: 'numbers and codes stay; texts by the tables',
    classes: below('1.1.', '78.1', '78.2', '78.3', '78.4', '78.5', '78.7', '78.8', '80.1'),
  },
  {
    name: 'protocols of acquisition',
    rule: 'clean-content',
    becomes:
      'those of a patient by the tables; those of none lack a study and are quarantined, `missing-attribute`',
    classes: below('1.1.200.', 1, 2, 3, 7, 8),
  },
  {
    name: 'objects of no patient: hanging protocols, palettes, implants',
    rule: 'clean-content',
    becomes: 'they lack a study: quarantined, `missing-attribute`',
    classes: below('', '38.1', '39.1', '43.1', '44.1', '45.1'),
  },
  {
    name: 'encapsulated documents: PDF, CDA, STL, OBJ, MTL',
    rule: 'quarantine',
    becomes: 'quarantined, `unsafe-content`',
    classes: below('1.1.104.', 1, 2, 3, 4, 5),
  },
  {
    name: 'raw data, meshes and points of the body surface, recorded voices and sounds, inventories',
    rule: 'quarantine',
    becomes: 'quarantined, `unsafe-content`',
    classes: below('1.1.', '66', '68.1', '68.2', '9.4.1', '9.4.2', '201.1'),
  },
  {
    name: 'DICOMDIR',
    rule: 'ignore',
    becomes: 'ignored, `media-directory`',
    classes: ['1.2.840.10008.1.3.10'],
  },
];

const RULES: ReadonlyMap<string, ObjectRule> = new Map(
  OBJECT_KINDS.flatMap(({ classes, rule }) => classes.map((each) => [sopClassOf(each), rule] as const)),
);

/** The SOP class that an entry of a kind stands for. */
export function sopClassOf(entry: string): string {
  return entry.startsWith('1.2.840.') ? entry : `${STANDARD}${entry}`;
}

/** The rule for the objects of a SOP class; undefined for a class that is none of the standard's storage classes. */
export function objectRuleOf(sopClassUid: string): ObjectRule | undefined {
  const rule = RULES.get(sopClassUid);
  if (rule !== undefined) return rule;
  if (isReserved(sopClassUid)) return 'quarantine';
  return sopClassUid.startsWith(STANDARD) ? 'clean-text' : undefined;
}

/** Documents and sounds that a later edition may add beside those of this one. */
function isReserved(sopClassUid: string): boolean {
  return ['104.', '9.4.', '68.'].some((branch) => sopClassUid.startsWith(`${STORAGE}${branch}`));
}
