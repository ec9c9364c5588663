import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IngestReport } from '../../cli/report/json-output.ts';
import { SLICES } from '../../scripts/sample/phantom.ts';
import type { DicomJson } from '../../shared/dicom/index.ts';
import { makeInstance } from '../helpers/instance.ts';
import { dicomwebClient } from './dicomweb-client.ts';
import { type Pipeline, reportOf, startPipeline } from './pipeline.ts';
import { type Visitor, visit } from './visitor.ts';

let pipeline: Pipeline;
let report: IngestReport;
let staff: ReturnType<typeof dicomwebClient>;
let visitor: Visitor;

/** 20 MB in one frame, over every buffered answer; half of its bits are noise. */
const LARGE = { rows: 2_500, columns: 4_000 };

beforeAll(async () => {
  pipeline = await startPipeline('link-dicomweb');
  staff = dicomwebClient(pipeline);
  const more = join(pipeline.sample, '..', 'more');
  mkdirSync(more, { recursive: true });
  writeFileSync(
    join(more, 'large.dcm'),
    makeInstance({
      study: '1.2.40',
      series: '1.2.40.1',
      instance: '1.2.40.1.1',
      sopClass: '1.2.840.10008.5.1.4.1.1.1.2',
      patientId: 'MRN40',
      ...LARGE,
      pixels: randomBytes(LARGE.rows * LARGE.columns * 2).map((byte, at) => (at % 2 ? 0 : byte)),
    }),
  );
  report = reportOf(await pipeline.ingest(pipeline.sample, more));
  visitor = visit(slices().link ?? '');
  await visitor.open();
}, 300_000);
afterAll(() => pipeline?.close());

const slices = () => report.studies.find(({ instances }) => instances === SLICES)!;
const others = () => report.studies.filter((study) => study !== slices());
const json = ({ bytes }: { readonly bytes: Buffer }) => JSON.parse(bytes.toString()) as DicomJson[];
const FRAME = 'application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1';

async function instancesOf(by: Visitor, study: string): Promise<string[]> {
  const rows = json(await by.get(`/api/dicomweb/studies/${study}/instances?limit=1000`));
  return rows.map((row) => new URL(String(row['00081190']?.Value?.[0])).pathname);
}

describe('who opened a link', () => {
  it('finds its study and no other by DICOMweb, where staff find them all', async () => {
    expect((await staff('/studies')).json).toHaveLength(report.studies.length);
    const uid = slices().studyInstanceUid;
    for (const query of [
      '',
      '?PatientID=*',
      `?PatientID=${slices().patientId}`,
      '?limit=1000&includefield=all',
    ]) {
      const rows = json(await visitor.get(`/api/dicomweb/studies${query}`));
      expect(rows.map((row) => row['0020000D']?.Value?.[0])).toEqual([uid]);
    }
    for (const { studyInstanceUid } of others()) {
      const found = await visitor.get(`/api/dicomweb/studies?StudyInstanceUID=${studyInstanceUid}`);
      expect([found.status, json(found)]).toEqual([200, []]);
      for (const what of ['', '/metadata', '/thumbnail'])
        expect((await visitor.get(`/api/dicomweb/studies/${studyInstanceUid}${what}`)).status).toBe(404);
    }
  });

  it('reads the very metadata and frames that staff read', async () => {
    const uid = slices().studyInstanceUid;
    const metadata = await visitor.get(`/api/dicomweb/studies/${uid}/metadata`, {
      'accept-encoding': 'gzip',
    });
    expect(metadata.headers.get('content-encoding')).toBe('gzip');
    expect(json(metadata)).toEqual((await staff(`/studies/${uid}/metadata`)).json);
    const [place = ''] = await instancesOf(visitor, uid);
    const own = place.slice('/api/dicomweb'.length);
    const frame = await visitor.get(`${place}/frames/1`, { accept: FRAME });
    const theirs = await staff(`${own}/frames/1`, { headers: { accept: FRAME } });
    expect([frame.status, frame.headers.get('content-type')]).toEqual([200, FRAME]);
    expect(frame.bytes.equals(theirs.bytes)).toBe(true);
    expect(frame.bytes.length).toBeGreaterThan(100_000);
  });

  it('is sent a frame of 20 MB from the same origin, compressed, and a range of it as it is', async () => {
    const { link, studyInstanceUid } = others().find(({ patientId }) => patientId !== slices().patientId)!;
    const holder = visit(link ?? '');
    await holder.open();
    const [place = ''] = await instancesOf(holder, studyInstanceUid);
    const plain = await holder.get(`${place}/frames/1`, { accept: FRAME, 'accept-encoding': 'identity' });
    expect([plain.status, plain.headers.get('location')]).toEqual([200, null]);
    expect(plain.headers.get('content-length')).toBe(String(plain.bytes.length));
    const packed = await holder.get(`${place}/frames/1`, { accept: FRAME, 'accept-encoding': 'gzip' });
    // fetch has unpacked it already.
    expect([packed.headers.get('content-encoding'), packed.bytes.equals(plain.bytes)]).toEqual([
      'gzip',
      true,
    ]);
    const known = packed.headers.get('etag') ?? '';
    const again = await holder.get(`${place}/frames/1`, {
      accept: FRAME,
      'accept-encoding': 'gzip',
      'if-none-match': known,
    });
    expect([again.status, again.bytes.length]).toEqual([304, 0]);
    const range = await holder.get(`${place}/frames/1`, { accept: FRAME, range: 'bytes=9000000-9000099' });
    expect([range.status, range.bytes.equals(plain.bytes.subarray(9_000_000, 9_000_100))]).toEqual([
      206,
      true,
    ]);
  });

  it('mints a segment, by which a viewer of another origin reads the same until the link is revoked', async () => {
    const { link, url } = await freshLink(slices().studyInstanceUid);
    const holder = visit(url);
    await holder.open();
    const minted = await holder.post('/api/segment');
    const { root } = JSON.parse(minted.bytes.toString());
    const { origin } = new URL(url);
    const ask = (path: string, init: RequestInit = {}) =>
      fetch(`${origin}${root}${path}`, {
        ...init,
        headers: { origin: 'https://viewer.example', ...init.headers },
      });
    const preflight = await ask('/studies', {
      method: 'OPTIONS',
      headers: { 'access-control-request-method': 'GET' },
    });
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
    const studies = await ask('/studies');
    const [row] = (await studies.json()) as DicomJson[];
    expect(row?.['00081190']?.Value).toEqual([`${origin}${root}/studies/${slices().studyInstanceUid}`]);
    expect((await ask(`/studies/${others()[0]?.studyInstanceUid}/metadata`)).status).toBe(404);
    await pipeline.api.revokeLink(link);
    expect((await ask('/studies')).status).toBe(401);
    expect((await holder.get('/api/dicomweb/studies')).status).toBe(401);
  });
});

async function freshLink(study: string): Promise<{ link: string; url: string }> {
  const { link, path } = await pipeline.api.createLink({ study });
  return { link, url: `${new URL(slices().link ?? '').origin}${path}` };
}
