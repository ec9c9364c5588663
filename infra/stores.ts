/** Where everything is kept: buckets, tables and keys of the two zones. Their ids are the stack's own, so that they may never move. */
import { Duration } from 'aws-cdk-lib';
import { HttpMethods } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { ANSWERS_PREFIX, RENDERED_PREFIX } from '../shared/contract/names.ts';
import { AuditTrail } from './constructs/audit-trail.ts';
import { PrivateBucket } from './constructs/private-bucket.ts';
import { PrivateTable } from './constructs/private-table.ts';
import { PseudonymSecret } from './constructs/pseudonym-secret.ts';
import { Vault } from './constructs/vault.ts';
import { ZoneKey } from './constructs/zone-key.ts';
import { type Settings, viewerOrigins } from './settings.ts';

/** Days a picture rendered on demand is kept: a link lives for fourteen, and rendering it again costs less than a month of storage. */
const RENDERED_DAYS = 30;

/** Makes the stores of both zones. */
export function createStores(scope: Construct, settings: Settings) {
  // The vault zone: what may know who the patient is.
  const vault = new Vault(scope, 'Vault', {
    ...settings,
    pageOrigin: `https://${settings.domainName || '*.cloudfront.net'}`,
  });
  const ledgerKey = new ZoneKey(scope, 'LedgerKey', 'Filmroom: the ledger of uploads');
  const ledger = new PrivateTable(scope, 'LedgerTable', { key: ledgerKey, variable: 'ledgerTable' });
  const crosswalkKey = new ZoneKey(scope, 'CrosswalkKey', 'Filmroom: the way back from pseudonyms');
  const crosswalk = new PrivateTable(scope, 'CrosswalkTable', {
    key: crosswalkKey,
    variable: 'crosswalkTable',
  });
  const pseudonyms = new PseudonymSecret(scope, 'Pseudonyms', { key: vault.key });

  // The library zone: pseudonyms only.
  const libraryKey = new ZoneKey(scope, 'LibraryKey', 'Filmroom: the library of de-identified studies');
  const accessLogs = new PrivateBucket(scope, 'AccessLogs', {
    expires: [{ id: 'old-logs', expiration: Duration.days(settings.accessLogDays) }],
  });
  const library = new PrivateBucket(scope, 'Library', {
    key: libraryKey,
    variable: 'libraryBucket',
    accessLogs,
    replacedVersionDays: settings.replacedVersionDays,
    expires: [
      {
        id: 'rendered-pictures',
        prefix: RENDERED_PREFIX,
        expiration: Duration.days(RENDERED_DAYS),
        noncurrentVersionExpiration: Duration.days(1),
      },
      {
        id: 'answers',
        prefix: ANSWERS_PREFIX,
        expiration: Duration.days(1),
        noncurrentVersionExpiration: Duration.days(1),
      },
    ],
  });
  if (viewerOrigins(settings).length > 0)
    // A long answer of DICOMweb is a redirect from the API to here, and after one across origins a browser says `null` for its own:
    // no list of origins holds that. Whoever has no signed address gets nothing from any.
    library.addCorsRule({
      allowedOrigins: ['*'],
      allowedMethods: [HttpMethods.GET, HttpMethods.HEAD],
      allowedHeaders: ['accept', 'range', 'if-none-match'],
      exposedHeaders: ['content-range', 'etag'],
      maxAge: 3000,
    });
  const index = new PrivateTable(scope, 'IndexTable', {
    key: libraryKey,
    variable: 'indexTable',
    secondaryIndex: 'byKind',
  });
  const links = new PrivateTable(scope, 'LinksTable', {
    key: libraryKey,
    variable: 'linksTable',
    secondaryIndex: 'byStudy',
    expiryAttribute: 'expiresAt',
  });
  const audit = new AuditTrail(scope, 'Audit', {
    days: settings.auditDays,
    lock: settings.auditLock as 'governance' | 'compliance',
    accessLogs,
  });
  return { vault, ledger, crosswalk, pseudonyms, accessLogs, library, index, links, audit: audit.bucket };
}
