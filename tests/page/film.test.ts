/** A film in Chromium: it plays, is sought in, is kept where it cannot be played, and ends when one goes on. */
import { mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { movieEdits } from '../../shared/deid/pixel-bytes/movie-boxes.ts';
import { readPart10 } from '../../shared/dicom/index.ts';
import { DESK, hasChromium, launchChromium, orSkipped, PHONE, watchedPage } from '../helpers/chromium.ts';
import { type StudyServer, serveStudies } from '../helpers/study-server.ts';
import { ctFiles, filmFile } from '../helpers/viewer-studies.ts';

const SCREENSHOTS = fileURLToPath(new URL('../../.filmroom/screenshots', import.meta.url));
const fixture = (name: string) => readFileSync(new URL(`../fixtures/video/${name}`, import.meta.url));
const H264 = '1.2.840.10008.1.2.4.102';
const SLOW = { timeout: 60_000 };

async function cleared(film: Buffer): Promise<Buffer> {
  const object = filmFile('film', H264, [film]);
  const part10 = readPart10(object);
  const read = async (start: number, length: number) => object.subarray(start, start + length);
  const found = await movieEdits(part10, { size: object.length, read }, () => false);
  const { start = 0, length = 0 } = part10.pixelData?.fragments?.[0] ?? {};
  const bytes = found?.edits.through(object.subarray(start, start + length), start);
  if (bytes === undefined || Buffer.from(bytes).includes('DOE JANE')) throw new Error('not cleared');
  return Buffer.from(bytes);
}

describe.skipIf(!hasChromium)(`a film${orSkipped}`, () => {
  let server: StudyServer;
  let browser: Browser;

  beforeAll(async () => {
    mkdirSync(SCREENSHOTS, { recursive: true });
    // As it comes out of de-identification.
    const mp4 = await cleared(fixture('named.mp4'));
    server = await serveStudies(
      [
        ...ctFiles({}, 2),
        filmFile('Bronchoscopy', `${H264}.1`, [
          mp4.subarray(0, 3_000),
          mp4.subarray(3_000, 5_000),
          mp4.subarray(5_000),
        ]),
        filmFile('Colonoscopy', H264, [fixture('film.m2ts')]),
        filmFile('Swallowing', '1.2.840.10008.1.2.4.100', [fixture('film.mpg')]),
      ],
      { filmSlice: 2_000 },
    );
    browser = await launchChromium();
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  async function open(series: string, options: typeof DESK | typeof PHONE = DESK) {
    const watched = await watchedPage(browser, options);
    await watched.page.goto(server.url);
    await watched.page.click(`.card:has-text("${series}")`, SLOW);
    await watched.page.waitForSelector('.pane[data-state=document]', SLOW);
    return watched;
  }
  const player = <Value>(page: Page, what: string) =>
    page.evaluate<Value>(`((video) => ${what})(document.querySelector('video'))`);
  /** How much the greys of what is shown of the film differ. */
  const contrast = async (page: Page) => {
    const { channels } = await sharp(await page.locator('video').screenshot()).stats();
    return Math.max(...channels.slice(0, 3).map(({ stdev }) => stdev));
  };

  it.each([
    ['a desk', DESK, 'film-desk'],
    ['a phone', PHONE, 'film-phone'],
  ] as const)('plays on %s, is fetched by ranges and sought in', async (_case, options, name) => {
    const { page, complaints } = await open('Bronchoscopy', options);
    await expect.poll(() => player<number>(page, 'video?.readyState ?? 0'), SLOW).toBeGreaterThan(0);
    expect(await player(page, '[video.videoWidth, video.videoHeight, Math.round(video.duration)]')).toEqual([
      160, 120, 3,
    ]);
    await player(page, '(video.muted = true, video.play())');
    await expect.poll(() => player<number>(page, 'video.currentTime'), SLOW).toBeGreaterThan(0.3);
    await player(page, 'video.pause()');
    expect(await contrast(page)).toBeGreaterThan(40);
    await player(page, '(video.currentTime = 2.5)');
    await expect.poll(() => player<boolean>(page, 'video.seeking'), SLOW).toBe(false);
    expect(await player(page, 'video.currentTime')).toBe(2.5);
    expect(server.filmRanges.length).toBeGreaterThan(2);
    expect(await player(page, '[video.controls, video.playsInline, video.ariaLabel]')).toEqual([
      true,
      true,
      expect.stringContaining('film'),
    ]);
    await page.screenshot({ path: `${SCREENSHOTS}/${name}.png` });
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('plays out of a transport stream, which is put into another container in the page', async () => {
    const { page, complaints } = await open('Colonoscopy');
    await expect.poll(() => player<number>(page, 'video?.readyState ?? 0'), SLOW).toBeGreaterThan(0);
    expect(await player(page, '[video.videoWidth, video.videoHeight, Math.round(video.duration)]')).toEqual([
      160, 120, 3,
    ]);
    await player(page, '(video.muted = true, video.play())');
    await expect.poll(() => player<number>(page, 'video.currentTime'), SLOW).toBeGreaterThan(0.3);
    await player(page, '(video.pause(), video.currentTime = 1.5)');
    await expect.poll(() => player<boolean>(page, 'video.seeking'), SLOW).toBe(false);
    expect(await contrast(page)).toBeGreaterThan(40);
    await page.screenshot({ path: `${SCREENSHOTS}/film-repacked.png` });
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('is told where it cannot be played, with its picture and the file to save', async () => {
    const { page, complaints } = await open('Swallowing');
    await page.waitForSelector('.document .note', SLOW);
    expect(await page.textContent('.document .note')).toContain('cannot play');
    expect(await page.locator('.document img').count()).toBe(1);
    const saved = page.waitForEvent('download');
    await page.click('text=Save the film');
    const download = await saved;
    expect(download.suggestedFilename()).toBe('film.mpg');
    expect(readFileSync(await download.path())).toEqual(fixture('film.mpg'));
    await page.screenshot({ path: `${SCREENSHOTS}/film-unplayable.png` });
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('ends when one goes on to another series', async () => {
    const { page } = await open('Bronchoscopy');
    await expect.poll(() => player<number>(page, 'video?.readyState ?? 0'), SLOW).toBeGreaterThan(0);
    await page.evaluate(
      `(window.film = document.querySelector('video'), film.muted = true, film.loop = true, film.play())`,
    );
    await page.keyboard.press(']');
    await expect.poll(() => page.evaluate('film.paused && !film.isConnected'), SLOW).toBe(true);
    await page.context().close();
  });
});
