/** Preamble and File Meta Information (PS3.10 7.1), always made anew: those of the source may say who the patient is. */
import { EXPLICIT_LITTLE } from '../encoding.ts';
import type { MetaInput } from '../new-element.ts';
import { encodeText, encodeUid } from '../value-bytes.ts';
import { closeLength, writeHeader, writeNewElements } from './element-writer.ts';
import type { Output } from './output.ts';

/** 128 zero bytes, `DICM` and group 0002 with its length. */
export function writeFileMeta(out: Output, meta: MetaInput, transferSyntaxUid: string): void {
  const opening = new Uint8Array(132);
  opening.set([0x44, 0x49, 0x43, 0x4d], 128);
  out.add(opening);
  const { page, at } = lengthOfGroup(out);
  const from = out.length;
  writeNewElements(
    out,
    [
      { tag: 0x00020001, vr: 'OB', value: Uint8Array.of(0, 1) },
      { tag: 0x00020002, vr: 'UI', value: encodeUid(meta.mediaStorageSopClassUid) },
      { tag: 0x00020003, vr: 'UI', value: encodeUid(meta.mediaStorageSopInstanceUid) },
      { tag: 0x00020010, vr: 'UI', value: encodeUid(transferSyntaxUid) },
      { tag: 0x00020012, vr: 'UI', value: encodeUid(meta.implementationClassUid) },
      { tag: 0x00020013, vr: 'SH', value: encodeText(meta.implementationVersionName, 'SH') },
    ],
    EXPLICIT_LITTLE,
  );
  closeLength(out, { page, at, from }, false);
}

function lengthOfGroup(out: Output): { page: Uint8Array; at: number } {
  writeHeader(out, 0x00020000, 'UL', 4, EXPLICIT_LITTLE);
  return out.room(4);
}
