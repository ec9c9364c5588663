/**
 * The character repertoires of DICOM and the terms that name them (PS3.3 C.12.1.1.2). Decoding is by the platform's
 * `TextDecoder`; the control characters 80-9F, which its Windows code pages redefine, stay what ISO 8859 has.
 */

import { TextDecoder } from 'node:util';

/** A one-byte repertoire: the characters of the bytes 80 to FF. */
export interface SingleByte {
  readonly kind: 'single-byte';
  readonly label: string;
}

/** A two-byte repertoire of ISO 2022: where it is designated to, and how its bytes become those of a decoder. */
export interface DoubleByte {
  readonly kind: 'double-byte';
  readonly register: 'G0' | 'G1';
  readonly label: string;
  /** Put before each character for the decoder. */
  readonly prefix: readonly number[];
}

/** A repertoire of its own, without code extensions. */
export interface Whole {
  readonly kind: 'whole';
  readonly label: 'utf-8' | 'gb18030' | 'gbk';
}

export type Repertoire = SingleByte | DoubleByte | Whole;

const single = (label: string): SingleByte => ({ kind: 'single-byte', label });

export const LATIN_1 = single('latin1');
export const KATAKANA = single('shift_jis');
export const JIS_X_0208: DoubleByte = { kind: 'double-byte', register: 'G0', label: 'euc-jp', prefix: [] };
export const JIS_X_0212: DoubleByte = {
  kind: 'double-byte',
  register: 'G0',
  label: 'euc-jp',
  prefix: [0x8f],
};
export const KS_X_1001: DoubleByte = { kind: 'double-byte', register: 'G1', label: 'euc-kr', prefix: [] };
export const GB_2312: DoubleByte = { kind: 'double-byte', register: 'G1', label: 'gbk', prefix: [] };

/** By registration number, as in `ISO_IR 100` and `ISO 2022 IR 100`. */
const BY_REGISTRATION: Readonly<Record<string, Repertoire | undefined>> = {
  '100': LATIN_1,
  '101': single('iso-8859-2'),
  '109': single('iso-8859-3'),
  '110': single('iso-8859-4'),
  '144': single('iso-8859-5'),
  '127': single('iso-8859-6'),
  '126': single('iso-8859-7'),
  '138': single('iso-8859-8'),
  '148': single('windows-1254'),
  '203': single('iso-8859-15'),
  '166': single('windows-874'),
  '13': KATAKANA,
  '87': JIS_X_0208,
  '159': JIS_X_0212,
  '149': KS_X_1001,
  '58': GB_2312,
  '192': { kind: 'whole', label: 'utf-8' },
};

/** The default repertoire: ASCII. */
export const DEFAULT_REPERTOIRE = 'default';

/** The repertoire of a defined term, also where its blanks and underscores are written otherwise; undefined if unknown. */
export function repertoireOf(term: string): Repertoire | typeof DEFAULT_REPERTOIRE | undefined {
  const plain = term.toUpperCase().replace(/[^A-Z0-9]/g, '');
  if (plain === '') return DEFAULT_REPERTOIRE;
  if (plain === 'GB18030') return { kind: 'whole', label: 'gb18030' };
  if (plain === 'GBK') return { kind: 'whole', label: 'gbk' };
  const registration = /^ISO(?:2022)?IR(\d{1,3})$/.exec(plain)?.[1];
  if (registration === undefined) return undefined;
  return registration === '6' ? DEFAULT_REPERTOIRE : BY_REGISTRATION[registration];
}

/** The repertoires by the bytes that follow ESC, and the register they are designated to (PS3.3 tables C.12-3, C.12-4). */
export const ESCAPES: readonly (readonly [string, 'G0' | 'G1', Repertoire | undefined])[] = [
  ['(B', 'G0', undefined],
  ['(J', 'G0', undefined],
  [')I', 'G1', KATAKANA],
  ['-A', 'G1', LATIN_1],
  ['-B', 'G1', BY_REGISTRATION['101']],
  ['-C', 'G1', BY_REGISTRATION['109']],
  ['-D', 'G1', BY_REGISTRATION['110']],
  ['-L', 'G1', BY_REGISTRATION['144']],
  ['-G', 'G1', BY_REGISTRATION['127']],
  ['-F', 'G1', BY_REGISTRATION['126']],
  ['-H', 'G1', BY_REGISTRATION['138']],
  ['-M', 'G1', BY_REGISTRATION['148']],
  ['-b', 'G1', BY_REGISTRATION['203']],
  ['-T', 'G1', BY_REGISTRATION['166']],
  ['$@', 'G0', JIS_X_0208],
  ['$B', 'G0', JIS_X_0208],
  ['$(D', 'G0', JIS_X_0212],
  ['$)C', 'G1', KS_X_1001],
  ['$)A', 'G1', GB_2312],
];

const decoders = new Map<string, TextDecoder>();

/** The platform's decoder of a label. */
export function decoderOf(label: string): TextDecoder {
  let decoder = decoders.get(label);
  if (decoder === undefined) {
    decoder = new TextDecoder(label);
    decoders.set(label, decoder);
  }
  return decoder;
}

const upperHalves = new Map<string, readonly string[]>();

/** The characters of the bytes 80 to FF of a one-byte repertoire. */
export function upperHalf(repertoire: SingleByte): readonly string[] {
  let characters = upperHalves.get(repertoire.label);
  if (characters === undefined) {
    characters = Array.from({ length: 0x80 }, (_, index) => characterOf(repertoire.label, index + 0x80));
    upperHalves.set(repertoire.label, characters);
  }
  return characters;
}

function characterOf(label: string, byte: number): string {
  const isControl = byte < 0xa0;
  return label === 'latin1' || isControl
    ? String.fromCharCode(byte)
    : decoderOf(label).decode(Uint8Array.of(byte));
}
