/**
 * OHIF as it is published (`@ohif/app`: a built site, a tool of these tests and no dependency), on loopback with a configuration of
 * ours. What it asks below `/dicomweb` is passed on to the root of staff as it was asked, as a hospital's proxy does: its token is its own.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { homedir } from 'node:os';
import { extname, join, normalize } from 'node:path';

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

const configuration = (root: string, token: string | undefined) =>
  `${token === undefined ? '' : `const authorization = ${JSON.stringify(`Bearer ${token}`)};`}
window.config = {
  routerBasename: '/',
  extensions: [${token === undefined ? '' : BEARER}],
  modes: [],
  showStudyList: true,
  defaultDataSourceName: 'filmroom',
  dataSources: [
    {
      namespace: '@ohif/extension-default.dataSourcesModule.dicomweb',
      sourceName: 'filmroom',
      configuration: ${JSON.stringify({
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
      })},
    },
  ],
};`;

/** An extension that tells OHIF how it is authorized, by the service that its sign-in uses too. */
const BEARER = `{
  id: 'filmroom.bearer',
  preRegistration: ({ servicesManager }) =>
    servicesManager.services.userAuthenticationService.setServiceImplementation({
      getAuthorizationHeader: () => ({ Authorization: authorization }),
    }),
}`;

export interface ServedViewer {
  readonly origin: string;
  /** How each request to the root of staff was authorized. */
  readonly asked: readonly (string | undefined)[];
  close(): void;
}

export interface StaffAccess {
  /** Of the root of staff, where tokens are judged. */
  readonly root: string;
  readonly token: string;
}

/** Serves OHIF with the DICOMweb server at an address, or with the root of staff behind its own origin. */
export async function serveOhif(dicomweb: string | StaffAccess): Promise<ServedViewer> {
  const staff = typeof dicomweb === 'string' ? undefined : dicomweb;
  const asked: (string | undefined)[] = [];
  let origin = '';
  const server = createServer(async (request, response) => {
    const path = request.url ?? '/';
    if (staff && path.startsWith('/dicomweb/')) {
      const { accept = '*/*', authorization } = request.headers;
      asked.push(authorization);
      const answer = await fetch(`${staff.root}${path.slice('/dicomweb'.length)}`, {
        headers: { accept, ...(authorization === undefined ? {} : { authorization }) },
      });
      const type = answer.headers.get('content-type') ?? 'application/octet-stream';
      const bytes = Buffer.from(await answer.arrayBuffer());
      response.writeHead(answer.status, { 'content-type': type }).end(bytes);
      return;
    }
    const [name = '/'] = path.split('?');
    if (name === '/app-config.js') {
      const root = typeof dicomweb === 'string' ? dicomweb : `${origin}/dicomweb`;
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(configuration(root, staff?.token));
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
  return { origin, asked, close: () => void server.close() };
}
