/** Counts what AWS would charge for: who asked for which action how often, and request units where those are what is charged. */
import type { Authorize } from './auth/authorize.ts';

export interface Metered {
  /** The function's name, or the operator. */
  readonly principal: string;
  readonly action: string;
  /** Requests, as they were authorized. */
  readonly requests: number;
  /** Request units of a table: one for each row, or for each KiB of a row that is written. */
  readonly units: number;
}

export interface Meter {
  /** The same decision, counted. */
  metered(authorize: Authorize): Authorize;
  countUnits(principal: string, action: string, units: number): void;
  read(): Metered[];
}

export function createMeter(): Meter {
  const counts = new Map<string, { principal: string; action: string; requests: number; units: number }>();
  const countOf = (principal: string, action: string) => {
    const key = `${principal} ${action}`;
    let count = counts.get(key);
    if (!count) {
      count = { principal, action, requests: 0, units: 0 };
      counts.set(key, count);
    }
    return count;
  };
  return {
    metered: (authorize) => (request) => {
      countOf(request.principal.name, request.action).requests++;
      authorize(request);
    },
    countUnits: (principal, action, units) => {
      countOf(principal, action).units += units;
    },
    read: () => [...counts.values()].map((count) => ({ ...count })),
  };
}
