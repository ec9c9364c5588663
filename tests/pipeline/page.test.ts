import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PLANTED } from '../../scripts/sample/patient.ts';
import { SLICES } from '../../scripts/sample/phantom.ts';
import { DESK, hasChromium, launchChromium, orSkipped, PHONE, watchedPage } from '../helpers/chromium.ts';
import { readZip } from '../helpers/read-zip.ts';
import { textsIn } from './everything-kept.ts';
import type { Pipeline } from './pipeline.ts';
import { sharedPipeline } from './shared.ts';

/** Run in the page. */
const LOADED_IMAGES =
  '[...document.images].filter((image) => image.complete && image.naturalWidth > 0).length';
/** Kept, so that a person can look at them. */
const SCREENSHOTS = fileURLToPath(new URL('../../.filmroom/screenshots', import.meta.url));

describe.skipIf(!hasChromium)(`the link page in Chromium${orSkipped}`, () => {
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
    browser = await launchChromium();
  }, 300_000);
  afterAll(() => browser?.close());

  const newPage = (options: BrowserContextOptions) => watchedPage(browser, options);

  it.each([
    ['phone', PHONE],
    ['workstation', DESK],
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

    await page.click('text=All images');
    await page.waitForSelector('.tile');
    expect(await page.locator('.tile').count()).toBe(SLICES);
    await loaded(12);
    await shoot('series');

    await page.click('#image-11');
    await page.waitForSelector('.pane[data-state=ready]');
    await page.keyboard.press('ArrowRight');
    await page.locator('.counter', { hasText: '13 / 24' }).waitFor();
    await page.waitForSelector('.pane[data-state=ready]');
    // Values, and not a picture: the window is that of the header.
    expect(await page.textContent('.looks-corner')).toContain('C 40 W 110');
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

  it('downloads the whole study', async () => {
    const { page } = await newPage(DESK);
    await page.goto(link);
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('text=Download study')]);
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
    const files = await readZip(Buffer.concat(chunks));
    expect(files.filter(({ name }) => name.startsWith('DICOM/'))).toHaveLength(SLICES);
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
    const { page } = await newPage(DESK);
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
    await page.waitForSelector('.pane[data-state=ready]');
    await page.keyboard.press('End');
    await page.locator('.counter', { hasText: `${SLICES} / ${SLICES}` }).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    expect(await focused()).toContain('card');
    await page.context().close();
  });
});
