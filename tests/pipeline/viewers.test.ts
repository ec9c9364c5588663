import { existsSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IngestReport } from '../../cli/report/json-output.ts';
import { createStaffUser } from '../../cli/stack/staff-users.ts';
import { SLICES } from '../../scripts/sample/phantom.ts';
import type { DicomJson } from '../../shared/dicom/index.ts';
import { type Issuer, signIn } from '../helpers/sign-in.ts';
import { dicomwebClient } from './dicomweb-client.ts';
import { hasOhif, OHIF, serveOhif } from './ohif.ts';
import { type SharedPipeline, sharedPipeline } from './shared.ts';
import { segmentRoot } from './visitor.ts';

const CHROMIUM = '/usr/bin/chromium';
const DICOMWEB_CLIENT = fileURLToPath(
  new URL('../../node_modules/dicomweb-client/build/dicomweb-client.js', import.meta.url),
);
/** Kept, so that a person can look at them. */
const SCREENSHOTS = fileURLToPath(new URL('../../.filmroom/screenshots', import.meta.url));
/** Side of the pictures that are compared. */
const SIDE = 48;

let pipeline: SharedPipeline;
let report: IngestReport;
let staff: ReturnType<typeof dicomwebClient>;
let browser: Browser;

const slices = () => report.studies.find(({ instances }) => instances === SLICES)!;

/** The token of somebody who signs in and may read. */
async function readerToken(): Promise<string> {
  const { endpoints, outputs, operator } = pipeline.stack;
  const user = await createStaffUser({ endpoint: endpoints.control ?? '', outputs, operator }, ['read']);
  const given = (await (await fetch(`${pipeline.webUrl}/staff/sign-in.json`)).json()) as Issuer;
  const issuer = { ...given, redirectUri: `${pipeline.webUrl}/staff` };
  return (await signIn(issuer, user)).access_token;
}

async function instancesOf(study: string) {
  const rows = (await staff(`/studies/${study}/instances?limit=1000`)).json as DicomJson[];
  return rows.map((row) => ({
    series: String(row['0020000E']?.Value?.[0]),
    instance: String(row['00080018']?.Value?.[0]),
  }));
}

const isThere = existsSync(CHROMIUM);

describe.skipIf(!isThere)(`viewers in Chromium${isThere ? '' : `: skipped, ${CHROMIUM} is not here`}`, () => {
  beforeAll(async () => {
    pipeline = await sharedPipeline();
    report = await pipeline.sampleReport();
    staff = dicomwebClient(pipeline);
    mkdirSync(SCREENSHOTS, { recursive: true });
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: [
        '--headless',
        '--no-sandbox',
        // Software draws what a graphics card would.
        '--use-angle=swiftshader',
        '--enable-unsafe-swiftshader',
        '--ignore-gpu-blocklist',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
  }, 300_000);
  afterAll(() => browser?.close());

  describe('dicomweb-client', () => {
    it('searches, and retrieves metadata, a frame and an instance by the segment of a link', async () => {
      const study = slices().studyInstanceUid;
      const root = await segmentRoot(pipeline, study);
      const [first] = await instancesOf(study);
      const page = await (await browser.newContext()).newPage();
      // A page of another origin than the link's, as a viewer of one's own would be.
      const viewer = await serveOhif('/');
      // A file that runs no script of the viewer's.
      await page.goto(`${viewer.origin}/manifest.json`);
      await page.addScriptTag({ path: DICOMWEB_CLIENT });
      const read = await page.evaluate(
        async ({ url, studyInstanceUID, seriesInstanceUID, sopInstanceUID }) => {
          // biome-ignore lint/suspicious/noExplicitAny: what the script put there
          const { api } = (globalThis as any).DICOMwebClient;
          const client = new api.DICOMwebClient({ url });
          const numbers = async (buffer: ArrayBuffer) => [...new Uint8Array(buffer)];
          const [frame] = await client.retrieveInstanceFrames({
            studyInstanceUID,
            seriesInstanceUID,
            sopInstanceUID,
            frameNumbers: [1],
          });
          const instance = await client.retrieveInstance({
            studyInstanceUID,
            seriesInstanceUID,
            sopInstanceUID,
          });
          return {
            studies: await client.searchForStudies(),
            others: await client.searchForStudies({ queryParams: { StudyInstanceUID: '1.2.3' } }),
            series: await client.searchForSeries({ studyInstanceUID }),
            metadata: await client.retrieveStudyMetadata({ studyInstanceUID }),
            frame: await numbers(frame),
            instance: await numbers(instance),
          };
        },
        {
          url: root,
          studyInstanceUID: study,
          seriesInstanceUID: first?.series ?? '',
          sopInstanceUID: first?.instance ?? '',
        },
      );
      viewer.close();
      const place = `/studies/${study}/series/${first?.series}/instances/${first?.instance}`;
      expect(read.studies.map((row: DicomJson) => row['0020000D']?.Value?.[0])).toEqual([study]);
      expect([read.others, read.series.length]).toEqual([[], 1]);
      expect(read.metadata).toEqual((await staff(`/studies/${study}/metadata`)).json);
      const frame = await staff(`${place}/frames/1`, { headers: { accept: 'application/octet-stream' } });
      expect(Buffer.from(read.frame).equals(frame.bytes)).toBe(true);
      const stored = await staff(place, { headers: { accept: 'application/dicom; transfer-syntax=*' } });
      expect(Buffer.from(read.instance).equals(stored.bytes)).toBe(true);
      await page.context().close();
    }, 120_000);
  });

  describe.skipIf(!hasOhif)(`OHIF 3.13.2${hasOhif ? '' : `: skipped, it is not at ${OHIF}`}`, () => {
    it.each(['staff', 'link'] as const)(
      'lists the study and draws it, over the root of %s',
      async (whose) => {
        const study = slices().studyInstanceUid;
        const token = whose === 'staff' ? await readerToken() : '';
        const viewer = await serveOhif(
          whose === 'staff'
            ? { root: `${pipeline.webUrl}/staff/api/dicomweb`, token }
            : await segmentRoot(pipeline, study),
        );
        const page = await (await browser.newContext({ viewport: { width: 1400, height: 900 } })).newPage();
        try {
          await page.goto(viewer.origin);
          await page.getByText(slices().patientId).first().waitFor({ timeout: 90_000 });
          await page.screenshot({ path: `${SCREENSHOTS}/ohif-${whose}-list.png` });
          await page.goto(`${viewer.origin}/viewer?StudyInstanceUIDs=${study}`);
          const likeness = await drawnLikeness(page, study);
          await page.screenshot({ path: `${SCREENSHOTS}/ohif-${whose}-study.png` });
          expect(likeness).toBeGreaterThan(0.95);
          // Each of its requests, those of its workers as well, bore the token.
          if (whose === 'staff') expect(new Set(viewer.asked)).toEqual(new Set([`Bearer ${token}`]));
        } finally {
          await page.context().close();
          viewer.close();
        }
      },
      240_000,
    );
  });
});

/** How much what OHIF has drawn is like the slice of the study that it is most like: the correlation of their greys. */
async function drawnLikeness(page: Page, study: string): Promise<number> {
  const rendered = await Promise.all(
    (await instancesOf(study)).map(async ({ series, instance }) => {
      const place = `/studies/${study}/series/${series}/instances/${instance}/rendered`;
      const { bytes } = await staff(place, { headers: { accept: 'image/png' } });
      return greys(bytes);
    }),
  );
  const canvas = page.locator('.cornerstone-canvas').first();
  await canvas.waitFor({ timeout: 120_000 });
  let best = 0;
  for (let attempt = 0; attempt < 60 && best <= 0.95; attempt++) {
    await page.waitForTimeout(1_000);
    const url = await canvas.evaluate((element) =>
      (element as unknown as { toDataURL(): string }).toDataURL(),
    );
    const image = sharp(Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')).flatten();
    const { width = 0, height = 0 } = await image.metadata();
    const side = Math.min(width, height);
    if (side === 0) continue;
    // The image is fitted into the middle of what is drawn on.
    const square = { left: (width - side) >> 1, top: (height - side) >> 1, width: side, height: side };
    const drawn = await greys(await image.extract(square).png().toBuffer());
    best = Math.max(0, ...rendered.map((one) => correlation(drawn, one)));
  }
  return best;
}

async function greys(picture: Uint8Array): Promise<Buffer> {
  return sharp(picture).greyscale().resize(SIDE, SIDE, { fit: 'fill' }).raw().toBuffer();
}

function correlation(a: Uint8Array, b: Uint8Array): number {
  const mean = (of: Uint8Array) => of.reduce((sum, value) => sum + value, 0) / of.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [products, squaresA, squaresB] = [0, 0, 0];
  for (let at = 0; at < a.length; at++) {
    const [x, y] = [(a[at] as number) - meanA, (b[at] as number) - meanB];
    products += x * y;
    squaresA += x * x;
    squaresB += y * y;
  }
  // One grey alone is like nothing.
  return squaresA === 0 || squaresB === 0 ? 0 : products / Math.sqrt(squaresA * squaresB);
}
