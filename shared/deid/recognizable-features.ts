/**
 * Recognizable visual features (PS3.15 E.3.2): photographs of a person, and pictures of the head from which a face can be
 * rendered. Judged from the header alone, on the side of caution: a head is whatever a body part, a region or a description
 * calls so, and a volume of which nothing says what it shows. Nothing is removed from a picture here.
 */
import type { DataSet, Tag } from '../dicom/index.ts';

/** What becomes of pictures of the head that a face can be rendered from: they pass and are marked, or are refused. */
export type RecognizableFeatures = 'release' | 'quarantine';

const STORAGE = '1.2.840.10008.5.1.4.1.1.';
const within = (...suffixes: string[]): ReadonlySet<string> =>
  new Set(suffixes.map((each) => STORAGE + each));

/** Photographs of a person from outside, and of the skin. */
const PHOTOGRAPHS = within('77.1.4', '77.1.4.1', '77.1.7');
const PHOTOGRAPHIC_MODALITIES: ReadonlySet<string> = new Set(['XC', 'DMS']);
/** Of the eye: the lids and the iris may be seen. */
const EYE_PHOTOGRAPHS = within('77.1.5.1', '77.1.5.2');
/** CT, MR, PET, X-ray 3D: of them the surface of the body can be rendered. */
const VOLUMES = within(
  '2',
  '2.1',
  '2.2',
  '4',
  '4.1',
  '4.3',
  '4.4',
  '128',
  '128.1',
  '130',
  '13.1.1',
  '13.1.2',
);
/** Of them a surface that was rendered may be shown. */
const CAPTURES = within('7', '7.1', '7.2', '7.3', '7.4');
/** Surfaces of organs, the skin among them. */
const SURFACES = within('66.5');

const BODY_PART_EXAMINED: Tag = 0x00180015;
const ANATOMIC_REGION_SEQUENCE: Tag = 0x00082218;
const FRAME_ANATOMY_SEQUENCE: Tag = 0x00209071;
const SHARED_FUNCTIONAL_GROUPS: Tag = 0x52009229;
const PER_FRAME_FUNCTIONAL_GROUPS: Tag = 0x52009230;
const PIXEL_MEASURES_SEQUENCE: Tag = 0x00289110;
const CODE_MEANING: Tag = 0x00080104;
const RECOGNIZABLE_VISUAL_FEATURES: Tag = 0x00280302;

/** Study, Series, Requested Procedure and Performed Procedure Step Description, Protocol Name, Image Comments. */
const DESCRIPTIONS: readonly Tag[] = [0x00081030, 0x0008103e, 0x00321060, 0x00400254, 0x00181030, 0x00204000];
/** Procedure Code and Requested Procedure Code Sequence. */
const PROCEDURES: readonly Tag[] = [0x00081032, 0x00321064];

/** Words by which the head and what contains it is called, in the languages of the most common consoles. */
const HEAD =
  /head|brain|skull|crani|neuro|\bface|facial|sinus|orbit|cereb|cephal|enceph|enc[eé]fal|hypophys|pituitar|sella|mandib|maxill|\bjaw|\bnose|nasal|temporal.?(?:bone|lobe)|mastoid|petrous|\bears?\b|\beyes?\b|\biacs?\b|\btmj\b|mprage|vertex|whole.?body|kopf|sch[aä]del|hirn|ganzk|\bt[eê]te|cr[aâ]ne|cerveau|cabe[zç]a|cr[aá]neo|\btesta\b|cervell|hoofd|schedel|hersen|huvud|hj[aä]rn|skall/i;

/** Slices farther apart, in mm, show no face when stacked. Unknown distances count as small. */
const MAXIMUM_DISTANCE = 5;

/** Whether the picture is a photograph of a person. */
export function isPhotograph(sopClass: string, dataSet: DataSet): boolean {
  return PHOTOGRAPHS.has(sopClass) || PHOTOGRAPHIC_MODALITIES.has(dataSet.strings(0x00080060)[0] ?? '');
}

/** Whether the picture or its like show a head; unknown where a volume of the body says nothing of what it shows. */
export type HeadShown = 'yes' | 'no' | 'unknown';

/** Whether a face may be rendered from the picture and its like, or seen in it. */
export function headShown(sopClass: string, dataSet: DataSet, hasPicture: boolean): HeadShown {
  if (SURFACES.has(sopClass)) return namesHead(namesOf(dataSet)) ? 'yes' : 'no';
  if (!hasPicture) return 'no';
  if (EYE_PHOTOGRAPHS.has(sopClass)) return 'yes';
  const isVolume = VOLUMES.has(sopClass);
  if (!isVolume && !CAPTURES.has(sopClass)) return 'no';
  // Whoever removed the face says so; no device writes it of its own accord.
  if (dataSet.strings(RECOGNIZABLE_VISUAL_FEATURES)[0]?.toUpperCase() === 'NO') return 'no';
  if (isVolume && (isLocalizer(dataSet) || distanceOfSlices(dataSet) > MAXIMUM_DISTANCE)) return 'no';
  const names = namesOf(dataSet);
  if (names.length === 0) return isVolume ? 'unknown' : 'no';
  return namesHead(names) ? 'yes' : 'no';
}

function namesHead(names: readonly string[]): boolean {
  return names.some((name) => HEAD.test(name));
}

/** A scout is one picture, not a stack. */
function isLocalizer(dataSet: DataSet): boolean {
  return dataSet.strings(0x00080008).some((value) => /^(?:LOCALIZER|SCOUT)$/i.test(value));
}

/** Spacing Between Slices, else Slice Thickness, of the instance or of its frames; 0 where neither is known. */
function distanceOfSlices(dataSet: DataSet): number {
  const groups =
    dataSet.sequence(SHARED_FUNCTIONAL_GROUPS)[0] ?? dataSet.sequence(PER_FRAME_FUNCTIONAL_GROUPS)[0];
  const measures = groups?.sequence(PIXEL_MEASURES_SEQUENCE)[0] ?? dataSet;
  return measures.number(0x00180088) || measures.number(0x00180050) || 0;
}

/** What the instance calls the part of the body that it shows. */
function namesOf(dataSet: DataSet): string[] {
  const frames = [SHARED_FUNCTIONAL_GROUPS, PER_FRAME_FUNCTIONAL_GROUPS].flatMap((groups) =>
    dataSet
      .sequence(groups)
      .slice(0, 1)
      .flatMap((group) => [...group.sequence(FRAME_ANATOMY_SEQUENCE)]),
  );
  const regions = [dataSet, ...frames].flatMap((each) => [...each.sequence(ANATOMIC_REGION_SEQUENCE)]);
  const procedures = PROCEDURES.flatMap((tag) => [...dataSet.sequence(tag)]);
  return [
    dataSet.text(BODY_PART_EXAMINED),
    ...[...regions, ...procedures].map((code) => code.text(CODE_MEANING)),
    ...DESCRIPTIONS.map((tag) => dataSet.text(tag)),
  ].filter((name): name is string => name !== undefined && name.trim() !== '');
}
