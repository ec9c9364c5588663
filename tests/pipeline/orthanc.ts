/** Orthanc with its DICOMweb plugin, as a client: on folders of its own, through a proxy that signs what it asks. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type RequestToSign, signRequest } from '../../cli/stack/sign-request.ts';
import { OUTPUTS } from '../../shared/contract/outputs.ts';
import { type Pipeline, scratch } from './pipeline.ts';

const BINARY = '/usr/sbin/Orthanc';
const PLUGIN = '/usr/share/orthanc/plugins/libOrthancDicomWeb.so';
export const hasOrthanc = existsSync(BINARY) && existsSync(PLUGIN);

export interface Orthanc {
  /** Calls its API. */
  call(path: string, body?: object): Promise<Response>;
  close(): Promise<void>;
}

/** Starts Orthanc with the stack as its server `filmroom`, and the root of a link's segment as its server `link`. */
export async function startOrthanc(pipeline: Pipeline, linkRoot: string): Promise<Orthanc> {
  const folder = scratch('orthanc');
  const proxy = await signingProxy(pipeline);
  const port = await freePort();
  const storage = join(folder.path, 'storage');
  mkdirSync(storage);
  const settings = join(folder.path, 'orthanc.json');
  writeFileSync(
    settings,
    JSON.stringify({
      StorageDirectory: storage,
      IndexDirectory: storage,
      Plugins: [PLUGIN],
      HttpPort: port,
      DicomServerEnabled: false,
      RemoteAccessAllowed: false,
      AuthenticationEnabled: false,
      DicomWeb: {
        Enable: true,
        Servers: {
          filmroom: { Url: `${proxy.address}/dicomweb/`, ChunkedTransfers: false },
          // As it is: what it may see is in its address.
          link: { Url: `${linkRoot}/`, ChunkedTransfers: false },
        },
      },
    }),
  );
  const child = spawn(BINARY, [settings], { stdio: 'ignore' });
  const call = (path: string, body?: object) =>
    fetch(`http://127.0.0.1:${port}${path}`, body ? { method: 'POST', body: JSON.stringify(body) } : {});
  for (let attempt = 0; ; attempt++) {
    const isUp = await call('/system').then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) break;
    if (attempt === 100 || child.exitCode !== null) throw new Error('Orthanc did not start');
    await delay(200);
  }
  return {
    call,
    close: async () => {
      await ended(child);
      proxy.close();
      folder.remove();
    },
  };
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}

/** Signs each request in the name of the operator; where it is sent is for the client to follow. */
async function signingProxy({ stack }: Pipeline) {
  const base = (stack.outputs[OUTPUTS.apiUrl] ?? '').replace(/\/$/, '');
  const server = createServer((request, response) => {
    forward(request).then(
      ({ status, headers, body }) => response.writeHead(status, headers).end(body),
      () => response.writeHead(502).end(),
    );
  });
  const forward = async (request: IncomingMessage) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const body = Buffer.concat(pieces);
    const url = new URL(`${base}${request.url}`);
    const { method = 'GET' } = request;
    const toSign = { method, url, body, service: 'execute-api', headers: {} };
    const signature = signRequest(toSign as unknown as RequestToSign, stack.operator, new Date());
    const { accept = '*/*', 'content-type': type } = request.headers;
    const answer = await fetch(url, {
      method,
      headers: { accept, ...(type ? { 'content-type': type } : {}), ...signature },
      redirect: 'manual',
      ...(method === 'POST' ? { body } : {}),
    });
    const kept = ['content-type', 'location'].flatMap((name) => {
      const value = answer.headers.get(name);
      return value === null ? [] : [[name, value] as const];
    });
    return {
      status: answer.status,
      headers: Object.fromEntries(kept),
      body: Buffer.from(await answer.arrayBuffer()),
    };
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}`, close: () => void server.close() };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
