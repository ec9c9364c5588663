/** Items of the ledger as the report shows them. */
import type { LedgerItem } from '../../shared/aws/ledger.ts';
import type { ItemPage, ReportItem } from '../../shared/contract/report.ts';

/** A page of the report; an archive that was unpacked is no item of it. */
export function itemPage(items: readonly LedgerItem[], cursor: string | undefined): ItemPage {
  const page: ItemPage = { items: [], archives: [], next: cursor ?? null };
  for (const item of items) {
    const path = item.path ?? '';
    if (item.state === 'unpacked') page.archives.push({ path, entries: item.entries });
    else page.items.push(reportItem(path, item.state, item));
  }
  return page;
}

function reportItem(path: string, state: ReportItem['state'], item: LedgerItem): ReportItem {
  return {
    path,
    state,
    reason: item.reason ?? null,
    where: item.where ?? null,
    studyInstanceUid: item.study ?? null,
    sopInstanceUid: item.instance ?? null,
    modality: item.modality ?? null,
    size: item.size ?? null,
    receivedAt: item.receivedAt ?? null,
    endedAt: item.endedAt ?? null,
  };
}
