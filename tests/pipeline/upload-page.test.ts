import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SLICES } from '../../scripts/sample/phantom.ts';
import { scratch } from './pipeline.ts';
import { type SharedPipeline, sharedPipeline } from './shared.ts';

const CHROMIUM = '/usr/bin/chromium';
const isThere = existsSync(CHROMIUM);
const PHONE = { viewport: { width: 360, height: 740 }, colorScheme: 'dark' } as const;
const WORKSTATION = { viewport: { width: 1280, height: 900 }, colorScheme: 'light' } as const;
/** Kept, so that a person can look at them. */
const SCREENSHOTS = fileURLToPath(new URL('../../.filmroom/screenshots', import.meta.url));
/** Two parts and a bit. */
const LARGE_BYTES = (17 << 20) + 5;

describe.skipIf(!isThere)(
  `the upload page in Chromium${isThere ? '' : `: skipped, ${CHROMIUM} is not here`}`,
  () => {
    const folder = scratch('upload-page');
    const sample = join(folder.path, 'sample');
    let pipeline: SharedPipeline;
    let browser: Browser;

    beforeAll(async () => {
      pipeline = await sharedPipeline();
      cpSync(pipeline.sample, sample, { recursive: true });
      writeFileSync(join(sample, 'large.bin'), Buffer.alloc(LARGE_BYTES, 'not an image '));
      mkdirSync(SCREENSHOTS, { recursive: true });
      browser = await chromium.launch({
        executablePath: CHROMIUM,
        args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
      });
    }, 120_000);
    afterAll(async () => {
      expect(pipeline.stack.denials()).toEqual([]);
      await browser?.close();
      folder.remove();
    });

    const newToken = () => pipeline.api.createUploadToken({ expiresInSeconds: 3600 });

    async function openPage(
      path: string,
      options: BrowserContextOptions,
    ): Promise<{ page: Page; complaints: string[]; asked: { url: string; method: string }[] }> {
      const page = await (await browser.newContext(options)).newPage();
      const complaints: string[] = [];
      const asked: { url: string; method: string }[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('request', (request) => asked.push({ url: request.url(), method: request.method() }));
      await page.goto(`${pipeline.webUrl}${path}`);
      return { page, complaints, asked };
    }

    const folderOf = (page: Page) => page.locator('#choose-folder');
    const isSettled = '#result[data-settled=true]';

    it.each([
      ['phone', 'once it is there', PHONE],
      ['workstation', 'after it was lost', WORKSTATION],
    ])(
      'sends a folder and tells what became of each file on a %s, over a connection %s',
      async (name, connection, options) => {
        const { path, secret } = await newToken();
        const { page, complaints, asked } = await openPage(path, options);
        const shoot = (view: string) =>
          page.screenshot({ path: `${SCREENSHOTS}/upload-${name}-${view}.png`, fullPage: true });
        await page.waitForSelector('.drop');
        expect(page.url(), 'the token has left the address bar').not.toContain('#');
        await shoot('start');
        const isLost = connection !== 'once it is there';
        await page.context().setOffline(isLost);
        await folderOf(page).setInputFiles(sample);
        await page.waitForSelector(isLost ? '.trouble' : '#progress:not([hidden])');
        await shoot(isLost ? 'offline' : 'sending');
        await page.context().setOffline(false);
        await page.waitForSelector(isSettled, { timeout: 60_000 });
        await page.click('summary');
        await shoot('settled');

        const cells = await page.locator('#result tbody td').allTextContents();
        const sum = cells.reduce((total, text) => total + Number(text), 0);
        expect(sum).toBe(SLICES + 2);
        expect(await page.textContent('tfoot td')).toBe(String(SLICES + 2));
        expect(await page.textContent('[data-state=ignored] td')).toBe('1');
        expect(await page.locator('.named li').allTextContents()).toEqual([
          expect.stringMatching(/^sample\/large\.bin.*not dicom/),
        ]);
        expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false);
        expect(complaints.filter((text) => !text.includes('ERR_INTERNET_DISCONNECTED'))).toEqual([]);
        const puts = asked
          .filter(({ method }) => method === 'PUT')
          .map(({ url }) => url.replace(/&X-Amz.*&part/, '&part'));
        expect(new Set(puts).size).toBe(puts.length);
        // One for each small file, three parts, the manifest.
        expect(puts.length).toBe(SLICES + 1 + 3 + 1);
        expect(asked.filter(({ url }) => url.includes(secret))).toEqual([]);
        await page.context().close();
      },
      90_000,
    );

    it('goes on after a reload in the middle, and sends nothing twice', async () => {
      const { path } = await newToken();
      const { page } = await openPage(path, WORKSTATION);
      const stored: string[] = [];
      page.on('response', (response) => {
        if (response.request().method() === 'PUT' && response.ok())
          stored.push(
            new URL(response.url()).pathname + (new URL(response.url()).searchParams.get('partNumber') ?? ''),
          );
      });
      await page.waitForSelector('.drop');
      await folderOf(page).setInputFiles(sample);
      await expect.poll(() => stored.length, { interval: 5, timeout: 20_000 }).toBeGreaterThan(3);
      page.on('dialog', (dialog) => void dialog.accept());
      await page.reload();
      await page.waitForSelector('.drop');
      await folderOf(page).setInputFiles(sample);
      await page.waitForSelector(isSettled, { timeout: 60_000 });
      expect(await page.textContent('tfoot td')).toBe(String(SLICES + 2));
      expect(new Set(stored).size).toBe(stored.length);
      await page.context().close();
    }, 90_000);

    it.each([
      ['unknown-token', async () => ({ path: `/upload#${'a'.repeat(69)}` })],
      ['no-token', async () => ({ path: '/upload' })],
      [
        'revoked',
        async () => {
          const token = await newToken();
          await pipeline.api.revokeUploadToken(token.token);
          return token;
        },
      ],
    ])('says why nothing can be sent: %s', async (state, prepare) => {
      const { path } = await prepare();
      const { page } = await openPage(path, PHONE);
      if (state !== 'no-token') await folderOf(page).setInputFiles(sample);
      await page.waitForSelector(`[data-state=${state}]`);
      await page.context().close();
    });
  },
);
