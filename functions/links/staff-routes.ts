/** What staff may do with links: create, list, revoke. API Gateway has checked who they are. */

import type { z } from 'zod';
import type { Link, LinksTable, ListedAt } from '../../shared/aws/links-table.ts';
import { CreateLink, type LinkEntry, type LinkList } from '../../shared/contract/api.ts';
import { OPAQUE_ID } from '../../shared/contract/names.ts';
import { HttpRefusal, type HttpRequest, needing, type Route } from '../../shared/runtime/http-handler.ts';
import { type Actor, type CreatePorts, createLink } from './create-link.ts';

export interface StaffPorts extends CreatePorts {
  readonly links: CreatePorts['links'] & Pick<LinksTable, 'link' | 'linksOf' | 'revoke'>;
}

/** The routes over the ports. */
export function staffRoutes(ports: StaffPorts): Route[] {
  return needing('share', [
    {
      method: 'POST',
      path: '/links',
      answer: async (request) => {
        const wanted = request.body(CreateLink);
        // A policy of IAM tells routes apart and no bodies: the right to name the patient is the right to call the other one.
        if (wanted.identified) throw new HttpRefusal(403, 'identified-links-only');
        return { status: 201, body: await createLink(wanted, ports, actorOf(request)) };
      },
    },
    {
      method: 'POST',
      path: '/identified-links',
      role: 'identify',
      answer: async (request) => {
        const wanted = { ...request.body(CreateLink), identified: true };
        return { status: 201, body: await createLink(wanted, ports, actorOf(request)) };
      },
    },
    {
      method: 'GET',
      path: '/links',
      answer: async ({ query }) => {
        const { links, next } = await ports.links.linksOf(
          query.get('study') ?? undefined,
          placeOf(query.get('next')),
        );
        const body: LinkList = {
          links: links.map(entryOf),
          next: next ? `${next.createdAt},${next.link}` : null,
        };
        return { status: 200, body };
      },
    },
    {
      method: 'DELETE',
      path: '/links/{link}',
      answer: async (request) => {
        const { link: id = '' } = request.parameters;
        const link = await ports.links.link(id);
        // It is closed first: what cannot be written down must not keep it open.
        if (!link || !(await ports.links.revoke(id, ports.now().toISOString())))
          throw new HttpRefusal(404, 'unknown-link');
        const { study, patient } = link;
        await ports.audit({ ...actorOf(request), kind: 'revoke', link: id, study, patient });
        return { status: 204 };
      },
    },
  ]);
}

function actorOf({ caller, address, run }: HttpRequest): Actor {
  // A route for a role has been reached by somebody.
  return { staff: caller.kind === 'nobody' ? 'nobody' : caller.subject, address, run };
}

function entryOf({ passcode, ...link }: Link): z.infer<typeof LinkEntry> {
  return {
    link: link.link,
    study: link.study,
    createdAt: link.createdAt,
    expiresAt: link.expiresAt,
    revokedAt: link.revokedAt ?? null,
    hasPasscode: passcode !== undefined,
    priors: link.priors,
    identified: link.identified,
    note: link.note ?? null,
    opened: link.opened,
  };
}

/** Where a page begins, as the one before said it. */
function placeOf(next: string | null): ListedAt | undefined {
  if (next === null) return undefined;
  const [createdAt = '', link = '', ...more] = next.split(',');
  if (more.length > 0 || !OPAQUE_ID.test(link) || !/^[\dTZ:.-]{20,30}$/.test(createdAt))
    throw new HttpRefusal(400, 'invalid-next');
  return { link, createdAt };
}
