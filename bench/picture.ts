/**
 * What a look at a large picture costs: milliseconds, bytes and requests of the first look, of the next one, and of another
 * window, for a slice, a radiograph and one frame of a cine, all made here: `npx tsx bench/picture.ts`. Prices are those of
 * `bench/cost/prices.ts`; the function's memory is the deployed one.
 */
import { createHash } from 'node:crypto';
import { type PictureLibrary, pictureOf } from '../functions/render/render-picture.ts';
import type { AskedView } from '../functions/render/view.ts';
import { instanceKey } from '../shared/contract/names.ts';
import {
  encodeNumbers,
  encodeText,
  encodeUid,
  type NewElement,
  tagOf,
  writePart10,
} from '../shared/dicom/index.ts';
import { PRICES } from './cost/prices.ts';

const GIGABYTES = 1769 / 1024;
/** The session and its link, read consistently. */
const READS = 2;
const RUNS = 9;
const INSTANCE = { study: '2.25.1', series: '2.25.2', instance: '2.25.3' };

interface Store {
  readonly library: PictureLibrary;
  readonly count: { get: number; put: number };
}

function storeOf(instance: Uint8Array): Store {
  const objects = new Map<string, { bytes: Uint8Array; metadata: Readonly<Record<string, string>> }>();
  objects.set(instanceKey(INSTANCE), { bytes: instance, metadata: {} });
  const count = { get: 0, put: 0 };
  const factsOf = (key: string) => {
    const found = objects.get(key);
    if (found === undefined) throw Object.assign(new Error('no such key'), { name: 'NoSuchKey' });
    const revision = `"${createHash('md5').update(found.bytes.subarray(0, 4096)).digest('hex')}"`;
    return { ...found, size: found.bytes.length, revision, versionId: '', checksum: '' };
  };
  return {
    count,
    library: {
      head: async ({ key }) => {
        count.get++;
        return factsOf(key);
      },
      read: async ({ key }, range) => {
        count.get++;
        const facts = factsOf(key);
        const end = range === undefined ? facts.size : range.start + range.length;
        return { ...facts, bytes: facts.bytes.subarray(range?.start ?? 0, end) };
      },
      put: async (key, bytes, options) => {
        count.put++;
        objects.set(key, { bytes, metadata: options?.metadata ?? {} });
        return { written: true, versionId: '' };
      },
    },
  };
}

/** An image of noise over a slope, which compresses like one of a patient. */
function madeInstance(rows: number, columns: number, frames = 1): Uint8Array {
  let state = 1;
  const noise = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 26;
  };
  const values = Array.from({ length: rows * columns * frames }, (_, at) => ((at % columns) >> 1) + noise());
  const us = (tag: string, value: number) => ({
    tag: tagOf(tag),
    vr: 'US' as const,
    value: encodeNumbers([value], 'US'),
  });
  const text = (tag: string, vr: 'CS' | 'DS' | 'IS', value: string) => ({
    tag: tagOf(tag),
    vr,
    value: encodeText(value, vr),
  });
  const sopClass = '1.2.840.10008.5.1.4.1.1.2';
  const elements: NewElement[] = [
    { tag: tagOf('SOPClassUID'), vr: 'UI', value: encodeUid(sopClass) },
    { tag: tagOf('SOPInstanceUID'), vr: 'UI', value: encodeUid(INSTANCE.instance) },
    text('Modality', 'CS', 'CT'),
    us('SamplesPerPixel', 1),
    text('PhotometricInterpretation', 'CS', 'MONOCHROME2'),
    text('NumberOfFrames', 'IS', String(frames)),
    us('Rows', rows),
    us('Columns', columns),
    us('BitsAllocated', 16),
    us('BitsStored', 12),
    us('HighBit', 11),
    us('PixelRepresentation', 0),
    text('WindowCenter', 'DS', String(columns / 4)),
    text('WindowWidth', 'DS', String(columns / 2)),
    { tag: tagOf('PixelData'), vr: 'OW', value: encodeNumbers(values, 'US') },
  ];
  return writePart10(
    elements.sort((a, b) => a.tag - b.tag),
    {
      implementationClassUid: '2.25.1',
      implementationVersionName: 'BENCH',
      mediaStorageSopClassUid: sopClass,
      mediaStorageSopInstanceUid: INSTANCE.instance,
      transferSyntaxUid: '1.2.840.10008.1.2.1',
    },
  );
}

async function look(store: Store, view: AskedView) {
  const before = { ...store.count };
  const began = performance.now();
  const { bytes } = await pictureOf(
    { instance: INSTANCE, view, format: 'webp', has: () => false },
    store.library,
    'bench',
  );
  const milliseconds = performance.now() - began;
  return {
    milliseconds,
    bytes: bytes?.length ?? 0,
    get: store.count.get - before.get,
    put: store.count.put - before.put,
  };
}

async function medianLook(make: () => Promise<Awaited<ReturnType<typeof look>>>) {
  const looks = [];
  for (let run = 0; run < RUNS; run++) looks.push(await make());
  const [last] = looks.slice(-1);
  const times = looks.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  return { ...(last as (typeof looks)[number]), milliseconds: times[RUNS >> 1] as number };
}

const CASES = [
  ['slice 512 x 512', madeInstance(512, 512), { size: 512 }],
  ['radiograph 2500 x 2048', madeInstance(2500, 2048), { size: 2048 }],
  ['frame of a cine 512 x 512 x 60', madeInstance(512, 512, 60), { size: 512, frame: 31 }],
] as const;

async function main(): Promise<void> {
  const rows: Record<string, Record<string, number | string>> = {};
  for (const [name, instance, asked] of CASES) {
    const view: AskedView = { ...asked, inverted: false };
    const kept = storeOf(instance);
    await look(kept, view);
    const looks = {
      first: await medianLook(() => look(storeOf(instance), view)),
      again: await medianLook(() => look(kept, view)),
      window: await medianLook(() => look(kept, { ...view, window: { center: 300, width: 300 } })),
    };
    for (const [which, { milliseconds, bytes, get, put }] of Object.entries(looks)) {
      const requests =
        get * PRICES.s3Get + put * PRICES.s3Put + READS * PRICES.dynamodbRead + PRICES.lambdaInvocation;
      const compute = (milliseconds / 1000) * GIGABYTES * PRICES.lambdaGigabyteSecond;
      rows[`${name}, ${which}`] = {
        ms: Number(milliseconds.toFixed(1)),
        KB: Math.round(bytes / 1000),
        'GET, HEAD': get,
        PUT: put,
        'requests, $ a million': Number((requests * 1e6).toFixed(2)),
        'compute, $ a million': Number((compute * 1e6).toFixed(2)),
      };
    }
  }
  console.table(rows);
}

await main();
