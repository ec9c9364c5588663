/**
 * Text with code extensions (PS3.5 6.1.2.5): escape sequences designate repertoires to G0 (bytes below 80) and G1 (above);
 * control characters and delimiters bring back those of the first value of Specific Character Set.
 */
import {
  type DoubleByte,
  decoderOf,
  ESCAPES,
  LATIN_1,
  type Repertoire,
  type SingleByte,
  upperHalf,
} from './repertoires.ts';

const ESC = 0x1b;
/** TAB, LF, FF, CR. */
const RESETTING_CONTROLS: ReadonlySet<number> = new Set([0x09, 0x0a, 0x0c, 0x0d]);

/** What is designated where no escape sequence has said otherwise. */
export interface Designation {
  readonly g0: DoubleByte | undefined;
  readonly g1: SingleByte | DoubleByte | undefined;
}

/** Decodes a value; `delimiters` are the bytes after which the initial designation holds again (PS3.5 6.1.2.5.3). */
export function decodeIso2022(
  bytes: Uint8Array,
  initial: Designation,
  delimiters: ReadonlySet<number>,
): string {
  let { g0, g1 } = initial;
  let text = '';
  let at = 0;
  while (at < bytes.length) {
    const byte = bytes[at] as number;
    const designation = byte === ESC ? designationAt(bytes, at + 1) : undefined;
    if (designation !== undefined) {
      const [sequence, register, repertoire] = designation;
      if (register === 'G0') g0 = repertoire as DoubleByte | undefined;
      else g1 = repertoire as SingleByte | DoubleByte;
      at += 1 + sequence.length;
    } else if (byte < 0x80 && g0 !== undefined && byte > 0x20 && byte < 0x7f) {
      const end = runEnd(bytes, at, (next) => next > 0x20 && next < 0x7f);
      text += decodePairs(bytes.subarray(at, end), g0);
      at = end;
    } else if (byte < 0x80) {
      text += String.fromCharCode(byte);
      if (delimiters.has(byte) || RESETTING_CONTROLS.has(byte)) ({ g0, g1 } = initial);
      at++;
    } else {
      const end = runEnd(bytes, at, (next) => next >= 0x80);
      text += decodeUpper(bytes.subarray(at, end), g1 ?? LATIN_1);
      at = end;
    }
  }
  return text;
}

/** Decodes bytes of 80 and above. */
export function decodeUpper(bytes: Uint8Array, repertoire: SingleByte | DoubleByte): string {
  if (repertoire.kind === 'double-byte') return decodePairs(bytes, repertoire);
  const characters = upperHalf(repertoire);
  let text = '';
  for (const byte of bytes) text += characters[byte - 0x80];
  return text;
}

function decodePairs(bytes: Uint8Array, repertoire: DoubleByte): string {
  const { prefix, label } = repertoire;
  const width = prefix.length + 2;
  const pairs = new Uint8Array(Math.ceil(bytes.length / 2) * width);
  let length = 0;
  for (let at = 0; at < bytes.length; at += 2) {
    for (const byte of prefix) pairs[length++] = byte;
    pairs[length++] = (bytes[at] as number) | 0x80;
    if (at + 1 < bytes.length) pairs[length++] = (bytes[at + 1] as number) | 0x80;
  }
  return decoderOf(label).decode(pairs.subarray(0, length));
}

function runEnd(bytes: Uint8Array, start: number, belongs: (byte: number) => boolean): number {
  let end = start;
  while (end < bytes.length && belongs(bytes[end] as number)) end++;
  return end;
}

function designationAt(bytes: Uint8Array, at: number): (typeof ESCAPES)[number] | undefined {
  return ESCAPES.find(([sequence]) => matches(bytes, at, sequence));
}

function matches(bytes: Uint8Array, at: number, sequence: string): boolean {
  for (let index = 0; index < sequence.length; index++) {
    if (bytes[at + index] !== sequence.charCodeAt(index)) return false;
  }
  return true;
}

/** The designation that the repertoires of Specific Character Set, in their order, begin with. */
export function initialDesignation(repertoires: readonly (Repertoire | 'default')[]): Designation {
  const first = repertoires[0];
  if (first !== undefined && first !== 'default' && first.kind !== 'whole') {
    if (first.kind === 'single-byte' || first.register === 'G1') return { g0: undefined, g1: first };
  }
  // Writers that forget to escape anew after a delimiter mean the two-byte repertoire that they declared.
  const declared = repertoires.find(
    (one) => one !== 'default' && one.kind === 'double-byte' && one.register === 'G1',
  );
  return { g0: undefined, g1: declared as DoubleByte | undefined };
}
