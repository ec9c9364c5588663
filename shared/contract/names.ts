/**
 * The grammar of every name that two sides of a deployment must agree on: keys, item ids, metadata.
 * Import-free, so that the stack and the code cannot drift apart.
 */

/** Where hospitals upload: `uploads/<upload>/<path>` in the vault. The path may hold a name, so the key is an identifier. */
export const UPLOADS_PREFIX = 'uploads/';
/** Where archive entries are written: `extracted/<upload>/<archive item>/<entry number>` in the vault. */
export const EXTRACTED_PREFIX = 'extracted/';
/** Where the vault keeps what an upload should hold: `manifests/<upload>/…`, gzip-compressed JSON lines. */
export const MANIFESTS_PREFIX = 'manifests/';
/** Where the library keeps what may be seen: `studies/<study>/…`, pseudonymous UIDs only. */
export const STUDIES_PREFIX = 'studies/';
/** Where the library keeps pictures that were rendered on demand, for a while: `rendered/<study>/…`. */
export const RENDERED_PREFIX = 'rendered/';
/** Where the library keeps answers of DICOMweb that are too long for Lambda, for a day. */
export const ANSWERS_PREFIX = 'answers/';

/** The upload that objects are booked under when their key names no upload that was opened. */
export const UNREGISTERED_UPLOAD = 'unregistered';

/** Deliveries of a message to `thumbnail`; at the last one it makes do with a placeholder. */
export const THUMBNAIL_ATTEMPTS = 3;

/** The ledger spreads the items of one upload over this many partitions. */
export const LEDGER_SHARDS = 8;

/** An upload id and an item id: 26 characters of Crockford's base 32 in lower case, 128 bits. */
export const OPAQUE_ID = /^[0-9a-hjkmnp-tv-z]{26}$/;

/** Object metadata (`x-amz-meta-…`). */
export const METADATA = {
  /** On library objects and previews: the opaque item that they were made from. */
  item: 'filmroom-item',
  /** On library objects: algorithm, checksum and size of the source; equal for equal bytes. On rendered ones: its revision. */
  source: 'filmroom-source',
  /** On every object: the run (Lambda request id) that wrote it. */
  run: 'filmroom-run',
  /** On pictures rendered on demand: the window that was applied, `center,width,rising` or `…,falling`. */
  window: 'filmroom-window',
  /** On extracted entries: the path within the upload, UTF-8 in base64url. */
  path: 'filmroom-path',
  /** On extracted entries: the item of the archive. */
  parent: 'filmroom-parent',
  /** On extracted entries: how many archives it lies within. */
  depth: 'filmroom-depth',
} as const;

export interface InstanceUids {
  readonly study: string;
  readonly series: string;
  readonly instance: string;
}

/** The key in the vault under which a file of an upload is stored. */
export function uploadKey(upload: string, path: string): string {
  return `${UPLOADS_PREFIX}${upload}/${path}`;
}

/** The key in the vault under which the entry of an archive is stored; entry numbers count from 0. */
export function extractedKey(upload: string, archiveItem: string, entry: number): string {
  return `${EXTRACTED_PREFIX}${upload}/${archiveItem}/${String(entry).padStart(7, '0')}`;
}

/** The folder of everything that says what an upload should hold. */
export function manifestsOf(upload: string): string {
  return `${MANIFESTS_PREFIX}${upload}/`;
}

/** What was sent, file by file, as its sender says when it closes the upload: lines `{path, size, sha256, crc64nvme}`. */
export function manifestKey(upload: string): string {
  return `${manifestsOf(upload)}manifest.jsonl.gz`;
}

/** The files that a DICOMDIR refers to, by its item. */
export function mediaDirectoryKey(upload: string, item: string): string {
  return `${manifestsOf(upload)}${item}.jsonl.gz`;
}

/** What a vault key says: the upload it is booked under and, for an uploaded file, its path within it. */
export function parseVaultKey(key: string): { upload: string; path: string | undefined } {
  const uploaded = key.startsWith(UPLOADS_PREFIX);
  const rest = key.slice(uploaded ? UPLOADS_PREFIX.length : EXTRACTED_PREFIX.length);
  const slash = rest.indexOf('/');
  const upload = slash < 0 ? '' : rest.slice(0, slash);
  if (!OPAQUE_ID.test(upload)) return { upload: UNREGISTERED_UPLOAD, path: uploaded ? rest : undefined };
  return { upload, path: uploaded ? rest.slice(slash + 1) : undefined };
}

/** The de-identified instance in the library. */
export function instanceKey(uids: InstanceUids): string {
  return `${STUDIES_PREFIX}${uids.study}/${uids.series}/${uids.instance}.dcm`;
}

/** The small preview beside the instance. */
export function previewKey(uids: InstanceUids): string {
  return `${STUDIES_PREFIX}${uids.study}/${uids.series}/${uids.instance}.webp`;
}

/** A frame of an instance as it is shown first, longest side `size`; without `frame` the one that represents the instance. */
export function renderedKey(
  uids: InstanceUids,
  view: { readonly frame?: number; readonly size: number },
): string {
  const which = view.frame === undefined ? `${view.size}` : `${view.frame}-${view.size}`;
  return `${RENDERED_PREFIX}${uids.study}/${uids.series}/${uids.instance}-${which}.webp`;
}

/** The previews of a series in one picture; `name` is a hash of what it is made of, in hexadecimal. */
export function seriesSpriteKey(study: string, series: string, name: string): string {
  return `${STUDIES_PREFIX}${study}/${series}/sprite-${name}.webp`;
}

/** A hash as it stands in the key of a sprite. */
export const SPRITE_NAME = /^[0-9a-f]{16}$/;

/** The DICOM JSON metadata of a complete study, gzip-compressed. */
export function studyMetadataKey(study: string): string {
  return `${STUDIES_PREFIX}${study}/metadata.json.gz`;
}

/** The roll-up of a complete study that the link page reads (`StudySummary`), gzip-compressed JSON. */
export function studySummaryKey(study: string): string {
  return `${STUDIES_PREFIX}${study}/summary.json.gz`;
}

/** One picture of the middle instances of all series. */
export function contactSheetKey(study: string): string {
  return `${STUDIES_PREFIX}${study}/contact-sheet.webp`;
}

/** The ledger's partition of an item. */
export function ledgerPartition(upload: string, item: string): string {
  return `${upload}#${item.charCodeAt(item.length - 1) % LEDGER_SHARDS}`;
}

/** All partitions of an upload. */
export function ledgerPartitions(upload: string): string[] {
  return Array.from({ length: LEDGER_SHARDS }, (_, shard) => `${upload}#${shard}`);
}

/** What says that the archive of that revision is being written; the archive itself is the answer of that name. */
export function begunArchiveKey(revision: string): string {
  return `${ANSWERS_PREFIX}${revision}-begun.json`;
}

/** An answer that is fetched from where it is kept; `name` is a hash of what it is made of, in hexadecimal. */
export function answerKey(name: string): string {
  return `${ANSWERS_PREFIX}${name}`;
}

/** What an identified link shows of a row of the crosswalk: the permission to read it names these and no others. */
export const IDENTITY_ATTRIBUTES = ['patientName', 'patientBirthDate'] as const;

/** Where the audit keeps its events: `events/<patient>/<study>/<link>/<event>.json`, pseudonyms only. */
export const AUDIT_PREFIX = 'events/';

/**
 * The folder of events about a patient, a study or a link: as far as it is named from the left. What belongs to no link is kept under
 * `nobody`, which is no pseudonym.
 */
export function auditFolder(about: {
  readonly patient?: string | undefined;
  readonly study?: string | undefined;
  readonly link?: string | undefined;
}): string {
  const { patient, study, link } = about;
  const below = study === undefined ? [] : link === undefined ? [study] : [study, link];
  return `${AUDIT_PREFIX}${[patient || 'nobody', ...below].join('/')}/`;
}
