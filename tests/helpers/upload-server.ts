/**
 * What a sender of uploads sees, without the pipeline behind it: the routes over the real adapters, and S3 behind a proxy
 * that counts each PUT, can take its time and can be gone. What is stored ends as ignored at once.
 */
import {
  Agent,
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  request as send,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { uploadRoutes } from '../../functions/uploads/routes.ts';
import { tokenRoutes } from '../../functions/uploads/token-routes.ts';
import { openClientParts } from '../../shared/aws/client-parts.ts';
import { openIndexTable } from '../../shared/aws/index-table.ts';
import { openLedger } from '../../shared/aws/ledger.ts';
import { openObjectStore } from '../../shared/aws/object-store.ts';
import { openUrlSigner } from '../../shared/aws/presign.ts';
import { openUploadTokens } from '../../shared/aws/upload-tokens.ts';
import { parseVaultKey } from '../../shared/contract/names.ts';
import { httpHandler } from '../../shared/runtime/http-handler.ts';
import { itemIdOf, newOpaqueId } from '../../shared/runtime/opaque-id.ts';
import { lambdaContext } from './lambda.ts';
import { startLocalAws } from './local-aws.ts';
import { recorder } from './recorder.ts';

export interface CountedPut {
  /** Key and, for a part, its number. */
  readonly what: string;
  readonly status: number;
}

const BUCKET = 'vault';

export async function startUploadServer() {
  const aws = await startLocalAws();
  await aws.createTable('ledger');
  await aws.createTable('index', 'byKind');
  aws.s3.createBucket({ name: BUCKET, versioning: 'Enabled' });
  const puts: CountedPut[] = [];
  const behaviour = { delayMs: 0, isGone: false };
  const ledger = openLedger('ledger');

  const arrive = async (key: string) => {
    const { upload, path = '' } = parseVaultKey(key);
    const item = { upload, item: itemIdOf(key, '') };
    await ledger.arrive([{ item, path, size: 0, receivedAt: new Date().toISOString() }]);
    await ledger.end([{ item, run: 'r', end: { state: 'ignored', reason: 'not-dicom', where: 'x' } }]);
  };
  const agent = new Agent({ keepAlive: true });
  const proxy = await listen(async (request, response) => {
    if (behaviour.isGone) return void request.socket.destroy();
    const url = new URL(request.url ?? '', aws.s3.endpoint);
    const key = decodeURIComponent(url.pathname).slice(`/${BUCKET}/`.length);
    if (request.method === 'PUT') await sleep(behaviour.delayMs);
    const { hostname, port } = new URL(aws.s3.endpoint);
    const { method, headers } = request;
    const onward = send({ agent, hostname, port, method, path: request.url, headers }, (answer) => {
      const status = answer.statusCode ?? 0;
      if (method === 'PUT') puts.push({ what: `${key}#${url.searchParams.get('partNumber') ?? ''}`, status });
      const isObject =
        key.startsWith('uploads/') &&
        status === 200 &&
        (method === 'PUT') !== url.searchParams.has('uploadId');
      const done = isObject && (method === 'PUT' || method === 'POST') ? arrive(key) : Promise.resolve();
      void done.then(() => {
        response.writeHead(status, answer.headers);
        answer.pipe(response);
      });
    });
    onward.once('error', () => response.destroy());
    // What has come whole is stored, whether or not anybody waits for the answer.
    request.once('close', () => {
      if (!request.complete) onward.destroy();
    });
    request.pipe(onward);
  });
  process.env.AWS_ENDPOINT_URL_S3 = proxy.url;

  const { ports: logging, lines } = recorder();
  const ports = {
    ledger,
    vault: openObjectStore(BUCKET),
    parts: openClientParts(BUCKET),
    signer: openUrlSigner(BUCKET),
    studies: openIndexTable('index').studies,
    tokens: openUploadTokens('ledger'),
    newUpload: newOpaqueId,
    now: () => new Date(),
  };
  const handler = httpHandler([...tokenRoutes(ports), ...uploadRoutes(ports)], logging.log);
  const api = await listen(async (request, response) => {
    if (behaviour.isGone) return void request.socket.destroy();
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const { pathname: rawPath, search } = new URL(request.url ?? '', 'http://localhost');
    const result = await handler(
      {
        rawPath,
        rawQueryString: search.slice(1),
        headers: request.headers as Record<string, string>,
        body: Buffer.concat(chunks).toString(),
        requestContext: {
          http: { method: request.method ?? '' },
          // What is not for who bears a token asks for a signature, as the gateway is deployed.
          ...(rawPath.startsWith('/api/') ? {} : { authorizer: { iam: { userId: 'AIDAOPERATOR' } } }),
        },
      },
      lambdaContext,
    );
    response.writeHead(result.statusCode, result.headers).end(result.body);
  });

  return {
    url: api.url,
    puts,
    behaviour,
    lines,
    ledger,
    vault: openObjectStore(BUCKET),
    /** A token that is good for an hour. */
    async newToken(maximumBytes?: number): Promise<string> {
      const response = await fetch(`${api.url}/upload-tokens`, {
        method: 'POST',
        body: JSON.stringify({ expiresInSeconds: 3600, maximumBytes }),
      });
      return ((await response.json()) as { secret: string }).secret;
    },
    async close() {
      await Promise.all([api.close(), proxy.close()]);
      agent.destroy();
      await aws.close();
    },
  };
}

export type UploadServer = Awaited<ReturnType<typeof startUploadServer>>;

async function listen(serve: (request: IncomingMessage, response: ServerResponse) => Promise<void>) {
  const server: Server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}
