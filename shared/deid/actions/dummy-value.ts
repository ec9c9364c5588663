/** Values that are valid for their VR and say nothing (PS3.5 6.2). */
import type { VR } from '../../dicom/index.ts';

const TEXT: Partial<Record<VR, string>> = {
  AE: 'REMOVED',
  AS: '000Y',
  CS: 'REMOVED',
  DA: '19000101',
  DS: '0',
  DT: '19000101000000',
  IS: '0',
  LO: 'REMOVED',
  LT: 'REMOVED',
  PN: 'REMOVED',
  SH: 'REMOVED',
  ST: 'REMOVED',
  TM: '000000',
  UC: 'REMOVED',
  UR: 'urn:removed',
  UT: 'REMOVED',
};

const ZEROS: Partial<Record<VR, number>> = {
  AT: 4,
  FD: 8,
  FL: 4,
  OD: 8,
  OF: 4,
  OL: 4,
  OV: 8,
  SL: 4,
  SV: 8,
  UL: 4,
  UV: 8,
};

/** The dummy value of a VR, in any byte order; two zero bytes for what is neither text nor a wider number. */
export function dummyValue(vr: VR): Uint8Array {
  const text = TEXT[vr];
  return text === undefined ? new Uint8Array(ZEROS[vr] ?? 2) : Buffer.from(text, 'latin1');
}

/** Every text that de-identification itself writes as a dummy: never an identifier, whatever a patient is called. */
export const DUMMY_TEXTS: readonly string[] = [...new Set(Object.values(TEXT))];
