/** Debian's Chromium for tests: started alike everywhere, with a graphics card in software or with none, and pages that keep what they say. */
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import sharp from 'sharp';

const CHROMIUM = '/usr/bin/chromium';
export const hasChromium = existsSync(CHROMIUM);
/** Behind a title of tests that need it. */
export const orSkipped = hasChromium ? '' : `: skipped, ${CHROMIUM} is not here`;

export const PHONE = {
  viewport: { width: 390, height: 844 },
  colorScheme: 'dark',
  hasTouch: true,
} as const;
export const DESK = { viewport: { width: 1440, height: 900 }, colorScheme: 'light' } as const;

export function launchChromium({ hasGraphics = true } = {}): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...(hasGraphics
        ? ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader']
        : ['--disable-gpu', '--disable-3d-apis']),
    ],
  });
}

export interface WatchedPage {
  readonly page: Page;
  /** Errors and warnings of the console, and faults of the page. */
  readonly complaints: string[];
  /** Every address it asked for. */
  readonly asked: string[];
}

/** A fresh page in a context of its own. */
export async function watchedPage(browser: Browser, options: BrowserContextOptions): Promise<WatchedPage> {
  const page = await (await browser.newContext(options)).newPage();
  const complaints: string[] = [];
  const asked: string[] = [];
  page.on('console', (message) => {
    const text = message.text();
    // Said of every picture that is read back from a graphics card in software.
    const isOfSoftware = /GPU stall due to ReadPixels|software WebGL|SwiftShader/i.test(text);
    if (!isOfSoftware && (message.type() === 'error' || message.type() === 'warning')) complaints.push(text);
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => asked.push(request.url()));
  return { page, complaints, asked };
}

/** The mean grey of a few pixels of the page about a point. */
export async function greyAt(page: Page, { x, y }: { x: number; y: number }, side = 4): Promise<number> {
  const clip = { x: Math.round(x - side / 2), y: Math.round(y - side / 2), width: side, height: side };
  const { channels } = await sharp(await page.screenshot({ clip })).stats();
  return channels.slice(0, 3).reduce((sum, { mean }) => sum + mean, 0) / 3;
}
