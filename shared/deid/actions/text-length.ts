/** The lengths that texts may have (PS3.5 6.2). */
import type { VR } from '../../dicom/index.ts';

const MAXIMUM: Partial<Record<VR, number>> = { AE: 16, CS: 16, LO: 64, LT: 10240, SH: 16, ST: 1024 };
const SINGLE_VALUED: ReadonlySet<VR> = new Set(['LT', 'ST', 'UT']);

/** Whether each value of the text is no longer than its VR allows. */
export function fitsVr(text: string, vr: VR): boolean {
  const maximum = MAXIMUM[vr];
  if (maximum === undefined) return true;
  const values = SINGLE_VALUED.has(vr) ? [text] : text.split('\\');
  return values.every((value) => value.length <= maximum);
}
