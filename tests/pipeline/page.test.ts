import { existsSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PLANTED } from '../../scripts/sample/patient.ts';
import { SLICES } from '../../scripts/sample/phantom.ts';
import { textsIn } from './everything-kept.ts';
import type { Pipeline } from './pipeline.ts';
import { sharedPipeline } from './shared.ts';
import { readZip } from './zip.ts';

const CHROMIUM = '/usr/bin/chromium';
const isThere = existsSync(CHROMIUM);
const PHONE = { viewport: { width: 360, height: 740 }, colorScheme: 'dark' } as const;
const WORKSTATION = { viewport: { width: 1600, height: 1000 }, colorScheme: 'light' } as const;
/** Run in the page. */
const LOADED_IMAGES =
  '[...document.images].filter((image) => image.complete && image.naturalWidth > 0).length';
/** Kept, so that a person can look at them. */
const SCREENSHOTS = fileURLToPath(new URL('../../.filmroom/screenshots', import.meta.url));

describe.skipIf(!isThere)(
  `the link page in Chromium${isThere ? '' : `: skipped, ${CHROMIUM} is not here`}`,
  () => {
    let pipeline: Pipeline;
    let browser: Browser;
    let link: string;
    let study: string;

    beforeAll(async () => {
      const shared = await sharedPipeline();
      pipeline = shared;
      const report = await shared.sampleReport();
      // The sample holds an ultrasound too; pseudonyms say in which order.
      const slices = report.studies.find(({ instances }) => instances === SLICES);
      link = slices?.link ?? '';
      study = slices?.studyInstanceUid ?? '';
      mkdirSync(SCREENSHOTS, { recursive: true });
      browser = await chromium.launch({
        executablePath: CHROMIUM,
        args: [
          '--headless',
          '--no-sandbox',
          '--disable-gpu',
          '--disable-quic',
          '--no-first-run',
          '--disable-background-networking',
          '--disable-component-update',
          '--disable-sync',
        ],
      });
    }, 300_000);
    afterAll(() => browser?.close());

    /** A fresh page, what it complained of, and every address it asked for. */
    async function newPage(
      options: BrowserContextOptions,
    ): Promise<{ page: Page; complaints: string[]; asked: string[] }> {
      const page = await (await browser.newContext(options)).newPage();
      const complaints: string[] = [];
      const asked: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('request', (request) => asked.push(request.url()));
      return { page, complaints, asked };
    }

    it.each([
      ['phone', PHONE],
      ['workstation', WORKSTATION],
    ])('shows the study, its series and an image on a %s', async (name, options) => {
      const { page, complaints, asked } = await newPage(options);
      const shoot = (view: string) => page.screenshot({ path: `${SCREENSHOTS}/${name}-${view}.png` });
      const loaded = (count: number) =>
        expect
          .poll(() => page.evaluate<number>(LOADED_IMAGES), { timeout: 10_000 })
          .toBeGreaterThanOrEqual(count);
      await page.goto(link);
      await page.waitForSelector('.card');
      expect(page.url(), 'the token has left the address bar').not.toContain(new URL(link).hash.slice(1));
      expect(await page.textContent('.facts')).toMatch(/P[A-Z2-7]{16}/);
      expect(await page.textContent('#validity')).toContain('Link valid until');
      await loaded(1);
      await shoot('study');

      await page.click('.card');
      await page.waitForSelector('.tile');
      expect(await page.locator('.tile').count()).toBe(SLICES);
      await loaded(12);
      await shoot('series');

      await page.click('#image-11');
      await page.waitForSelector('dialog[open] img');
      await page.keyboard.press('ArrowRight');
      await page.locator('dialog', { hasText: '13 / 24' }).waitFor();
      await loaded(13);
      await shoot('image');
      await page.keyboard.press('Escape');
      await page.locator('dialog').waitFor({ state: 'detached' });

      expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false);
      await page.reload();
      await page.waitForSelector('.tile');
      expect(complaints).toEqual([]);
      const origin = new URL(link).origin;
      expect(asked.filter((address) => !address.replace(/^blob:/, '').startsWith(`${origin}/`))).toEqual([]);
      expect(textsIn(Buffer.from(await page.content()), PLANTED)).toEqual([]);
      await page.context().close();
    });

    it.each([
      ['phone', { ...PHONE, viewport: { width: 390, height: 844 }, hasTouch: true }],
      ['desktop', { ...WORKSTATION, viewport: { width: 1440, height: 900 } }],
    ])(
      'shows an image large on a %s: scrolls, changes its window, inverts, enlarges',
      async (name, options) => {
        const { page, complaints } = await newPage(options);
        const shoot = (view: string) => page.screenshot({ path: `${SCREENSHOTS}/${name}-large-${view}.png` });
        const isReady = () => page.waitForSelector('dialog[data-state=ready]', { timeout: 15_000 });
        /** What fills the film: of which object URL, and how it is placed. */
        const film = () =>
          page.evaluate<{ url: string; width: number; place: string }>(
            `(({ src, naturalWidth, parentElement }) => ({ url: src, width: naturalWidth, place: parentElement.style.transform }))(
            document.querySelector('.picture-large'))`,
          );
        const bytesOf = (url: string) =>
          page.evaluate<number[]>(
            `new Promise((resolve) => { const image = new Image(); image.onload = () => {
            const canvas = Object.assign(document.createElement('canvas'), { width: 16, height: 16 });
            const context = canvas.getContext('2d'); context.drawImage(image, 0, 0, 16, 16);
            resolve([...context.getImageData(0, 0, 16, 16).data]); }; image.src = ${JSON.stringify(url)}; })`,
          );
        await page.goto(link);
        await page.click('.card');
        await page.click('#image-11');
        await isReady();
        const first = await film();
        expect(first).toEqual({ url: expect.stringMatching(/^blob:/), width: 256, place: '' });
        await shoot('opened');

        await page.mouse.move(195, 420);
        await page.mouse.wheel(0, 120);
        await page.locator('dialog', { hasText: '13 / 24' }).waitFor();
        await page.keyboard.press('End');
        await page.locator('dialog', { hasText: '24 / 24' }).waitFor();
        await page.getByRole('slider').fill('12');
        await page.locator('dialog', { hasText: '12 / 24' }).waitFor();
        await expect.poll(() => page.url()).toContain('#/series/1/12');

        await isReady();
        const before = await bytesOf((await film()).url);
        await page.getByLabel('Window', { exact: true }).selectOption({ label: 'Bone' });
        await page.waitForResponse((response) => response.url().includes('window=450,1800'));
        await isReady();
        expect(await page.textContent('.looks-corner')).toContain('C 450 W 1800');
        expect(await bytesOf((await film()).url)).not.toEqual(before);
        await shoot('bone');
        await page.mouse.move(195, 420);
        await page.mouse.down({ button: 'right' });
        await page.mouse.move(155, 380, { steps: 4 });
        await page.mouse.up({ button: 'right' });
        expect(await page.textContent('.looks-corner')).not.toContain('C 450 W 1800');
        await page.getByRole('button', { name: 'Invert' }).click();
        expect(await page.textContent('.looks-corner')).toContain('inverted');
        await page.mouse.dblclick(195, 420);
        expect((await film()).place).toMatch(/scale\(2\.5\)$/);
        await isReady();
        await shoot('enlarged');
        await page.getByRole('button', { name: 'Reset' }).click();
        expect((await film()).place).toBe('');
        await isReady();
        expect(await bytesOf((await film()).url)).toEqual(before);

        await page.keyboard.press('Escape');
        await page.locator('dialog').waitFor({ state: 'detached' });
        expect(await page.evaluate('document.activeElement?.id')).toBe('image-11');
        expect(complaints).toEqual([]);
        await page.context().close();
      },
    );

    it('follows fingers: one scrolls, two change the window or enlarge', async () => {
      const { page, complaints } = await newPage({ ...PHONE, hasTouch: true });
      const session = await page.context().newCDPSession(page);
      /** Fingers that go down at the first of their points and up at the last. */
      const touch = async (...steps: readonly { x: number; y: number }[][]) => {
        const send = (
          type: 'touchStart' | 'touchMove' | 'touchEnd',
          touchPoints: { x: number; y: number }[],
        ) => session.send('Input.dispatchTouchEvent', { type, touchPoints });
        await send('touchStart', steps[0] ?? []);
        for (const points of steps.slice(1)) await send('touchMove', points);
        await send('touchEnd', []);
      };
      await page.goto(link);
      await page.click('.card');
      await page.click('#image-11');
      await page.waitForSelector('dialog[data-state=ready]', { timeout: 15_000 });
      const looks = () => page.textContent('.looks-corner');
      const before = await looks();

      await touch([{ x: 180, y: 300 }], [{ x: 180, y: 320 }], [{ x: 180, y: 420 }]);
      await expect.poll(() => page.textContent('.counter')).not.toBe('12 / 24');
      expect(Number.parseInt((await page.textContent('.counter')) ?? '', 10)).toBeGreaterThan(13);

      const pair = (down: number, apart = 60) => [
        { x: 180 - apart, y: 300 + down },
        { x: 180 + apart, y: 300 + down },
      ];
      await touch(pair(0), pair(20), pair(60), pair(80));
      await expect.poll(looks).not.toBe(before);
      expect(await looks()).not.toContain('%');

      await touch(pair(0, 40), pair(0, 60), pair(0, 90), pair(0, 120));
      await expect.poll(looks).toMatch(/^[12]\d\d %/);
      const place = '.film';
      const placed = () =>
        page.$eval(place, (film) => (film as unknown as { style: { transform: string } }).style.transform);
      const enlarged = await placed();
      await touch([{ x: 180, y: 300 }], [{ x: 200, y: 300 }], [{ x: 260, y: 330 }]);
      await expect.poll(placed).not.toBe(enlarged);
      expect(complaints).toEqual([]);
      await page.context().close();
    });

    it('downloads the whole study', async () => {
      const { page } = await newPage(WORKSTATION);
      await page.goto(link);
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.click('text=Download study'),
      ]);
      const chunks: Buffer[] = [];
      for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
      const files = await readZip(Buffer.concat(chunks));
      expect(files.filter(({ name }) => name.endsWith('.dcm'))).toHaveLength(SLICES);
      await page.context().close();
    });

    it('asks for the passcode and says when it is wrong, when the link is revoked, and when there is none', async () => {
      const { api, webUrl } = pipeline;
      const created = await api.createLink({ study, passcode: 'larch-42' });
      const { page } = await newPage(PHONE);
      await page.goto(`${webUrl}${created.path}`);
      await page.fill('#passcode', 'birch-42');
      await page.keyboard.press('Enter');
      await page.waitForSelector('.error');
      await page.screenshot({ path: `${SCREENSHOTS}/phone-passcode.png` });
      await page.fill('#passcode', 'larch-42');
      await page.keyboard.press('Enter');
      await page.waitForSelector('.card');

      await api.revokeLink(created.link);
      await page.reload();
      await page.waitForSelector('[data-state=no-session]');
      await page.goto('about:blank');
      await page.goto(`${webUrl}${created.path}`);
      await page.waitForSelector('[data-state=revoked]');
      await page.goto('about:blank');
      await page.goto(`${webUrl}/#${'a'.repeat(69)}`);
      await page.waitForSelector('[data-state=unknown-link]');
      await page.context().close();
    });

    it('can be used by keyboard alone', async () => {
      const { page } = await newPage(WORKSTATION);
      await page.goto(link);
      await page.waitForSelector('.card');
      const focused = () => page.evaluate<string>('document.activeElement?.className ?? ""');
      const steps: string[] = [];
      for (let step = 0; step < 6 && !(await focused()).includes('card'); step++) {
        await page.keyboard.press('Tab');
        steps.push(await focused());
      }
      expect(steps).toEqual(['skip', 'button primary', 'card']);
      await page.keyboard.press('Enter');
      await page.waitForSelector('.tile');
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement?.textContent')).toMatch(/^‹ /);
      await page.context().close();
    });
  },
);
