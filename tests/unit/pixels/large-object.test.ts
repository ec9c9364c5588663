import { describe, expect, it } from 'vitest';
import { readPart10From } from '../../../shared/dicom/index.ts';
import { readFrame } from '../../../shared/pixels/frames.ts';
import { readImagePixel } from '../../../shared/pixels/image-pixel.ts';
import { type ImageDescription, imageBytes, JPEG_LS } from './image-object.ts';

const MIB = 2 ** 20;
const FRAMES = 1024;
const ITEM = 8;

/** An object that is not there: its header, then bytes made up as they are asked for, which are counted. */
function imagined(header: Uint8Array, size: number, fill: (into: Uint8Array, start: number) => void) {
  const asked = { requests: 0, bytes: 0 };
  const read = async (start: number, length: number) => {
    asked.requests++;
    asked.bytes += length;
    const bytes = new Uint8Array(length);
    fill(bytes, start);
    if (start < header.length) bytes.set(header.subarray(start, start + length));
    return bytes;
  };
  return { size, read, asked };
}

const image: ImageDescription = { rows: 1024, columns: 1024, frames: FRAMES };

/** Pixel Data's own header: tag, VR, length. */
function pixelHeader(vr: string, length: number): Buffer {
  const element = Buffer.from([0xe0, 0x7f, 0x10, 0x00, vr.charCodeAt(0), vr.charCodeAt(1), 0, 0, 0, 0, 0, 0]);
  element.writeUInt32LE(length, 8);
  return element;
}

function itemHeader(length: number): Buffer {
  const item = Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0]);
  item.writeUInt32LE(length, 4);
  return item;
}

describe('a frame of an object of 1 GB', () => {
  it('costs its own bytes and the header, where it is native', async () => {
    const header = Buffer.concat([imageBytes(image, undefined), pixelHeader('OW', FRAMES * MIB)]);
    const source = imagined(header, header.length + FRAMES * MIB, () => undefined);
    const part10 = await readPart10From(source);

    const { bytes } = await readFrame({ part10, read: source.read }, readImagePixel(part10.dataSet), 700);

    expect(bytes.length).toBe(MIB);
    expect(source.asked.bytes).toBeLessThan(MIB + 100 * 1024);
  });

  it.each([
    ['with a basic offset table', true],
    ['without one', false],
  ])('costs its own bytes, the header and a look at each fragment, %s', async (_, hasTable) => {
    const table = Buffer.alloc(hasTable ? FRAMES * 4 : 0);
    for (let index = 0; 4 * index < table.length; index++)
      table.writeUInt32LE(index * (MIB + ITEM), 4 * index);
    const start = imageBytes({ ...image, transferSyntax: JPEG_LS }, undefined);
    const header = Buffer.concat([start, pixelHeader('OB', 0xffffffff), itemHeader(table.length), table]);
    const end = header.length + FRAMES * (MIB + ITEM);
    const source = imagined(header, end + ITEM, (into, from) => {
      const first = Math.max(0, Math.ceil((from - header.length) / (MIB + ITEM)));
      for (let index = first; ; index++) {
        const at = header.length + index * (MIB + ITEM) - from;
        if (at + ITEM > into.length) break;
        into.set(index < FRAMES ? itemHeader(MIB) : [0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0], at);
        if (index === FRAMES) break;
      }
    });
    const part10 = await readPart10From(source);

    const { bytes } = await readFrame({ part10, read: source.read }, readImagePixel(part10.dataSet), 700);

    expect(part10.pixelData?.fragments).toHaveLength(FRAMES);
    expect(bytes.length).toBe(MIB);
    expect(source.asked.bytes).toBeLessThan(MIB + FRAMES * 520 + 200 * 1024);
    expect(source.asked.requests).toBeLessThan(FRAMES + 40);
  });
});
