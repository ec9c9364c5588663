/** Orthanc with its DICOMweb plugin, as Debian has it, on a folder of the bench's own; undefined where it is not installed. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const BINARY = '/usr/sbin/Orthanc';
const PLUGIN = '/usr/share/orthanc/plugins/libOrthancDicomWeb.so';

export interface Orthanc {
  readonly url: string;
  close(): Promise<void>;
}

/** `metadata` is its StudiesMetadata: `Full` reads every file, `MainDicomTags` its database alone. */
export async function startOrthanc(
  folder: string,
  metadata: 'Full' | 'MainDicomTags',
): Promise<Orthanc | undefined> {
  if (!existsSync(BINARY) || !existsSync(PLUGIN)) return undefined;
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const settings = join(folder, 'orthanc.json');
  writeFileSync(
    settings,
    JSON.stringify({
      StorageDirectory: folder,
      IndexDirectory: folder,
      Plugins: [PLUGIN],
      HttpPort: port,
      DicomServerEnabled: false,
      RemoteAccessAllowed: false,
      AuthenticationEnabled: false,
      KeepAlive: true,
      DicomWeb: { Enable: true, StudiesMetadata: metadata, SeriesMetadata: metadata },
    }),
  );
  const child = spawn(BINARY, [settings], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  for (let attempt = 0; ; attempt++) {
    const isUp = await fetch(`${url}/system`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) break;
    if (attempt === 300 || child.exitCode !== null) throw new Error('Orthanc did not start');
    await sleep(100);
  }
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.kill('SIGTERM');
      }),
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
