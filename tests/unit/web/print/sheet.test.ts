import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { drawSheet, type PrintedImage, type PrintSheet } from '../../../../web/link-page/print/draw-sheet.ts';

const folder = mkdtempSync(join(tmpdir(), 'filmroom-print-'));
afterAll(() => rmSync(folder, { recursive: true }));

const facts = {
  patientId: 'PSEUDONYM1',
  patientSex: 'F',
  studyDate: '20240611',
  studyDescription: 'MR knee',
  modalities: ['MR'],
};
const white = (format: 'png' | 'jpeg', width = 300, height = 200) =>
  sharp({ create: { width, height, channels: 3, background: '#fff' } })
    .toFormat(format)
    .toBuffer()
    .then((bytes) => new Uint8Array(bytes));
const image = async (more: Partial<PrintedImage> = {}): Promise<PrintedImage> => ({
  bytes: await white('png'),
  width: 300,
  height: 200,
  caption: 'Series 3 · Image 1',
  measurements: [],
  ...more,
});
const sheet = (images: PrintedImage[], more: Partial<PrintSheet> = {}): PrintSheet => ({
  facts,
  images,
  paper: 'A4',
  perPage: 1,
  printedAt: new Date('2026-12-01T00:00:00Z'),
  ...more,
});
const saved = async (...parameters: Parameters<typeof drawSheet>): Promise<string> => {
  const path = join(folder, `${Math.random()}.pdf`);
  writeFileSync(path, await drawSheet(...parameters));
  return path;
};
const run = (tool: string, ...parameters: string[]) => {
  const { stdout, stderr, status } = spawnSync(tool, parameters, { maxBuffer: 1e8 });
  expect({ tool, status, stderr: String(stderr) }).toMatchObject({ status: 0, stderr: '' });
  return stdout;
};
const textOf = (path: string) => run('pdftotext', '-layout', path, '-').toString('utf8');

const hasPoppler = spawnSync('pdftotext', ['-v']).error === undefined;
const rasterizer = {
  width: (text: string, { size }: { size: number }) => text.length * size,
  rasterize: async (text: string, { size }: { size: number }) => ({
    png: await white('png', 5 * text.length, 10),
    width: text.length * size,
    height: size * 1.5,
    ascent: size,
  }),
};

describe('a print sheet', () => {
  it('refuses a picture that is neither PNG nor JPEG', async () => {
    await expect(drawSheet(sheet([await image({ bytes: new Uint8Array(100) })]))).rejects.toThrow();
  });
});

describe.skipIf(!hasPoppler)(
  `a print sheet as poppler reads it${hasPoppler ? '' : ' (skipped: poppler-utils is not installed)'}`,
  () => {
    it.each([
      ['A4', '595.28 x 841.89 pts (A4)'],
      ['Letter', '612 x 792 pts (letter)'],
    ] as const)('has the size of %s and says what it is but not of whom', async (paper, size) => {
      const identified = { name: 'Jane Canary', birthDate: '4 May 1961' };
      const path = await saved(sheet([await image()], { paper, identified }));
      const told = run('pdfinfo', '-meta', path).toString() + run('pdfinfo', path).toString();
      expect(told).toContain(size);
      expect(told).toContain('Images of a study');
      for (const secret of ['Canary', '1961', facts.patientId, facts.studyDescription, '2024'])
        expect(told).not.toContain(secret);
    });

    it('says on each page what study it is, that dates are moved, that it is not for diagnosis, and which page it is', async () => {
      const images = await Promise.all(Array.from({ length: 5 }, () => image()));
      const pages = textOf(await saved(sheet(images, { perPage: 2 }))).split('\f');
      expect(pages.filter((page) => page.trim() !== '')).toHaveLength(3);
      for (const [index, page] of pages.slice(0, 3).entries()) {
        expect(page).toContain('MR knee');
        expect(page).toContain('Patient PSEUDONYM1 (pseudonym)');
        expect(page).toContain('Magnetic resonance');
        expect(page).toMatch(/2024 \(date moved by some weeks\)/);
        expect(page).toContain('Not for diagnosis');
        expect(page).toContain(`Page ${index + 1} of 3`);
      }
    });

    it('says nothing of moved dates where the study says that they are as they were', async () => {
      const kept = { ...sheet([await image()]), facts: { ...facts, dates: 'kept' as const } };
      const text = textOf(await saved(kept));
      expect(text).toContain('2024');
      expect(text).not.toMatch(/moved/);
    });

    it('names the patient of an identified link, and the pseudonym under which the study is filed', async () => {
      const identified = { name: 'Müller, Jane', birthDate: '4 May 1961' };
      const text = textOf(await saved(sheet([await image()], { identified })));
      expect(text).toContain('Müller, Jane · born 4 May 1961');
      expect(text).toContain('filed as PSEUDONYM1');
    });

    it.each(['png', 'jpeg'] as const)('takes %s as it is', async (format) => {
      const path = await saved(sheet([await image({ bytes: await white(format) })]));
      expect(run('pdfimages', '-list', path).toString()).toMatch(/300\s+200\s+rgb/);
    });

    it('draws a bar of 50 mm as long as 50 mm are in the picture', async () => {
      const path = await saved(sheet([await image({ millimetresPerPixel: 0.5 })]));
      const dots = 300;
      run('pdftoppm', '-r', String(dots), '-png', '-singlefile', path, join(folder, 'bar'));
      const { data, info } = await sharp(join(folder, 'bar.png'))
        .greyscale()
        .raw()
        .toBuffer({ resolveWithObject: true });
      // The picture is white, letters are short: the longest black run is the bar.
      let longest = 0;
      for (let y = 0; y < info.height; y++) {
        let length = 0;
        for (let x = 0; x < info.width; x++) {
          length = (data[y * info.width + x] ?? 255) < 60 ? length + 1 : 0;
          longest = Math.max(longest, length);
        }
      }
      // 300 pixels of 0.5 mm are printed over the 499.28 points between the margins.
      const expected = ((50 / (300 * 0.5)) * 499.28 * dots) / 72;
      expect(Math.abs(longest - expected)).toBeLessThan(6);
      expect(textOf(path)).toContain('50 mm');
    });

    it('says where a scale is approximate, and has no bar where it is not known', async () => {
      expect(
        textOf(await saved(sheet([await image({ millimetresPerPixel: 0.5, approximate: true })]))),
      ).toContain('50 mm, approximate');
      expect(textOf(await saved(sheet([await image()])))).not.toMatch(/\d mm/);
    });

    it('lists the measurements below their picture, and all of them at the end where they have no room', async () => {
      const measurements = Array.from({ length: 30 }, (_, index) => `Length ${index + 1}: 12.3 mm`);
      const path = await saved(
        sheet([await image({ measurements: measurements.slice(0, 2) }), await image({ measurements })], {
          perPage: 9,
        }),
      );
      const [first = '', second = ''] = textOf(path).split('\f');
      expect(first).toContain('Length 2: 12.3 mm');
      expect(first).toContain('see the list at the end');
      expect(first).not.toContain('Length 30');
      for (const line of measurements) expect(second).toContain(line);
    });

    it('draws what Helvetica cannot write as a picture whose text can be searched', async () => {
      const caption = '膝関節 Ёлка';
      const path = await saved(sheet([await image({ caption })]), rasterizer);
      expect(run('pdftotext', path, '-').toString('utf8')).toContain(`1. ${caption}`);
      expect(run('pdfimages', '-list', path).toString().trim().split('\n')).toHaveLength(2 + 2);
    });

    it('writes question marks for them where nothing can draw', async () => {
      expect(textOf(await saved(sheet([await image({ caption: 'Ёлка\u0007' })])))).toContain('????');
    });

    it('needs no font that is not in every reader, and no password', async () => {
      const path = await saved(sheet([await image()]));
      const names = run('pdffonts', path)
        .toString()
        .trim()
        .split('\n')
        .slice(2)
        .map((line) => line.split(/\s+/)[0]);
      expect(names.sort()).toEqual(['Helvetica', 'Helvetica-Bold']);
      expect(run('pdfinfo', path).toString()).toMatch(/Encrypted:\s+no/);
    });
  },
);
