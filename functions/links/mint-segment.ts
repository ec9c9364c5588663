/**
 * Mints a segment of a path from a session: for viewers that cannot carry a cookie. It stands for what the session may see, in
 * DICOMweb alone, for minutes and no longer than the link; nothing can be minted from it.
 */
import type { LinksTable } from '../../shared/aws/links-table.ts';
import type { MintedSegment } from '../../shared/contract/api.ts';
import { type Grant, SEGMENT_SECONDS, segmentHash } from '../../shared/runtime/link-session.ts';
import { newToken } from '../../shared/runtime/secrets.ts';

export interface MintPorts {
  readonly links: Pick<LinksTable, 'openSession'>;
  now(): Date;
}

/** The root at which DICOMweb answers for the session. */
export async function mintSegment(grant: Grant, { links, now }: MintPorts): Promise<MintedSegment> {
  const segment = newToken();
  const expiresAt = new Date(now().getTime() + SEGMENT_SECONDS * 1000).toISOString();
  // That the link expires before is looked at in each request.
  const { link, study, studies, patient, identified } = grant;
  await links.openSession(segmentHash(segment), { link, study, studies, patient, identified, expiresAt });
  return { root: `/api/s/${segment}/dicomweb`, expiresAt };
}
