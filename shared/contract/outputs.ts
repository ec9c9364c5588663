/** The outputs of the stack that the command line reads, from AWS or from the local run. Import-free. */
export const OUTPUTS = {
  /** Base address of the HTTP API; staff routes, signed. */
  apiUrl: 'ApiUrl',
  /** Origin of the link page. */
  webUrl: 'WebUrl',
  vaultBucket: 'VaultBucketName',
  libraryBucket: 'LibraryBucketName',
} as const;
