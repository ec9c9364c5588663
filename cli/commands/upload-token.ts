/** `filmroom upload-token`: makes, lists and revokes what lets a hospital upload without an account. */
import { EXIT, type ExitCode, Failure } from '../failure.ts';
import { printJson } from '../report/json-output.ts';
import type { Credentials } from '../stack/sign-request.ts';
import { type StaffApi, staffApi, type UploadToken } from '../stack/staff-api.ts';
import { withConnection } from '../stack/with-connection.ts';
import { byteCount } from '../terminal/byte-count.ts';
import { columns, printable } from '../terminal/printable.ts';

interface Common {
  readonly data: string;
  /** Address of a deployed HTTP API, called with the AWS credentials of the environment. */
  readonly api?: string;
  readonly json?: boolean;
}

export interface CreateTokenOptions extends Common {
  readonly expires: number;
  readonly label?: string;
  readonly maxGb?: number;
}

const GB = 1e9;

export function createUploadToken(options: CreateTokenOptions): Promise<ExitCode> {
  return asStaff(options, async (api, webUrl) => {
    const { token, secret, path, expiresAt } = await api.createUploadToken({
      expiresInSeconds: options.expires,
      ...(options.label === undefined ? {} : { label: options.label }),
      ...(options.maxGb === undefined ? {} : { maximumBytes: Math.round(options.maxGb * GB) }),
    });
    if (options.json === true) printJson({ token, secret, page: `${webUrl}${path}`, expiresAt });
    else
      console.log(
        [
          secret,
          `  token ${token}, good until ${expiresAt}; the secret is shown this once`,
          `  for the command line: filmroom upload <path…> --to ${webUrl || '<address of the pages>'} --token-file <file>`,
          `  for a browser: ${webUrl}${path}`,
        ].join('\n'),
      );
    return EXIT.ok;
  });
}

export function listUploadTokens(options: Common): Promise<ExitCode> {
  return asStaff(options, async (api) => {
    const tokens = await api.uploadTokens();
    if (options.json === true) printJson({ tokens });
    else if (tokens.length === 0) console.log('no upload tokens');
    else console.log(columns(tokens.map(row), '').join('\n'));
    return EXIT.ok;
  });
}

function row(token: UploadToken): string[] {
  const end =
    token.revokedAt !== null
      ? `revoked ${token.revokedAt}`
      : Date.parse(token.expiresAt) > Date.now()
        ? `good until ${token.expiresAt}`
        : `expired ${token.expiresAt}`;
  const limit = token.maximumBytes === null ? '' : ` of ${byteCount(token.maximumBytes)}`;
  return [token.token, end, `${byteCount(token.signedBytes)}${limit}`, printable(token.label ?? '')];
}

export function revokeUploadToken(token: string, options: Common): Promise<ExitCode> {
  return asStaff(options, async (api) => {
    await api.revokeUploadToken(token);
    if (options.json === true) printJson({ token, revoked: true });
    else console.log(`upload token ${token} opens nothing any more`);
    return EXIT.ok;
  });
}

function asStaff(
  { api, data }: Common,
  work: (api: StaffApi, webUrl: string) => Promise<ExitCode>,
): Promise<ExitCode> {
  if (api !== undefined) return work(staffApi(api, environmentCredentials()), '');
  return withConnection(data, (connection) => work(connection.api, connection.webUrl));
}

function environmentCredentials(): Credentials {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    AWS_REGION: region,
  } = process.env;
  if (!accessKeyId || !secretAccessKey || !region)
    throw new Failure(
      '--api needs AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION in the environment',
    );
  return { accessKeyId, secretAccessKey, region, ...(sessionToken ? { sessionToken } : {}) };
}
