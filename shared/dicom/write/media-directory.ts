/**
 * Writes a DICOMDIR (PS3.3 F.3): the records of a tree in one sequence, each with the offsets of the record beside it and of
 * the first one below it, counted from the beginning of the file. Offsets are put in when all records have been written.
 */
import { EXPLICIT_LITTLE } from '../encoding.ts';
import type { MetaInput, NewElement } from '../new-element.ts';
import { concatSegments } from '../segments.ts';
import { ITEM, type Tag } from '../tag.ts';
import { EXPLICIT_VR_LITTLE_ENDIAN } from '../transfer-syntax.ts';
import { encodeNumbers, encodeText, encodeUid } from '../value-bytes.ts';
import { closeLength, put32, writeHeader, writeItemHeader, writeNewElements } from './element-writer.ts';
import { writeFileMeta } from './file-meta.ts';
import { Output } from './output.ts';

/** The file that a record refers to. */
export interface RecordedFile {
  /** Components of the File ID (PS3.10 8.2). */
  readonly fileId: readonly string[];
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly transferSyntaxUid: string;
}

/** A directory record and those below it. */
export interface DirectoryRecord {
  /** As in (0004,1430). */
  readonly type: string;
  readonly file?: RecordedFile;
  /** The keys of its type, of groups above 0004. */
  readonly keys: readonly NewElement[];
  readonly below: readonly DirectoryRecord[];
}

const MEDIA_STORAGE_DIRECTORY = '1.2.840.10008.1.3.10';

/** Where an offset is to be put. */
interface Slot {
  readonly page: Uint8Array;
  readonly at: number;
}

/** The bytes of the DICOMDIR. */
export function writeMediaDirectory(
  records: readonly DirectoryRecord[],
  {
    fileSetId,
    ...meta
  }: { readonly fileSetId: string } & Omit<MetaInput, 'mediaStorageSopClassUid' | 'transferSyntaxUid'>,
): Uint8Array {
  const out = new Output();
  writeFileMeta(
    out,
    {
      ...meta,
      mediaStorageSopClassUid: MEDIA_STORAGE_DIRECTORY,
      transferSyntaxUid: EXPLICIT_VR_LITTLE_ENDIAN,
    },
    EXPLICIT_VR_LITTLE_ENDIAN,
  );
  const text = (tag: Tag, value: string): NewElement => ({ tag, vr: 'CS', value: encodeText(value, 'CS') });
  writeNewElements(out, [text(0x00041130, fileSetId)], EXPLICIT_LITTLE);
  const first = writeOffset(out, 0x00041200);
  const last = writeOffset(out, 0x00041202);
  // Consistency flag: no known inconsistencies (PS3.3 F.3.2.2).
  writeNewElements(out, [{ tag: 0x00041212, vr: 'US', value: encodeNumbers([0], 'US') }], EXPLICIT_LITTLE);
  const sequence = writeHeader(out, 0x00041220, 'SQ', 0, EXPLICIT_LITTLE);
  writeRecords(out, records, first, last);
  closeLength(out, sequence, false);
  return concatSegments(out.finish(), new Uint8Array(0));
}

/** Writes the records and puts the offset of the first one, and of the last one, where they are wanted. */
function writeRecords(out: Output, records: readonly DirectoryRecord[], first: Slot, last?: Slot): void {
  let before = first;
  for (const { type, file, keys, below } of records) {
    put(before, out.length);
    if (last) put(last, out.length);
    const item = writeItemHeader(out, ITEM, 0, false);
    before = writeOffset(out, 0x00041400);
    writeNewElements(
      out,
      [{ tag: 0x00041410, vr: 'US', value: encodeNumbers([0xffff], 'US') }],
      EXPLICIT_LITTLE,
    );
    const lower = writeOffset(out, 0x00041420);
    writeNewElements(
      out,
      [
        { tag: 0x00041430, vr: 'CS', value: encodeText(type, 'CS') },
        ...(file ? reference(file) : []),
        ...keys,
      ],
      EXPLICIT_LITTLE,
    );
    closeLength(out, item, false);
    if (below.length > 0) writeRecords(out, below, lower);
  }
}

function reference(file: RecordedFile): NewElement[] {
  return [
    { tag: 0x00041500, vr: 'CS', value: encodeText(file.fileId.join('\\'), 'CS') },
    { tag: 0x00041510, vr: 'UI', value: encodeUid(file.sopClassUid) },
    { tag: 0x00041511, vr: 'UI', value: encodeUid(file.sopInstanceUid) },
    { tag: 0x00041512, vr: 'UI', value: encodeUid(file.transferSyntaxUid) },
  ];
}

/** An offset, zero until it is put in: there is no such record. */
function writeOffset(out: Output, tag: Tag): Slot {
  writeHeader(out, tag, 'UL', 4, EXPLICIT_LITTLE);
  const slot = out.room(4);
  return { page: slot.page, at: slot.at };
}

function put({ page, at }: Slot, offset: number): void {
  if (offset > 0xffffffff) throw new RangeError('a DICOMDIR has less than 4 GiB');
  put32(page, at, offset, false);
}
