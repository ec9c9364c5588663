/**
 * The environment of each function: the names the stack sets and `config.ts` reads. Import-free.
 * `AWS_REGION`, credentials and `AWS_LAMBDA_FUNCTION_NAME` come from Lambda itself.
 */
export const ENV = {
  vaultBucket: 'VAULT_BUCKET',
  libraryBucket: 'LIBRARY_BUCKET',
  ledgerTable: 'LEDGER_TABLE',
  indexTable: 'INDEX_TABLE',
  linksTable: 'LINKS_TABLE',
  crosswalkTable: 'CROSSWALK_TABLE',
  auditBucket: 'AUDIT_BUCKET',
  pseudonymSecretArn: 'PSEUDONYM_SECRET_ARN',
  /** The name of a shipped policy of de-identification, or a policy as JSON. */
  deidentificationPolicy: 'DEIDENTIFICATION_POLICY',
  unpackQueueUrl: 'UNPACK_QUEUE_URL',
  deidentifyQueueUrl: 'DEIDENTIFY_QUEUE_URL',
  cleanPixelsQueueUrl: 'CLEAN_PIXELS_QUEUE_URL',
  thumbnailQueueUrl: 'THUMBNAIL_QUEUE_URL',
  indexQueueUrl: 'INDEX_QUEUE_URL',
  studyQueueUrl: 'STUDY_QUEUE_URL',
  packQueueUrl: 'PACK_QUEUE_URL',
  eventBusName: 'EVENT_BUS_NAME',
  /** The URL of the function that streams what is too long for an answer of `dicomweb`. */
  dicomwebStreamUrl: 'DICOMWEB_STREAM_URL',
  /** Seconds a study must be quiet before it is completed; also the delay of its messages. */
  quietSeconds: 'QUIET_SECONDS',
  /** MB of an archive up to which it is streamed while it is made. */
  streamedDownloadMb: 'STREAMED_DOWNLOAD_MB',
  /** Days a link lives when its creator names no other time. */
  linkDefaultDays: 'LINK_DEFAULT_DAYS',
  /** Days a link may live at most. */
  linkMaximumDays: 'LINK_MAXIMUM_DAYS',
  /** The claim of a JWT that names the roles of its bearer. */
  rolesClaim: 'ROLES_CLAIM',
} as const;

/** What each function needs; `infra` sets exactly these, `config.ts` reads exactly these. */
export const FUNCTION_ENV = {
  parse: ['vaultBucket', 'ledgerTable', 'unpackQueueUrl', 'deidentifyQueueUrl'],
  unpack: ['vaultBucket', 'ledgerTable', 'unpackQueueUrl'],
  deidentify: [
    'vaultBucket',
    'libraryBucket',
    'ledgerTable',
    'crosswalkTable',
    'pseudonymSecretArn',
    'deidentificationPolicy',
    'cleanPixelsQueueUrl',
    'thumbnailQueueUrl',
  ],
  'clean-pixels': [
    'vaultBucket',
    'libraryBucket',
    'ledgerTable',
    'crosswalkTable',
    'pseudonymSecretArn',
    'deidentificationPolicy',
    'thumbnailQueueUrl',
  ],
  thumbnail: ['libraryBucket', 'ledgerTable', 'indexQueueUrl'],
  'index-instance': ['libraryBucket', 'ledgerTable', 'indexTable', 'studyQueueUrl', 'quietSeconds'],
  'complete-study': ['libraryBucket', 'indexTable', 'eventBusName'],
  links: [
    'libraryBucket',
    'indexTable',
    'linksTable',
    'auditBucket',
    'linkDefaultDays',
    'linkMaximumDays',
    'rolesClaim',
  ],
  'read-audit': ['linksTable', 'auditBucket', 'rolesClaim'],
  'show-grant': ['linksTable', 'indexTable', 'crosswalkTable', 'auditBucket'],
  'download-study': ['libraryBucket', 'linksTable', 'auditBucket', 'packQueueUrl', 'streamedDownloadMb'],
  'pack-study': ['libraryBucket'],
  render: ['libraryBucket', 'linksTable', 'auditBucket'],
  uploads: ['vaultBucket', 'ledgerTable', 'indexTable', 'rolesClaim'],
  dicomweb: ['libraryBucket', 'indexTable', 'dicomwebStreamUrl', 'rolesClaim'],
  'stream-dicomweb': ['libraryBucket'],
  'link-dicomweb': ['libraryBucket', 'indexTable', 'linksTable', 'auditBucket'],
  'store-instances': ['vaultBucket', 'ledgerTable', 'rolesClaim'],
} as const satisfies Record<string, readonly (keyof typeof ENV)[]>;

export type FunctionName = keyof typeof FUNCTION_ENV;
export type EnvKey = keyof typeof ENV;
