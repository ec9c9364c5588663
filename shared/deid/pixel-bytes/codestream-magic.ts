/** How codestreams and the files that may be wrapped around them begin. */

/** Bytes that tell which it is. */
export const MAGIC_BYTES = 12;

export type CodestreamKind = 'jpeg' | 'jpeg-2000' | 'boxes' | 'jpeg-xl';

/** Boxes that a JP2 or JPEG XL file begins with, and those that writers begin with who leave the others out. */
const FIRST_BOXES: ReadonlySet<string> = new Set(['jP  ', 'JXL ', 'ftyp', 'jp2h', 'jp2c', 'jxlc', 'jxlp']);

/** What begins here, by ITU-T T.81 B.2, ISO/IEC 15444-1 A.4 and I.5, ISO/IEC 18181-2; undefined where nothing known does. */
export function kindOfCodestream(bytes: Uint8Array): CodestreamKind | undefined {
  const [first, second, third, fourth] = bytes;
  if (first === 0xff) {
    if (second === 0xd8 && third === 0xff) return 'jpeg';
    if (second === 0x4f && third === 0xff && fourth === 0x51) return 'jpeg-2000';
    return second === 0x0a ? 'jpeg-xl' : undefined;
  }
  return FIRST_BOXES.has(Buffer.from(bytes.subarray(4, 8)).toString('latin1')) ? 'boxes' : undefined;
}

/** Whether a fragment with these first bytes begins a frame. The two bytes of a naked JPEG XL codestream occur by chance. */
export function beginsCodestream(bytes: Uint8Array): boolean {
  const kind = kindOfCodestream(bytes);
  return kind !== undefined && kind !== 'jpeg-xl';
}
