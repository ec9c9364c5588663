/** The viewer in Chromium, over studies made for it: what it shows, measures, plays, and lets one take along. */
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { PDFDocument } from '@cantoo/pdf-lib';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BEAD_DISTANCE, BEADS, SIZE } from '../../scripts/sample/phantom.ts';
import { ULTRASOUND } from '../../scripts/sample/ultrasound.ts';
import {
  DESK,
  greyAt,
  hasChromium,
  launchChromium,
  orSkipped,
  PHONE,
  watchedPage,
} from '../helpers/chromium.ts';
import { type StudyServer, serveStudies } from '../helpers/study-server.ts';
import {
  cineFile,
  ctFiles,
  documentFiles,
  HARM,
  presentationFile,
  priorFiles,
  ULTRASOUND_DELTA,
  ultrasoundFile,
} from '../helpers/viewer-studies.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
/** Kept, so that a person can look at them. */
const SCREENSHOTS = fileURLToPath(new URL('../../.filmroom/screenshots', import.meta.url));
const SLOW = { timeout: 60_000 };
interface Point {
  readonly x: number;
  readonly y: number;
}

describe.skipIf(!hasChromium)(`the viewer${orSkipped}`, () => {
  let server: StudyServer;
  let browser: Browser;

  beforeAll(async () => {
    mkdirSync(SCREENSHOTS, { recursive: true });
    server = await serveStudies([
      ...ctFiles(),
      ultrasoundFile(),
      cineFile(),
      presentationFile(),
      ...priorFiles(),
    ]);
    browser = await launchChromium();
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  async function open(series: string, options: BrowserContextOptions = DESK, of = browser, url = server.url) {
    const watched = await watchedPage(of, options);
    const { page } = watched;
    await page.goto(url);
    await page.click(`.card:has-text("${series}")`, SLOW);
    await ready(page);
    return watched;
  }
  const ready = (page: Page) => page.waitForSelector('.pane[data-state=ready]', SLOW);
  /** What stands beside the marks: a text each, its lines apart. */
  const says = (page: Page) =>
    page.evaluate<string[]>(
      `[...document.querySelectorAll('.mark-text:not(.note)')].map((text) => [...text.children].map((line) => line.textContent).join('\\n'))`,
    );

  /** From pixels of a fitted image to the page. */
  async function placing(page: Page, { columns, rows }: { columns: number; rows: number }) {
    const box = await page.locator('.pane').first().boundingBox();
    if (box === null) throw new Error('no pane');
    const scale = Math.min(box.width / columns, box.height / rows);
    return ({ x, y }: Point): Point => ({
      x: box.x + box.width / 2 + (x - columns / 2) * scale,
      y: box.y + box.height / 2 + (y - rows / 2) * scale,
    });
  }
  async function draw(page: Page, key: string, from: Point, to: Point) {
    await page.keyboard.press(key);
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2);
    await page.mouse.move(to.x, to.y);
    await page.mouse.up();
  }
  const middleOf = ({ column, row }: { column: number; row: number }) => ({ x: column + 0.5, y: row + 0.5 });

  it.each([
    ['with a graphics card', true],
    ['without one', false],
  ])(
    'shows the stored values in their place %s: windows, inverts, turns, scrolls',
    async (_case, hasGraphics) => {
      const other = hasGraphics ? undefined : await launchChromium({ hasGraphics });
      const { page, complaints } = await open('Head', DESK, other ?? browser);
      const at = await placing(page, { columns: SIZE, rows: SIZE });
      const brain = at({ x: 140, y: 60 });
      const bead = at(middleOf(BEADS[0]));
      await expect.poll(() => greyAt(page, bead), SLOW).toBeGreaterThan(230);
      expect(await greyAt(page, at({ x: 12, y: 128 }))).toBeLessThan(3);
      // 40 HU in a window of 110 about 40.
      expect(await greyAt(page, brain, 20)).toBeCloseTo(127, -1);

      await page.getByLabel('Window', { exact: true }).selectOption({ label: 'Bone' });
      // 40 HU in a window of 1800 about 450.
      await expect.poll(() => greyAt(page, brain, 20)).toBeCloseTo(255 * ((40 + 450) / 1800), -1);
      await page.keyboard.press('1');
      await page.keyboard.press('i');
      await expect.poll(() => greyAt(page, bead)).toBeLessThan(25);
      await page.keyboard.press('i');

      await page.keyboard.press('t');
      // A quarter to the right: the bead on the patient's right is above now.
      await expect.poll(() => greyAt(page, at({ x: 127.5, y: BEADS[0].column + 0.5 }))).toBeGreaterThan(200);
      expect(await page.textContent('.letter.top')).toBe('R');
      await page.keyboard.press('r');

      const counter = page.locator('.counter');
      const before = await counter.textContent();
      await page.mouse.move(brain.x, brain.y);
      await page.mouse.wheel(0, 120);
      await expect.poll(() => counter.textContent()).not.toBe(before);
      await page.keyboard.press('End');
      await expect.poll(() => counter.textContent()).toBe('6 / 6');
      await page.keyboard.press('Home');
      await expect.poll(() => counter.textContent()).toBe('1 / 6');
      await ready(page);
      expect(complaints).toEqual([]);
      await page.context().close();
      await other?.close();
    },
  );

  it('measures the known distance on the phantom to a tenth of a millimetre, an area and its values, and an angle', async () => {
    const { page, complaints } = await open('Head');
    const at = await placing(page, { columns: SIZE, rows: SIZE });
    const [one, other] = BEADS.map((bead) => at(middleOf(bead))) as [Point, Point];
    await draw(page, 'l', one, other);
    const [length = ''] = await says(page);
    expect(length).toMatch(/mm$/);
    expect(Math.abs(Number.parseFloat(length) - BEAD_DISTANCE)).toBeLessThanOrEqual(0.1);
    await draw(page, 'b', at({ x: 120, y: 50 }), at({ x: 140, y: 60 }));
    // 20 by 10 pixels of 0.9 mm, of brain of 40 HU.
    const region = (await says(page))[1] ?? '';
    expect(region).toContain('1.62 cm²');
    expect(Number(/Mean ([\d.]+) HU/.exec(region)?.[1])).toBeCloseTo(40, -1);
    await draw(page, 'g', at({ x: 100, y: 200 }), at({ x: 130, y: 200 }));
    expect((await says(page))[2]).toBe('90.0°');
    await page.screenshot({ path: `${SCREENSHOTS}/desk-viewer-measured.png` });

    // An end is taken and moved; a mark is kept while one scrolls; it can be removed.
    await draw(page, 'v', other, at({ x: BEADS[0].column + 100.5, y: 128.5 }));
    expect((await says(page))[0]).toBe('90.0 mm');
    await page.keyboard.press('Delete');
    expect(await says(page)).toHaveLength(2);
    await page.keyboard.press('PageDown');
    await expect.poll(() => says(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('measures ultrasound by the calibration of its region, and refuses what crosses two', async () => {
    const { page, complaints } = await open('Abdomen');
    const at = await placing(page, ULTRASOUND);
    await draw(page, 'l', at({ x: 100, y: 100 }), at({ x: 300, y: 100 }));
    await draw(page, 'l', at({ x: 100, y: 120 }), at({ x: 100, y: 320 }));
    const [across = '', down = ''] = await says(page);
    expect(Math.abs(Number.parseFloat(across) - 200 * 10 * ULTRASOUND_DELTA.x)).toBeLessThanOrEqual(0.1);
    expect(Math.abs(Number.parseFloat(down) - 200 * 10 * ULTRASOUND_DELTA.y)).toBeLessThanOrEqual(0.1);
    await draw(page, 'l', at({ x: 200, y: 400 }), at({ x: 200, y: 460 }));
    expect((await says(page))[2]).toMatch(/not measured/);
    await draw(page, 'l', at({ x: 300, y: 450 }), at({ x: 400, y: 470 }));
    expect((await says(page))[3]).toMatch(/s.*cm\/s/s);
    await page.screenshot({ path: `${SCREENSHOTS}/desk-viewer-ultrasound.png` });
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('measures by keys alone', async () => {
    const { page } = await open('Head');
    await page.keyboard.press('l');
    await page.keyboard.press('Enter');
    const [first = ''] = await says(page);
    // Half the breadth of an image of 256 pixels of 0.9 mm is put down; ten pixels are added.
    expect(first).toBe('57.6 mm');
    await page.keyboard.press('Shift+ArrowRight');
    expect(await says(page)).toEqual(['66.6 mm']);
    await expect.poll(() => page.textContent('#announcer')).toContain('66.6 mm');
    await page.keyboard.press('?');
    await page.locator('.help-panel').waitFor({ state: 'visible' });
    await page.keyboard.press('Escape');
    await page.locator('.help-panel').waitFor({ state: 'hidden' });
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    await page.context().close();
  });

  it('plays a cine at its frame time, frame by frame, and stands still again', async () => {
    const { page, complaints } = await open('Wandering');
    const counter = page.locator('.counter');
    await page.getByRole('button', { name: 'Play' }).click();
    const seen = new Set<string>();
    await expect
      .poll(async () => seen.add((await counter.textContent()) ?? '').size, { interval: 40, ...SLOW })
      .toBeGreaterThan(8);
    await page.getByRole('button', { name: 'Pause' }).click();
    const [frame] = ((await counter.textContent()) ?? '').split(' / ').map(Number);
    await ready(page);
    const at = await placing(page, { columns: 96, rows: 64 });
    await expect.poll(() => greyAt(page, at({ x: ((frame ?? 1) - 1) * 6 + 3, y: 32 }))).toBeGreaterThan(200);
    // The shutter covers the corners of the image, and what lies within its circle is as it was.
    expect(await greyAt(page, at({ x: 3, y: 3 }))).toBeLessThan(2);
    expect(await greyAt(page, at({ x: (frame ?? 1) > 8 ? 20 : 76, y: 32 }))).toBeGreaterThan(20);
    await page.screenshot({ path: `${SCREENSHOTS}/viewer-shutter.png` });
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('shows annotations of a presentation state where they belong, and its window as a preset', async () => {
    const { page } = await open('Head');
    const notes = page.locator('.mark.note');
    await expect.poll(() => notes.count(), SLOW).toBe(2);
    const at = await placing(page, { columns: SIZE, rows: SIZE });
    const circle = await notes.first().boundingBox();
    const bead = at(middleOf(BEADS[0]));
    expect(Math.abs((circle?.x ?? 0) + (circle?.width ?? 0) / 2 - bead.x)).toBeLessThan(2);
    expect(await page.locator('.mark-text.note').textContent()).toBe('Bead');
    await page.getByLabel('Window', { exact: true }).selectOption({ label: 'Presentation state' });
    await expect.poll(() => page.textContent('.looks-corner')).toContain('C 500 W 2000');
    // It has the image turned, and its upper middle fill the pane.
    expect(await page.textContent('.looks-corner')).toContain('turned 90°');
    const { width = 0, height = 0 } = (await page.locator('.pane').first().boundingBox()) ?? {};
    expect(await page.textContent('.looks-corner')).toContain(
      `${Math.round((Math.min(width, height) / 128) * 100)} %`,
    );
    await page.screenshot({ path: `${SCREENSHOTS}/viewer-state.png` });
    await page.keyboard.press('r');
    await expect.poll(() => page.textContent('.looks-corner')).not.toContain('turned');
    await page.keyboard.press('n');
    await expect.poll(() => notes.count()).toBe(0);
    await page.context().close();
  });

  it('stands a prior beside the study, scrolls both together, and shows four', async () => {
    const { page, complaints, asked } = await open('Head');
    await page.getByRole('button', { name: '2 images side by side' }).click();
    await expect.poll(() => page.locator('.pane[data-state=ready]').count(), SLOW).toBe(2);
    expect(await page.locator('.what').nth(1).textContent()).toMatch(/^Prior, .*2024/);
    expect(asked.some((url) => url.includes(`studies/${server.studies[1]?.studyInstanceUid}/series`))).toBe(
      true,
    );
    await page.keyboard.press('k');
    await page.keyboard.press('Home');
    for (const view of [0, 1])
      await expect.poll(() => page.locator('.what').nth(view).textContent()).toContain('1 / 6');
    await page.keyboard.press('o');
    await expect.poll(() => page.locator('.pane[data-state=ready]').count(), SLOW).toBeGreaterThan(2);
    await page.screenshot({ path: `${SCREENSHOTS}/desk-viewer-four.png` });
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('follows fingers: one scrolls or measures, two enlarge and move', async () => {
    const { page, complaints } = await open('Head', PHONE);
    const session = await page.context().newCDPSession(page);
    const touch = async (...steps: readonly Point[][]) => {
      const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', touchPoints: Point[]) =>
        session.send('Input.dispatchTouchEvent', { type, touchPoints });
      await send('touchStart', steps[0] ?? []);
      for (const points of steps.slice(1)) await send('touchMove', points);
      await send('touchEnd', []);
    };
    await page.screenshot({ path: `${SCREENSHOTS}/phone-viewer.png` });
    const counter = page.locator('.counter');
    const before = await counter.textContent();
    await touch([{ x: 180, y: 300 }], [{ x: 180, y: 320 }], [{ x: 180, y: 420 }]);
    await expect.poll(() => counter.textContent()).not.toBe(before);
    const pair = (apart: number, right = 0) => [
      { x: 180 - apart + right, y: 300 },
      { x: 180 + apart + right, y: 300 },
    ];
    const looks = () => page.textContent('.looks-corner');
    const fitted = await looks();
    await touch(pair(40), pair(60), pair(90), pair(120, 20));
    await expect.poll(looks).not.toBe(fitted);
    await page.getByRole('button', { name: 'Reset' }).tap();
    await expect.poll(looks).toBe(fitted);
    await page.getByRole('button', { name: 'Measure a length' }).tap();
    await touch([{ x: 100, y: 300 }], [{ x: 150, y: 300 }], [{ x: 250, y: 300 }]);
    expect(await says(page)).toEqual([expect.stringMatching(/mm$/)]);
    await page.screenshot({ path: `${SCREENSHOTS}/phone-viewer-measured.png` });
    expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('saves the picture with the measurement in its pixels', async () => {
    const { page } = await open('Head');
    const at = await placing(page, { columns: SIZE, rows: SIZE });
    const [one, other] = BEADS.map((bead) => at(middleOf(bead))) as [Point, Point];
    await draw(page, 'l', one, other);
    await page.keyboard.press('s');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save as PNG' }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^image-3-\d\.png$/);
    const { data, info } = await sharp(await download.path())
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([1024, 1024]);
    const pixel = (x: number, y: number) => [...data.subarray(3 * (y * 1024 + x), 3 * (y * 1024 + x) + 3)];
    // Between the beads runs the line; above it are greys alone.
    const [red = 0, , blue = 255] = pixel(512, 514);
    expect(red - blue).toBeGreaterThan(60);
    const [grey = 0, ...rest] = pixel(512, 300);
    expect(rest).toEqual([grey, grey]);
    await page.context().close();
  });

  it('prints the sheet: what is shown, with its measurement, on the paper that is chosen', async () => {
    const { page, complaints } = await open('Head');
    const at = await placing(page, { columns: SIZE, rows: SIZE });
    const [one, other] = BEADS.map((bead) => at(middleOf(bead))) as [Point, Point];
    await draw(page, 'l', one, other);
    await page.keyboard.press('p');
    await page.locator('.print-choices input').nth(1).check();
    await page.getByLabel('Paper').selectOption('Letter');
    await page.getByLabel('Images on a page').selectOption('1');
    await page.screenshot({ path: `${SCREENSHOTS}/desk-viewer-print.png` });
    const [download] = await Promise.all([
      page.waitForEvent('download', SLOW),
      page.getByRole('button', { name: 'Make the PDF' }).click(),
    ]);
    const path = `${SCREENSHOTS}/print-sheet.pdf`;
    await download.saveAs(path);
    const pages = (await PDFDocument.load(readFileSync(path))).getPages();
    expect(pages.length).toBeGreaterThanOrEqual(2);
    expect(pages[0]?.getSize()).toEqual({ width: 612, height: 792 });
    expect(server.printed).toEqual(['']);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('gives up what was scrolled past, and shows what was scrolled to', async () => {
    const { page, complaints } = await open('Wandering');
    const begun: string[] = [];
    const given: string[] = [];
    page.on('requestfailed', (request) => given.push(request.url()));
    // The line stands still for all frames but the first.
    await page.route(/\/frames\/(?!1$)/, (route) => void begun.push(route.request().url()));
    await page.keyboard.press('End');
    await expect.poll(() => begun.filter((url) => url.endsWith('/frames/16')).length, SLOW).toBe(1);
    await page.keyboard.press('Home');
    await expect.poll(() => given.filter((url) => url.endsWith('/frames/16')).length, SLOW).toBe(1);
    await ready(page);
    expect(await page.textContent('.counter')).toBe('1 / 16');
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('says when an image could not be loaded by its values, and shows the picture in its place', async () => {
    server.failNext(406);
    const { page } = await open('Head');
    // The picture is there, but it has no values: nothing is said of Hounsfield units.
    const at = await placing(page, { columns: SIZE, rows: SIZE });
    await draw(page, 'b', at({ x: 120, y: 50 }), at({ x: 140, y: 60 }));
    expect(await says(page)).toEqual(['1.62 cm²']);
    await page.context().close();
  });

  it('takes every text of a data set for text', async () => {
    const harmed = await serveStudies(
      [
        ...ctFiles(
          {
            StudyDescription: HARM.slice(0, 60),
            SeriesDescription: HARM.slice(0, 60),
            PatientID: HARM.slice(0, 60),
            WindowCenter: [40, 50],
            WindowWidth: [110, 200],
            WindowCenterWidthExplanation: ['<b>A</b>', '<img src=x onerror=x>'],
            RescaleType: '<i>HU</i>',
            PatientOrientation: ['<b>', '<i>'],
          },
          2,
        ),
        presentationFile(HARM),
      ],
      { identified: { name: HARM, birthDate: HARM } },
    );
    const { page, complaints } = await watchedPage(browser, DESK);
    await page.goto(harmed.url);
    await page.click('.card >> nth=0');
    await ready(page);
    await draw(page, 'b', { x: 700, y: 300 }, { x: 800, y: 400 });
    for (const key of ['o', 'n', 'n', 'p']) await page.keyboard.press(key);
    await page.waitForTimeout(500);
    expect(await page.title()).not.toBe('harmed');
    expect(
      await page.locator('img[src=x], main b, dialog b, dialog i:not(.scale i), script:not([src])').count(),
    ).toBe(0);
    expect(complaints).toEqual([]);
    harmed.close();
    await page.context().close();
  });

  it('shows a document in its place and a report as text', async () => {
    const pdf = await PDFDocument.create();
    pdf.addPage().drawText('A letter');
    const other = await serveStudies([
      ...ctFiles({}, 2),
      ...documentFiles(await pdf.save(), `A small cyst. ${HARM}`),
    ]);
    const { page, complaints } = await open('Head', DESK, browser, other.url);
    await page.click('.entry:has-text("Findings")');
    await expect.poll(() => page.textContent('.report'), SLOW).toContain(`A small cyst. ${HARM}`);
    await page.click('.entry:has-text("Letter")');
    await page.waitForSelector('iframe.pages', SLOW);
    expect(await page.getAttribute('iframe.pages', 'src')).toMatch(/^blob:/);
    expect(await page.getAttribute('text=Save the document', 'download')).toBe('document.pdf');
    await page.click('.entry:has-text("Head")');
    await ready(page);
    expect(await page.locator('.document').count()).toBe(0);
    expect(await page.title()).not.toBe('harmed');
    expect(complaints).toEqual([]);
    other.close();
    await page.context().close();
  });

  it.each(['light', 'dark'] as const)(
    'has no serious fault of accessibility in the %s theme',
    async (colorScheme) => {
      const { page } = await watchedPage(browser, { ...DESK, colorScheme, bypassCSP: true });
      const check = async (view: string) => {
        await page.addScriptTag({ path: AXE });
        const found = await page.evaluate<{ id: string; nodes: string[] }[]>(
          `axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html.slice(0, 120)) })))`,
        );
        expect(found, view).toEqual([]);
      };
      await page.goto(server.url);
      await page.waitForSelector('.card');
      await check('study');
      await page.click('.card:has-text("Head")');
      await ready(page);
      await check('viewer');
      await page.keyboard.press('?');
      await check('help');
      await page.keyboard.press('?');
      await page.keyboard.press('s');
      await check('save');
      await page.context().close();
    },
  );

  it('asks for less than 60 KB of script before the first image, which is there within a second on slow 4G', async () => {
    const { page } = await watchedPage(browser, PHONE);
    const session = await page.context().newCDPSession(page);
    await session.send('Network.enable');
    // Slow 4G as Lighthouse has it: 150 ms there and back, 1.6 Mbit/s.
    await session.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 150,
      downloadThroughput: 1_638_400 / 8,
      uploadThroughput: 750_000 / 8,
    });
    const scripts = new Set<string>();
    let isShown = false;
    page.on('response', async (response) => {
      if (isShown || !response.url().endsWith('.js')) return;
      scripts.add(response.url());
    });
    await page.addInitScript(
      `document.addEventListener('load', (event) => { if (event.target.tagName === 'IMG' && !window.firstImage) window.firstImage = performance.now(); }, true)`,
    );
    await page.goto(server.url);
    await expect.poll(() => page.evaluate('window.firstImage > 0'), { interval: 20, ...SLOW }).toBe(true);
    isShown = true;
    const { page: there, image } = await page.evaluate<{ page: number; image: number }>(
      `({ page: performance.getEntriesByName('first-contentful-paint')[0].startTime, image: window.firstImage })`,
    );
    let bytes = 0;
    for (const url of scripts) bytes += gzipSync(Buffer.from(await (await fetch(url)).arrayBuffer())).length;
    console.log(`first image ${Math.round(image - there)} ms after the page, ${bytes} bytes of script`);
    expect(bytes).toBeLessThan(60_000);
    expect(image - there).toBeLessThan(1_000);
    await page.context().close();
  });

  it('puts the image where its preview was: nothing jumps', async () => {
    const { page } = await watchedPage(browser, DESK);
    await page.route('**/frames/*', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      await route.continue();
    });
    await page.goto(server.url);
    await page.click('.card:has-text("Head")');
    await page.waitForSelector('.under');
    await expect.poll(() => page.evaluate('document.querySelector(".under")?.naturalWidth > 0')).toBe(true);
    const stage = await page.locator('.pane').boundingBox();
    if (stage === null) throw new Error('no pane');
    const clip = {
      x: stage.x + stage.width / 4,
      y: stage.y + 60,
      width: stage.width / 2,
      height: stage.height - 120,
    };
    const before = await sharp(await page.screenshot({ clip }))
      .resize(96)
      .greyscale()
      .raw()
      .toBuffer();
    await ready(page);
    await page.keyboard.press('n');
    await page.waitForTimeout(300);
    const after = await sharp(await page.screenshot({ clip }))
      .resize(96)
      .greyscale()
      .raw()
      .toBuffer();
    const apart =
      before.reduce((sum, value, at) => sum + Math.abs(value - (after[at] ?? 0)), 0) / before.length;
    expect(apart).toBeLessThan(6);
    await page.context().close();
  });
});
