/** Where an upload goes: a film room by its address and a token, or the stack of a data directory on this machine. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Failure } from '../failure.ts';
import { type Connection, connect } from '../stack/connect.ts';
import type { QueueDepth } from '../stack/queue-depths.ts';
import { tokenApi } from './token-api.ts';
import type { UploadApi } from './upload-api.ts';

export interface DestinationOptions {
  readonly token?: string;
  readonly tokenFile?: string;
}

export interface Destination {
  readonly api: UploadApi;
  /** The same for the same place, whatever token is used and whatever port it answers on today. */
  readonly name: string;
  /** Present where this machine's stack is joined as staff. */
  readonly connection?: Connection;
  queues(): Promise<readonly QueueDepth[]>;
  close(): Promise<void>;
}

/** Holds the token where an argument would be seen by every process of the workstation. */
export const TOKEN_VARIABLE = 'FILMROOM_UPLOAD_TOKEN';

/** Opens what `--to` names. */
export async function openDestination(
  to: string,
  options: DestinationOptions,
  log: (line: string) => void,
): Promise<Destination> {
  const url = /^https?:\/\//.test(to) ? new URL(to) : undefined;
  const token = (await givenToken(options)) ?? (url?.hash.slice(1) || undefined);
  if (url) {
    if (token === undefined)
      throw new Failure(`an upload to ${url.origin} needs a token: --token-file, or ${TOKEN_VARIABLE}`);
    checkTransport(url);
    return {
      api: tokenApi(url.origin, token),
      name: url.origin,
      queues: async () => [],
      close: async () => {},
    };
  }
  const connection = await connect({ dataDir: to, log });
  const close = () => connection.close();
  const queues = () => connection.queues();
  const name = resolve(to);
  return token === undefined
    ? { api: connection.api, name, connection, queues, close }
    : { api: tokenApi(connection.webUrl, token), name: `${name}#token`, queues, close };
}

/** Patients' images and the token go over TLS, or stay on this machine. */
function checkTransport(url: URL): void {
  if (url.protocol === 'http:' && !['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname))
    throw new Failure(`${url.origin} is not encrypted: use its https address`);
}

async function givenToken({ token, tokenFile }: DestinationOptions): Promise<string | undefined> {
  const text =
    token ?? (tokenFile === undefined ? process.env[TOKEN_VARIABLE] : await readFile(tokenFile, 'utf8'));
  // What is pasted may be the whole address of the upload page.
  return text?.trim().replace(/^.*#/, '') || undefined;
}
