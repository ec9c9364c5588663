/** Listening on the loopback interface, and nowhere else. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Listener {
  /** `http://127.0.0.1:4711` */
  readonly address: string;
  readonly port: number;
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';
/** Ports tried after the one that was asked for. */
const TRIED = 100;

/** Serves requests on a free port, or on the first free one from `firstPort` on. */
export async function listen(handle: RequestListener, firstPort?: number): Promise<Listener> {
  const server = createServer({ keepAliveTimeout: 0, requestTimeout: 0 }, handle);
  if (firstPort === undefined) await listenOn(server, 0);
  else await listenFrom(server, firstPort, firstPort + TRIED);
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://${LOOPBACK}:${port}`,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function listenFrom(server: Server, port: number, last: number): Promise<void> {
  try {
    await listenOn(server, port);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || port >= last) throw error;
    await listenFrom(server, port + 1, last);
  }
}

function listenOn(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
