/** What staff may do with links: create, list, revoke. API Gateway has checked who they are. */

import type { z } from 'zod';
import type { LinksTable } from '../../shared/aws/links-table.ts';
import { CreateLink, type LinkList } from '../../shared/contract/api.ts';
import { HttpRefusal, needing, type Route } from '../../shared/runtime/http-handler.ts';
import { type CreatePorts, createLink } from './create-link.ts';

export interface StaffPorts extends CreatePorts {
  readonly links: CreatePorts['links'] & Pick<LinksTable, 'linksOf' | 'revoke'>;
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
        return { status: 201, body: await createLink(wanted, ports, request.run) };
      },
    },
    {
      method: 'POST',
      path: '/identified-links',
      role: 'identify',
      answer: async (request) => {
        const wanted = { ...request.body(CreateLink), identified: true };
        return { status: 201, body: await createLink(wanted, ports, request.run) };
      },
    },
    {
      method: 'GET',
      path: '/links',
      answer: async ({ query }) => {
        const list: z.infer<typeof LinkList> = { links: [] };
        for await (const link of ports.links.linksOf(query.get('study') ?? undefined))
          list.links.push({
            link: link.link,
            study: link.study,
            createdAt: link.createdAt,
            expiresAt: link.expiresAt,
            revokedAt: link.revokedAt ?? null,
            hasPasscode: link.passcode !== undefined,
            priors: link.priors,
            identified: link.identified,
            note: link.note ?? null,
            opened: link.opened,
          });
        return { status: 200, body: list };
      },
    },
    {
      method: 'DELETE',
      path: '/links/{link}',
      answer: async ({ parameters: { link = '' }, run }) => {
        if (!(await ports.links.revoke(link, ports.now().toISOString())))
          throw new HttpRefusal(404, 'unknown-link');
        await ports.links.audit(link, 'revoked', { run });
        return { status: 204 };
      },
    },
  ]);
}
