import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IngestReport } from '../../cli/report/json-output.ts';
import { SLICES } from '../../scripts/sample/phantom.ts';
import { type DicomJson, readPart10, tagOf, toDicomJson } from '../../shared/dicom/index.ts';
import { readFrame } from '../../shared/pixels/frames.ts';
import { readImagePixel } from '../../shared/pixels/image-pixel.ts';
import { makeInstance } from '../helpers/instance.ts';
import { dicomwebClient } from './dicomweb-client.ts';
import { hasOrthanc, startOrthanc } from './orthanc.ts';
import { CORPUS, type Pipeline, reportOf, scratch } from './pipeline.ts';
import { sharedPipeline } from './shared.ts';
import { segmentRoot } from './visitor.ts';

let pipeline: Pipeline;
let ask: ReturnType<typeof dicomwebClient>;
let report: IngestReport;
/** The study of the mammogram. */
let mammogram: string;
const folder = scratch('dicomweb');

/** A mammogram as its detector makes it: 40 MB in one frame. */
const MAMMOGRAM = { rows: 5_000, columns: 4_000 };
const OF_CORPUS = [
  ['JPEG-LS', '01-transfer-syntax/colour-family/TestPattern_JPEG-LS-Lossless.dcm', 'image/jls'],
] as const;

beforeAll(async () => {
  const shared = await sharedPipeline();
  pipeline = shared;
  ask = dicomwebClient(pipeline);
  writeFileSync(
    join(folder.path, 'mammogram.dcm'),
    makeInstance({
      study: '1.2.40',
      series: '1.2.40.1',
      instance: '1.2.40.1.1',
      sopClass: '1.2.840.10008.5.1.4.1.1.1.2',
      patientId: 'MRN40',
      ...MAMMOGRAM,
      pixels: randomBytes(MAMMOGRAM.rows * MAMMOGRAM.columns * 2).map((byte, at) =>
        at % 2 ? byte & 0x0f : byte,
      ),
    }),
  );
  report = await shared.sampleReport();
  const [study] = reportOf(await pipeline.ingest(folder.path)).studies;
  expect(study).toMatchObject({ instances: 1, ready: true });
  mammogram = study?.studyInstanceUid ?? '';
}, 300_000);
afterAll(() => folder.remove());

const ct = () => report.studies.find((study) => study.instances === SLICES)?.studyInstanceUid ?? '';

async function instancesOf(study: string): Promise<{ series: string; instance: string }[]> {
  const rows = (await ask(`/studies/${study}/instances?limit=1000`)).json as DicomJson[];
  return rows.map((row) => ({
    series: String(row['0020000E']?.Value?.[0]),
    instance: String(row['00080018']?.Value?.[0]),
  }));
}

/** The object as it stands in the library. */
async function stored(study: string, { series, instance }: { series: string; instance: string }) {
  const place = `/studies/${study}/series/${series}/instances/${instance}`;
  const { bytes } = await ask(place, { headers: { accept: 'application/dicom; transfer-syntax=*' } });
  return { place, bytes, part10: readPart10(bytes) };
}

async function framesOf(bytes: Uint8Array): Promise<Buffer[]> {
  const part10 = readPart10(bytes);
  const source = {
    part10,
    read: async (start: number, length: number) => bytes.subarray(start, start + length),
  };
  const image = readImagePixel(part10.dataSet);
  return Promise.all(
    Array.from({ length: image.frames }, async (_, index) =>
      Buffer.from((await readFrame(source, image, index)).bytes),
    ),
  );
}

const OHIF = 'multipart/related; type="application/octet-stream"; transfer-syntax=*';

describe('a viewer reads a study', () => {
  it('finds it as OHIF asks for studies', async () => {
    const answer = await ask(
      `/studies?limit=101&offset=0&fuzzymatching=false&includefield=00081030%2C00080060&StudyInstanceUID=${ct()}`,
      { headers: { accept: 'application/dicom+json' } },
    );
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/dicom+json']);
    const [row] = answer.json;
    expect(answer.json).toHaveLength(1);
    expect(row['00201208'].Value).toEqual([SLICES]);
    expect(row['00080061'].Value).toEqual(['CT']);
    expect(row['00081190'].Value[0]).toMatch(
      new RegExp(`^http://127\\.0\\.0\\.1:\\d+/dicomweb/studies/${ct()}$`),
    );
  });

  it('finds the studies of its patient, the other ones not', async () => {
    const patient = report.studies.find(({ instances }) => instances === SLICES)?.patientId;
    const rows = (await ask(`/studies?00100020=${patient}`)).json as DicomJson[];
    expect(rows).toHaveLength(2);
    expect((await ask('/studies?00100020=NOBODY')).json).toEqual([]);
  });

  it('gets metadata that is what the object says', async () => {
    const [first] = await instancesOf(ct());
    const { part10, place } = await stored(ct(), first!);
    const metadata = (await ask(`/studies/${ct()}/series/${first?.series}/metadata`)).json as DicomJson[];
    expect(metadata).toHaveLength(SLICES);
    const own = metadata.find((one) => one['00080018']?.Value?.[0] === first?.instance);
    expect(own).toEqual(toDicomJson(part10.dataSet, { bulkDataUri: () => '' }));
    expect((await ask(`${place}/metadata`)).json).toEqual([own]);
    expect((await ask(`/studies/${ct()}/metadata`)).json).toEqual(metadata);
  });

  it('gets frames that are the bytes of the object', async () => {
    const [first] = await instancesOf(ct());
    const { bytes, place } = await stored(ct(), first!);
    const [frame] = await framesOf(bytes);
    const answer = await ask(`${place}/frames/1`, { headers: { accept: OHIF } });
    expect(answer.headers.get('content-type')).toMatch(
      /^multipart\/related; type="application\/octet-stream"; boundary=/,
    );
    expect(answer.parts).toHaveLength(1);
    expect(answer.parts[0]?.type).toBe('application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1');
    expect(answer.parts[0]?.bytes.equals(frame!)).toBe(true);
  });

  it('gets a mammogram of 40 MB in one frame', async () => {
    const found = (await ask(`/studies?ModalitiesInStudy=MR&StudyInstanceUID=${mammogram}`))
      .json as DicomJson[];
    expect(found.map((row) => row['0020000D']?.Value?.[0])).toContain(mammogram);
    const [only] = await instancesOf(mammogram);
    const { bytes, place } = await stored(mammogram, only!);
    expect(bytes.length).toBeGreaterThan(40_000_000);
    const [frame] = await framesOf(bytes);
    const answer = await ask(`${place}/frames/1`, { headers: { accept: OHIF } });
    expect(answer.redirects).toHaveLength(1);
    expect(answer.parts[0]?.bytes.equals(frame!)).toBe(true);
    const whole = await ask(place, { headers: { accept: 'multipart/related; type="application/dicom"' } });
    expect(whole.parts[0]?.bytes.equals(bytes)).toBe(true);
    // The head of an answer that is too long comes from who streams it, by a signature for that request alone.
    const head = await ask(`${place}/frames/1`, { method: 'HEAD', headers: { accept: OHIF } });
    expect(head.headers.get('content-length')).toBe(String(answer.bytes.length));
    const streamed = new URL(head.redirects[0] ?? '');
    const refused = [
      await fetch(streamed),
      await fetch(String(streamed).replace('frames/1', 'metadata'), { method: 'HEAD' }),
      await fetch(new URL(streamed.pathname, streamed.origin), { method: 'HEAD' }),
    ];
    expect(refused.map(({ status }) => status)).toEqual([403, 403, 403]);
  });

  it('gets all instances of a study, byte for byte', async () => {
    const answer = await ask(`/studies/${ct()}`, {
      headers: { accept: 'multipart/related; type="application/dicom"; transfer-syntax=*' },
    });
    expect(answer.parts).toHaveLength(SLICES);
    const uids = answer.parts.map(({ bytes }) => readPart10(bytes).dataSet.uid(tagOf('SOPInstanceUID')));
    expect(uids.sort()).toEqual((await instancesOf(ct())).map(({ instance }) => instance).sort());
  });

  it('gets pictures that open', async () => {
    const [first] = await instancesOf(ct());
    const place = `/studies/${ct()}/series/${first?.series}/instances/${first?.instance}`;
    const png = await ask(`${place}/rendered?viewport=100,100&window=40,400,linear`, {
      headers: { accept: 'image/png' },
    });
    expect(await sharp(png.bytes).metadata()).toMatchObject({ format: 'png', width: 100 });
    const thumbnail = await ask(`/studies/${ct()}/thumbnail`, { headers: { accept: 'image/webp' } });
    expect((await sharp(thumbnail.bytes).metadata()).format).toBe('webp');
    expect((await sharp((await ask(`${place}/frames/1/rendered`)).bytes).metadata()).format).toBe('jpeg');
  });
});

describe('what is kept by who asked', () => {
  it('is not sent again while it is the same', async () => {
    const [first] = await instancesOf(ct());
    const place = `/studies/${ct()}/series/${first?.series}/instances/${first?.instance}`;
    for (const path of [
      place,
      `${place}/frames/1`,
      `${place}/rendered`,
      `${place}/metadata`,
      `/studies/${ct()}/metadata`,
    ]) {
      const etag = (await ask(path)).headers.get('etag') ?? '';
      const again = await ask(path, { headers: { 'if-none-match': etag } });
      expect([path, again.status, again.bytes.length]).toEqual([path, 304, 0]);
    }
    const part = await ask(place, {
      headers: { accept: 'application/dicom; transfer-syntax=*', range: 'bytes=128-131' },
    });
    expect([part.status, part.bytes.toString()]).toEqual([206, 'DICM']);
    const head = await ask(place, {
      method: 'HEAD',
      headers: { accept: 'application/dicom; transfer-syntax=*' },
    });
    expect([head.status, head.bytes.length]).toEqual([200, 0]);
  });
});

describe('who has no signature', () => {
  it.each(['/studies', '/studies/1.2/metadata'])('is refused at %s', async (path) => {
    expect((await ask(path, { signs: false })).status).toBe(403);
  });
});

describe.skipIf(!existsSync(CORPUS))(`STOW-RS (needs the corpus at ${CORPUS})`, () => {
  it.each(OF_CORPUS)(
    'takes %s, which is found when it is ready and read as it is stored',
    async (_, file, mediaType) => {
      const body = Buffer.concat([
        Buffer.from('--b\r\nContent-Type: application/dicom\r\n\r\n'),
        readFileSync(join(CORPUS, file)),
        Buffer.from('\r\n--b\r\nContent-Type: application/dicom\r\n\r\nno DICOM\r\n--b--\r\n'),
      ]);
      const answer = await ask('/studies', {
        method: 'POST',
        headers: { 'content-type': 'multipart/related; type="application/dicom"; boundary=b' },
        body,
      });
      expect(answer.status).toBe(202);
      expect(answer.json['00081199'].Value).toHaveLength(1);
      expect(answer.json['00081198'].Value).toEqual([{ '00081197': { vr: 'US', Value: [0xc000] } }]);
      const upload = answer.headers.get('filmroom-upload') ?? '';
      let studies: string[] = [];
      for (let attempt = 0; attempt < 120 && studies.length === 0; attempt++) {
        const summary = await pipeline.api.summary(upload);
        studies = summary.studies
          .filter(({ ready }) => ready)
          .map(({ studyInstanceUid }) => studyInstanceUid);
        if (studies.length === 0) await new Promise((resolve) => setTimeout(resolve, 500));
      }
      const [only] = await instancesOf(studies[0] ?? '');
      const { bytes, place } = await stored(studies[0] ?? '', only!);
      const frames = await ask(`${place}/frames/1`, { headers: { accept: OHIF } });
      expect(frames.parts[0]?.type).toMatch(new RegExp(`^${mediaType}; transfer-syntax=`));
      expect(frames.parts[0]?.bytes.equals((await framesOf(bytes))[0]!)).toBe(true);
    },
    90_000,
  );

  it('sends who has more to the uploads', async () => {
    const answer = await ask('/studies', {
      method: 'POST',
      headers: { 'content-type': 'application/dicom' },
      body: Buffer.alloc(4_400_001),
    });
    expect([answer.status, answer.json]).toEqual([413, { error: 'too-large', instead: 'POST /uploads' }]);
  });
});

describe.skipIf(!hasOrthanc)(
  'Orthanc as a client (needs the Debian packages orthanc and orthanc-dicomweb)',
  () => {
    it('retrieves a study by its link and no other one, and all as staff: the very objects, also where it is sent for them', async () => {
      const orthanc = await startOrthanc(pipeline, await segmentRoot(pipeline, ct()));
      try {
        // By the link first, which gives its own study and no other; then what it has not had.
        const byLink = (study: string) =>
          orthanc.call('/dicom-web/servers/link/retrieve', { Resources: [{ Study: study }] });
        expect((await byLink(ct())).status).toBe(200);
        expect((await byLink(mammogram)).status).not.toBe(200);
        expect(await (await orthanc.call('/instances')).json()).toHaveLength(SLICES);
        for (const study of [ct(), mammogram]) {
          const retrieved = await orthanc.call('/dicom-web/servers/filmroom/retrieve', {
            Resources: [{ Study: study }],
          });
          expect(retrieved.status).toBe(200);
        }
        const ids = (await (await orthanc.call('/instances')).json()) as string[];
        expect(ids).toHaveLength(SLICES + 1);
        const [first] = await instancesOf(ct());
        const { bytes } = await stored(ct(), first!);
        const files = await Promise.all(
          ids.map(async (id) =>
            Buffer.from(await (await orthanc.call(`/instances/${id}/file`)).arrayBuffer()),
          ),
        );
        expect(files.some((file) => file.equals(bytes))).toBe(true);
        const sent = await orthanc.call('/dicom-web/servers/filmroom/stow', { Resources: [ids[0]] });
        expect(sent.status).toBe(200);
      } finally {
        await orthanc.close();
      }
    }, 120_000);
  },
);
