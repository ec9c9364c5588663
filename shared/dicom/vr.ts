/** Value representations: their names, how their lengths are written and how their values are padded (PS3.5 6.2, 7.1.2). */

const VRS = [
  'AE',
  'AS',
  'AT',
  'CS',
  'DA',
  'DS',
  'DT',
  'FD',
  'FL',
  'IS',
  'LO',
  'LT',
  'OB',
  'OD',
  'OF',
  'OL',
  'OV',
  'OW',
  'PN',
  'SH',
  'SL',
  'SQ',
  'SS',
  'ST',
  'SV',
  'TM',
  'UC',
  'UI',
  'UL',
  'UN',
  'UR',
  'US',
  'UT',
  'UV',
] as const;

/** A value representation of PS3.5 6.2. */
export type VR = (typeof VRS)[number];

const LONG_FORM: ReadonlySet<VR> = new Set([
  'OB',
  'OD',
  'OF',
  'OL',
  'OV',
  'OW',
  'SQ',
  'SV',
  'UC',
  'UN',
  'UR',
  'UT',
  'UV',
] as const);
const BY_CODE: (VR | undefined)[] = new Array(0x10000);
const LONG_BY_CODE = new Uint8Array(0x10000);
for (const vr of VRS) {
  const code = (vr.charCodeAt(0) << 8) | vr.charCodeAt(1);
  BY_CODE[code] = vr;
  LONG_BY_CODE[code] = LONG_FORM.has(vr) ? 1 : 0;
}

/** The value representation that two header bytes name, if they name one. */
export function vrOfCode(code: number): VR | undefined {
  return BY_CODE[code];
}

/** Whether the value representation of the code has the 32-bit length after two reserved bytes (PS3.5 table 7.1-1). */
export function codeHasLongForm(code: number): boolean {
  return LONG_BY_CODE[code] === 1;
}

/** Whether the length is 32 bits after two reserved bytes in explicit VR (PS3.5 table 7.1-1). */
export function hasLongForm(vr: VR): boolean {
  return LONG_FORM.has(vr);
}

/** Whether the word names a value representation. */
export function isVr(word: string): word is VR {
  return word.length === 2 && BY_CODE[(word.charCodeAt(0) << 8) | word.charCodeAt(1)] === word;
}

const CHARACTER_SET_VRS: ReadonlySet<VR> = new Set(['LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UT'] as const);
const TEXT_VRS: ReadonlySet<VR> = new Set([
  'AE',
  'AS',
  'CS',
  'DA',
  'DS',
  'DT',
  'IS',
  'LO',
  'LT',
  'PN',
  'SH',
  'ST',
  'TM',
  'UC',
  'UI',
  'UR',
  'UT',
] as const);
const SINGLE_VALUE_TEXT: ReadonlySet<VR> = new Set(['LT', 'ST', 'UT', 'UR'] as const);

/** Whether Specific Character Set applies to the value (PS3.5 6.1.2.3). */
export function dependsOnCharacterSet(vr: VR): boolean {
  return CHARACTER_SET_VRS.has(vr);
}

/** Whether the value is a string of characters. */
export function isText(vr: VR): boolean {
  return TEXT_VRS.has(vr);
}

/** Whether a backslash separates values; in LT, ST, UT and UR it is a character like any other (PS3.5 6.4). */
export function isMultiValued(vr: VR): boolean {
  return TEXT_VRS.has(vr) && !SINGLE_VALUE_TEXT.has(vr);
}

/** The byte that makes a value even: space for text, NUL for UI and everything binary (PS3.5 6.2). */
export function paddingByte(vr: VR): number {
  return vr !== 'UI' && TEXT_VRS.has(vr) ? 0x20 : 0;
}

const WORD_SIZE: Partial<Record<VR, number>> = {
  AT: 2,
  US: 2,
  SS: 2,
  OW: 2,
  UL: 4,
  SL: 4,
  FL: 4,
  OF: 4,
  OL: 4,
  FD: 8,
  OD: 8,
  SV: 8,
  UV: 8,
  OV: 8,
};

/** The size of the units whose bytes are swapped between byte orders; 1 where there is nothing to swap (PS3.5 7.3). */
export function wordSize(vr: VR): number {
  return WORD_SIZE[vr] ?? 1;
}
