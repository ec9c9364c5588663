/** Plants an object of the corpus: its root, its items, meta information, preamble, sequences carried as UN. */

import type { OptionName } from '../../shared/deid/table-row.ts';
import {
  concatSegments,
  type Edit,
  formatTag,
  type NewElement,
  readPart10,
  type SpliceEditor,
  splice,
  type Tag,
  writtenTransferSyntax,
} from '../../shared/dicom/index.ts';
import {
  implicitItem,
  keptText,
  otherElements,
  type PlantedRow,
  plantedRows,
  rowElements,
} from './planted-elements.ts';
import { Canaries, padded } from './planted-values.ts';

/** Kept sequences of the standard that carry planted items where the object has none of them itself. */
const CARRIERS: readonly Tag[] = [0x00180026];
/** A kept sequence, carried as UN of a defined and of an undefined length. */
const CARRIED_AS_UN: readonly Tag[] = [0x00540220, 0x00540410];
/** Items of the object's own that are planted; the others of a long sequence are like these. */
const PLANTED_ITEMS = 2;
const PATIENT_NAME: Tag = 0x00100010;
const PATIENT_ID: Tag = 0x00100020;

export interface Planted {
  readonly object: Uint8Array;
  readonly canaries: Canaries;
  readonly rows: readonly PlantedRow[];
}

/** The object with something to be found wherever something can be hidden. */
export function plant(source: Uint8Array, options: readonly OptionName[]): Planted {
  const part10 = readPart10(source);
  const canaries = new Canaries();
  const others = otherElements(canaries);
  const taken = new Set([...others.map(({ tag }) => tag), PATIENT_NAME, PATIENT_ID]);
  const rows = plantedRows(options).filter(({ tag }) => !taken.has(tag));
  const nested = rows.filter(({ tag, vr }) => tag >= 0x00080000 && !['DA', 'DT', 'SQ', 'TM'].includes(vr));
  const id = canaries.word('Patient ID');
  const [family, given] = [canaries.word('Patient’s Name'), canaries.word('Patient’s Name')];
  const own = keptText(family, given, id);
  let items = 0;
  const unique = (elements: readonly NewElement[]): NewElement[] => [
    ...new Map(elements.map((element) => [element.tag, element])).values(),
  ];
  const root = unique([
    ...rowElements(rows, canaries),
    ...others,
    ...own,
    ...CARRIERS.filter((tag) => !part10.dataSet.has(tag)).map(
      (tag): NewElement => ({
        tag,
        vr: 'SQ',
        value: [unique([...rowElements(nested, canaries, `in ${formatTag(tag)}: `), ...own])],
      }),
    ),
    ...CARRIED_AS_UN.filter((tag) => !part10.dataSet.has(tag)).map(
      (tag, index): NewElement => ({
        tag,
        vr: 'UN',
        value: implicitItem(padded(canaries.word(`${formatTag(tag)} carried as UN`), 'LT'), index === 1),
      }),
    ),
    { tag: PATIENT_NAME, vr: 'PN', value: padded(`${family}^${given}`, 'PN') },
    { tag: PATIENT_ID, vr: 'LO', value: padded(id, 'LO') },
  ]);
  const editor: SpliceEditor = {
    edit: ({ items }) => ({ kind: items === undefined ? 'keep' : 'items' }),
    add: (_, depth) => {
      if (depth === 0) return root;
      if (items++ >= PLANTED_ITEMS) return [];
      return rowElements(
        // The patient of an item of its own would be another one.
        nested.filter(({ tag }) => tag !== PATIENT_ID && tag !== 0x00100021),
        canaries,
        'in an item of the object: ',
      );
    },
  };
  const { uid } = writtenTransferSyntax(part10);
  const meta = {
    mediaStorageSopClassUid: part10.dataSet.uid(0x00080016) ?? '',
    mediaStorageSopInstanceUid: part10.dataSet.uid(0x00080018) ?? '',
    transferSyntaxUid: uid,
    implementationClassUid: '1.2.3.4',
    implementationVersionName: 'PLANTED',
  };
  const planted = concatSegments(splice(part10, editor, meta), source);
  return { object: withMeta(withUndefinedLengths(planted, root), meta, canaries), canaries, rows };
}

/** The second of the sequences carried as UN gets an undefined length, where the syntax has VRs and is little endian. */
function withUndefinedLengths(object: Uint8Array, root: readonly NewElement[]): Uint8Array {
  const part10 = readPart10(object);
  const { encoding, dataSet, meta } = part10;
  const carried = dataSet.get(CARRIED_AS_UN[1]!);
  if (carried?.headerVr !== 'UN' || encoding.bigEndian) return object;
  const value = carried.bytes.slice(carried.valueStart, carried.valueEnd);
  const rewrite: Edit = { kind: 'rewrite', segments: [value], undefinedLength: true, vr: 'UN' };
  return concatSegments(
    splice(
      part10,
      {
        edit: (element) => (element === carried ? rewrite : { kind: 'keep' }),
        // A group length is written only where it is new.
        add: (_, depth) => (depth === 0 ? root.filter(({ tag }) => (tag & 0xffff) === 0) : []),
      },
      {
        mediaStorageSopClassUid: meta?.uid(0x00020002) ?? '',
        mediaStorageSopInstanceUid: meta?.uid(0x00020003) ?? '',
        transferSyntaxUid: part10.transferSyntax.uid,
        implementationClassUid: '1.2.3.4',
        implementationVersionName: 'PLANTED',
      },
    ),
    object,
  );
}

interface Identity {
  readonly mediaStorageSopClassUid: string;
  readonly mediaStorageSopInstanceUid: string;
  readonly transferSyntaxUid: string;
}

/** The object under a preamble and meta information full of what is to be found. */
function withMeta(object: Uint8Array, identity: Identity, canaries: Canaries): Uint8Array {
  const view = new DataView(object.buffer, object.byteOffset);
  const rest = object.subarray(132 + 12 + view.getUint32(132 + 8, true));
  const word = () => canaries.word('meta information');
  const group = Buffer.concat([
    metaElement(0x0001, 'OB', Uint8Array.of(0, 1)),
    metaElement(0x0002, 'UI', padded(identity.mediaStorageSopClassUid, 'UI')),
    metaElement(0x0003, 'UI', padded(identity.mediaStorageSopInstanceUid, 'UI')),
    metaElement(0x0010, 'UI', padded(identity.transferSyntaxUid, 'UI')),
    metaElement(0x0012, 'UI', padded(canaries.uid('meta information'), 'UI')),
    metaElement(0x0013, 'SH', padded(word(), 'SH')),
    ...[0x0016, 0x0017, 0x0018].map((element) => metaElement(element, 'AE', padded(word(), 'AE'))),
    ...[0x0026, 0x0027, 0x0028].map((element) => metaElement(element, 'UR', padded(word(), 'UR'))),
    metaElement(0x0033, 'UI', padded(canaries.uid('meta information'), 'UI')),
    ...[0x0035, 0x0036].map((element) => metaElement(element, 'OB', padded(word(), 'OB'))),
    metaElement(0x0100, 'UI', padded(canaries.uid('meta information'), 'UI')),
    metaElement(0x0102, 'OB', padded(word(), 'OB')),
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(group.length);
  const preamble = Buffer.alloc(128, 0x20);
  preamble.write(canaries.word('preamble'), 40, 'latin1');
  preamble.write(canaries.word('preamble'), 60, 'utf16le');
  return new Uint8Array(
    Buffer.concat([preamble, Buffer.from('DICM'), metaElement(0x0000, 'UL', length), group, rest]),
  );
}

function metaElement(element: number, vr: string, value: Uint8Array): Uint8Array {
  const isLong = ['OB', 'UR'].includes(vr);
  const header = Buffer.alloc(isLong ? 12 : 8);
  header.writeUInt16LE(0x0002, 0);
  header.writeUInt16LE(element, 2);
  header.write(vr, 4, 'latin1');
  if (isLong) header.writeUInt32LE(value.length, 8);
  else header.writeUInt16LE(value.length, 6);
  return Buffer.concat([header, value]);
}
