/** Links in memory. */
import type { Link, LinksTable, Session } from '../../shared/aws/links-table.ts';

export interface MemoryLinks extends LinksTable {
  /** Everything that is stored, as text: no token may be found in it. */
  dump(): string;
}

export function memoryLinks(): MemoryLinks {
  const links = new Map<string, Link>();
  const tries = new Map<string, number>();
  const openings = new Map<string, number>();
  const sessions = new Map<string, Session>();
  const change = (id: string, changes: Partial<Link>): boolean => {
    const link = links.get(id);
    if (link) links.set(id, { ...link, ...changes });
    return link !== undefined;
  };
  return {
    dump: () => JSON.stringify([[...links], [...sessions]]),
    create: async (link) =>
      void links.set(link.link, {
        ...link,
        revokedAt: undefined,
        lockedUntil: undefined,
        locks: 0,
        opened: 0,
      }),
    link: async (id) => links.get(id),
    linksOf: async (study, after) => {
      const all = [...links.values()].filter((link) => study === undefined || link.study === study);
      const listed = all
        .reverse()
        .sort((a, b) => (a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : 0));
      const begin = after ? listed.findIndex(({ link }) => link === after.link) + 1 : 0;
      const page = listed.slice(begin, begin + 100);
      return { links: page, next: begin + 100 < listed.length ? page.at(-1) : undefined };
    },
    revoke: async (id, at) => change(id, { revokedAt: links.get(id)?.revokedAt ?? at }),
    takeTry: async (id, now) => {
      const link = links.get(id);
      if (!link || (link.lockedUntil !== undefined && link.lockedUntil >= now)) return undefined;
      tries.set(id, (tries.get(id) ?? 0) + 1);
      return tries.get(id);
    },
    lock: async (id, now, until) => {
      const { lockedUntil, locks = 0 } = links.get(id) ?? {};
      if (lockedUntil !== undefined && lockedUntil >= now) return;
      change(id, { lockedUntil: until, locks: locks + 1 });
      tries.delete(id);
    },
    countOpened: async (id, window, most) => {
      const key = `${id} ${window}`;
      if ((openings.get(key) ?? 0) >= most) return false;
      openings.set(key, (openings.get(key) ?? 0) + 1);
      change(id, { opened: (links.get(id)?.opened ?? 0) + 1 });
      tries.delete(id);
      return true;
    },
    openSession: async (hash, session) => void sessions.set(hash, session),
    renewSession: async (hash, changes) => {
      const session = sessions.get(hash);
      if (session?.link !== changes.link) return false;
      sessions.set(hash, { ...session, ...changes });
      return true;
    },
    session: async (hash) => sessions.get(hash),
  };
}
