/**
 * Time and memory of masking a cine of 1 GB, native and in JPEG frames of which each is written anew, and of a JPEG frame among its
 * coefficients: `npx tsx bench/mask-cine.ts [native] [jpeg] [frame]`. It writes files to the folder for temporary files and removes them.
 */
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { encodeNumbers, type NewElement, writePart10 } from '../shared/dicom/index.ts';
import { maskJpeg } from '../shared/pixels/mask/mask-jpeg.ts';

const BIN = fileURLToPath(new URL('../cli/filmroom.mjs', import.meta.url));
const [ROWS, COLUMNS, FRAMES] = [768, 1024, 455];
const FRAME_BYTES = ROWS * COLUMNS * 3;

const us = (tag: number, value: number): NewElement => ({
  tag,
  vr: 'US',
  value: encodeNumbers([value], 'US'),
});
const text = (tag: number, vr: 'UI' | 'CS' | 'IS', value: string): NewElement => ({
  tag,
  vr,
  value: Buffer.from(value.length % 2 === 0 ? value : `${value}${vr === 'UI' ? '\0' : ' '}`),
});

const NAMED = process.argv.slice(2);
const isNamed = (name: string) => NAMED.length === 0 || NAMED.includes(name);

/** The header of a cine, up to the length of its Pixel Data. */
function headerOf(frames: number, photometric: string, transferSyntaxUid: string): Buffer {
  const bytes = writePart10(
    [
      text(0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.3.1'),
      text(0x00080018, 'UI', '1.2.3'),
      us(0x00280002, 3),
      text(0x00280004, 'CS', photometric),
      us(0x00280006, 0),
      text(0x00280008, 'IS', String(frames)),
      us(0x00280010, ROWS),
      us(0x00280011, COLUMNS),
      us(0x00280100, 8),
      us(0x00280101, 8),
      us(0x00280102, 7),
      us(0x00280103, 0),
      { tag: 0x7fe00010, vr: 'OB', value: new Uint8Array(2) },
    ],
    {
      mediaStorageSopClassUid: '1.2.840.10008.5.1.4.1.1.3.1',
      mediaStorageSopInstanceUid: '1.2.3',
      transferSyntaxUid,
      implementationClassUid: '1.2.3',
      implementationVersionName: 'BENCH',
    },
  );
  return Buffer.from(bytes.subarray(0, bytes.length - 2));
}

function writeNative(path: string): void {
  const header = headerOf(FRAMES, 'RGB', '1.2.840.10008.1.2.1');
  header.writeUInt32LE(FRAME_BYTES * FRAMES, header.length - 4);
  writeFileSync(path, header);
  truncateSync(path, header.length + FRAME_BYTES * FRAMES);
}

function writeJpegs(path: string, frame: Uint8Array): void {
  const even = frame.length % 2 === 0 ? frame : Buffer.concat([frame, Buffer.alloc(1)]);
  const frames = Math.ceil(2 ** 30 / even.length);
  const header = headerOf(frames, 'YBR_FULL_422', '1.2.840.10008.1.2.4.50');
  header.writeUInt32LE(0xffffffff, header.length - 4);
  const item = (length: number, tag = 0xe000) => {
    const bytes = Buffer.from([0xfe, 0xff, tag & 255, tag >> 8, 0, 0, 0, 0]);
    bytes.writeUInt32LE(length, 4);
    return bytes;
  };
  const file = openSync(path, 'w');
  writeSync(file, Buffer.concat([header, item(0)]));
  for (let index = 0; index < frames; index++) writeSync(file, Buffer.concat([item(even.length), even]));
  writeSync(file, item(0, 0xe0dd));
  closeSync(file);
}

/** What the command takes that masks the same rectangle of all frames. */
function measure(what: string, write: (path: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'filmroom-mask-cine-'));
  try {
    const [from, to] = [join(folder, 'cine.dcm'), join(folder, 'masked.dcm')];
    write(from);
    const hook = join(folder, 'rss.cjs');
    writeFileSync(hook, "process.on('exit',()=>console.log(process.resourceUsage().maxRSS))");
    const began = performance.now();
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--require', hook, BIN, 'pixels', 'mask', from, to, '--rect', '0,0,1024,60'],
      { encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(stderr);
    const seconds = (performance.now() - began) / 1000;
    const megabytes = Number(stdout.trim().split('\n').at(-1)) / 1024;
    const size = (statSync(from).size / 2 ** 30).toFixed(2);
    console.log(
      `${what} of ${size} GiB: ${seconds.toFixed(1)} s, ${megabytes.toFixed(0)} MiB resident at most`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (isNamed('native')) measure('native cine', writeNative);

const noise = Buffer.alloc(FRAME_BYTES);
for (let at = 0; at < noise.length; at++) noise[at] = 96 + ((at * 2654435761) >>> 27) + (at % 97);
const raw = { width: COLUMNS, height: ROWS, channels: 3 } as const;
const jpeg = await sharp(noise, { raw }).blur(1).jpeg({ quality: 90 }).toBuffer();
if (isNamed('jpeg')) measure('cine of JPEG frames', (path) => writeJpegs(path, jpeg));

const image = {
  rows: ROWS,
  columns: COLUMNS,
  frames: 1,
  samplesPerPixel: 3,
  photometric: 'YBR_FULL_422',
  planar: false,
  bitsAllocated: 8,
  bitsStored: 8,
  highBit: 7,
  signed: false,
  number: 'integer',
} as const;
const black = { isInverse: false, darkest: 0, isInteger: true };
const times = Array.from({ length: 20 }, () => {
  const began = performance.now();
  maskJpeg(jpeg, [{ x: 0, y: 0, width: COLUMNS, height: 60 }], image, black);
  return performance.now() - began;
}).sort((a, b) => a - b);
console.log(
  `JPEG frame of ${COLUMNS} x ${ROWS}, ${jpeg.length} bytes, masked among its coefficients: ${(times[10] ?? 0).toFixed(0)} ms`,
);
