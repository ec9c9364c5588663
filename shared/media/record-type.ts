/** Which directory record stands for an instance of a SOP Class (PS3.3 Table F.4-1): IMAGE unless it is listed here. */

const STORAGE = '1.2.840.10008.5.1.4.1.1.';
/** What follows `STORAGE`; the first pattern that fits. */
const TYPES: readonly (readonly [RegExp, string])[] = [
  [/^88\.59$/, 'KEY OBJECT DOC'],
  [/^(88\.|78\.6$|79\.1$)/, 'SR DOCUMENT'],
  [/^(11\.|131$)/, 'PRESENTATION'],
  [/^9\./, 'WAVEFORM'],
  [/^104\./, 'ENCAP DOC'],
  [/^481\.2$/, 'RT DOSE'],
  [/^481\.3$/, 'RT STRUCTURE SET'],
  [/^481\.[58]$/, 'RT PLAN'],
  [/^481\.[4679]$/, 'RT TREAT RECORD'],
  // Second generation, of which these two are images.
  [/^481\.2[34]$/, 'IMAGE'],
  [/^481\.[12]\d$/, 'RADIOTHERAPY'],
  [/^66$/, 'RAW DATA'],
  [/^66\.[13]$/, 'REGISTRATION'],
  [/^66\.2$/, 'FIDUCIAL'],
  [/^66\.5$/, 'SURFACE'],
  [/^66\.6$/, 'TRACT'],
  [/^67$/, 'VALUE MAP'],
  [/^4\.2$/, 'SPECTROSCOPY'],
  [/^68\./, 'SURFACE SCAN'],
  [/^77\.1\.5\.3$/, 'STEREOMETRIC'],
  [/^(78\.|80\.|81\.|82\.)/, 'MEASUREMENT'],
  [/^90\.1$/, 'ASSESSMENT'],
  [/^91\.1$/, 'ANNOTATION'],
];
const RT_BEAMS_DELIVERY_INSTRUCTION = '1.2.840.10008.5.1.4.34.7';

/** The type of the record. */
export function recordTypeOf(sopClassUid: string): string {
  if (sopClassUid === RT_BEAMS_DELIVERY_INSTRUCTION) return 'PLAN';
  if (!sopClassUid.startsWith(STORAGE)) return 'IMAGE';
  const rest = sopClassUid.slice(STORAGE.length);
  return TYPES.find(([pattern]) => pattern.test(rest))?.[1] ?? 'IMAGE';
}
