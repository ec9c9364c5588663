/** Creates a link to a study. The token is returned once and kept as a hash; it holds the link's id, which finds the row. */
import type { Link, LinksTable } from '../../shared/aws/links-table.ts';
import type { CreatedLink, CreateLink } from '../../shared/contract/api.ts';
import type { Audit, AuditFacts } from '../../shared/contract/audit.ts';
import { HttpRefusal } from '../../shared/runtime/http-handler.ts';
import { newOpaqueId } from '../../shared/runtime/opaque-id.ts';
import { hashPasscode, hashToken, newToken } from '../../shared/runtime/secrets.ts';

/** An opaque id; what follows it in a token is secret. */
const LINK_CHARACTERS = 26;

export interface CreatePorts {
  readonly links: Pick<LinksTable, 'create'>;
  readonly audit: Audit;
  /** The pseudonymous patient of a study that is complete; `incomplete` while it is not, undefined where there is none. */
  patientOf(study: string): Promise<{ readonly patient: string } | 'incomplete' | undefined>;
  now(): Date;
  readonly defaultSeconds: number;
  readonly maximumSeconds: number;
}

/** Who makes or closes a link, for the audit. */
export type Actor = Pick<AuditFacts, 'staff' | 'address' | 'run'>;

/** The new link; it lives no longer than the deployment allows. */
export async function createLink(wanted: CreateLink, ports: CreatePorts, actor: Actor): Promise<CreatedLink> {
  const found = await ports.patientOf(wanted.study);
  if (found === undefined) throw new HttpRefusal(404, 'unknown-study');
  // Who opens it would see an empty page, and its creator has sent it by then.
  if (found === 'incomplete') throw new HttpRefusal(409, 'study-not-complete');
  const seconds = wanted.expiresInSeconds ?? ports.defaultSeconds;
  if (seconds > ports.maximumSeconds) throw new HttpRefusal(400, 'expires-too-late');
  const now = ports.now();
  const link = newOpaqueId();
  const token = link + newToken();
  const row: Parameters<LinksTable['create']>[0] = {
    link,
    study: wanted.study,
    patient: found.patient,
    priors: wanted.priors,
    identified: wanted.identified,
    tokenHash: hashToken(token),
    createdAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + seconds * 1000).toISOString(),
    passcode: wanted.passcode === undefined ? undefined : await hashPasscode(wanted.passcode),
    note: wanted.note,
  };
  const { study, patient, identified } = row;
  await ports.audit({ ...actor, kind: 'mint', link, study, patient, identified });
  await ports.links.create(row);
  // In the fragment, which no browser sends and no log keeps.
  return { link, token, path: `/#${token}`, expiresAt: row.expiresAt };
}

/** The id of the link that a token belongs to. */
export function linkOfToken(token: string): Link['link'] {
  return token.slice(0, LINK_CHARACTERS);
}
