import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  type ByteSource,
  DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
  readPart10,
  readPart10From,
  splice,
} from '../../../shared/dicom/index.ts';
import { metaOf } from './meta.ts';
import { bytes, encapsulated, explicit, file, item, sequence, u32 } from './raw-bytes.ts';

const JPEG_BASELINE = '1.2.840.10008.1.2.4.50';
const KIB = 1024;
const NAME = explicit(0x00100010, 'PN', 'Doe^Jane');
const AFTER = explicit(0xfffcfffc, 'OB', bytes([1, 2]));

/** A source that notes what is read of it. */
function ranged(content: Uint8Array): ByteSource & { readonly reads: [number, number][] } {
  const reads: [number, number][] = [];
  return {
    size: content.length,
    reads,
    read: async (start, length) => {
      if (length <= 0 || start < 0 || start + length > content.length) throw new Error('read out of range');
      reads.push([start, length]);
      return content.slice(start, start + length);
    },
  };
}

describe('reading the header of an object', () => {
  it('takes one read for a small object', async () => {
    const source = ranged(file(bytes(NAME, explicit(0x7fe00010, 'OW', 'abcd'), AFTER)));
    const part10 = await readPart10From(source);
    expect(source.reads).toEqual([[0, source.size]]);
    expect(part10.bytesRead).toBe(source.size);
    expect(part10.dataSet.has(0xfffcfffc)).toBe(true);
  });

  it('jumps native Pixel Data and reads what follows', async () => {
    const pixels = explicit(0x7fe00010, 'OW', new Uint8Array(5000 * KIB));
    const source = ranged(file(bytes(NAME, pixels, AFTER)));
    const part10 = await readPart10From(source);
    expect(source.reads).toEqual([
      [0, 64 * KIB],
      [source.size - AFTER.length, AFTER.length],
    ]);
    const pixelElement = part10.dataSet.get(0x7fe00010);
    expect((pixelElement?.valueEnd ?? 0) - (pixelElement?.valueStart ?? 0)).toBe(5000 * KIB);
    expect(part10.dataSet.get(0xfffcfffc)?.offset).toBe(source.size - AFTER.length);
    expect([...(part10.dataSet.value(0xfffcfffc) ?? [])]).toEqual([1, 2]);
  });

  it('asks for nothing after Pixel Data that ends the object', async () => {
    const source = ranged(file(bytes(NAME, explicit(0x7fe00010, 'OW', new Uint8Array(100 * KIB)))));
    await readPart10From(source);
    expect(source.reads).toHaveLength(1);
  });

  it('grows the range while the header goes on, fourfold', async () => {
    const long = Array.from({ length: 30 }, (_, index) =>
      explicit(0x00091001 + index, 'OB', new Uint8Array(20 * KIB)),
    );
    const source = ranged(file(bytes(...long, NAME, explicit(0x7fe00010, 'OW', new Uint8Array(5000 * KIB)))));
    const part10 = await readPart10From(source);
    expect(part10.dataSet.text(0x00100010)).toBe('Doe^Jane');
    expect(source.reads).toEqual([
      [0, 64 * KIB],
      [64 * KIB, 192 * KIB],
      [256 * KIB, 768 * KIB],
    ]);
  });

  it('uses first bytes that are given, unless they are too few to tell anything', async () => {
    const content = file(bytes(NAME, explicit(0x7fe00010, 'OW', new Uint8Array(100 * KIB))));
    const source = ranged(content);
    expect((await readPart10From(source, {}, content.slice(0, 2 * KIB))).bytesRead).toBe(2 * KIB);
    expect(source.reads).toEqual([]);
    await readPart10From(source, {}, content.slice(0, 100));
    expect(source.reads).toEqual([[0, 64 * KIB]]);
  });

  it('reads the whole of a deflated object', async () => {
    const noise = Uint8Array.from({ length: 200 * KIB }, (_, index) => (index * index * 31) >>> 3);
    const deflated = deflateRawSync(bytes(NAME, explicit(0x7fe00010, 'OW', noise)));
    const source = ranged(file(deflated, DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN));
    const part10 = await readPart10From(source);
    expect(part10.bytesRead).toBe(source.size);
    expect(part10.pixelData?.end).toBe(part10.inflated?.length);
  });

  it('refuses Pixel Data that is longer than the object without reading further', async () => {
    const source = ranged(
      file(bytes(NAME, explicit(0x7fe00010, 'OW', new Uint8Array(99 * KIB), { length: 3_000_000_000 }))),
    );
    await expect(readPart10From(source)).rejects.toMatchObject({ reason: 'truncated' });
    expect(source.reads).toHaveLength(1);
  });
});

describe('walking fragments', () => {
  const large = Array.from({ length: 20 }, () => new Uint8Array(300 * KIB));
  const small = Array.from({ length: 900 }, () => new Uint8Array(2 * KIB));

  it.each([
    ['large fragments by small windows', large, 0.02],
    ['small fragments by few reads', small, 1.1],
  ])('hops %s', async (_, fragments, share) => {
    const content = file(bytes(NAME, encapsulated(fragments, bytes(u32(0))), AFTER), JPEG_BASELINE);
    const source = ranged(content);
    const part10 = await readPart10From(source);
    expect(part10.pixelData?.fragments).toEqual(readPart10(content).pixelData?.fragments);
    expect(part10.pixelData?.basicOffsetTable?.length).toBe(4);
    expect(part10.dataSet.has(0xfffcfffc)).toBe(true);
    expect(part10.bytesRead).toBeLessThan(source.size * share);
    expect(source.reads.length).toBeLessThan(30);
  });
});

describe('fragments without an offset table, behind a slow source', () => {
  const walked = async (sizes: number[]) => {
    const fragments = sizes.map((size) => new Uint8Array(size));
    const content = file(bytes(NAME, encapsulated(fragments, bytes()), AFTER), JPEG_BASELINE);
    const source = ranged(content);
    let rounds = 0;
    let busy: Promise<void> | undefined;
    // Requests that are open together share a round trip.
    const read = async (start: number, length: number) => {
      busy ??= new Promise((resolve) =>
        setTimeout(() => {
          rounds++;
          busy = undefined;
          resolve();
        }),
      );
      await busy;
      return source.read(start, length);
    };
    const part10 = await readPart10From({ size: source.size, read });
    expect(part10.pixelData?.fragments).toEqual(readPart10(content).pixelData?.fragments);
    return { rounds, requests: source.reads.length, share: part10.bytesRead / source.size };
  };
  const uneven = (count: number, kib: number) =>
    Array.from({ length: count }, (_, index) => kib * KIB + ((index * 7919) % 5000) * 2);

  it('are asked for sixteen at a time where they are of one size', async () => {
    const { rounds, share } = await walked(Array<number>(320).fill(64 * KIB));
    expect(rounds).toBeLessThan(320 / 16 + 10);
    expect(share).toBeLessThan(0.02);
  });

  it('are found in wide windows where they are not, and there are many', async () => {
    const { rounds, requests, share } = await walked(uneven(400, 36));
    expect(requests).toBeLessThan(45);
    expect(rounds).toBeLessThan(45);
    expect(share).toBeLessThan(1.1);
  });

  it('cost a bounded number of requests in vain where their sizes look alike and are not', async () => {
    const sizes = Array.from({ length: 30 }, (_, index) => (40 + 2 * Math.floor(index / 5)) * KIB);
    const { requests } = await walked(sizes);
    expect(requests).toBeLessThan(30 + 4 * 16);
  });

  it('are hopped one by one where the bytes between would cost more', async () => {
    const { requests, share } = await walked(uneven(34, 1100));
    expect(requests).toBeLessThan(40);
    expect(share).toBeLessThan(0.01);
  });
});

describe('an offset table', () => {
  const fragment = new Uint8Array(200 * KIB);
  const count = 40;
  const step = fragment.length + 8;
  const right = Array.from({ length: count }, (_, index) => index * step);
  const extended = (offsets: number[]) =>
    explicit(0x7fe00001, 'OV', bytes(...offsets.map((offset) => [...u32(offset), 0, 0, 0, 0])));

  it.each([
    ['that is right', bytes(...right.map((offset) => u32(offset))), bytes(), 16],
    ['that is extended', bytes(), extended(right), 16],
    ['that is empty', bytes(), bytes(), 1],
    ['that lies', bytes(...right.map((offset) => u32(offset + 2))), bytes(), 16],
    ['that points beyond the end', bytes(...right.map(() => u32(0xfffffff0))), bytes(), 1],
  ])('%s makes the walk ask ahead at most, and find the same', async (_, basic, before, ahead) => {
    const pixels = encapsulated(Array<Uint8Array>(count).fill(fragment), basic);
    const content = file(bytes(NAME, before, pixels, AFTER), JPEG_BASELINE);
    const source = ranged(content);
    let open = 0;
    let most = 0;
    const read = async (start: number, length: number) => {
      most = Math.max(most, ++open);
      await new Promise((resolve) => setTimeout(resolve, 1));
      open--;
      return source.read(start, length);
    };
    const part10 = await readPart10From({ size: source.size, read });
    expect(part10.pixelData?.fragments).toEqual(readPart10(content).pixelData?.fragments);
    expect(part10.bytesRead).toBeLessThan(source.size * 0.02);
    expect(most).toBeGreaterThanOrEqual(ahead);
    // Those of a table, and those of a guess where it lies.
    expect(most).toBeLessThanOrEqual(2 * 16 + 1);
  });
});

describe('an object of which the header alone was read', () => {
  it.each([
    ['native', (pixels: Uint8Array) => file(bytes(NAME, explicit(0x7fe00010, 'OW', pixels), AFTER))],
    [
      'encapsulated',
      (pixels: Uint8Array) => file(bytes(NAME, encapsulated([pixels, pixels]), AFTER), JPEG_BASELINE),
    ],
  ])('is spliced with its pixels as one range of the source: %s', async (_, make) => {
    const content = make(new Uint8Array(100 * KIB).fill(7));
    const part10 = await readPart10From(ranged(content));
    const segments = splice(part10, { edit: () => ({ kind: 'keep' }) }, metaOf(part10));
    const copies = segments.filter((segment) => !(segment instanceof Uint8Array));
    const { start = 0, end = 0 } = part10.pixelData ?? {};
    expect(copies).toEqual([{ copy: { start, length: end - start } }]);
  });

  it('is read like the whole', async () => {
    const icon = sequence(0x00880200, [item(encapsulated([new Uint8Array(90 * KIB)]))], 'delimited');
    const content = file(bytes(NAME, icon, encapsulated(['abcd'])), JPEG_BASELINE);
    const header = await readPart10From(ranged(content));
    const whole = readPart10(content);
    const places = (part10: typeof whole) =>
      part10.dataSet.elements.map(({ tag, offset, end, start }) => [tag, offset, end - start]);
    expect(places(header)).toEqual(places(whole));
    expect(header.pixelData?.fragments).toEqual(whole.pixelData?.fragments);
  });
});
