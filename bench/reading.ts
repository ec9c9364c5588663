/**
 * What it takes to read by DICOMweb: the metadata of a study of 10,000 instances and the first frame of a cine of 1 GB, from the stack
 * on this machine and from Orthanc's plugin, over loopback, the same bytes, one after the other in turns. Prints medians of warm
 * requests, their ratio, and what was asked of S3 for each.
 *
 *     npx tsx bench/reading.ts [--instances 10000] [--frames 1024] [--rounds 9] [--json]
 *
 * The objects are put where the pipeline would have put them: the metadata by the code that completes a study.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, get as httpGet, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { startStack } from '../cli/stack/connect.ts';
import { signRequest } from '../cli/stack/sign-request.ts';
import { completeStudy } from '../functions/complete-study/complete-study.ts';
import type { Metered } from '../local/meter.ts';
import type { IndexedInstance } from '../shared/aws/index-table.ts';
import { openObjectStore } from '../shared/aws/object-store.ts';
import { putPieces } from '../shared/aws/put-pieces.ts';
import { instanceKey } from '../shared/contract/names.ts';
import { OUTPUTS } from '../shared/contract/outputs.ts';
import { readPart10, toDicomJson } from '../shared/dicom/index.ts';
import { bulkDataReference } from '../shared/dicomweb/bulk-data.ts';
import { composeContactSheet } from '../shared/pixels/contact-sheet.ts';
import { composeSprite, spriteLayout } from '../shared/pixels/sprite.ts';
import { countReads } from './reading/count-reads.ts';
import { CINE, cineOf, sliceOf } from './reading/made-data.ts';
import { type Orthanc, startOrthanc } from './reading/orthanc.ts';

const { values } = parseArgs({
  options: {
    instances: { type: 'string', default: '10000' },
    frames: { type: 'string', default: '1024' },
    rounds: { type: 'string', default: '9' },
    json: { type: 'boolean', default: false },
  },
});
const [instances, frames, rounds] = [values.instances, values.frames, values.rounds].map(Number) as [
  number,
  number,
  number,
];
const say = (line: string) => console.error(line);

interface Read {
  readonly status: number;
  readonly bytes: number;
  /** Until the answer's first byte, and its last one. */
  readonly first: number;
  readonly last: number;
}

const agent = new Agent({ keepAlive: true });

/** Gets an address, follows where it is sent, and throws the body away. */
async function read(url: URL, headers: Readonly<Record<string, string>>): Promise<Read> {
  const began = performance.now();
  for (let at = url, sent = headers; ; ) {
    const one = await new Promise<{
      status: number;
      headers: IncomingHttpHeaders;
      bytes: number;
      first: number;
    }>((resolve, reject) => {
      httpGet(at, { agent, headers: sent }, (answer) => {
        let [bytes, first] = [0, 0];
        answer.on('data', (piece: Buffer) => {
          first ||= performance.now() - began;
          bytes += piece.length;
        });
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, bytes, first }),
        );
        answer.on('error', reject);
      }).on('error', reject);
    });
    if (one.status !== 307)
      return { status: one.status, bytes: one.bytes, first: one.first, last: performance.now() - began };
    at = new URL(one.headers.location ?? '');
    const { accept = '*/*', 'accept-encoding': encoding = 'identity' } = headers;
    sent = { accept, 'accept-encoding': encoding };
  }
}

const folder = mkdtempSync(join(tmpdir(), 'filmroom-reading-'));
const stack = await startStack({ dataDir: join(folder, 'data'), log: say });
const peers: Orthanc[] = [];
try {
  const { outputs, operator, endpoints } = stack.stack;
  Object.assign(process.env, {
    AWS_REGION: operator.region,
    AWS_ACCESS_KEY_ID: operator.accessKeyId,
    AWS_SECRET_ACCESS_KEY: operator.secretAccessKey,
    AWS_ENDPOINT_URL_S3: endpoints.s3,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  });
  const library = openObjectStore(outputs[OUTPUTS.libraryBucket] ?? '');
  const root = `${(outputs[OUTPUTS.apiUrl] ?? '').replace(/\/$/, '')}/dicomweb`;
  const full = await startOrthanc(join(folder, 'full'), 'Full');
  const brief = await startOrthanc(join(folder, 'brief'), 'MainDicomTags');
  peers.push(...[full, brief].flatMap((peer) => peer ?? []));

  const study = await fillStudy(library);
  await fillCine(library);

  const ours = (path: string, headers: Readonly<Record<string, string>>) => {
    const url = new URL(`${root}${path}`);
    const signature = signRequest(
      { method: 'GET', url, body: '', service: 'execute-api', headers: {} },
      operator,
      new Date(),
    );
    return () => read(url, { ...headers, ...signature });
  };
  const theirs = (peer: Orthanc, path: string, headers: Readonly<Record<string, string>>) => () =>
    read(new URL(`${peer.url}/dicom-web${path}`), headers);

  const json = { accept: 'application/dicom+json' };
  const one = { accept: 'multipart/related; type="application/octet-stream"; transfer-syntax=*' };
  const metadata = `/studies/${study}/metadata`;
  const frame = (number: number) =>
    `/studies/${CINE.study}/series/${CINE.series}/instances/${CINE.instance}/frames/${number}`;
  const ofCine = '/studies/{study}/series/{series}/instances/{instance}/frames/{frames}';
  const reads = {
    metadata: await countReads(
      library,
      '/studies/{study}/metadata',
      { study },
      {
        'accept-encoding': 'gzip',
      },
    ),
    frame: await countReads(library, ofCine, { ...CINE, frames: String(frames >> 1) }, one),
  };
  for (const [name, { requests, bytes, sent }] of Object.entries(reads))
    console.log(
      `${name}: ${requests} requests to S3, ${bytes.toLocaleString('en')} bytes read for ${sent.toLocaleString('en')} sent`,
    );
  const cases = [
    { name: 'metadata, gzip', path: metadata, headers: { ...json, 'accept-encoding': 'gzip' }, also: brief },
    { name: 'metadata, as it is', path: metadata, headers: json, also: brief },
    { name: 'first frame', path: frame(1), headers: one, also: undefined },
    { name: 'last frame', path: frame(frames), headers: one, also: undefined },
  ];
  const figures: Record<string, unknown> = { reads };
  for (const { name, path, headers, also } of cases) {
    const before = stack.stack.requests();
    const [own, peer, other] = await inTurns([
      ours(path, headers),
      full && theirs(full, path, headers),
      also && theirs(also, path, headers),
    ]);
    const asked = difference(before, stack.stack.requests(), rounds + 1);
    figures[name] = { own, orthanc: peer, orthancMainTags: other, requests: asked };
    report(name, own, peer, other, asked);
  }
  if (values.json) console.log(JSON.stringify(figures));
} finally {
  agent.destroy();
  await Promise.all(peers.map((peer) => peer.close()));
  await stack.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** The study in the library and in Orthanc; its UID. */
async function fillStudy(library: ReturnType<typeof openObjectStore>): Promise<string> {
  say(`making a study of ${instances} instances`);
  const rows: IndexedInstance[] = [];
  for (let index = 0; index < instances; index++) {
    const bytes = sliceOf(index);
    const { dataSet, transferSyntax } = readPart10(bytes);
    const uid = (tag: number) => dataSet.uid(tag) ?? '';
    const uids = { study: uid(0x0020000d), series: uid(0x0020000e), instance: uid(0x00080018) };
    rows.push({
      uids,
      header: JSON.stringify(toDicomJson(dataSet, { bulkDataUri: (path) => bulkDataReference(uids, path) })),
      bytes: bytes.length,
      transferSyntaxUid: transferSyntax.uid,
      preview: { width: 16, height: 16 },
    });
    // One at a time: it answers 500 where two instances of a new study come at once.
    await Promise.all(peers.map((peer) => store(peer, [bytes], bytes.length)));
  }
  const place = ({ uids }: IndexedInstance) => `${uids.series} ${uids.instance}`;
  rows.sort((a, b) => (place(a) < place(b) ? -1 : 1));
  const study = rows[0]?.uids.study ?? '';
  const preview = await sharp({ create: { width: 16, height: 16, channels: 3, background: '#777' } })
    .webp()
    .toBuffer();
  await completeStudy(
    { study, changeToken: 'bench' },
    {
      index: {
        study: async () => ({
          study,
          changeToken: 'bench',
          patientId: 'P1',
          ready: false,
          rollUp: undefined,
        }),
        instances: async function* () {
          yield* rows;
        },
        complete: async () => false,
      },
      head: (key) => library.head({ key }),
      put: library.put,
      putPieces: (key, pieces, options) => putPieces(library, key, pieces, options),
      readPreview: async () => preview,
      composeContactSheet: (previews) => composeContactSheet(previews.map((bytes) => ({ bytes }))),
      composeSprite,
      layout: spriteLayout,
      announce: async () => {},
      now: () => new Date(),
    },
    { run: 'bench' },
  );
  return study;
}

async function fillCine(library: ReturnType<typeof openObjectStore>): Promise<void> {
  const cine = cineOf(frames);
  say(`making a cine of ${(cine.size / 2 ** 30).toFixed(2)} GiB`);
  await putPieces(library, instanceKey(CINE), cine.pieces(), { contentType: 'application/dicom' });
  const [peer] = peers;
  if (peer) await store(peer, cine.pieces(), cine.size);
}

async function store({ url }: Orthanc, body: Iterable<Uint8Array> | AsyncIterable<Uint8Array>, size: number) {
  const status = await new Promise<number>((resolve, reject) => {
    const sent = httpRequest(
      `${url}/instances`,
      { method: 'POST', agent, headers: { 'content-length': size } },
      (answer) => answer.resume().on('end', () => resolve(answer.statusCode ?? 0)),
    );
    sent.on('error', reject);
    Readable.from(body).pipe(sent);
  });
  if (status !== 200) throw new Error(`Orthanc answered ${status}`);
}

interface Median {
  readonly first: number;
  readonly last: number;
  readonly bytes: number;
}

/** Each once to warm it, then all by turns, so that whatever else the machine does is everybody's. */
async function inTurns(
  asking: readonly ((() => Promise<Read>) | undefined)[],
): Promise<(Median | undefined)[]> {
  const all: Read[][] = asking.map(() => []);
  for (let round = 0; round <= rounds; round++)
    for (const [index, ask] of asking.entries()) {
      const answer = await ask?.();
      if (answer === undefined) continue;
      if (answer.status !== 200) throw new Error(`answered ${answer.status}`);
      if (round > 0) all[index]?.push(answer);
    }
  return all.map((reads) => {
    const [some] = reads;
    if (some === undefined) return undefined;
    const median = (of: (read: Read) => number) =>
      reads.map(of).sort((a, b) => a - b)[reads.length >> 1] as number;
    return { first: median(({ first }) => first), last: median(({ last }) => last), bytes: some.bytes };
  });
}

/** What the functions that read asked of AWS, for one request. */
function difference(before: readonly Metered[], after: readonly Metered[], requests: number): string[] {
  return after.flatMap(({ principal, action, requests: now }) => {
    if (!/dicomweb/i.test(principal)) return [];
    const was = before.find((one) => one.principal === principal && one.action === action)?.requests ?? 0;
    return now === was ? [] : [`${principal} ${action} ${((now - was) / requests).toFixed(1)}`];
  });
}

function report(
  name: string,
  own: Median | undefined,
  peer: Median | undefined,
  other: Median | undefined,
  asked: readonly string[],
): void {
  const told = (who: string, median: Median | undefined) =>
    median &&
    `  ${who.padEnd(24)} ${median.last.toFixed(0).padStart(6)} ms to the last byte  ${median.first.toFixed(0).padStart(6)} ms to the first  ${median.bytes.toLocaleString('en').padStart(12)} bytes`;
  const ratio = (median: Median | undefined) =>
    median && own ? `${(median.last / own.last).toFixed(2)}` : 'not installed';
  console.log(
    [
      name,
      told('filmroom', own),
      told('Orthanc', peer),
      told('Orthanc, main tags only', other),
      `  Orthanc's time is ${ratio(peer)} of ours${other ? `, with main tags only ${ratio(other)}` : ''}; for one request: ${asked.join(', ')}`,
    ]
      .filter((line) => line !== undefined)
      .join('\n'),
  );
}
