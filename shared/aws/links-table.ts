/** Links and the sessions that were opened with them. Tokens and session ids are never stored, only their hashes. */
import { type ItemReader, toItem } from './attributes.ts';
import { openTable, type Table } from './table.ts';

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
  /** How often it was locked. */
  readonly locks: number;
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

/** Where a list goes on: behind this link. */
export interface ListedAt {
  readonly link: string;
  readonly createdAt: string;
}

export interface LinkPage {
  readonly links: readonly Link[];
  readonly next: ListedAt | undefined;
}

/** Links of one page; DynamoDB reads as many rows by their keys in one request. */
const PAGE = 100;

export interface LinksTable {
  create(link: Omit<Link, 'revokedAt' | 'lockedUntil' | 'locks' | 'opened'>): Promise<void>;
  link(link: string): Promise<Link | undefined>;
  /** Links of a study or of all, the last first: a page of them, and where the next one begins. */
  linksOf(study: string | undefined, after?: ListedAt): Promise<LinkPage>;
  /** False where there is no such link. */
  revoke(link: string, at: string): Promise<boolean>;
  /**
   * Takes one of the tries that a passcode has before it is compared, so that guesses made at the same time count too. The
   * number of this try; undefined while the link is locked.
   */
  takeTry(link: string, now: string): Promise<number | undefined>;
  /** Locks a link that is not locked now; of several who lock it at once one does. */
  lock(link: string, now: string, until: string): Promise<void>;
  /** Counts an opening and gives the tries back; false where there were `most` in that window of time already. */
  countOpened(link: string, window: string, most: number): Promise<boolean>;
  openSession(sessionHash: string, session: Session): Promise<void>;
  /** Lets a session of the link go on; false where there is none any more. */
  renewSession(
    sessionHash: string,
    session: Pick<Session, 'link' | 'studies' | 'expiresAt'>,
  ): Promise<boolean>;
  session(sessionHash: string): Promise<Session | undefined>;
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

    async linksOf(study, after) {
      const gsi1pk = study ?? ALL_LINKS;
      const begin = after && {
        pk: linkKey(after.link).pk,
        sk: study === undefined ? 'listed' : 'link',
        gsi1pk,
        gsi1sk: after.createdAt,
      };
      const page = await table.page({
        ...inIndex(gsi1pk),
        Limit: PAGE,
        ...(begin ? { ExclusiveStartKey: toItem(begin) } : {}),
      });
      const links = study === undefined ? await linksListed(table, page.rows) : page.rows.map(linkOf);
      const last = page.after && page.rows.at(-1);
      return {
        links,
        next: last && { link: idOf(last), createdAt: last.text('gsi1sk') ?? '' },
      };
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

    async lock(link, now, until) {
      await table.update(linkKey(link), {
        UpdateExpression: 'SET lockedUntil = :until ADD timesLocked :one REMOVE tries',
        ConditionExpression: 'attribute_not_exists(lockedUntil) OR lockedUntil < :now',
        values: { ':until': until, ':now': now, ':one': 1 },
      });
    },

    async countOpened(link, window, most) {
      const within = () =>
        table.update(linkKey(link), {
          UpdateExpression: 'ADD opened :one, openedWithin :one REMOVE tries',
          ConditionExpression: 'openWindow = :window AND openedWithin < :most',
          values: { ':one': 1, ':window': window, ':most': most },
        });
      if (await within()) return true;
      const begun = await table.update(linkKey(link), {
        UpdateExpression: 'SET openWindow = :window, openedWithin = :one ADD opened :one REMOVE tries',
        ConditionExpression: 'attribute_not_exists(openWindow) OR openWindow < :window',
        values: { ':one': 1, ':window': window },
      });
      // Where another opening has begun the window meanwhile this one counts within it.
      return begun !== undefined || (await within()) !== undefined;
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

    async renewSession(hash, { link, studies, expiresAt }) {
      const renewed = await table.update(sessionKey(hash), {
        UpdateExpression: 'SET studies = :studies, endsAt = :ends, expiresAt = :expires',
        ConditionExpression: 'link = :link',
        values: {
          ':link': link,
          ':studies': studies.join(' '),
          ':ends': expiresAt,
          ':expires': Math.ceil(Date.parse(expiresAt) / 1000),
        },
      });
      return renewed !== undefined;
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
  };
}

/** The links that rows of the list of all stand for, in their order. */
async function linksListed(table: Table, rows: readonly ItemReader[]): Promise<Link[]> {
  const ids = rows.map(idOf);
  const found = new Map((await table.getAll(ids.map(linkKey))).map((row) => [idOf(row), linkOf(row)]));
  return ids.flatMap((id) => found.get(id) ?? []);
}

function idOf(row: ItemReader): string {
  return (row.text('pk') ?? '').slice('link#'.length);
}

function linkOf(row: ItemReader): Link {
  const salt = row.bytes('passcodeSalt');
  const hash = row.bytes('passcodeHash');
  return {
    link: idOf(row),
    study: row.text('study') ?? '',
    patient: row.text('patient') ?? '',
    priors: row.flag('priors'),
    identified: row.flag('identified'),
    tokenHash: row.text('tokenHash') ?? '',
    createdAt: row.text('createdAt') ?? '',
    expiresAt: row.text('endsAt') ?? '',
    revokedAt: row.text('revokedAt'),
    lockedUntil: row.text('lockedUntil'),
    locks: row.number('timesLocked') ?? 0,
    passcode: salt && hash ? { salt, hash } : undefined,
    note: row.text('note'),
    opened: row.number('opened') ?? 0,
  };
}
