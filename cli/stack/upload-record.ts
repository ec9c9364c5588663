/**
 * What the command line remembers of an upload beside the stack: how fast it went and the links it made. A token is
 * shown once by the stack, so it is kept here, readable to its owner alone, where the operator's own key lies too.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Rates } from '../report/json-output.ts';
import type { Connection } from './connect.ts';

/** Study → address of a link that opens it. */
export type StudyLinks = Readonly<Record<string, string>>;

interface Remembered {
  readonly rates: Rates;
  /** Study → link and its path behind the web origin, whose port may be another at the next start. */
  readonly links: Readonly<Record<string, { readonly link: string; readonly path: string }>>;
}

const fileOf = (dataDir: string, upload: string) => join(dataDir, 'reports', `${upload}.json`);

/** Makes a link for each study and remembers them with the rates. */
export async function shareStudies(
  connection: Connection,
  upload: string,
  studies: readonly string[],
  rates: Rates,
): Promise<StudyLinks> {
  const links: Record<string, { link: string; path: string }> = {};
  for (const study of studies) {
    const { link, path } = await connection.api.createLink({ study, note: `ingest of upload ${upload}` });
    links[study] = { link, path };
  }
  const remembered: Remembered = { rates, links };
  await mkdir(join(connection.dataDir, 'reports'), { recursive: true });
  await writeFile(fileOf(connection.dataDir, upload), JSON.stringify(remembered), { mode: 0o600 });
  return addresses(connection, links);
}

/** What is remembered of an upload, less the links that open nothing any more. */
export async function recall(
  connection: Connection,
  upload: string,
): Promise<{ rates: Rates; links: StudyLinks }> {
  const nothing = { rates: { seconds: null, instancesPerSecond: null }, links: {} };
  const text = await readFile(fileOf(connection.dataDir, upload), 'utf8').catch(() => undefined);
  if (text === undefined) return nothing;
  const { rates, links } = JSON.parse(text) as Remembered;
  const kept: Record<string, { link: string; path: string }> = {};
  for (const [study, remembered] of Object.entries(links)) {
    const known = await connection.api.links(study);
    const isAlive = known.some(
      ({ link, revokedAt, expiresAt }) =>
        link === remembered.link && revokedAt === null && Date.parse(expiresAt) > Date.now(),
    );
    if (isAlive) kept[study] = remembered;
  }
  return { rates, links: addresses(connection, kept) };
}

function addresses(connection: Connection, links: Remembered['links']): StudyLinks {
  return Object.fromEntries(
    Object.entries(links).map(([study, { path }]) => [study, `${connection.webUrl}${path}`]),
  );
}
