/**
 * The attributes whose values are searched for in what is kept. A value belongs here when it is specific to one person,
 * visit, place or device; descriptions do not, or their every word would be torn from the rest of the data set.
 */
import type { Tag } from '../dicom/index.ts';

/** Names, whose components count alone and together; numbers and phrases, which count as a whole; dates, in any spelling. */
export type IdentifierKind = 'number' | 'phrase' | 'date';

/** Person names (PN), temporal values of the patient's course and UIDs are harvested by rule, not from this list. */
export const HARVESTED: ReadonlyMap<Tag, IdentifierKind> = new Map([
  [0x00080020, 'date'], // Study Date
  [0x00080021, 'date'], // Series Date
  [0x00080022, 'date'], // Acquisition Date
  [0x00080023, 'date'], // Content Date
  [0x0008002a, 'date'], // Acquisition DateTime
  [0x00080050, 'number'], // Accession Number
  [0x00080080, 'phrase'], // Institution Name
  [0x00080081, 'phrase'], // Institution Address
  [0x00080092, 'phrase'], // Referring Physician's Address
  [0x00080094, 'number'], // Referring Physician's Telephone Numbers
  [0x00081010, 'number'], // Station Name
  [0x00100020, 'number'], // Patient ID
  [0x00100021, 'phrase'], // Issuer of Patient ID
  [0x00100030, 'date'], // Patient's Birth Date
  [0x00100033, 'number'], // Patient's Birth Date in Alternative Calendar
  [0x00101000, 'number'], // Other Patient IDs
  [0x00101040, 'phrase'], // Patient's Address
  [0x00101090, 'number'], // Medical Record Locator
  [0x00102154, 'number'], // Patient's Telephone Numbers
  [0x00102155, 'phrase'], // Patient's Telecom Information
  [0x00102299, 'phrase'], // Responsible Organization
  [0x00120040, 'number'], // Clinical Trial Subject ID
  [0x00120042, 'number'], // Clinical Trial Subject Reading ID
  [0x00181000, 'number'], // Device Serial Number
  [0x00200010, 'number'], // Study ID
  [0x00380010, 'number'], // Admission ID
  [0x00380020, 'date'], // Admitting Date
  [0x00380060, 'number'], // Service Episode ID
  [0x00400009, 'number'], // Scheduled Procedure Step ID
  [0x00400243, 'phrase'], // Performed Location
  [0x00400253, 'number'], // Performed Procedure Step ID
  [0x00400512, 'number'], // Container Identifier
  [0x00400551, 'number'], // Specimen Identifier
  [0x00401001, 'number'], // Requested Procedure ID
  [0x00401006, 'number'], // Placer Order Number / Procedure
  [0x00401007, 'number'], // Filler Order Number / Procedure
  [0x00401103, 'number'], // Person's Telephone Numbers
  [0x00401102, 'phrase'], // Person's Address
  [0x00402006, 'number'], // Placer Order Number / Imaging Service Request (retired)
  [0x00402007, 'number'], // Filler Order Number / Imaging Service Request (retired)
  [0x00402016, 'number'], // Placer Order Number / Imaging Service Request
  [0x00402017, 'number'], // Filler Order Number / Imaging Service Request
  [0x0040a027, 'phrase'], // Verifying Organization
]);

/** The attributes whose name is the patient's own: searched for whatever the word means. */
export const PATIENT_NAMES: ReadonlySet<Tag> = new Set([
  0x00100010, // Patient's Name
  0x00101001, // Other Patient Names
  0x00101005, // Patient's Birth Name
  0x00101060, // Patient's Mother's Birth Name
]);
