import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStaffUser } from '../../cli/stack/staff-users.ts';
import { PLANTED } from '../../scripts/sample/patient.ts';
import { SLICES } from '../../scripts/sample/phantom.ts';
import { ROLES, type Role } from '../../shared/contract/roles.ts';
import { textsIn } from './everything-kept.ts';
import { type SharedPipeline, sharedPipeline } from './shared.ts';

const CHROMIUM = '/usr/bin/chromium';
const isThere = existsSync(CHROMIUM);
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SCREENSHOTS = fileURLToPath(new URL('../../.filmroom/screenshots', import.meta.url));
const PHONE = { viewport: { width: 360, height: 740 }, colorScheme: 'dark' } as const;
const DESKTOP = { viewport: { width: 1440, height: 900 }, colorScheme: 'light' } as const;

describe.skipIf(!isThere)(
  `the page of staff in Chromium${isThere ? '' : `: skipped, ${CHROMIUM} is not here`}`,
  () => {
    let pipeline: SharedPipeline;
    let browser: Browser;
    let study: string;

    beforeAll(async () => {
      pipeline = await sharedPipeline();
      const report = await pipeline.sampleReport();
      study = report.studies.find(({ instances }) => instances === SLICES)?.studyInstanceUid ?? '';
      mkdirSync(SCREENSHOTS, { recursive: true });
      browser = await chromium.launch({
        executablePath: CHROMIUM,
        args: [
          '--headless',
          '--no-sandbox',
          '--disable-gpu',
          '--no-first-run',
          '--disable-background-networking',
        ],
      });
    }, 400_000);
    afterAll(async () => {
      await browser?.close();
      await pipeline?.close();
    });

    interface Opened {
      readonly page: Page;
      readonly complaints: string[];
      readonly asked: string[];
    }
    async function open(options: BrowserContextOptions): Promise<Opened> {
      const page = await (await browser.newContext(options)).newPage();
      page.setDefaultTimeout(60_000);
      const complaints: string[] = [];
      const asked: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('request', (request) => asked.push(request.url()));
      return { page, complaints, asked };
    }
    async function signIn(page: Page, roles: readonly Role[] = ROLES): Promise<void> {
      const { endpoints, outputs, operator } = pipeline.stack;
      const user = await createStaffUser({ endpoint: endpoints.control ?? '', outputs, operator }, roles);
      await page.goto(user.address);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.fill('input[name=username]', user.username);
      await page.fill('input[name=password]', user.password);
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Sign out' }).waitFor();
    }
    /** What the checker of accessibility finds. */
    async function findings(page: Page): Promise<string[]> {
      await page.evaluate(AXE);
      return page.evaluate<string[]>(
        'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, ...nodes.map((node) => node.target)].join(" ")))',
      );
    }

    it.each([
      ['phone', PHONE],
      ['desktop', DESKTOP],
    ])(
      'signs in, finds a study, shares it and closes the link on a %s',
      async (name, options) => {
        const { page, complaints, asked } = await open(options);
        const shoot = (view: string) =>
          page.screenshot({ path: `${SCREENSHOTS}/staff-${name}-${view}.png`, fullPage: true });
        const isSound = async () => {
          expect(await findings(page)).toEqual([]);
          expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false);
        };
        await signIn(page);
        expect(page.url(), 'neither code nor state stays in the address').toBe(`${pipeline.webUrl}/staff`);
        await page.locator('.card img').first().waitFor();
        await isSound();
        await shoot('search');

        await page.selectOption('#modality', 'CT');
        await page.fill('#from', '1900-01-01');
        await page.getByRole('button', { name: 'Search' }).click();
        await page.locator(`.card[href="#/study/${study}"]`).click();
        await page.locator('.series .card img').waitFor();
        await isSound();
        await shoot('study');

        const passcode = await page.inputValue('#passcode');
        expect(passcode).toMatch(/^[a-z2-9]{4}-[a-z2-9]{4}$/);
        await page.fill('#note', 'second opinion');
        await page.getByRole('button', { name: 'Create link' }).click();
        await page.getByText('The link is ready').waitFor();
        const address = await page.inputValue('#address');
        const message = await page.inputValue('#body');
        expect(message).toContain(address);
        expect(message).not.toContain(passcode);
        expect(
          await page.getByRole('link', { name: 'Open in mail program' }).getAttribute('href'),
        ).not.toContain(passcode);
        expect(await page.locator('.qr path').getAttribute('d')).toMatch(/^M\d+ \d+h\d+v1h-\d+z/);
        await page.locator('.links li').first().waitFor();
        await isSound();
        await shoot('made');

        const visitor = await open(options);
        await visitor.page.goto(address);
        await visitor.page.fill('#passcode', passcode);
        await visitor.page.keyboard.press('Enter');
        await visitor.page.waitForSelector('#passcode', { state: 'detached' });

        const link = page.locator('.links li').first();
        expect(await link.textContent()).toContain('second opinion');
        await link.getByText('What was done with it').click();
        const said = link.locator('tbody tr td:nth-child(2)');
        await said.first().waitFor();
        expect((await said.allTextContents()).sort()).toEqual([
          'Asked for the passcode',
          'Link made',
          'Opened',
          'Study looked at',
        ]);
        expect(await link.textContent()).toContain('opened 1 time');
        await isSound();
        await shoot('events');
        await link.getByRole('button', { name: /^Revoke/ }).click();
        await isSound();
        await page.getByRole('button', { name: 'Revoke for good' }).click();
        await page.locator('.links li').first().getByText('Revoked').waitFor();
        await visitor.page.goto('about:blank');
        await visitor.page.goto(address);
        await visitor.page.waitForSelector('[data-state=revoked]');

        expect(complaints).toEqual([]);
        expect(textsIn(Buffer.from(await page.content()), PLANTED)).toEqual([]);
        const token = address.split('#')[1] ?? '';
        expect(asked.filter((one) => one.includes(token))).toEqual([]);
        await visitor.page.context().close();
        await page.context().close();
      },
      240_000,
    );

    it('holds its tokens in memory alone, asks nobody but its origin and the issuer, and comes back after a reload', async () => {
      const { page, asked } = await open(DESKTOP);
      let bearer = '';
      page.on('request', (request) => {
        bearer ||= request.headers().authorization?.replace('Bearer ', '') ?? '';
      });
      await signIn(page);
      await page.locator('.card').first().waitFor();
      expect(bearer.split('.')).toHaveLength(3);
      const kept = await page.evaluate<string>(
        'JSON.stringify([{ ...sessionStorage }, { ...localStorage }, document.cookie, location.href])',
      );
      expect(kept).not.toMatch(/eyJ|code|verifier/);
      expect(asked.filter((address) => address.includes(bearer))).toEqual([]);
      const issuer = asked.find((address) => address.includes('/oauth2/token')) ?? '';
      const origins = new Set(asked.map((address) => new URL(address.replace(/^blob:/, '')).origin));
      expect([...origins].sort()).toEqual([new URL(issuer).origin, pipeline.webUrl].sort());

      await page.goto(`${pipeline.webUrl}/staff#/study/${study}`);
      await page.reload();
      await page.locator('.series .card').first().waitFor();
      expect(page.url()).toBe(`${pipeline.webUrl}/staff#/study/${study}`);

      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByRole('button', { name: 'Sign in' }).waitFor();
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.waitForSelector('input[name=password]');
      await page.context().close();
    }, 120_000);

    it('says which role an account lacks, and offers nothing that it may not do', async () => {
      const { page } = await open(DESKTOP);
      await signIn(page, ['share']);
      await page.getByText('lacks the role “read”').waitFor();
      await page.context().close();
      const reader = await open(DESKTOP);
      await signIn(reader.page, ['read']);
      await reader.page.goto(`${pipeline.webUrl}/staff#/study/${study}`);
      await reader.page.getByText('lacks the role “share”').waitFor();
      expect(await reader.page.getByRole('button', { name: 'Create link' }).count()).toBe(0);
      await reader.page.context().close();
      const sharer = await open(DESKTOP);
      await signIn(sharer.page, ['read', 'share']);
      await sharer.page.goto(`${pipeline.webUrl}/staff#/study/${study}`);
      expect(await sharer.page.locator('#identified').isDisabled()).toBe(true);
      await sharer.page.context().close();
    }, 120_000);

    it('refuses an answer of the issuer that it did not ask for', async () => {
      const { page } = await open(DESKTOP);
      await page.goto(`${pipeline.webUrl}/staff?code=forged&state=forged`);
      await page.getByRole('heading', { name: 'The sign-in did not succeed' }).waitFor();
      expect(page.url()).toBe(`${pipeline.webUrl}/staff`);
      await page.context().close();
    });

    it('can be used by keyboard alone', async () => {
      const { page } = await open(DESKTOP);
      await signIn(page);
      await page.locator('.card').first().waitFor();
      await page.focus('#description');
      await page.keyboard.press('Enter');
      await page.locator('.found').waitFor();
      await page.locator(`.card[href="#/study/${study}"]`).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Create link' }).focus();
      await page.keyboard.press('Enter');
      await page.getByText('The link is ready').waitFor();
      expect(await page.evaluate('document.activeElement?.textContent')).toBe('The link is ready');
      await page.locator('.links').getByRole('button').first().focus();
      await page.keyboard.press('Enter');
      expect(await page.evaluate('document.activeElement?.textContent')).toBe('Keep it');
      await page.keyboard.press('Enter');
      await page.locator('dialog').waitFor({ state: 'detached' });
      expect(await page.evaluate('document.activeElement?.textContent')).toBe('Revoke');
      await page.context().close();
    }, 120_000);
  },
);
