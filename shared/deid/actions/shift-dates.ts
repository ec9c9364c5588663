/**
 * Dates under Retain Longitudinal Temporal Information with Modified Dates (PS3.15 E.3.6): DA and DT are moved by the
 * patient's whole number of weeks, so that intervals, weekdays and times of day stay. A partial DT is moved as the middle
 * of its period and keeps its precision; time and zone are copied. What is no valid date is not kept.
 */
import { elementText, lookUp, type VR } from '../../dicom/index.ts';
import { isEmpty, KEPT, type Outcome, type Target } from './outcome.ts';

/** PS3.5 6.2, and the dotted form of ACR-NEMA, which is written without dots. */
const DATE = /^(\d{4})(\.?)(\d\d)\2(\d\d)$/;
const DATE_TIME = /^(\d{4})(?:(\d\d)(?:(\d\d)((?:\d\d){0,3}(?:\.\d{1,6})?))?)?([+-]\d{4})?$/;
const TIME = /^(?:[01]\d|2[0-3])(?::?[0-5]\d(?::?(?:[0-5]\d|60)(?:\.\d{1,6})?)?)?$/;
const ZONE = /^[+-](?:0\d|1[0-4])[0-5]\d$/;
const MILLISECONDS_A_DAY = 86_400_000;

/** The value with every date moved; undefined where part of it is none. */
export function shiftDates({ element, characterSet }: Target, days: number): Outcome | undefined {
  if (isEmpty(element)) return KEPT;
  const vr = lookUp(element.tag)?.vr[0] ?? element.vr;
  if (element.items !== undefined) return undefined;
  const originals = elementText(element, characterSet).split('\\');
  const values = originals.map((value) => shifted(value.trim(), vr, days));
  if (values.some((value) => value === undefined)) return undefined;
  const text = values.join('\\');
  if (values.every((value, index) => value === originals[index]?.trim())) return KEPT;
  return { edit: { kind: 'replace', value: Buffer.from(text, 'latin1') }, authored: values as string[] };
}

/** One value of the VR, moved by days; undefined where it is not valid. */
export function shifted(value: string, vr: VR, days: number): string | undefined {
  if (value === '') return value;
  switch (vr) {
    case 'DA':
      return shiftedDate(value, days);
    case 'DT':
      return shiftedDateTime(value, days);
    case 'TM':
      return TIME.test(value) ? value : undefined;
    case 'SH': // Timezone Offset From UTC (0008,0201)
      return ZONE.test(value) ? value : undefined;
    default:
      return undefined;
  }
}

function shiftedDate(value: string, days: number): string | undefined {
  const [, year, , month, day] = DATE.exec(value) ?? [];
  const moved = move(Number(year), Number(month), Number(day), days);
  return moved?.join('');
}

function shiftedDateTime(value: string, days: number): string | undefined {
  const [whole, year, month, day, time = '', zone = ''] = DATE_TIME.exec(value) ?? [];
  if (whole === undefined) return undefined;
  if (time !== '' && !TIME.test(time)) return undefined;
  const moved = move(Number(year), Number(month ?? 7), Number(day ?? (month === undefined ? 2 : 15)), days);
  if (moved === undefined) return undefined;
  const precision = day !== undefined ? 3 : month !== undefined ? 2 : 1;
  return moved.slice(0, precision).join('') + time + zone;
}

/** Year, month and day in digits; undefined for what the calendar does not have. */
function move(year: number, month: number, day: number, days: number): [string, string, string] | undefined {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  const moved = new Date(date.getTime() + days * MILLISECONDS_A_DAY);
  if (!(moved.getUTCFullYear() >= 1)) return undefined;
  const [y, m, d] = moved.toISOString().slice(0, 10).split('-');
  return [y!, m!, d!];
}
