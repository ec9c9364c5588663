import { describe, expect, it } from 'vitest';
import {
  encodeNumbers,
  encodeText,
  type NewElement,
  readPart10,
  toDicomJson,
  type VR,
} from '../../../shared/dicom/index.ts';
import { decodedFrame } from '../../../shared/dicomweb/native-frames.ts';
import { readImagePixel } from '../../../shared/pixels/image-pixel.ts';
import { renderPreview } from '../../../shared/pixels/preview.ts';
import type { DataSet } from '../../../web/link-page/viewer/dicom-json.ts';
import { type ImageFacts, imageFacts } from '../../../web/link-page/viewer/image-facts.ts';
import { readFrame } from '../../../web/link-page/viewer/pixels.ts';
import { greyMap, rangeOf } from '../../../web/link-page/viewer/voi.ts';
import { makeInstance } from '../../helpers/instance.ts';

const text = (tag: number, vr: VR, value: string): NewElement => ({ tag, vr, value: encodeText(value, vr) });
const us = (tag: number, value: number): NewElement => ({
  tag,
  vr: 'US',
  value: encodeNumbers([value], 'US'),
});
const plain = (more: Partial<ImageFacts>): ImageFacts => ({
  ...imageFacts({}, 1),
  rows: 1,
  columns: 4,
  ...more,
});
const bytesOf = (array: ArrayBufferView) => new Uint8Array(array.buffer.slice(0));

describe('a native frame', () => {
  it.each<[string, Partial<ImageFacts>, ArrayBufferView, number[]]>([
    [
      'eight bits',
      { bitsAllocated: 8, bitsStored: 8, highBit: 7 },
      Uint8Array.of(0, 1, 128, 255),
      [0, 1, 128, 255],
    ],
    [
      'twelve of sixteen bits, with an overlay above them',
      { bitsAllocated: 16, bitsStored: 12, highBit: 11 },
      Uint16Array.of(0xf000, 0x1fff, 0x0800, 0x8001),
      [0, 4095, 2048, 1],
    ],
    [
      'signed values of twelve bits',
      { bitsAllocated: 16, bitsStored: 12, highBit: 11, signed: true },
      Uint16Array.of(0x0fff, 0x0800, 0x07ff, 0),
      [-1, -2048, 2047, 0],
    ],
    [
      'values that stand at the upper end of their word',
      { bitsAllocated: 16, bitsStored: 12, highBit: 15 },
      Uint16Array.of(0xfff0, 0x0010, 0x000f, 0x8000),
      [4095, 1, 0, 2048],
    ],
    [
      'signed words of 32 bits',
      { bitsAllocated: 32, bitsStored: 32, highBit: 31, signed: true },
      Int32Array.of(-70000, 70000, 0, 1),
      [-70000, 70000, 0, 1],
    ],
  ])('of %s is read as it is stored', (_case, more, stored, values) => {
    expect([...readFrame(bytesOf(stored), plain(more)).values]).toEqual(values);
  });

  it('is rescaled to values of the modality, exactly where they are whole', () => {
    const stored = bytesOf(Uint16Array.of(0, 24, 1024, 4095));
    const { values, low, high } = readFrame(stored, plain({ bitsStored: 12, highBit: 11, intercept: -1024 }));
    expect(values).toEqual(Int16Array.of(-1024, -1000, 0, 3071));
    expect([low, high]).toEqual([-1024, 3071]);
    const halves = readFrame(stored, plain({ bitsStored: 12, highBit: 11, slope: 0.5 }));
    expect(halves.values).toEqual(Float32Array.of(0, 12, 512, 2047.5));
  });

  it('goes through the Modality LUT in place of a rescale', () => {
    const modalityTable = { first: 1, entries: Uint16Array.of(100, 200, 300), maximum: 65535 };
    const { values } = readFrame(bytesOf(Uint16Array.of(0, 1, 2, 9)), plain({ modalityTable, slope: 7 }));
    expect([...values]).toEqual([100, 100, 200, 300]);
  });

  it('shows padding black and keeps it out of the range', () => {
    const facts = plain({ signed: true, padding: { low: -2000, high: -2000 }, intercept: -24 });
    const frame = readFrame(bytesOf(Int16Array.of(-2000, 0, 50, 100)), facts);
    expect([...frame.values]).toEqual([-24, -24, 26, 76]);
    expect([...(frame.padded ?? [])]).toEqual([1, 0, 0, 0]);
    const inverse = readFrame(bytesOf(Int16Array.of(-2000, 0, 50, 100)), { ...facts, isInverse: true });
    expect(inverse.values[0]).toBe(76);
  });

  it('that is shorter than its image is refused', () => {
    expect(() => readFrame(new Uint8Array(7), plain({}))).toThrow(RangeError);
  });
});

describe('a window', () => {
  it.each([
    [{ center: 128, width: 256, function: 'LINEAR' as const }, 0, 255],
    [{ center: 40, width: 400, function: 'LINEAR' as const }, -160, 239],
    [{ center: 0.5, width: 1, function: 'LINEAR_EXACT' as const }, 0, 1],
  ])('of %j makes black and white of its ends', (window, low, high) => {
    expect(rangeOf(window)).toEqual([low, high]);
    expect([greyMap(window)(low), greyMap(window)(high)]).toEqual([0, 255]);
  });

  it('of a curve is half bright in its middle and never cuts off', () => {
    const map = greyMap({ center: 100, width: 50, function: 'SIGMOID' });
    expect(map(100)).toBe(127.5);
    expect(map(0)).toBeGreaterThan(0);
  });

  it.each<[string, NewElement[]]>([
    ['CT in Hounsfield units', [text(0x00080060, 'CS', 'CT'), text(0x00281052, 'DS', '-1024')]],
    [
      'a localizer of CT',
      [
        text(0x00080060, 'CS', 'CT'),
        text(0x00281052, 'DS', '-1024'),
        text(0x00080008, 'CS', 'A\\B\\LOCALIZER'),
      ],
    ],
    ['MR', []],
    ['a mammogram', [text(0x00080060, 'CS', 'MG')]],
    [
      'a mammogram whose air is bright',
      [text(0x00080060, 'CS', 'MG'), text(0x00280004, 'CS', 'MONOCHROME1')],
    ],
    ['PET', [text(0x00080060, 'CS', 'PT'), text(0x00281053, 'DS', '0.37')]],
    ['a radiograph with padding', [text(0x00080060, 'CS', 'DX'), us(0x00280120, 0), us(0x00280121, 40)]],
    ['eight bits', [us(0x00280101, 8), us(0x00280102, 7), text(0x00281052, 'DS', '-3')]],
    ['signed values', [us(0x00280103, 1)]],
  ])('that none names is in the browser what it is in the preview: %s', async (_, elements) => {
    const side = 300;
    // Air, a body with noise, a bright edge: more pixels than are counted.
    const pixels = Buffer.alloc(2 * side * side);
    for (let at = 0, random = 7; at < side * side; at++) {
      random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
      const value = at < 30_000 ? random >>> 27 : at > 85_000 ? 4_000 : 900 + (random >>> 23);
      pixels.writeUInt16LE(elements.some(({ tag }) => tag === 0x00280101) ? value & 0xff : value, 2 * at);
    }
    const bytes = makeInstance({ rows: side, columns: side, pixels, with: elements });
    const { dataSet } = readPart10(bytes);
    const image = readImagePixel(dataSet);
    const source = {
      part10: readPart10(bytes),
      read: async (start: number, length: number) => bytes.subarray(start, start + length),
    };
    const { window: shown } = await renderPreview(source);
    const facts = imageFacts(toDicomJson(dataSet, { bulkDataUri: () => '' }) as DataSet, 1);
    const { window } = readFrame(await decodedFrame(source, image, 0), facts);
    expect(window).toMatchObject({ center: shown?.center, width: shown?.width });
  });
});
