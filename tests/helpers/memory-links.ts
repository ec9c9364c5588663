/** Links in memory. */
import type { AuditEvent, Link, LinksTable, Session } from '../../shared/aws/links-table.ts';

export interface MemoryLinks extends LinksTable {
  readonly audits: { link: string; event: AuditEvent; reason?: string }[];
  /** Everything that is stored, as text: no token may be found in it. */
  dump(): string;
}

export function memoryLinks(): MemoryLinks {
  const links = new Map<string, Link>();
  const tries = new Map<string, number>();
  const sessions = new Map<string, Session>();
  const audits: MemoryLinks['audits'] = [];
  const change = (id: string, changes: Partial<Link>): boolean => {
    const link = links.get(id);
    if (link) links.set(id, { ...link, ...changes });
    return link !== undefined;
  };
  return {
    audits,
    dump: () => JSON.stringify([[...links], [...sessions], audits]),
    create: async (link) =>
      void links.set(link.link, { ...link, revokedAt: undefined, lockedUntil: undefined, opened: 0 }),
    link: async (id) => links.get(id),
    linksOf: async function* (study) {
      yield* [...links.values()].filter((link) => study === undefined || link.study === study);
    },
    revoke: async (id, at) => change(id, { revokedAt: links.get(id)?.revokedAt ?? at }),
    takeTry: async (id, now) => {
      const link = links.get(id);
      if (!link || (link.lockedUntil !== undefined && link.lockedUntil >= now)) return undefined;
      tries.set(id, (tries.get(id) ?? 0) + 1);
      return tries.get(id);
    },
    lock: async (id, until) => {
      change(id, { lockedUntil: until });
      tries.delete(id);
    },
    countOpened: async (id) => {
      change(id, { opened: (links.get(id)?.opened ?? 0) + 1 });
      tries.delete(id);
    },
    openSession: async (hash, session) => void sessions.set(hash, session),
    session: async (hash) => sessions.get(hash),
    audit: async (link, event, facts) =>
      void audits.push({ link, event, ...(facts?.reason ? { reason: facts.reason } : {}) }),
  };
}
