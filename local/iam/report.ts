/** What each role was granted and what of it was ever needed, for pruning grants. */
import type { Role } from './authority.ts';

export interface Grant {
  readonly action: string;
  readonly resource: string;
}

export interface RoleUse {
  readonly granted: string[];
  readonly used: string[];
  readonly neverUsed: Grant[];
}

/** Every pair of action and resource that the role's policies allow, split by whether a call needed it. */
export function reportRole(role: Role): RoleUse {
  const grants = new Map<string, Grant & { used: boolean }>();
  for (const statement of role.identity) {
    if (statement.effect !== 'Allow') continue;
    for (const action of statement.actions) {
      for (const resource of statement.resources) {
        const id = `${action} ${resource}`;
        const used = statement.used.has(id) || grants.get(id)?.used === true;
        grants.set(id, { action, resource, used });
      }
    }
  }
  const all = [...grants.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    granted: all.map(([id]) => id),
    used: all.filter(([, { used }]) => used).map(([id]) => id),
    neverUsed: all.filter(([, { used }]) => !used).map(([, { action, resource }]) => ({ action, resource })),
  };
}
