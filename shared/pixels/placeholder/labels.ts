/**
 * What an object is, in a few words that hold nothing of the patient: the modality, if it is a term of the standard, and the
 * kind of SOP class. No other value of a data set ever reaches a tile or a label.
 */
import type { DataSet } from '../../dicom/index.ts';
import { TAG } from '../attributes.ts';

/** Defined Terms of Modality (PS3.3 C.7.3.1.1.1), also the retired ones that archives still hold. */
const MODALITIES: ReadonlySet<string> = new Set(
  (
    'ANN AR ASMT AU BDUS BI BMD CFM CR CT CTPROTOCOL DG DMS DOC DX ECG EEG EMG EOG EPS ES FID GM HC HD IO IOL IVOCT IVUS ' +
    'KER KO LEN LS MG MR M3D NM OAM OCT OP OPM OPT OPTBSV OPTENF OPV OSS OT PA PLAN POS PR PT PX REG RESP RF RG RTDOSE ' +
    'RTIMAGE RTINTENT RTPLAN RTRAD RTRECORD RTSEGANN RTSTRUCT RWV SEG SM SMR SR SRF STAIN TEXTUREMAP TG US VA XA ' +
    'XAPROTOCOL XC AS CD CF CP CS DD DF DM DS EC FA FS LP MA MS OPR ST TTE VF'
  ).split(' '),
);

/** Modality, where it is a term of the standard. */
export function modalityLabel(dataSet: DataSet): string | undefined {
  const modality = dataSet.strings(TAG.Modality)[0];
  return modality !== undefined && MODALITIES.has(modality) ? modality : undefined;
}

const STORAGE = '1.2.840.10008.5.1.4.1.1.';

/** Kinds of storage SOP classes (PS3.4 B.5), by the beginning of their UID after `STORAGE`; the first that fits counts. */
const KINDS: readonly (readonly [prefix: string, kind: string])[] = [
  ['4.2', 'MR spectroscopy'],
  ['9.1.', 'ECG'],
  ['9.4.', 'Audio'],
  ['9.', 'Waveform'],
  ['11.', 'Presentation state'],
  ['30', 'Parametric map'],
  ['66.1', 'Registration'],
  ['66.2', 'Fiducials'],
  ['66.3', 'Registration'],
  ['66.4', 'Segmentation'],
  ['66.5', 'Surface segmentation'],
  ['66.6', 'Tractography'],
  ['66', 'Raw data'],
  ['67', 'Real world values'],
  ['68.', 'Surface scan'],
  ['78.', 'Eye measurements'],
  ['79.', 'Eye report'],
  ['80.', 'Visual field'],
  ['88.40', 'Procedure log'],
  ['88.50', 'CAD report'],
  ['88.59', 'Key objects'],
  ['88.65', 'CAD report'],
  ['88.67', 'Dose report'],
  ['88.68', 'Dose report'],
  ['88.69', 'CAD report'],
  ['88.73', 'Dose report'],
  ['88.76', 'Dose report'],
  ['88.', 'Structured report'],
  ['90.', 'Content assessment'],
  ['91.', 'Annotations'],
  ['104.1', 'PDF document'],
  ['104.2', 'CDA document'],
  ['104.', '3D model'],
  ['131', 'Structured display'],
  ['200.', 'Protocol'],
  ['481.1', 'RT image'],
  ['481.2', 'RT dose'],
  ['481.3', 'RT structure set'],
  ['481.4', 'RT treatment record'],
  ['481.5', 'RT plan'],
  ['481.6', 'RT treatment record'],
  ['481.7', 'RT treatment record'],
  ['481.8', 'RT plan'],
  ['481.9', 'RT treatment record'],
  ['481.', 'RT object'],
];

/** Objects that are stored but stand outside the composite storage classes. */
const OTHERS: Readonly<Record<string, string>> = {
  '1.2.840.10008.1.3.10': 'Media directory',
  '1.2.840.10008.5.1.4.34.7': 'RT object',
  '1.2.840.10008.5.1.4.34.10': 'RT object',
  '1.2.840.10008.5.1.4.38.1': 'Hanging protocol',
  '1.2.840.10008.5.1.4.39.1': 'Colour palette',
  '1.2.840.10008.5.1.4.43.1': 'Implant template',
  '1.2.840.10008.5.1.4.44.1': 'Implant template',
  '1.2.840.10008.5.1.4.45.1': 'Implant template',
};

/** The kind of the SOP class where it is no plain image: 'Structured report', 'PDF document', 'ECG'. */
export function kindLabel(dataSet: DataSet): string | undefined {
  const uid = dataSet.uid(TAG.SOPClassUID) ?? '';
  if (Object.hasOwn(OTHERS, uid)) return OTHERS[uid];
  if (!uid.startsWith(STORAGE)) return undefined;
  const rest = uid.slice(STORAGE.length);
  return KINDS.find(([prefix]) => fits(rest, prefix))?.[1];
}

/** A prefix ends where a component of the UID ends: `66.1` is no beginning of `66.10`. */
function fits(rest: string, prefix: string): boolean {
  if (!rest.startsWith(prefix)) return false;
  return prefix.endsWith('.') || rest.length === prefix.length || rest[prefix.length] === '.';
}

/** Sequences whose items tell the size of what has no image, and what one of them is called. */
const PARTS: readonly (readonly [tag: number, one: string, many: string])[] = [
  [0x300a00b0, 'beam', 'beams'],
  [0x300a03a2, 'beam', 'beams'],
  [0x006a0002, 'annotation group', 'annotation groups'],
];

/** How many beams a plan has, or how many groups annotations; nothing of what has neither. */
export function detailLabel(dataSet: DataSet): string | undefined {
  for (const [tag, one, many] of PARTS) {
    const count = dataSet.get(tag)?.items?.length ?? 0;
    if (count > 0) return `${count} ${count === 1 ? one : many}`;
  }
  return undefined;
}
