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

/** parse → unpack. Vault zone. */
export const ArchiveFound = z.object({
  item: ItemRef,
  object: ObjectPointer,
  size: z.number().int(),
  format: z.enum(['zip']),
  /** How many archives this one lies within; 0 for an uploaded one. */
  depth: z.number().int(),
});
export type ArchiveFound = z.infer<typeof ArchiveFound>;

/** parse → deidentify. Vault zone. */
export const InstanceParsed = z.object({ item: ItemRef, object: ObjectPointer, size: z.number().int() });
export type InstanceParsed = z.infer<typeof InstanceParsed>;

/** deidentify → thumbnail. Library zone from here on: pseudonymous UIDs only. */
export const InstanceDeidentified = z.object({
  item: ItemRef,
  instance: InstanceRef,
  object: ObjectPointer,
  size: z.number().int(),
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

/** index-instance → complete-study, delayed by the quiet period. */
export const StudyChanged = z.object({
  study: Uid,
  /** The change this message announces; a later change has another token and its own message. */
  changeToken: z.string(),
});
export type StudyChanged = z.infer<typeof StudyChanged>;
