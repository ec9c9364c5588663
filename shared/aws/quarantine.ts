/** Ends refused items in the ledger. */
import type { EndedItem, ItemEnd, Ledger } from './ledger.ts';

interface Refusal {
  readonly item: EndedItem['item'];
  readonly state: 'quarantined' | 'ignored';
  readonly reason: string;
  readonly where: string;
  readonly study?: string;
  readonly run: string;
}

/** A port that records refusals, all of them or none. */
export function ledgerQuarantine(
  ledger: Pick<Ledger, 'end'>,
): (refusals: readonly Refusal[]) => Promise<PromiseSettledResult<void>[]> {
  return async (refusals) => {
    await ledger.end(
      refusals.map(({ item, run, state, reason, where, study }) => {
        const end: ItemEnd = { state, reason, where, ...(study === undefined ? {} : { study }) };
        return { item, run, end };
      }),
    );
    return refusals.map(() => ({ status: 'fulfilled', value: undefined }));
  };
}
