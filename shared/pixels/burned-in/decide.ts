/**
 * What is to be done about burned-in text, judged from the header: nothing, or a search, with what is known before it. The
 * search costs half a second a picture, so that an instance whose kind writes no text and whose device no rule names is
 * spared.
 */
import type { Codec, DataSet, Part10, Tag } from '../../dicom/index.ts';
import type { Rectangle } from '../mask/mask.ts';
import { type KnownPlace, knownPlaces } from './device-rules.ts';
import { ultrasoundRegions } from './ultrasound-regions.ts';

export type Decision =
  | { readonly outcome: 'spared'; readonly why: string }
  | {
      readonly outcome: 'search';
      readonly why: string;
      /** Masked whatever the search finds. */
      readonly places: readonly KnownPlace[];
      /** Parts of the picture that the doctor needs: within these only text that tells who the patient is goes; outside of them all text. */
      readonly regions: readonly Rectangle[];
      /** Anatomy that looks like letters is excused where nothing can be read. */
      readonly excuseByReading: boolean;
      /** The instance says itself that there is text: a search that finds none has failed. */
      readonly isStated: boolean;
    };

/** Searching these would find nothing out. */
const UNDECODED: readonly Codec[] = ['mpeg', 'none'];
const SOP_CLASS_UID: Tag = 0x00080016;
const MODALITY: Tag = 0x00080060;
const IMAGE_TYPE: Tag = 0x00080008;
const ROWS: Tag = 0x00280010;
const COLUMNS: Tag = 0x00280011;
const BURNED_IN_ANNOTATION: Tag = 0x00280301;
/** CT and MR pictures, enhanced ones included. */
const SLICES = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.(2|2\.1|4|4\.1)$/;

const LOCALIZER = /LOCALI[SZ]ER|SCOUT|TOPOGRAM|SCANOGRAM/;
/** Computed and digital radiographs, for presentation. */
const RADIOGRAPH = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.(1|1\.1)$/;
const PROCESSED_RADIOGRAPH =
  'a radiograph that was processed, on which some workstations write whose it is, Image Type (0008,0008)';

/** Decides by the header; `risk` is why the instance's pictures may show text, undefined where they are not known to. */
export function decide({ dataSet, pixelData, transferSyntax }: Part10, risk: string | undefined): Decision {
  if (pixelData === undefined) return { outcome: 'spared', why: 'no picture' };
  if (UNDECODED.includes(transferSyntax.codec))
    return { outcome: 'spared', why: 'nothing here decodes the picture' };
  const places = knownPlaces(dataSet);
  const [first] = places;
  const kind = textedKind(dataSet);
  if (risk === undefined && first === undefined && kind === undefined)
    return {
      outcome: 'spared',
      why: 'a kind of picture that carries no text, of no device that a rule names',
    };
  return {
    outcome: 'search',
    why: risk ?? kind ?? `device rule: ${first?.label}`,
    places,
    regions: risk === undefined && kind === PROCESSED_RADIOGRAPH ? wholeOf(dataSet) : regionsOf(dataSet),
    excuseByReading: SLICES.test(dataSet.uid(SOP_CLASS_UID) ?? ''),
    isStated: dataSet.strings(BURNED_IN_ANNOTATION)[0]?.toUpperCase().startsWith('Y') ?? false,
  };
}

/** What devices do to kinds of pictures that are otherwise free of text; undefined where none is known to. */
function textedKind(dataSet: DataSet): string | undefined {
  const sopClass = dataSet.uid(SOP_CLASS_UID) ?? '';
  const imageType = dataSet.strings(IMAGE_TYPE).map((value) => value.toUpperCase());
  if (SLICES.test(sopClass) && imageType.some((value) => LOCALIZER.test(value)))
    return 'a localizer, on which some devices write whose it is, Image Type (0008,0008)';
  return RADIOGRAPH.test(sopClass) && imageType.includes('DERIVED') ? PROCESSED_RADIOGRAPH : undefined;
}

function regionsOf(dataSet: DataSet): Rectangle[] {
  return dataSet.strings(MODALITY)[0] === 'US' ? ultrasoundRegions(dataSet) : [];
}

/** On a radiograph the side and the position are written anywhere. */
function wholeOf(dataSet: DataSet): Rectangle[] {
  return [{ x: 0, y: 0, width: dataSet.number(COLUMNS) ?? 0, height: dataSet.number(ROWS) ?? 0 }];
}
