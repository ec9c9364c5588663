/**
 * Identifying attributes that PS3.15 Table E.1-1 does not list, and what is done to them: alternative birth dates, order
 * numbers, comments, namespaces of whoever issued an identifier, addresses of servers, encrypted originals. Attributes
 * that the rules by VR already cover are not repeated here.
 */
import type { Tag } from '../dicom/index.ts';
import type { Action } from './table-row.ts';

/** What an unlisted attribute gives away, and the action that this calls for. */
export interface UnlistedRule {
  readonly action: Action;
  readonly because: string;
}

const remove = (because: string): UnlistedRule => ({ action: 'X', because });
const dummy = (because: string): UnlistedRule => ({ action: 'D', because });
const remapped = (because: string): UnlistedRule => ({ action: 'U', because });

const patientDates = remove('a date of the patient in another calendar');
const animal = remove('identifies an animal patient');
const order = remove('a number of an order');
const comment = remove('a free comment on a person or visit');
const network = remove('an address in a network');
const owner = remove('a person or organization');
const threat = remove('a traveller or a route');
const opaque = remove('bytes whose meaning is not known');

/** By tag; Table E.1-1 comes first, so a later edition that lists one of these overrules it. */
export const BEYOND_THE_TABLE: ReadonlyMap<Tag, UnlistedRule> = new Map([
  [0x0008010d, remapped('names who extended a context group')],
  [0x0008041b, opaque],
  [0x0008041c, opaque],
  [0x00081167, remapped('the SOP Instance UID of a source instance')],
  [0x00083012, remapped('an administration of a drug')],
  [0x00089123, remapped('the creator of the instance')],
  [0x00081190, network],
  [0x00100033, patientDates],
  [0x00100034, patientDates],
  [0x00102295, animal],
  [0x00140104, owner],
  [0x00140100, owner],
  [0x00181003, remove('identifies the device')],
  [0x00181803, network],
  [0x0018991a, comment],
  [0x00209312, remapped('a frame of reference')],
  [0x00209313, remapped('a frame of reference')],
  [0x00240044, comment],
  [0x00280304, remapped('the SOP Instance UID of a palette')],
  [0x00400031, dummy('who issued an identifier')],
  [0x00400032, dummy('who issued an identifier')],
  [0x00400400, comment],
  [0x00401006, order],
  [0x00401007, order],
  [0x00402006, order],
  [0x00402007, order],
  [0x0040a074, opaque],
  [0x0040a089, opaque],
  [0x0040e001, remove('identifies a document')],
  [0x00540400, remove('a number given to the picture')],
  [0x00720008, dummy('who wrote a hanging protocol')],
  [0x00720010, owner],
  [0x0074100c, owner],
  [0x00880130, remove('a number given to the medium')],
  [0x01000426, owner],
  [0x04000120, opaque],
  [0x04000500, opaque],
  [0x04000510, opaque],
  [0x04000520, opaque],
  [0x21000010, remove('a print job')],
  [0x21000160, owner],
  [0x300a0402, comment],
  [0x40101007, threat],
  [0x4010101a, threat],
  [0x4010101e, threat],
  [0x4010101f, threat],
  [0x4010102a, threat],
  [0x40101051, threat],
  [0x40101053, threat],
  [0x40101054, threat],
  [0x40101055, threat],
  [0x40101058, threat],
]);

/** UI attributes that name a class, a transfer syntax or a coding scheme, never an instance, and so are kept. */
export const CLASS_UID_ATTRIBUTES: ReadonlySet<Tag> = new Set([
  0x00080016, 0x0008001a, 0x0008001b, 0x00080062, 0x0008010c, 0x00080117, 0x00080118, 0x0008040e, 0x00081150,
  0x0008115a, 0x00083002, 0x00340003, 0x04000010, 0x30100052, 0x30100053,
]);
