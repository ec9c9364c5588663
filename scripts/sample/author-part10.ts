/**
 * Writes data sets of ours as Part 10 files by dcmjs: an author that shares no code with our own reader, so that the
 * sample is a check of it. Explicit VR little endian, native pixel data.
 */
import { createHash } from 'node:crypto';
import dcmjs from 'dcmjs';

const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';

type Scalar = string | number;
export interface PrivateElement {
  readonly vr: string;
  readonly value: Scalar | ArrayBuffer | readonly AuthoredDataSet[];
}
/** Keywords of PS3.6 with their values; a key of eight hexadecimal digits is a private element. */
export interface AuthoredDataSet {
  readonly [keyword: string]:
    | Scalar
    | readonly Scalar[]
    | ArrayBuffer
    | readonly AuthoredDataSet[]
    | PrivateElement;
}

interface Attribute {
  readonly vr: string;
  readonly Value: readonly unknown[];
}

function attribute(vr: string, value: unknown): Attribute {
  const values = Array.isArray(value) ? value : [value];
  if (vr === 'SQ') return { vr, Value: values.map((item) => dictOf(item as AuthoredDataSet)) };
  if (vr === 'PN') return { vr, Value: values.map((name) => ({ Alphabetic: name })) };
  return { vr, Value: values };
}

function dictOf(dataSet: AuthoredDataSet): Record<string, Attribute> {
  const entries = Object.entries(dataSet).map(([key, value]): [string, Attribute] => {
    if (/^[0-9A-F]{8}$/.test(key)) {
      const { vr, value: own } = value as PrivateElement;
      return [key, attribute(vr, own)];
    }
    const known = dcmjs.data.DicomMetaDictionary.nameMap[key];
    if (known === undefined) throw new Error(`no such keyword: ${key}`);
    const vr = key === 'PixelData' ? 'OW' : known.vr;
    return [known.tag.replace(/[(),]/g, ''), attribute(vr, value)];
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A UID below 2.25 (PS3.5 B.2) that depends on the label alone. */
export function uidOf(label: string): string {
  return `2.25.${BigInt(`0x${createHash('sha256').update(`filmroom sample ${label}`).digest('hex').slice(0, 32)}`)}`;
}

/** The file of one instance. */
export function authorPart10(dataSet: AuthoredDataSet): Uint8Array {
  dcmjs.log.setLevel('error');
  const file = new dcmjs.data.DicomDict(
    dictOf({
      MediaStorageSOPClassUID: dataSet.SOPClassUID as string,
      MediaStorageSOPInstanceUID: dataSet.SOPInstanceUID as string,
      TransferSyntaxUID: EXPLICIT_LITTLE_ENDIAN,
      ImplementationClassUID: uidOf('implementation'),
      ImplementationVersionName: 'FILMROOM_SAMPLE',
    }),
  );
  file.dict = dictOf(dataSet);
  return new Uint8Array(file.write());
}
