/**
 * What became of every file of an upload: the shapes the uploads API answers with and the command line prints.
 * A public contract: docs/json-output.md describes it and a test holds it.
 */
import { z } from 'zod';

/** The four states an item can end in, and `pending` while it is still on its way. */
export const ItemState = z.enum(['indexed', 'duplicate', 'ignored', 'quarantined', 'pending']);
export type ItemState = z.infer<typeof ItemState>;

export const ReportItem = z.object({
  /** The path within the upload; for the entry of an archive, the archive's path, a slash and the entry's name. */
  path: z.string(),
  state: ItemState,
  /** From the closed list in `shared/errors.ts`; `same-bytes` for a duplicate; null for an indexed instance. */
  reason: z.string().nullable(),
  /** Tag, offset or limit; never a value. */
  where: z.string().nullable(),
  /** Of what was quarantined, too, where its study could be told. */
  studyInstanceUid: z.string().nullable(),
  sopInstanceUid: z.string().nullable(),
  /** Modality (0008,0060) of an indexed instance or a duplicate; null where it has none. */
  modality: z.string().nullable(),
  /** Bytes; null while the item is only announced. */
  size: z.number().int().nullable(),
  receivedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
});
export type ReportItem = z.infer<typeof ReportItem>;

/** An archive that was unpacked; its entries are items, it is none itself. */
export const ReportArchive = z.object({ path: z.string(), entries: z.number().int() });

/** `GET /uploads/{upload}/items`: one page. */
export const ItemPage = z.object({
  items: z.array(ReportItem),
  archives: z.array(ReportArchive),
  next: z.string().nullable(),
});
export type ItemPage = z.infer<typeof ItemPage>;

export const ReportStudy = z.object({
  studyInstanceUid: z.string(),
  patientId: z.string(),
  series: z.number().int(),
  instances: z.number().int(),
  /** Whether the study was rolled up after its last change. */
  ready: z.boolean(),
  /** Items of this upload that are of the study, by state. */
  items: z.object({
    indexed: z.number().int(),
    duplicate: z.number().int(),
    quarantined: z.number().int(),
  }),
});
export type ReportStudy = z.infer<typeof ReportStudy>;

/** `GET /uploads/{upload}`: the sums. */
export const UploadSummary = z.object({
  upload: z.string(),
  createdAt: z.string().nullable(),
  closedAt: z.string().nullable(),
  /** Files the uploader said it sent; null until the upload is closed. */
  expected: z.number().int().nullable(),
  total: z.number().int(),
  states: z.object({
    indexed: z.number().int(),
    duplicate: z.number().int(),
    ignored: z.number().int(),
    quarantined: z.number().int(),
  }),
  /** Items on their way; entries announced by an archive and not yet seen count too. */
  pending: z.number().int(),
  reasons: z.record(z.string(), z.number().int()),
  /** Indexed instances and duplicates; the name of what has no modality is empty. */
  modalities: z.record(z.string(), z.number().int()),
  /** Studies that this upload brought instances of. */
  studies: z.array(ReportStudy),
  /** Whether the upload is closed, nothing is pending and every study of it is ready. */
  settled: z.boolean(),
});
export type UploadSummary = z.infer<typeof UploadSummary>;

/** A file that should have come and did not, or came otherwise. */
export const MissingFile = z.object({
  path: z.string(),
  /** `missing`: nothing came by that path; `size`: what came has another size. */
  why: z.enum(['missing', 'size']),
  /** The path of the DICOMDIR that refers to the file; null where the manifest lists it. */
  directory: z.string().nullable(),
});
export type MissingFile = z.infer<typeof MissingFile>;

/** `GET /uploads/{upload}/missing`: what came, against what the manifest and every DICOMDIR list. */
export const MissingFiles = z.object({
  /** Files that the manifest lists; null where the uploader sent none. */
  manifest: z.number().int().nullable(),
  directories: z.array(z.object({ path: z.string(), files: z.number().int(), missing: z.number().int() })),
  missing: z.number().int(),
  otherSize: z.number().int(),
  /** Listings that are not what they should be, compared as far as they could be read. */
  unreadable: z.number().int(),
  /** The first thousand by name. */
  files: z.array(MissingFile),
});
export type MissingFiles = z.infer<typeof MissingFiles>;
