/**
 * The made-up patient of the sample study. Every string of `PLANTED` is written into headers, private elements, file
 * names or pixels of the sample, and none may be found outside the vault: the canary test searches for each.
 */

export const PATIENT = {
  familyName: 'Quillfeather',
  givenName: 'Marigold',
  id: 'MRN-7730915',
  birthDate: '19610317',
  address: '14 Thistledown Crescent, Nether Wallop',
  telephone: '+44 1632 960417',
  mother: 'Featherstonehaugh',
  accession: 'ACC88214073',
  referrer: 'Okonkwo-Brandt',
  institution: 'Saint Ethelburga Infirmary',
  /** Written inside a private sequence only. */
  privateNote: 'bed 12 of ward Larkspur',
} as const;

/** What must appear nowhere but in the vault, in the forms in which the sample writes it. */
export const PLANTED: readonly string[] = Object.values(PATIENT);

/** The folder the sample lies in names the patient, as hospitals' exports do. */
export const PATIENT_FOLDER = `${PATIENT.familyName.toUpperCase()}^${PATIENT.givenName.toUpperCase()}`;
