/**
 * Links, the sessions that were opened with them and what was done with them. A row of the audit is only ever added.
 * Tokens and session ids are never stored, only their hashes.
 */
import { randomBytes } from 'node:crypto';
import type { ItemReader } from './attributes.ts';
import { allRows, openTable, type Table } from './table.ts';

export interface Passcode {
  readonly salt: Uint8Array;
  readonly hash: Uint8Array;
}

export interface Link {
  readonly link: string;
  readonly study: string;
  /** Pseudonymous. */
  readonly patient: string;
  /** Whether earlier studies of the same patient are shown. */
  readonly priors: boolean;
  /** Whether name and birth date are shown. */
  readonly identified: boolean;
  readonly tokenHash: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly revokedAt: string | undefined;
  readonly lockedUntil: string | undefined;
  readonly passcode: Passcode | undefined;
  readonly note: string | undefined;
  readonly opened: number;
}

export interface Session {
  readonly link: string;
  readonly study: string;
  /** What the session may see, the study of the link first. */
  readonly studies: readonly string[];
  readonly patient: string;
  readonly identified: boolean;
  readonly expiresAt: string;
}

/** What is kept of each use of a link. */
export type AuditEvent = 'created' | 'opened' | 'denied' | 'downloaded' | 'revoked';

export interface LinksTable {
  create(link: Omit<Link, 'revokedAt' | 'lockedUntil' | 'opened'>): Promise<void>;
  link(link: string): Promise<Link | undefined>;
  linksOf(study: string | undefined): AsyncIterable<Link>;
  /** False where there is no such link. */
  revoke(link: string, at: string): Promise<boolean>;
  /**
   * Takes one of the tries that a passcode has before it is compared, so that guesses made at the same time count too. The
   * number of this try; undefined while the link is locked.
   */
  takeTry(link: string, now: string): Promise<number | undefined>;
  lock(link: string, until: string): Promise<void>;
  countOpened(link: string): Promise<void>;
  openSession(sessionHash: string, session: Session): Promise<void>;
  session(sessionHash: string): Promise<Session | undefined>;
  audit(
    link: string,
    event: AuditEvent,
    facts?: { readonly reason?: string; readonly run: string },
  ): Promise<void>;
}

/** Stands for a study in the index, and is none. */
const ALL_LINKS = 'every study';
const inIndex = (study: string) => ({
  IndexName: 'byStudy',
  KeyConditionExpression: 'gsi1pk = :study',
  ScanIndexForward: false,
  values: { ':study': study },
});
const linkKey = (link: string) => ({ pk: `link#${link}`, sk: 'link' });
const sessionKey = (hash: string) => ({ pk: `session#${hash}`, sk: 'session' });

/** The links in the table of that name. */
export function openLinksTable(tableName: string, table: Table = openTable(tableName)): LinksTable {
  return {
    async create({ link, passcode, expiresAt, ...row }) {
      await table.putNew({
        ...linkKey(link),
        ...row,
        // Not `expiresAt`: DynamoDB deletes by that name, and an expired link must stay in the list.
        endsAt: expiresAt,
        passcodeSalt: passcode?.salt,
        passcodeHash: passcode?.hash,
        gsi1pk: row.study,
        gsi1sk: row.createdAt,
      });
      // The index sorts links by study; this row of its own puts the link among all of them as well.
      await table.putNew({
        pk: linkKey(link).pk,
        sk: 'listed',
        link,
        gsi1pk: ALL_LINKS,
        gsi1sk: row.createdAt,
      });
    },

    async link(link) {
      const row = await table.get(linkKey(link));
      return row && linkOf(row);
    },

    async *linksOf(study) {
      if (study === undefined) {
        yield* allLinks(table);
        return;
      }
      const rows = allRows(table, inIndex(study));
      for await (const row of rows) yield linkOf(row);
    },

    async revoke(link, at) {
      const updated = await table.update(linkKey(link), {
        UpdateExpression: 'SET revokedAt = if_not_exists(revokedAt, :at)',
        ConditionExpression: 'attribute_exists(pk)',
        values: { ':at': at },
      });
      return updated !== undefined;
    },

    async takeTry(link, now) {
      const updated = await table.update(linkKey(link), {
        UpdateExpression: 'ADD tries :one',
        ConditionExpression:
          'attribute_exists(pk) AND (attribute_not_exists(lockedUntil) OR lockedUntil < :now)',
        ReturnValues: 'UPDATED_NEW',
        values: { ':one': 1, ':now': now },
      });
      return updated?.number('tries');
    },

    async lock(link, until) {
      await table.update(linkKey(link), {
        UpdateExpression: 'SET lockedUntil = :until REMOVE tries',
        values: { ':until': until },
      });
    },

    async countOpened(link) {
      await table.update(linkKey(link), {
        UpdateExpression: 'ADD opened :one REMOVE tries',
        values: { ':one': 1 },
      });
    },

    async openSession(hash, session) {
      await table.putNew({
        ...sessionKey(hash),
        link: session.link,
        study: session.study,
        // A UID holds no blank.
        studies: session.studies.join(' '),
        patient: session.patient,
        identified: session.identified,
        endsAt: session.expiresAt,
        expiresAt: Math.ceil(Date.parse(session.expiresAt) / 1000),
      });
    },

    async session(hash) {
      const row = await table.get(sessionKey(hash));
      if (!row) return undefined;
      const study = row.text('study') ?? '';
      return {
        link: row.text('link') ?? '',
        study,
        studies: (row.text('studies') ?? study).split(' '),
        patient: row.text('patient') ?? '',
        identified: row.flag('identified'),
        expiresAt: row.text('endsAt') ?? '',
      };
    },

    async audit(link, event, facts) {
      const at = new Date().toISOString();
      await table.putNew({
        pk: linkKey(link).pk,
        sk: `audit#${at}#${randomBytes(8).toString('hex')}`,
        event,
        at,
        ...facts,
      });
    },
  };
}

async function* allLinks(table: Table): AsyncGenerator<Link> {
  const rows = allRows(table, inIndex(ALL_LINKS));
  for await (const row of rows) {
    const link = await table.get(linkKey(row.text('link') ?? ''));
    if (link) yield linkOf(link);
  }
}

function linkOf(row: ItemReader): Link {
  const salt = row.bytes('passcodeSalt');
  const hash = row.bytes('passcodeHash');
  return {
    link: (row.text('pk') ?? '').slice('link#'.length),
    study: row.text('study') ?? '',
    patient: row.text('patient') ?? '',
    priors: row.flag('priors'),
    identified: row.flag('identified'),
    tokenHash: row.text('tokenHash') ?? '',
    createdAt: row.text('createdAt') ?? '',
    expiresAt: row.text('endsAt') ?? '',
    revokedAt: row.text('revokedAt'),
    lockedUntil: row.text('lockedUntil'),
    passcode: salt && hash ? { salt, hash } : undefined,
    note: row.text('note'),
    opened: row.number('opened') ?? 0,
  };
}
