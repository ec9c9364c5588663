/** The HTTP API: routes, bodies and answers. Staff routes are signed with AWS Signature Version 4; link routes are public. */
import { z } from 'zod';

/**
 * Staff routes (API Gateway checks `execute-api:Invoke`):
 *   POST   /uploads                      → OpenedUpload
 *   POST   /uploads/{upload}/objects     ObjectsToUpload → UploadUrls
 *   POST   /uploads/{upload}/close       CloseUpload → UploadSummary
 *   GET    /uploads/{upload}             → UploadSummary
 *   GET    /uploads/{upload}/items       ?next=… → ItemPage
 *   POST   /links                        CreateLink → CreatedLink
 *   GET    /links                        ?study=… → LinkList
 *   DELETE /links/{link}                 → 204
 *   GET    /dicomweb/…                   QIDO-RS and WADO-RS
 * Link routes (reached through CloudFront, same origin as the page):
 *   POST   /api/open                     OpenLink → OpenedLink, sets the session cookie
 *   GET    /api/study                    → StudySummary
 *   GET    /api/previews/{series}/{instance}   → image/webp
 *   GET    /api/contact-sheet            → image/webp
 *   GET    /download/study.zip           (function URL, streamed) → application/zip
 */
export const OpenedUpload = z.object({ upload: z.string() });
/** At most 500 paths a request; each URL takes one PUT of one object and lives for minutes. */
export const ObjectsToUpload = z.object({
  paths: z.array(z.string().min(1).max(900)).min(1).max(500),
});
export const UploadUrls = z.object({
  urls: z.array(z.object({ path: z.string(), url: z.string(), headers: z.record(z.string(), z.string()) })),
});
export const CloseUpload = z.object({ expected: z.number().int().nonnegative() });

const Study = z.string().regex(/^[0-9.]{1,64}$/);
export const CreateLink = z.object({
  study: Study,
  expiresInSeconds: z.number().int().positive().optional(),
  passcode: z.string().min(4).max(64).optional(),
  /** For the audit: why or for whom. Not shown to who opens the link. */
  note: z.string().max(500).optional(),
});
export type CreateLink = z.infer<typeof CreateLink>;
/** The token is shown once; only its hash is kept. `path` is to be put behind the web origin. */
export const CreatedLink = z.object({
  link: z.string(),
  token: z.string(),
  path: z.string(),
  expiresAt: z.string(),
});
export type CreatedLink = z.infer<typeof CreatedLink>;
export const LinkEntry = z.object({
  link: z.string(),
  study: z.string(),
  createdAt: z.string(),
  expiresAt: z.string(),
  revokedAt: z.string().nullable(),
  hasPasscode: z.boolean(),
  note: z.string().nullable(),
  opened: z.number().int(),
});
export const LinkList = z.object({ links: z.array(LinkEntry) });

export const OpenLink = z.object({ token: z.string().max(200), passcode: z.string().max(64).optional() });
/** 401 `{error}` where `error` is one of these; a wrong token and an expired one look alike except to who holds it. */
export const OpenFailure = z.enum([
  'unknown-link',
  'expired',
  'revoked',
  'passcode-required',
  'passcode-wrong',
  'locked',
]);
export type OpenFailure = z.infer<typeof OpenFailure>;
export const OpenedLink = z.object({
  study: z.string(),
  linkExpiresAt: z.string(),
  sessionExpiresAt: z.string(),
});
export type OpenedLink = z.infer<typeof OpenedLink>;
