import * as fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { type NewElement, readPart10 } from '../../../../shared/dicom/index.ts';
import { isUnprocessable } from '../../../../shared/errors.ts';
import { colourOfLab } from '../../../../shared/pixels/documents/segmentation.ts';
import { renderPreview } from '../../../../shared/pixels/preview.ts';
import { imageSource } from '../image-object.ts';
import { concept, contentItem, decimals, documentBytes, numbers, sequence, text } from './document-object.ts';

const SOP = '1.2.840.10008.5.1.4.1.1';
const preview = (sopClass: string, elements: readonly NewElement[], size = 256) => {
  const bytes = documentBytes(elements, `${SOP}.${sopClass}`);
  const source = {
    part10: readPart10(bytes),
    read: async () => Promise.reject(new Error('nothing is to be read')),
  };
  return renderPreview(source, { size, format: 'png' });
};

/** Red, green and blue at a place, given as a share of the picture. */
async function colourAt(picture: Uint8Array, x: number, y: number): Promise<number[]> {
  const { data, info } = await sharp(picture)
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const at = (Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * info.channels;
  return [...data.subarray(at, at + 3)];
}

/** A PDF of one page that is red to its edges. */
function redPdf(): Uint8Array {
  const content = '1 0 0 rg 0 0 200 100 re f';
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R>>',
    `<</Length ${content.length}>>stream\n${content}\nendstream`,
  ];
  let file = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const at = file.length;
    file += `${index + 1} 0 obj${object}endobj\n`;
    return at;
  });
  const table = offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
  file += `xref\n0 5\n0000000000 65535 f \n${table}trailer<</Size 5/Root 1 0 R>>\nstartxref\n${file.length}\n%%EOF\n`;
  return Buffer.from(file, 'latin1');
}

const pdf = (bytes: Uint8Array): NewElement[] => [
  {
    tag: 0x00420011,
    vr: 'OB',
    value: bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(1)]),
  },
  text(0x00420012, 'LO', 'application/pdf'),
];

const square = (low: number, high: number, z: number) =>
  decimals(0x30060050, ...[low, low, z, high, low, z, high, high, z, low, high, z]);
const structures = (...contours: NewElement[]): NewElement[] => [
  sequence(0x30060020, [numbers(0x30060022, 'US', 1)]),
  sequence(0x30060039, [
    text(0x3006002a, 'IS', '0\\255\\0'),
    sequence(0x30060040, ...contours.map((points) => [text(0x30060042, 'CS', 'CLOSED_PLANAR'), points])),
  ]),
];

const ecg: NewElement[] = [
  sequence(0x54000100, [
    numbers(0x003a0005, 'US', 1),
    numbers(0x003a0010, 'UL', 4),
    decimals(0x003a001a, 2),
    sequence(0x003a0200, [
      concept(0x003a0208, 'Lead II'),
      decimals(0x003a0210, 1),
      sequence(0x003a0211, [text(0x00080100, 'SH', 'uV')]),
    ]),
    numbers(0x54001004, 'US', 16),
    text(0x54001006, 'CS', 'SS'),
    { tag: 0x54001010, vr: 'OW', value: new Uint8Array(8) },
  ]),
];

describe('the preview of what holds no image', () => {
  it('is the page of a report', async () => {
    const shown = await preview('88.11', contentItem('CONTAINER', 'Report'));
    expect(shown).toMatchObject({ width: 256, height: 256, label: 'Structured report' });
    expect(shown.placeholder).toBeUndefined();
    expect(await colourAt(shown.bytes, 0.5, 0.9)).toEqual([244, 243, 238]);
  });

  it('is the first page of a PDF, its colours as they are', async () => {
    const shown = await preview('104.1', pdf(redPdf()));
    expect(shown).toMatchObject({ width: 256, height: 128, label: 'PDF document' });
    expect(shown.placeholder).toBeUndefined();
    expect(await colourAt(shown.bytes, 0.5, 0.5)).toEqual([255, 0, 0]);
  });

  it('is the trace of an electrocardiogram', async () => {
    const shown = await preview('9.1.1', ecg);
    expect(shown).toMatchObject({ label: 'ECG' });
    expect(shown.placeholder).toBeUndefined();
  });

  it('is the outline of structures in their colours', async () => {
    const shown = await preview('481.3', structures(square(-50, 50, 0)));
    expect(shown).toMatchObject({ label: 'RT structure set' });
    const { channels } = await sharp(shown.bytes).stats();
    expect(channels[1]?.max).toBeGreaterThan(200);
    expect(channels[0]?.max).toBeLessThan(160);
  });

  it('is seen from the front as well where structures have a height', async () => {
    const flat = await preview('481.3', structures(square(-50, 50, 0)));
    const tall = await preview('481.3', structures(square(-50, 50, 0), square(-50, 50, 80)));
    expect(flat.bytes).not.toEqual(tall.bytes);
  });

  it.each<[string, string, NewElement[], string]>([
    ['a PDF that is none', '104.1', pdf(Buffer.from('%PDF-1.4 and nothing more')), 'undecodable'],
    ['an empty PDF', '104.1', pdf(Buffer.alloc(0)), 'no-image'],
    ['a PDF over the limit', '104.1', pdf(Buffer.alloc(33 * 2 ** 20)), 'too-large'],
    ['another document', '104.2', [text(0x00420012, 'LO', 'text/XML')], 'no-image'],
    ['a structure set without contours', '481.3', structures(), 'no-image'],
    ['contours that are no numbers', '481.3', structures(text(0x30060050, 'DS', 'x\\y\\z')), 'no-image'],
    ['a waveform without samples', '9.1.1', [sequence(0x54000100)], 'no-image'],
    ['a plan', '481.5', [text(0x300a0002, 'SH', 'Plan')], 'no-image'],
    ['a presentation state', '11.1', [], 'no-image'],
  ])('is a placeholder for %s', async (_, sopClass, elements, reason) => {
    expect(await preview(sopClass, elements)).toMatchObject({ placeholder: reason, width: 256, height: 256 });
  });
});

describe('whatever a document is', () => {
  const report = contentItem(
    'CONTAINER',
    'Report',
    sequence(0x0040a730, contentItem('TEXT', 'Finding', text(0x0040a160, 'UT', 'x'.repeat(60)))),
  );

  it.each<[string, string, readonly NewElement[]]>([
    ['a report', '88.11', report],
    ['an electrocardiogram', '9.1.1', ecg],
    ['a structure set', '481.3', structures(square(-50, 50, 0), square(-40, 40, 5))],
  ])(
    '%s with damage ends as a picture or a placeholder, never as an error',
    async (_, sopClass, elements) => {
      const whole = documentBytes(elements, `${SOP}.${sopClass}`);
      const change = fc.record({ at: fc.integer({ min: 200, max: whole.length - 1 }), to: fc.nat(255) });
      await fc.assert(
        fc.asyncProperty(
          fc.array(change, { minLength: 1, maxLength: 12 }),
          fc.constantFrom(16, 64),
          async (changes, size) => {
            const damaged = Uint8Array.from(whole);
            for (const { at, to } of changes) damaged[at] = to;
            const part10 = readOrUndefined(damaged);
            if (part10 === undefined) return;
            const shown = await renderPreview({ part10, read: async () => new Uint8Array() }, { size });
            expect(shown.bytes.length).toBeGreaterThan(0);
          },
        ),
        { numRuns: 150 },
      );
    },
  );

  function readOrUndefined(bytes: Uint8Array) {
    try {
      return readPart10(bytes);
    } catch (error) {
      if (isUnprocessable(error)) return undefined;
      throw error;
    }
  }
});

describe('a segmentation', () => {
  // Two slices; the second has two segments, which are the left and the right half.
  const frame = (z: number, segment: number) => [
    sequence(0x00209113, [decimals(0x00200032, 0, 0, z)]),
    sequence(0x0062000a, [numbers(0x0062000b, 'US', segment)]),
  ];
  const segment = (number: number, ...lab: number[]) => [
    numbers(0x00620004, 'US', number),
    numbers(0x0062000d, 'US', ...lab),
  ];
  const of = (...groups: NewElement[][]) =>
    imageSource(
      {
        rows: 8,
        columns: 8,
        bitsAllocated: 1,
        frames: 3,
        vr: 'OB',
        more: [
          { tag: 0x00080016, vr: 'UI', value: Buffer.from(`${SOP}.66.4\0`.slice(0, 28), 'latin1') },
          text(0x00620001, 'CS', 'BINARY'),
          sequence(0x00620002, segment(1, 35_000, 53_000, 50_000), segment(2, 60_000, 12_000, 50_000)),
          ...(groups.length > 0 ? [sequence(0x52009230, ...groups)] : []),
        ],
      },
      Uint8Array.from([...new Array(8).fill(0), ...new Array(8).fill(0x0f), ...new Array(8).fill(0xf0)]),
    );

  it('shows the segments of one slice in their colours', async () => {
    const source = of(frame(0, 1), frame(5, 1), frame(5, 2));
    const { bytes, placeholder } = await renderPreview(source, { format: 'png' });
    expect(placeholder).toBeUndefined();
    const [left, right] = await Promise.all([colourAt(bytes, 0.2, 0.5), colourAt(bytes, 0.8, 0.5)]);
    expect(left[0]).toBeGreaterThan(left[1]! + 50);
    expect(right[1]).toBeGreaterThan(right[0]! + 50);
  });

  it('is shown as an image where its frames say neither segment nor place', async () => {
    const { placeholder, label } = await renderPreview(of(), { format: 'png' });
    expect([placeholder, label]).toEqual([undefined, 'OT, frame 2 of 3']);
  });

  it.each([
    ['white', [65_535, 32_896, 32_896], [255, 255, 255]],
    ['black', [0, 32_896, 32_896], [0, 0, 0]],
  ])('has %s where CIELab says so', (_, [l, a, b], expected) => {
    for (const [index, value] of colourOfLab(l!, a!, b!).entries())
      expect(Math.abs(value - expected[index]!)).toBeLessThanOrEqual(2);
  });
});
