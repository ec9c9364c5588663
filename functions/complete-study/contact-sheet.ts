/** Chooses what stands on the contact sheet: the middle instance of each series, of the largest series where there are many. */
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
    .flatMap(({ seriesInstanceUid, instances }) => {
      const middle = instances[Math.floor((instances.length - 1) / 2)];
      return middle ? [{ series: seriesInstanceUid, instance: middle.sopInstanceUid }] : [];
    });
}
