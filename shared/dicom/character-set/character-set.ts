/**
 * Character sets of text values (PS3.5 6.1, PS3.3 C.12.1.1.2). An unknown term refuses a value only where it matters: where
 * the value has bytes beyond ASCII. Without Specific Character Set such bytes are taken for Latin 1, as is custom.
 */
import { UnprocessableInstanceError } from '../../errors.ts';
import { dependsOnCharacterSet, isMultiValued, type VR } from '../vr.ts';
import { decodeIso2022, initialDesignation } from './iso-2022.ts';
import { decoderOf, type Repertoire, repertoireOf, upperHalf } from './repertoires.ts';

/** What the values of Specific Character Set stand for. */
export interface CharacterSet {
  /** The defined terms as they were written. */
  readonly terms: readonly string[];
  /** The characters of a value, padding included. */
  decode(bytes: Uint8Array, vr: VR): string;
  /** The bytes of a text, not padded; undefined when it cannot be represented without code extensions. */
  encode(text: string, vr: VR): Uint8Array | undefined;
}

const NONE: ReadonlySet<number> = new Set();
const VALUES: ReadonlySet<number> = new Set([0x5c]);
/** Backslash, `^` and `=`: the components of a person name begin anew too (PS3.5 6.1.2.5.3). */
const NAMES: ReadonlySet<number> = new Set([0x5c, 0x5e, 0x3d]);

/** The character set that the terms of Specific Character Set define. */
export function characterSetOf(terms: readonly string[]): CharacterSet {
  const repertoires = terms.map(repertoireOf);
  const known = repertoires.filter((repertoire) => repertoire !== undefined);
  const isKnown = known.length === repertoires.length;
  const first = known[0];
  const whole = first !== undefined && first !== 'default' && first.kind === 'whole' ? first : undefined;
  const initial = initialDesignation(known);
  return {
    terms,
    decode(bytes, vr) {
      if (!dependsOnCharacterSet(vr) || isPlain(bytes)) return latin1(bytes);
      if (!isKnown) throw new UnprocessableInstanceError('unsupported-character-set', '(0008,0005)');
      if (whole !== undefined) return decoderOf(whole.label).decode(bytes);
      return decodeIso2022(bytes, initial, vr === 'PN' ? NAMES : isMultiValued(vr) ? VALUES : NONE);
    },
    encode(text, vr) {
      const ascii = encodeSingleByte(text, undefined);
      if (ascii !== undefined || !dependsOnCharacterSet(vr) || !isKnown) return ascii;
      if (whole !== undefined) return whole.label === 'utf-8' ? new TextEncoder().encode(text) : undefined;
      return encodeSingleByte(text, first);
    },
  };
}

/** Whether the bytes mean the same in every character set: ASCII without escape sequences. */
function isPlain(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte >= 0x80 || byte === 0x1b) return false;
  }
  return true;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

function encodeSingleByte(
  text: string,
  repertoire: Repertoire | 'default' | undefined,
): Uint8Array | undefined {
  const isSingle = repertoire !== undefined && repertoire !== 'default' && repertoire.kind === 'single-byte';
  const characters = isSingle ? upperHalf(repertoire) : [];
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const upper = code < 0x80 ? -1 : characters.indexOf(text[at] as string);
    if (code >= 0x80 && (upper < 0 || code === 0xfffd)) return undefined;
    bytes[at] = code < 0x80 ? code : upper + 0x80;
  }
  return bytes;
}
