/**
 * Values that occur nowhere else, one for each attribute they are planted in, valid for its VR. Each is remembered with where
 * it was planted, so that the search for survivors needs to know nothing of de-identification.
 */
import type { NewElement, Tag, VR } from '../../shared/dicom/index.ts';

const MILLISECONDS_A_DAY = 86_400_000;
/** Dates of one day of the week stand further apart than any shift of whole weeks reaches. */
const DAYS_APART = 7 * 521;
const FIRST_DAY = Date.UTC(905, 0, 1);
export const UID_ROOT = '1.2.826.0.1.3680043.10.77.';

/** Makes values and remembers them. */
export class Canaries {
  /** Where each was planted, by what it is found by. */
  readonly planted = new Map<string, string>();
  readonly #next = { text: 1, date: 0, number: 1, uid: 10_000 };

  /** A word of nine characters. */
  word(where: string): string {
    const word = `QZ${(this.#next.text++).toString(36).padStart(5, '0')}KW`.toUpperCase();
    this.planted.set(word, where);
    return word;
  }

  /** A UID of an instance; of an odd length, so that a zero follows and not by chance another digit. */
  uid(where: string): string {
    const uid = `${UID_ROOT}${this.#next.uid++}`;
    this.planted.set(uid, where);
    return uid;
  }

  /** A date of the tenth to nineteenth century. */
  date(where: string): string {
    const number = this.#next.date++;
    const date = new Date(
      FIRST_DAY + ((number % 7) + Math.floor(number / 7) * DAYS_APART) * MILLISECONDS_A_DAY,
    );
    if (date.getUTCFullYear() > 1890) throw new Error('no dates are left');
    const text = date.toISOString().slice(0, 10).replaceAll('-', '');
    this.planted.set(text, where);
    return text;
  }

  /** A time of day to the microsecond. */
  time(where: string): string {
    const time = `101112.${String(this.#next.number++).padStart(6, '0')}`;
    this.planted.set(time, where);
    return time;
  }

  /** Digits that are no date. */
  digits(where: string, prefix: string, length: number): string {
    const digits = prefix + String(this.#next.number++).padStart(length - prefix.length, '0');
    this.planted.set(digits, where);
    return digits;
  }

  /** An element of the tag whose value is found nowhere else; undefined for numbers of a few bits. */
  element(tag: Tag, vr: VR, where: string): NewElement | undefined {
    const value = this.#value(vr, where);
    return value === undefined ? undefined : { tag, vr, value: padded(value, vr) };
  }

  #value(vr: VR, where: string): string | undefined {
    switch (vr) {
      case 'PN':
        return `${this.word(where)}^${this.word(where)}`;
      case 'DA':
        return this.date(where);
      case 'DT':
        return `${this.date(where)}101112.5+0100`;
      case 'TM':
        return this.time(where);
      case 'UI':
        return this.uid(where);
      case 'UR':
        return `http://${this.word(where).toLowerCase()}.example/`;
      case 'IS':
        return this.digits(where, '17', 10);
      case 'DS':
        return `${this.digits(where, '73', 12)}.5`;
      case 'AS':
        return '093Y';
      case 'US':
      case 'SS':
      case 'UL':
      case 'SL':
      case 'FL':
      case 'FD':
      case 'AT':
      case 'SV':
      case 'UV':
      case 'SQ':
        return undefined;
      default:
        return this.word(where);
    }
  }
}

/** Value bytes of a length that fits the VR's words. */
export function padded(text: string, vr: VR): Uint8Array {
  const word = vr.startsWith('O') && vr !== 'OB' ? 8 : 2;
  const isBinary = vr === 'UI' || vr === 'UN' || vr.startsWith('O');
  const bytes = Buffer.alloc(Math.ceil(text.length / word) * word, isBinary ? 0 : 0x20);
  bytes.write(text, 'latin1');
  return new Uint8Array(bytes);
}
