/** `filmroom link`: makes, lists and revokes the links of a study. */
import type { CreatedLink } from '../../shared/contract/api.ts';
import { linkMessage } from '../../shared/sharing/link-message.ts';
import { qrCode, qrLines } from '../../shared/sharing/qr-code.ts';
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
  readonly priors?: boolean;
  readonly identified?: boolean;
  readonly note?: string;
  /** Draws the address as a QR code. */
  readonly qr?: boolean;
  /** Prints a message to send it with. */
  readonly email?: boolean;
}

export function createLink(study: string, options: CreateOptions): Promise<ExitCode> {
  return withConnection(options.data, async ({ api, webUrl }) => {
    const created = await api.createLink({
      study,
      ...(options.expires === undefined ? {} : { expiresInSeconds: options.expires }),
      ...(options.passcode === undefined ? {} : { passcode: options.passcode }),
      priors: options.priors ?? false,
      identified: options.identified ?? false,
      ...(options.note === undefined ? {} : { note: options.note }),
    });
    const url = `${webUrl}${created.path}`;
    const { link, expiresAt } = created;
    const { priors = false, identified = false } = options;
    if (options.json === true) printJson({ link, study, url, expiresAt, priors, identified });
    else
      console.log(
        [[url, ...describe(created, options)].join('\n  '), ...handingOver(url, expiresAt, options)].join(
          '\n\n',
        ),
      );
    return EXIT.ok;
  });
}

function describe({ link, expiresAt }: CreatedLink, { priors, identified }: CreateOptions): string[] {
  return [
    `link ${link}, open until ${expiresAt}; the address is shown this once`,
    ...(priors ? ['with earlier studies of the same patient'] : []),
    ...(identified ? ['IDENTIFIED: whoever opens it reads the name and birth date of the patient'] : []),
  ];
}

function handingOver(address: string, expiresAt: string, options: CreateOptions): string[] {
  const { subject, body } = linkMessage({ address, expiresAt, hasPasscode: options.passcode !== undefined });
  return [
    ...(options.email === true ? [`Subject: ${subject}`, body] : []),
    ...(options.qr === true ? [qrLines(qrCode(address)).map(inBlackAndWhite).join('\n')] : []),
  ];
}

/** Whatever colours the terminal has, a reader needs dark on light. */
function inBlackAndWhite(line: string): string {
  return process.stdout.isTTY ? `\u001b[97;40m${line}\u001b[0m` : line;
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
  const marks = [
    ...(entry.hasPasscode ? ['passcode'] : []),
    ...(entry.priors ? ['priors'] : []),
    ...(entry.identified ? ['identified'] : []),
  ];
  return [entry.link, end, `opened ${entry.opened}x`, marks.join(', '), printable(entry.note ?? '')];
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
