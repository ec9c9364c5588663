import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { filterSegments, treatPixelBytes } from '../../../shared/deid/index.ts';
import { concatSegments, readPart10 } from '../../../shared/dicom/index.ts';
import { testProfile } from './instances.ts';
import {
  box,
  encapsulated,
  JPEG_2000,
  JPEG_BASELINE,
  JPEG_LS,
  JPEG_XL,
  memorySource,
  pixelValue,
  segment,
  treat,
  withSegments,
} from './pixel-bytes.ts';

const SECRET = 'WEATHERWAX 1933-04-28';
/** SOC, SIZ of no use, one tile-part with two bytes of packets, EOC. */
const tilePart = (announced: number, ...headers: Uint8Array[]) => {
  const sot = segment(0x90, Buffer.from([0, 0, 0, 0, 0, 0, 0, 1]));
  const body = Buffer.concat([sot, ...headers, Buffer.from([0xff, 0x93, 0x12, 0x34])]);
  body.writeUInt32BE(announced < 0 ? body.length : announced, 6);
  return body;
};
const SOC_SIZ = Buffer.concat([Buffer.from([0xff, 0x4f]), segment(0x51, Buffer.alloc(38))]);
const EOC = Buffer.from([0xff, 0xd9]);
const codestream2000 = (main: Uint8Array, ...tileParts: Uint8Array[]) =>
  Buffer.concat([SOC_SIZ, main, ...tileParts, EOC]);
const comment2000 = (value: string) => segment(0x64, `\0\x01${value}`);
/** SOI, a scan header and coded bytes with stuffing and a restart, EOI. */
const JPEG_LIKE = Buffer.concat([
  Buffer.from([0xff, 0xd8]),
  segment(0xdb, Buffer.alloc(65, 1)),
  segment(0xda, Buffer.alloc(6)),
  Buffer.from([0x11, 0xff, 0x00, 0x22, 0xff, 0xd0, 0x33, 0xff, 0xd9]),
]);

let jpeg: Buffer;
beforeAll(async () => {
  const pixels = Buffer.from(Uint8Array.from({ length: 64 * 64 }, (_, at) => (at * 7) & 0xff));
  jpeg = await sharp(pixels, { raw: { width: 64, height: 64, channels: 1 } })
    .toColourspace('b-w')
    .withExif({ IFD0: { Copyright: SECRET } })
    .jpeg()
    .toBuffer();
});

/** What becomes of a fragment, as one fragment of one frame. */
async function cleaned(fragment: Uint8Array, syntax = JPEG_BASELINE): Promise<Buffer> {
  const object = encapsulated([fragment], syntax);
  const { result, written } = await treat(object);
  expect(pixelValue(result)).toHaveLength(pixelValue(readPart10(object)).length);
  expect(Buffer.from(written).includes('WEATHERWAX')).toBe(false);
  const [only] = result.pixelData?.fragments ?? [];
  return Buffer.from(written.subarray(only!.start, only!.start + fragment.length));
}

describe('text in JPEG frames', () => {
  it('that a library wrote as Exif goes, and the picture stays', async () => {
    expect(jpeg.includes(SECRET)).toBe(true);
    const after = await cleaned(jpeg);
    const raw = (bytes: Buffer) => sharp(bytes).raw().toBuffer();
    expect((await raw(after)).equals(await raw(jpeg))).toBe(true);
    expect(after.includes('Exif')).toBe(false);
  });

  it.each([
    ['a comment', segment(0xfe, SECRET)],
    ['an application segment', segment(0xe1, `http://ns.adobe.com/xap/1.0/\0${SECRET}`)],
    ['an unknown extension', segment(0xf2, SECRET)],
    ['a comment that another one follows', Buffer.concat([segment(0xfe, SECRET), segment(0xfe, SECRET)])],
    ['a comment behind fill bytes', Buffer.concat([Buffer.from([0xff, 0xff]), segment(0xfe, SECRET)])],
    ['bytes between segments', Buffer.concat([segment(0xdd, '\0\0'), Buffer.from(SECRET)])],
    ['a JFXX thumbnail', segment(0xe0, `JFXX\0\x13${SECRET}`)],
    ['a comment that begins like an encoder', segment(0xfe, `Kakadu-v7.1 ${SECRET}`)],
  ])('%s is overwritten', async (_, text) => {
    const after = await cleaned(withSegments(JPEG_LIKE, text));
    expect(after.subarray(2 + text.length).equals(JPEG_LIKE.subarray(2))).toBe(true);
  });

  it.each([
    [
      'between scans',
      Buffer.concat([JPEG_LIKE.subarray(0, -2), segment(0xfe, SECRET), JPEG_LIKE.subarray(-17)]),
    ],
    ['after the end', Buffer.concat([JPEG_LIKE, Buffer.from(SECRET)])],
    ['as a second picture', Buffer.concat([JPEG_LIKE, withSegments(JPEG_LIKE, segment(0xfe, SECRET))])],
    ['in a stream that breaks off', withSegments(JPEG_LIKE, segment(0xfe, SECRET)).subarray(0, 24)],
    ['in a stream without end', withSegments(JPEG_LIKE, segment(0xfe, SECRET)).subarray(0, -2)],
  ])('%s is overwritten', async (_, fragment) => {
    await cleaned(fragment);
  });

  it.each([
    ['JFIF without its thumbnail', 0xe0, 'JFIF\0\x01\x02\x01\0\x48\0\x48\0\0', SECRET],
    ['Adobe', 0xee, 'Adobe\0\x64\0\0\0\0\0', SECRET],
    ['the colour transform of JPEG-LS', 0xe8, 'mrfx\x01', SECRET],
    ['SPIFF', 0xe8, `SPIFF\0${'\x01'.repeat(24)}`, SECRET],
    ['an encoder that signs', 0xfe, 'LEAD Technologies Inc. V1.01', ''],
    ['a colour profile', 0xe2, 'ICC_PROFILE\0\x01\x01 sRGB IEC61966', ''],
  ])('%s is kept', async (_, marker, kept, gone) => {
    const put = segment(marker, kept + gone);
    const after = await cleaned(withSegments(JPEG_LIKE, put), JPEG_LS);
    const expected = withSegments(JPEG_LIKE, segment(marker, kept + '\0'.repeat(gone.length)));
    expect(after.equals(expected)).toBe(true);
  });

  it('a colour profile with the name of the patient is overwritten', async () => {
    await cleaned(withSegments(JPEG_LIKE, segment(0xe2, 'ICC_PROFILE\0\x01\x01 desc Weatherwax')));
  });

  it('is found in frames of several fragments, wherever they are cut', async () => {
    const frame = withSegments(JPEG_LIKE, segment(0xfe, SECRET));
    for (let cut = 2; cut < frame.length; cut += 2) {
      const fragments = [frame.subarray(0, cut), frame.subarray(cut), frame];
      const { result, written } = await treat(encapsulated(fragments, JPEG_BASELINE, 2));
      expect(Buffer.from(written).includes('WEATH'), `cut at ${cut}`).toBe(false);
      const last = result.pixelData!.fragments![2]!;
      const expected = withSegments(JPEG_LIKE, segment(0xfe, '\0'.repeat(SECRET.length)));
      expect(Buffer.from(written.subarray(last.start, last.start + frame.length)).equals(expected)).toBe(
        true,
      );
    }
  });

  it('leaves the next frame alone when a segment claims to be longer than its own', async () => {
    const lying = Buffer.concat([
      Buffer.from([0xff, 0xd8, 0xff, 0xfe, 0xff, 0xff]),
      Buffer.from(`${SECRET} `),
    ]);
    const { result } = await treat(encapsulated([lying, JPEG_LIKE, JPEG_LIKE], JPEG_BASELINE, 3));
    expect(pixelValue(result).includes(JPEG_LIKE)).toBe(true);
    expect(pixelValue(result).includes('WEATH')).toBe(false);
  });
});

describe('text in JPEG 2000 and JPEG XL frames', () => {
  it.each([
    ['the main header', codestream2000(comment2000(SECRET), tilePart(-1))],
    [
      'the header of a tile-part',
      codestream2000(Buffer.alloc(0), tilePart(-1), tilePart(-1, comment2000(SECRET))),
    ],
    [
      'the header of the last tile-part, of unknown length',
      codestream2000(Buffer.alloc(0), tilePart(0, comment2000(SECRET))),
    ],
    [
      'a tile-part behind one of a wrong length',
      codestream2000(Buffer.alloc(0), tilePart(15), tilePart(-1, comment2000(SECRET))),
    ],
    ['a segment that is not of the standard', codestream2000(segment(0x40, SECRET), tilePart(-1))],
    [
      'what follows the end',
      Buffer.concat([codestream2000(Buffer.alloc(0), tilePart(-1)), Buffer.from(SECRET)]),
    ],
  ])('is overwritten in %s', async (_, fragment) => {
    const after = await cleaned(fragment, JPEG_2000);
    expect(after.includes(Buffer.from([0xff, 0x93, 0x12, 0x34]))).toBe(true);
  });

  it('is spaces afterwards, and its kind is still told', async () => {
    const after = await cleaned(codestream2000(comment2000(SECRET), tilePart(-1)), JPEG_2000);
    expect(after.equals(codestream2000(comment2000(' '.repeat(SECRET.length)), tilePart(-1)))).toBe(true);
  });

  it('that only names the encoder stays, so that nothing is written anew', async () => {
    const frame = codestream2000(comment2000('Created by OpenJPEG version 2.5.0'), tilePart(-1));
    const { treatment } = await treat(encapsulated([frame], JPEG_2000));
    expect(treatment).not.toHaveProperty('rewrite');
    expect(treatment.operations).toEqual([]);
  });

  it.each([
    ['XML', box('xml ', `<patient>${SECRET}</patient>`)],
    ['a UUID', box('uuid', `0123456789abcdef${SECRET}`)],
    [
      'a label in the header',
      box('jp2h', Buffer.concat([box('ihdr', Buffer.alloc(14)), box('lbl ', SECRET)])),
    ],
  ])('is overwritten in a JP2 file with %s', async (_, extra) => {
    const file = Buffer.concat([
      box('jP  ', Buffer.from([0x0d, 0x0a, 0x87, 0x0a])),
      box('ftyp', 'jp2 \0\0\0\0jp2 '),
      extra,
      box('jp2c', codestream2000(comment2000(SECRET), tilePart(-1))),
      box('xml ', SECRET),
    ]);
    const after = await cleaned(file, JPEG_2000);
    expect(after.includes(Buffer.from([0xff, 0x93, 0x12, 0x34]))).toBe(true);
  });

  it('is overwritten in the boxes of a JPEG XL file', async () => {
    const codestream = box('jxlc', Buffer.from([0xff, 0x0a, 1, 2, 3, 4]));
    const signature = box('JXL ', Buffer.from([0x0d, 0x0a, 0x87, 0x0a]));
    const exif = [box('Exif', SECRET), box('brob', SECRET), box('jbrd', SECRET)];
    const after = await cleaned(Buffer.concat([signature, ...exif, codestream]), JPEG_XL);
    expect(after.includes(codestream)).toBe(true);
  });
});

describe('the treatment of codestreams', () => {
  it('tells what is done without saying what was found', async () => {
    const frame = Buffer.concat([withSegments(JPEG_LIKE, segment(0xfe, SECRET)), Buffer.from(SECRET)]);
    const { treatment } = await treat(encapsulated([frame], JPEG_BASELINE));
    expect(treatment.operations).toEqual([
      { path: '(7FE0,0010)', action: 'C', why: 'text in comment and application segments of the codestream' },
      { path: '(7FE0,0010)', action: 'C', why: 'bytes after the end of the codestream' },
    ]);
  });

  it.each([
    ['a frame that begins like no codestream', Buffer.from('no codestream at all')],
    ['a JPEG segment without a length', Buffer.from([0xff, 0xd8, 0xff, 0xfe, 0, 1, 2, 3])],
    ['a JPEG 2000 header of something else', Buffer.concat([SOC_SIZ, Buffer.from('something else')])],
  ])('refuses %s', async (_, fragment) => {
    await expect(treat(encapsulated([fragment], JPEG_BASELINE))).rejects.toMatchObject({
      reason: 'unsafe-content',
    });
  });

  it('does not read the pixels of an instance that is refused in any case', async () => {
    const object = encapsulated([Buffer.from('no codestream at all')], JPEG_BASELINE);
    const source = { size: object.length, read: () => Promise.reject(new Error('it was read')) };
    const part10 = readPart10(object);
    const ultrasound = { ...part10, transferSyntax: { ...part10.transferSyntax, codec: 'mpeg' as const } };
    expect(await treatPixelBytes(ultrasound, source, testProfile())).not.toHaveProperty('rewrite');
  });

  it('is laid over the ranges that an earlier treatment keeps', async () => {
    const object = encapsulated([withSegments(JPEG_LIKE, segment(0xfe, SECRET))], JPEG_BASELINE);
    const part10 = readPart10(object);
    const { start, length } = part10.pixelData!.fragments![0]!;
    const before = {
      operations: [{ path: '(7FE0,0010)', action: 'C' as const, why: 'earlier' }],
      rewrite: {
        kind: 'rewrite' as const,
        undefinedLength: true,
        segments: [
          Buffer.from('made'),
          { copy: { start, length: 10 } },
          {
            copy: { start: start + 10, length: length - 10 },
            through: (run: Uint8Array) => run.map((byte) => byte ^ 1),
          },
        ],
      },
    };
    const profile = testProfile({ pixels: 'trust' });
    const { operations, rewrite } = await treatPixelBytes(part10, memorySource(object), profile, before);
    expect(operations.map(({ why }) => why)).toEqual(['earlier', expect.stringContaining('text in comment')]);
    const value = Buffer.from(concatSegments(rewrite!.segments, object));
    expect(value.subarray(0, 4).toString()).toBe('made');
    const plain = withSegments(JPEG_LIKE, segment(0xfe, '\0'.repeat(SECRET.length)));
    const changed = plain.map((byte, at) =>
      at < 10 || (at >= 6 && at < 6 + SECRET.length) ? byte : byte ^ 1,
    );
    expect(value.subarray(4, 4 + plain.length).equals(Buffer.from(changed))).toBe(true);
  });
});

describe('edits over segments', () => {
  it('leave ranges that nothing changes to be copied', () => {
    const MiB = 1024 * 1024;
    const through = (run: Uint8Array) => run;
    const ranges = [
      { start: 100, length: 10 },
      { start: 200, length: 10 },
      { start: 50 * MiB, length: 10 },
    ];
    expect(filterSegments([{ copy: { start: 0, length: 90 * MiB } }], { ranges, through })).toEqual([
      { copy: { start: 0, length: 100 } },
      { copy: { start: 100, length: 110 }, through },
      { copy: { start: 210, length: 50 * MiB - 210 } },
      { copy: { start: 50 * MiB, length: 10 }, through },
      { copy: { start: 50 * MiB + 10, length: 40 * MiB - 10 } },
    ]);
  });
});
