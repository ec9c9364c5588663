/** The HTTP API: routes, bodies and answers. Staff routes ask for a JWT or a signature of AWS; link routes are public. */
import { z } from 'zod';

/**
 * Staff routes, signed with AWS Signature Version 4 (API Gateway checks `execute-api:Invoke`), and below `/staff/api` with a JWT whose
 * roles are asked for (`shared/contract/roles.ts`; 403 `needs-role-<role>`):
 *   POST   /uploads                      → OpenedUpload
 *   POST   /uploads/{upload}/objects     ObjectsToUpload → UploadUrls
 *   POST   /uploads/{upload}/standing    PathsToFind → StandingPaths
 *   POST   /uploads/{upload}/parts/begin     ObjectInParts → BegunParts
 *   POST   /uploads/{upload}/parts/urls      PartsToUpload → PartUrls
 *   POST   /uploads/{upload}/parts/standing  BegunObject → StandingParts
 *   POST   /uploads/{upload}/parts/finish    FinishParts → 204
 *   POST   /uploads/{upload}/parts/abandon   BegunObject → 204
 *   POST   /uploads/{upload}/manifest    Checked → SignedTarget
 *   POST   /uploads/{upload}/close       CloseUpload → UploadSummary
 *   GET    /uploads/{upload}             → UploadSummary
 *   GET    /uploads/{upload}/items       ?next=… → ItemPage
 *   GET    /uploads/{upload}/missing     → MissingFiles
 *   POST   /upload-tokens                CreateUploadToken → CreatedUploadToken
 *   GET    /upload-tokens                → UploadTokenList
 *   DELETE /upload-tokens/{token}        → 204
 *   POST   /links                        CreateLink → CreatedLink; never identified when it is signed for with a key of AWS
 *   POST   /identified-links             the same for links that show who the patient is: a right of its own
 *   GET    /links                        ?study=…&next=… → LinkList
 *   DELETE /links/{link}                 → 204
 *   GET    /links/{link}/events          → LinkEvents: what was done with it, as the audit has it
 *   GET    /dicomweb/…                   QIDO-RS and WADO-RS
 *   POST   /dicomweb/studies[/{study}]   STOW-RS
 * Hospital routes (through CloudFront, `Authorization: Bearer <upload token>`): every `/uploads…` route above as `/api/uploads…`, for
 * the uploads that the very token opened.
 * Link routes (reached through CloudFront, same origin as the page). Each of them takes `?study=…`: which study of the grant is meant,
 * the link's own where it is absent; what lies outside of the grant is answered as what does not exist:
 *   POST   /api/open                     OpenLink → OpenedLink, sets the session cookie
 *   GET    /api/grant                    → GrantAnswer
 *   GET    /api/study                    → StudySummary
 *   GET    /api/previews/{series}/{instance}   → image/webp
 *   GET    /api/previews/…?still         → image/webp that does not move
 *   GET    /api/pictures/{series}/{instance}   ?frame=…&size=…&window=center,width&inverted=1 → image/webp or image/jpeg, large, with `download=png` or
 *                                        `download=jpeg` as a file to be saved;
 *                                        `filmroom-window: center,width,rising|falling` says how greys were made
 *   GET    /api/sprites/{series}/{sprite}      → image/webp: tiles of a series, as its summary lays them out
 *   GET    /api/reports/{series}/{instance}    → ReportText: a structured report to be read
 *   GET    /api/contact-sheet            → image/webp
 *   POST   /api/printed                  Printed → 204: the page says what it is about to print
 *   POST   /api/segment                  → MintedSegment
 *   GET    /api/dicomweb/…               (function URL, streamed) QIDO-RS and WADO-RS of the studies of the link, by the cookie
 *   GET    /api/s/{segment}/dicomweb/…   the same by a minted segment, from any origin, for viewers that carry no cookie
 *   GET    /download/study.zip           ?study=… (function URL) → application/zip, with ranges; 307 to where a long one is kept;
 *                                        202 with `retry-after` and `filmroom-prepared: 3/20` while it is prepared; a stream breaks off soon after the link is revoked
 */
export const OpenedUpload = z.object({ upload: z.string() });

/** Bytes to be sent: how many, and their CRC-64/NVME in base64, both signed, so that S3 takes no others. */
export const Checked = z.object({
  size: z.number().int().nonnegative(),
  crc64nvme: z.string().regex(/^[A-Za-z0-9+/]{11}=$/),
});
export type Checked = z.infer<typeof Checked>;
const Path = z.string().min(1).max(900);
/** The request must bear exactly these headers; `content-length` is signed too, and every client sends it by itself. */
export const SignedTarget = z.object({ url: z.string(), headers: z.record(z.string(), z.string()) });
export type SignedTarget = z.infer<typeof SignedTarget>;
/** At most 500 a request; each URL takes one PUT of one new object and lives for minutes. */
export const ObjectsToUpload = z.object({
  objects: z
    .array(Checked.extend({ path: Path }))
    .min(1)
    .max(500),
});
export const UploadUrls = z.object({ urls: z.array(SignedTarget.extend({ path: z.string() })) });
/** Which of these were stored already: asked by who was interrupted before the answer came. */
export const PathsToFind = z.object({ paths: z.array(Path).min(1).max(100) });
export const StandingPaths = z.object({ paths: z.array(z.string()) });

export const ObjectInParts = z.object({ path: Path });
/** `id` is what S3 calls the upload id of a multipart upload. */
export const BegunParts = z.object({ id: z.string() });
export const BegunObject = z.object({ path: Path, id: z.string().min(1).max(1024) });
/** S3 counts parts from 1 to 10,000. */
const PartNumber = z.number().int().min(1).max(10_000);
export const PartsToUpload = BegunObject.extend({
  parts: z
    .array(Checked.extend({ part: PartNumber }))
    .min(1)
    .max(100),
});
export const PartUrls = z.object({ urls: z.array(SignedTarget.extend({ part: z.number().int() })) });
/** Null where the object is not being sent in parts any more. */
export const StandingParts = z.object({
  parts: z.array(Checked.extend({ part: z.number().int() })).nullable(),
});
/** The checksum and size of the whole object. */
export const FinishParts = BegunObject.extend(Checked.shape);
export const CloseUpload = z.object({ expected: z.number().int().nonnegative() });

const Study = z.string().regex(/^[0-9.]{1,64}$/);
export const CreateLink = z.object({
  study: Study,
  expiresInSeconds: z.number().int().positive().optional(),
  passcode: z.string().min(4).max(64).optional(),
  /** Whether earlier studies of the same patient are shown beside it. */
  priors: z.boolean().default(false),
  /** Whether who opens it is shown the patient's name and birth date. */
  identified: z.boolean().default(false),
  /** For the audit: why or for whom. Not shown to who opens the link. */
  note: z.string().max(500).optional(),
});
export type CreateLink = z.output<typeof CreateLink>;
/** As it is sent: what is absent has its default. */
export type WantedLink = z.input<typeof CreateLink>;
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
  priors: z.boolean(),
  identified: z.boolean(),
  note: z.string().nullable(),
  opened: z.number().int(),
});
/** A hundred at most, the last first; `next` asks for those that follow. */
export const LinkList = z.object({ links: z.array(LinkEntry), next: z.string().nullable() });
export type LinkList = z.infer<typeof LinkList>;

/**
 * The last 200 at most. A session is a visit, told by the beginning of its hash; where it came from is for `filmroom link audit` alone.
 */
export const LinkEvents = z.object({
  events: z.array(
    z.object({
      recorded: z.string(),
      kind: z.string(),
      study: z.string().nullable(),
      session: z.string().nullable(),
      staff: z.string().nullable(),
      reason: z.string().nullable(),
    }),
  ),
  isMore: z.boolean(),
});
export type LinkEvents = z.infer<typeof LinkEvents>;

export const OpenLink = z.object({
  token: z.string().max(200),
  passcode: z.string().max(64).optional(),
  /** The session whose cookie comes along is to go on, where it is of this link. */
  renew: z.boolean().optional(),
});
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
/** Lines of a structured report in reading order: the depth of each, its concept name and its value. */
export const ReportText = z.object({
  lines: z.array(
    z.object({ depth: z.number().int(), name: z.string().optional(), value: z.string().optional() }),
  ),
});
export type ReportText = z.infer<typeof ReportText>;
export const OpenedLink = z.object({
  study: z.string(),
  linkExpiresAt: z.string(),
  sessionExpiresAt: z.string(),
});
export type OpenedLink = z.infer<typeof OpenedLink>;

/** Pages of a print sheet, which the browser makes itself of what it was shown. */
export const Printed = z.object({ pages: z.number().int().min(1).max(10_000) });
/** A study as the page names it before its summary is read; what is not known is null. */
export const GrantedStudy = z.object({
  studyInstanceUid: z.string(),
  studyDate: z.string().nullable(),
  studyDescription: z.string().nullable(),
  modalities: z.array(z.string()),
});
export type GrantedStudy = z.infer<typeof GrantedStudy>;
/** What a session may see. `patient` is there in an identified link alone; the date is `YYYYMMDD`, what is not known is null. */
export const GrantAnswer = z.object({
  study: z.string(),
  /** The link's own study first, then its priors, the latest first. */
  studies: z.array(GrantedStudy),
  identified: z.boolean(),
  patient: z.object({ name: z.string().nullable(), birthDate: z.string().nullable() }).optional(),
  linkExpiresAt: z.string(),
  sessionExpiresAt: z.string(),
});
export type GrantAnswer = z.infer<typeof GrantAnswer>;
/** `root` is that of DICOMweb, to be put behind the web origin; whoever knows it may read until it expires or the link is revoked. */
export const MintedSegment = z.object({ root: z.string(), expiresAt: z.string() });
export type MintedSegment = z.infer<typeof MintedSegment>;

export const CreateUploadToken = z.object({
  expiresInSeconds: z.number().int().positive(),
  /** For whom; shown to staff alone. */
  label: z.string().max(200).optional(),
  /** Bytes that addresses are handed out for in all. */
  maximumBytes: z.number().int().positive().optional(),
});
export type CreateUploadToken = z.infer<typeof CreateUploadToken>;
/** The secret is shown once; only its hash is kept. `path` is to be put behind the web origin and opens the upload page. */
export const CreatedUploadToken = z.object({
  token: z.string(),
  secret: z.string(),
  path: z.string(),
  expiresAt: z.string(),
});
export type CreatedUploadToken = z.infer<typeof CreatedUploadToken>;
export const UploadTokenEntry = z.object({
  token: z.string(),
  label: z.string().nullable(),
  createdAt: z.string(),
  expiresAt: z.string(),
  revokedAt: z.string().nullable(),
  maximumBytes: z.number().int().nullable(),
  /** Bytes that addresses were handed out for. */
  signedBytes: z.number().int(),
});
export const UploadTokenList = z.object({ tokens: z.array(UploadTokenEntry) });
/** 401 `{error}`. */
export const TokenFailure = z.enum(['unknown-token', 'expired', 'revoked']);
export type TokenFailure = z.infer<typeof TokenFailure>;
