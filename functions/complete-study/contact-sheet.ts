/** Chooses what stands on the contact sheet: the key image of each series, of the largest series where there are many. */
import type { StudySummary } from '../../shared/contract/study-summary.ts';

/** Pictures on one sheet; default 24: more are too small to see, and all of them are held at once. */
export const CONTACT_SHEET_PICTURES = 24;

/** The instances to be shown, in the order of the series. */
export function chooseForContactSheet({ series }: StudySummary): { series: string; instance: string }[] {
  const largest = [...series]
    .sort((a, b) => b.instances.length - a.instances.length)
    .slice(0, CONTACT_SHEET_PICTURES);
  const shown = new Set(largest);
  return series
    .filter((one) => shown.has(one))
    .flatMap(({ seriesInstanceUid, instances, keyImage }) => {
      const key = instances[keyImage ?? 0];
      return key ? [{ series: seriesInstanceUid, instance: key.sopInstanceUid }] : [];
    });
}
