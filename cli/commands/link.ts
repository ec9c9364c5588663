/** `filmroom link`: makes, lists and revokes the links of a study. */
import { EXIT, type ExitCode, Failure } from '../failure.ts';
import { printJson } from '../report/json-output.ts';
import type { LinkEntry } from '../stack/staff-api.ts';
import { withConnection } from '../stack/with-connection.ts';
import { columns, printable } from '../terminal/printable.ts';

interface Common {
  readonly data: string;
  readonly json?: boolean;
}

export interface CreateOptions extends Common {
  readonly expires?: number;
  readonly passcode?: string;
  readonly note?: string;
}

export function createLink(study: string, options: CreateOptions): Promise<ExitCode> {
  return withConnection(options.data, async ({ api, webUrl }) => {
    const created = await api.createLink({
      study,
      ...(options.expires === undefined ? {} : { expiresInSeconds: options.expires }),
      ...(options.passcode === undefined ? {} : { passcode: options.passcode }),
      ...(options.note === undefined ? {} : { note: options.note }),
    });
    const url = `${webUrl}${created.path}`;
    const { link, expiresAt } = created;
    if (options.json === true) printJson({ link, study, url, expiresAt });
    else console.log(`${url}\n  link ${link}, open until ${expiresAt}; the address is shown this once`);
    return EXIT.ok;
  });
}

export function listLinks(study: string | undefined, options: Common): Promise<ExitCode> {
  return withConnection(options.data, async ({ api }) => {
    const links = await api.links(study);
    if (options.json === true) printJson({ links });
    else if (links.length === 0) console.log('no links');
    else console.log(columns(links.map(row), '').join('\n'));
    return EXIT.ok;
  });
}

function row(entry: LinkEntry): string[] {
  const end =
    entry.revokedAt !== null
      ? `revoked ${entry.revokedAt}`
      : Date.parse(entry.expiresAt) > Date.now()
        ? `open until ${entry.expiresAt}`
        : `expired ${entry.expiresAt}`;
  const passcode = entry.hasPasscode ? 'passcode' : '';
  return [entry.link, end, `opened ${entry.opened}x`, passcode, printable(entry.note ?? '')];
}

export function revokeLink(link: string, options: Common): Promise<ExitCode> {
  return withConnection(options.data, async ({ api }) => {
    await api.revokeLink(link);
    if (options.json === true) printJson({ link, revoked: true });
    else console.log(`link ${link} opens nothing any more`);
    return EXIT.ok;
  });
}

const UNITS: Readonly<Record<string, number>> = { m: 60, h: 3600, d: 86_400, w: 604_800 };

/** `30m`, `12h`, `7d` or `2w` in seconds. */
export function parseExpiry(text: string): number {
  const match = /^(\d+)([mhdw])$/.exec(text);
  const seconds = match === null ? 0 : Number(match[1]) * (UNITS[match[2] as string] ?? 0);
  if (seconds === 0) throw new Failure(`${text} is no time: say 30m, 12h, 7d or 2w`);
  return seconds;
}
