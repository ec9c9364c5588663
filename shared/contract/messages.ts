/** The messages between the steps: pointers and opaque ids, never bytes, never a value of a data set. */
import { z } from 'zod';
import { OPAQUE_ID, UNREGISTERED_UPLOAD } from './names.ts';

const Uid = z.string().regex(/^[0-9.]{1,64}$/);

/** One version of one object, so that a retry reads the very same bytes. */
export const ObjectPointer = z.object({ bucket: z.string(), key: z.string(), versionId: z.string() });
export type ObjectPointer = z.infer<typeof ObjectPointer>;

/** An item of the ledger, by ids that say nothing. */
export const ItemRef = z.object({
  upload: z.union([z.string().regex(OPAQUE_ID), z.literal(UNREGISTERED_UPLOAD)]),
  item: z.string().regex(OPAQUE_ID),
});
export type ItemRef = z.infer<typeof ItemRef>;

export const InstanceRef = z.object({ study: Uid, series: Uid, instance: Uid });

const Offset = z.number().int().nonnegative();

/** A part of an archive that one call unpacks, or the place where reading its headers goes on. */
export const ArchivePart = z.discriminatedUnion('kind', [
  /** Headers of a ZIP's central directory; its last entry ends before `limit`. */
  z.object({
    kind: z.literal('zip-slice'),
    start: Offset,
    length: Offset,
    firstEntry: Offset,
    entries: Offset,
    limit: Offset,
    /** Whether entries lie in the order of the directory; otherwise their ends must be looked up in all of it. */
    ordered: z.boolean(),
  }),
  z.object({ kind: z.literal('tar-slice'), start: Offset, end: Offset, firstEntry: Offset }),
  /** The start of the next entry, its number, and how many entries so far become items. */
  z.object({ kind: z.literal('tar-rest'), at: Offset, entry: Offset, files: Offset }),
  /** Files of a disk image, from a place in its tree: the directories that lead there, each with the offset of a record. */
  z.object({
    kind: z.literal('iso-slice'),
    place: z.array(z.object({ start: Offset, length: Offset, at: Offset })),
    firstEntry: Offset,
    entries: Offset,
  }),
  /** An object that is being written in parts. */
  z.object({ kind: z.literal('gzip-rest'), writing: z.string() }),
]);
export type ArchivePart = z.infer<typeof ArchivePart>;

/** parse → unpack, and unpack → unpack for the parts of a large archive. Vault zone. */
export const ArchiveFound = z.object({
  item: ItemRef,
  object: ObjectPointer,
  size: z.number().int(),
  format: z.enum(['zip', 'tar', 'gzip', 'iso']),
  /** How many archives this one lies within; 0 for an uploaded one. */
  depth: z.number().int(),
  /** Absent for the archive as a whole. */
  part: ArchivePart.optional(),
});
export type ArchiveFound = z.infer<typeof ArchiveFound>;

/** parse → deidentify, and → clean-pixels where pictures are to be searched for text. Vault zone. */
export const InstanceParsed = z.object({ item: ItemRef, object: ObjectPointer, size: z.number().int() });
export type InstanceParsed = z.infer<typeof InstanceParsed>;

/** deidentify → thumbnail. Library zone from here on: pseudonymous UIDs only. */
export const InstanceDeidentified = z.object({
  item: ItemRef,
  instance: InstanceRef,
  object: ObjectPointer,
  size: z.number().int(),
  /** Of the object's bytes; absent where the store does not tell. */
  crc32: z.number().int().nonnegative().optional(),
});
export type InstanceDeidentified = z.infer<typeof InstanceDeidentified>;

/** thumbnail → index-instance. */
export const InstancePreviewed = InstanceDeidentified.extend({
  preview: z.object({
    width: z.number().int(),
    height: z.number().int(),
    /** Why the preview is a labelled placeholder; absent where it shows the image. */
    placeholder: z.string().optional(),
  }),
});
export type InstancePreviewed = z.infer<typeof InstancePreviewed>;

/** download-study → pack-study: parts of an archive that is too long to be streamed, each of which is made by itself. */
export const ArchiveParts = z.object({
  study: Uid,
  /** Of the archive, and the name that it is kept by. */
  revision: z.string().regex(/^[0-9a-f]{64}$/),
  /** The object that is being written in parts. */
  writing: z.string(),
  /** From 1. */
  firstPart: z.number().int().positive(),
  parts: z.number().int().positive(),
});
export type ArchiveParts = z.infer<typeof ArchiveParts>;

/** index-instance → complete-study, delayed by the quiet period. */
export const StudyChanged = z.object({
  study: Uid,
  /** The change this message announces; a later change has another token and its own message. */
  changeToken: z.string(),
});
export type StudyChanged = z.infer<typeof StudyChanged>;
