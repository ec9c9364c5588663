/**
 * OHIF as it is published (`@ohif/app`: a built site, a tool of these tests and no dependency), on loopback with a configuration of
 * ours. What it asks below `/dicomweb` is asked in the name of the operator, so that it needs no signature of its own.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { homedir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import type { dicomwebClient } from './dicomweb-client.ts';

/** Where `.ci/run` unpacks it. */
export const OHIF = join(
  process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'),
  'filmroom/ohif-3.13.2/package/dist',
);
export const hasOhif = existsSync(join(OHIF, 'index.html'));

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};

const configuration = (root: string) =>
  `window.config = ${JSON.stringify({
    routerBasename: '/',
    extensions: [],
    modes: [],
    showStudyList: true,
    defaultDataSourceName: 'filmroom',
    dataSources: [
      {
        namespace: '@ohif/extension-default.dataSourcesModule.dicomweb',
        sourceName: 'filmroom',
        configuration: {
          friendlyName: 'Filmroom',
          name: 'filmroom',
          qidoRoot: root,
          wadoRoot: root,
          qidoSupportsIncludeField: true,
          imageRendering: 'wadors',
          thumbnailRendering: 'wadors',
          enableStudyLazyLoad: true,
          supportsFuzzyMatching: false,
          supportsWildcard: true,
          bulkDataURI: { enabled: true, relativeResolution: 'studies' },
        },
      },
    ],
  })};`;

export interface ServedViewer {
  readonly origin: string;
  close(): void;
}

/** Serves OHIF with `root` as its DICOMweb server; a root that is a path is the staff's, by `staff`. */
export async function serveOhif(
  root: string,
  staff?: ReturnType<typeof dicomwebClient>,
): Promise<ServedViewer> {
  let origin = '';
  const server = createServer(async (request, response) => {
    const path = request.url ?? '/';
    if (staff && path.startsWith('/dicomweb/')) {
      const { accept = '*/*' } = request.headers;
      const answer = await staff(path.slice('/dicomweb'.length), { headers: { accept } });
      const type = answer.headers.get('content-type') ?? 'application/octet-stream';
      response.writeHead(answer.status, { 'content-type': type }).end(answer.bytes);
      return;
    }
    const [name = '/'] = path.split('?');
    if (name === '/app-config.js') {
      const called = root.startsWith('/') ? `${origin}${root}` : root;
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(configuration(called));
      return;
    }
    const file = join(OHIF, normalize(name));
    // Its routes are its own: whatever is no file is its page.
    const found =
      file.startsWith(OHIF) && extname(file) !== '' && existsSync(file) ? file : join(OHIF, 'index.html');
    response
      .writeHead(200, { 'content-type': TYPES[extname(found)] ?? 'application/octet-stream' })
      .end(readFileSync(found));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { origin, close: () => void server.close() };
}
