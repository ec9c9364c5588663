/** The outputs of the stack that the command line reads, from AWS or from the local run. Import-free. */
export const OUTPUTS = {
  /** Base address of the HTTP API; staff routes, signed. */
  apiUrl: 'ApiUrl',
  /** Origin of the link page. */
  webUrl: 'WebUrl',
  vaultBucket: 'VaultBucketName',
  libraryBucket: 'LibraryBucketName',
  ledgerTable: 'LedgerTableName',
  indexTable: 'IndexTableName',
  /** The user pool of staff; absent where another issuer signs them in. */
  userPool: 'UserPoolId',
  linksTable: 'LinksTableName',
  auditBucket: 'AuditBucketName',
  /** JSON: by the name of each step the addresses of its `queue` and of its `deadLetters`. */
  stepQueues: 'StepQueues',
} as const;
