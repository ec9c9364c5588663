import { describe, expect, it } from 'vitest';
import { type NewElement, readPart10, writePart10 } from '../../../../shared/dicom/index.ts';
import { TAG } from '../../../../shared/pixels/attributes.ts';
import { readImagePixel } from '../../../../shared/pixels/image-pixel.ts';
import { renderPreview } from '../../../../shared/pixels/preview.ts';
import { type Picture, renderPicture } from '../../../../shared/pixels/render/picture.ts';
import {
  type PresentationState,
  readPresentationState,
} from '../../../../shared/pixels/render/presentation/presentation-state.ts';
import {
  bytes,
  type ImageDescription,
  imageSource,
  numbers,
  sequence,
  text,
  words,
} from '../image-object.ts';

const UID = '1.2.3.4';
const GREY = '1.2.840.10008.5.1.4.1.1.11.1';
const PSEUDO_COLOUR = '1.2.840.10008.5.1.4.1.1.11.3';

const reference = (uid = UID, ...frames: number[]): NewElement =>
  sequence(TAG.ReferencedImageSequence, [
    text(TAG.ReferencedSOPInstanceUID, 'UI', uid),
    ...(frames.length === 0 ? [] : [text(TAG.ReferencedFrameNumber, 'IS', frames.join('\\'))]),
  ]);

function state(more: NewElement[], { sopClass = GREY, refers = UID } = {}): PresentationState | undefined {
  const elements = [
    text(TAG.SOPClassUID, 'UI', sopClass),
    sequence(TAG.ReferencedSeriesSequence, [reference(refers)]),
    ...more,
  ];
  const part10 = writePart10(
    elements.sort((a, b) => a.tag - b.tag),
    {
      mediaStorageSopClassUid: sopClass,
      mediaStorageSopInstanceUid: '1.2.5',
      transferSyntaxUid: '1.2.840.10008.1.2.1',
      implementationClassUid: '1.2.3',
      implementationVersionName: 'TEST',
    },
  );
  return readPresentationState(readPart10(part10).dataSet);
}

async function picture(
  presentation: PresentationState | undefined,
  stored: Uint8Array,
  description: Partial<ImageDescription> & { index?: number; longest?: number } = {},
): Promise<Picture> {
  const { index = 0, longest = 256, more = [], ...image } = description;
  const described = { rows: 1, columns: 4, ...image, more: [text(TAG.SOPInstanceUID, 'UI', UID), ...more] };
  const source = imageSource(described, stored);
  const pixel = readImagePixel(source.part10.dataSet);
  return renderPicture(source, pixel, index, { longest, ...(presentation ? { presentation } : {}) });
}

const greys = async (...args: Parameters<typeof picture>): Promise<number[]> =>
  Array.from((await picture(...args)).raster.data);

const window = (center: number, width: number, ...more: NewElement[]): NewElement[] => [
  text(TAG.WindowCenter, 'DS', String(center)),
  text(TAG.WindowWidth, 'DS', String(width)),
  text(TAG.VOILUTFunction, 'CS', 'LINEAR_EXACT'),
  ...more,
];
const area = (from: [number, number], to: [number, number], mode = 'TRUE SIZE'): NewElement =>
  sequence(TAG.DisplayedAreaSelectionSequence, [
    numbers(TAG.DisplayedAreaTopLeftHandCorner, 'SL', ...from),
    numbers(TAG.DisplayedAreaBottomRightHandCorner, 'SL', ...to),
    text(TAG.PresentationSizeMode, 'CS', mode),
    text(TAG.PresentationPixelAspectRatio, 'IS', '1\\1'),
  ]);

describe('a presentation state', () => {
  it('is one of the kinds that are applied, or none', () => {
    expect(state([])?.kind).toBe('grey');
    expect(state([], { sopClass: '1.2.840.10008.5.1.4.1.1.11.4' })).toBeUndefined();
    expect(state([], { sopClass: '1.2.840.10008.5.1.4.1.1.2' })).toBeUndefined();
  });

  it('is not applied to an image it does not refer to', async () => {
    const inverse = [text(TAG.PresentationLUTShape, 'CS', 'INVERSE')];

    expect(await greys(state(inverse), bytes(0, 1, 2, 3))).toEqual([255, 254, 253, 252]);
    expect(await greys(state(inverse, { refers: '1.9' }), bytes(0, 1, 2, 3))).toEqual([0, 1, 2, 3]);
  });

  it('replaces the transforms of the image, also by leaving them out', async () => {
    const more = [text(TAG.RescaleSlope, 'DS', '9'), text(TAG.RescaleIntercept, 'DS', '9'), ...window(2, 2)];
    const image = { bitsAllocated: 16, bitsStored: 12, photometric: 'MONOCHROME1', more };

    expect(await greys(state([]), words(0, 1365, 2730, 4095), image)).toEqual([0, 85, 170, 255]);
  });

  it('brings its own modality and VOI transforms', async () => {
    const voi = sequence(TAG.SoftcopyVOILUTSequence, window(100, 200));
    const own = [text(TAG.RescaleSlope, 'DS', '2'), text(TAG.RescaleIntercept, 'DS', '-100'), voi];

    expect(await greys(state(own), words(0, 50, 110, 200), { bitsAllocated: 16 })).toEqual([0, 0, 153, 255]);
  });

  it('windows the frames it names', async () => {
    const voi = sequence(
      TAG.SoftcopyVOILUTSequence,
      window(5, 10, reference(UID, 1)),
      window(50, 100, reference(UID, 2, 3)),
    );
    const image = { columns: 1, frames: 3, bitsAllocated: 16 };

    expect(await greys(state([voi]), words(5, 5, 5), { ...image, index: 0 })).toEqual([128]);
    expect(await greys(state([voi]), words(5, 5, 5), { ...image, index: 2 })).toEqual([13]);
  });

  it('ends in a presentation LUT whose input is scaled to its length', async () => {
    const lut = sequence(TAG.PresentationLUTSequence, [
      numbers(TAG.LUTDescriptor, 'US', 3, 0, 8),
      { tag: TAG.LUTData, vr: 'US', value: words(255, 0, 100) },
    ]);

    expect(await greys(state([lut]), bytes(0, 100, 128, 255))).toEqual([255, 0, 0, 100]);
  });

  it('of pseudo-colour colours the greys', async () => {
    const descriptors = [
      TAG.RedPaletteColorLookupTableDescriptor,
      TAG.GreenPaletteColorLookupTableDescriptor,
      TAG.BluePaletteColorLookupTableDescriptor,
    ].map((tag) => numbers(tag, 'US', 2, 0, 8));
    const tables: NewElement[] = [
      { tag: TAG.RedPaletteColorLookupTableData, vr: 'OW', value: bytes(0, 255) },
      { tag: TAG.GreenPaletteColorLookupTableData, vr: 'OW', value: bytes(9, 9) },
      { tag: TAG.BluePaletteColorLookupTableData, vr: 'OW', value: bytes(255, 0) },
    ];
    const made = state([...descriptors, ...tables], { sopClass: PSEUDO_COLOUR });

    expect(await greys(made, bytes(0, 255), { columns: 2 })).toEqual([0, 9, 255, 255, 9, 0]);
  });

  it.each([
    ['as it is', 0, 'N', [0, 1, 2, 3, 4, 5], [3, 2]],
    ['a quarter clockwise', 90, 'N', [3, 0, 4, 1, 5, 2], [2, 3]],
    ['upside down', 180, 'N', [5, 4, 3, 2, 1, 0], [3, 2]],
    ['three quarters', 270, 'N', [2, 5, 1, 4, 0, 3], [2, 3]],
    ['flipped', 0, 'Y', [2, 1, 0, 5, 4, 3], [3, 2]],
    ['flipped after the quarter', 90, 'Y', [0, 3, 1, 4, 2, 5], [2, 3]],
  ])('turns the image: %s', async (_, rotation, flip, expected, size) => {
    const turn = [text(TAG.ImageHorizontalFlip, 'CS', flip), numbers(TAG.ImageRotation, 'US', rotation)];

    const shown = await picture(state(turn), bytes(0, 1, 2, 3, 4, 5), { rows: 2, columns: 3 });

    expect(Array.from(shown.raster.data)).toEqual(expected);
    expect([shown.size.width, shown.size.height]).toEqual(size);
  });

  it('shows the area it selects, black where the image ends', async () => {
    const nine = bytes(1, 2, 3, 4, 5, 6, 7, 8, 9);
    const image = { rows: 3, columns: 3 };

    expect(await greys(state([area([2, 2], [3, 3])]), nine, image)).toEqual([5, 6, 8, 9]);
    expect(await greys(state([area([0, 0], [1, 1])]), nine, image)).toEqual([0, 0, 0, 1]);
    expect(await greys(state([area([-9999, -9999], [9999, 9999])]), nine, image)).toEqual([
      ...nine.subarray(0, 9),
    ]);
    expect(await greys(state([area([50, 50], [60, 60])]), nine, image)).toEqual([...nine.subarray(0, 9)]);
  });

  it('fills the size where it scales to fit, and keeps the pixels of the crop', async () => {
    const pixels = new Uint8Array(64 * 64).fill(9);

    const fit = await picture(state([area([1, 1], [16, 8], 'SCALE TO FIT')]), pixels, {
      rows: 64,
      columns: 64,
      longest: 32,
    });

    expect(fit.size).toEqual({ width: 32, height: 16 });
    expect([fit.raster.width, fit.raster.height]).toEqual([16, 8]);
  });
});

describe('annotations of a presentation state', () => {
  const shape = (kind: string, units: string, ...points: number[]): NewElement[] => [
    text(TAG.GraphicAnnotationUnits, 'CS', units),
    numbers(TAG.GraphicData, 'FL', ...points),
    text(TAG.GraphicType, 'CS', kind),
  ];
  const layer = (...items: NewElement[][]): NewElement[] => [
    text(TAG.GraphicLayer, 'CS', 'A'),
    sequence(TAG.GraphicObjectSequence, ...items),
  ];
  const hundred = { rows: 100, columns: 100, longest: 100 };
  const pixels = new Uint8Array(10_000);
  const drawn = async (more: NewElement[], index = 0): Promise<string> =>
    (await picture(state(more), bytes(...pixels, ...pixels), { ...hundred, frames: 2, index })).drawing ?? '';

  it.each([
    ['POLYLINE', 'PIXEL', [10, 20, 30, 40], 'M10 20L30 40"'],
    ['POLYLINE', 'DISPLAY', [0.1, 0.2, 0.3, 0.4], 'M10 20L30 40"'],
    ['CIRCLE', 'PIXEL', [50, 50, 60, 50], 'M60 50L'],
    ['ELLIPSE', 'PIXEL', [10, 50, 90, 50, 50, 40, 50, 60], 'M90 50L'],
    ['INTERPOLATED', 'PIXEL', [0, 0, 10, 10, 20, 0], 'M0 0L'],
    ['POINT', 'PIXEL', [50, 50], 'M47.5 50L52.5 50'],
  ])('are drawn: %s in units of %s', async (kind, units, points, path) => {
    const annotation = sequence(TAG.GraphicAnnotationSequence, layer(shape(kind, units, ...points)));

    expect(await drawn([annotation])).toContain(path);
  });

  it('follow crop and turn', async () => {
    const annotation = sequence(
      TAG.GraphicAnnotationSequence,
      layer(shape('POLYLINE', 'PIXEL', 50, 50, 60, 50)),
    );
    const turned = [annotation, area([41, 41], [90, 90]), numbers(TAG.ImageRotation, 'US', 90)];

    expect(await drawn(turned)).toContain('M40 10L40 20"');
  });

  it('belong to the frames they name', async () => {
    const annotation = sequence(TAG.GraphicAnnotationSequence, [
      ...layer(shape('POLYLINE', 'PIXEL', 1, 2, 3, 4)),
      reference(UID, 2),
    ]);

    expect(await drawn([annotation], 0)).toBe('');
    expect(await drawn([annotation], 1)).toContain('M1 2L3 4');
  });

  it('have the grey of their layer', async () => {
    const layers = sequence(TAG.GraphicLayerSequence, [
      text(TAG.GraphicLayer, 'CS', 'A'),
      numbers(TAG.GraphicLayerRecommendedDisplayGrayscaleValue, 'US', 0x8080),
    ]);
    const annotation = sequence(TAG.GraphicAnnotationSequence, layer(shape('POLYLINE', 'PIXEL', 1, 2, 3, 4)));

    expect(await drawn([layers, annotation])).toContain('rgb(128,128,128)');
  });

  it('write their text as strokes, with a line to its anchor, and never as text', async () => {
    const annotation = sequence(TAG.GraphicAnnotationSequence, [
      text(TAG.GraphicLayer, 'CS', 'A'),
      sequence(TAG.TextObjectSequence, [
        text(TAG.BoundingBoxAnnotationUnits, 'CS', 'PIXEL'),
        numbers(TAG.BoundingBoxTopLeftHandCorner, 'FL', 10, 10),
        numbers(TAG.BoundingBoxBottomRightHandCorner, 'FL', 50, 20),
        text(TAG.AnchorPointAnnotationUnits, 'CS', 'PIXEL'),
        numbers(TAG.AnchorPoint, 'FL', 70, 80),
        text(TAG.AnchorPointVisibility, 'CS', 'Y'),
        text(TAG.UnformattedTextValue, 'ST', '<b>"L"&'),
      ]),
    ]);

    const svg = await drawn([annotation]);

    expect(svg).toContain('M50 20L70 80');
    expect(svg).not.toMatch(/<b>|<text|&/);
  });

  it('with broken points do not break the picture', async () => {
    const broken = [
      shape('POLYLINE', 'PIXEL', 1e30, 5),
      shape('CIRCLE', 'PIXEL', 5),
      shape('NONE', 'PIXEL', 1, 1),
    ];
    const presentation = state([sequence(TAG.GraphicAnnotationSequence, layer(...broken))]);
    const source = imageSource(
      { rows: 100, columns: 100, more: [text(TAG.SOPInstanceUID, 'UI', UID)] },
      pixels,
    );

    const preview = await renderPreview(source, presentation ? { presentation } : {});

    expect(preview).toMatchObject({ width: 100, height: 100 });
    expect(preview.placeholder).toBeUndefined();
  });
});
