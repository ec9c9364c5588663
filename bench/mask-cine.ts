/**
 * Time and memory of masking a native cine of 1 GB, and of JPEG frames among their coefficients: `npx tsx bench/mask-cine.ts`.
 * It writes a sparse file to the folder for temporary files and removes it.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
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

function writeCine(path: string): void {
  const bytes = writePart10(
    [
      text(0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.3.1'),
      text(0x00080018, 'UI', '1.2.3'),
      us(0x00280002, 3),
      text(0x00280004, 'CS', 'RGB'),
      us(0x00280006, 0),
      text(0x00280008, 'IS', String(FRAMES)),
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
      transferSyntaxUid: '1.2.840.10008.1.2.1',
      implementationClassUid: '1.2.3',
      implementationVersionName: 'BENCH',
    },
  );
  const header = Buffer.from(bytes.subarray(0, bytes.length - 2));
  header.writeUInt32LE(FRAME_BYTES * FRAMES, header.length - 4);
  writeFileSync(path, header);
  truncateSync(path, header.length + FRAME_BYTES * FRAMES);
}

const folder = mkdtempSync(join(tmpdir(), 'filmroom-mask-cine-'));
try {
  const [from, to] = [join(folder, 'cine.dcm'), join(folder, 'masked.dcm')];
  writeCine(from);
  const report = "process.on('exit',()=>console.log(process.resourceUsage().maxRSS))";
  const hook = join(folder, 'rss.cjs');
  writeFileSync(hook, report);
  const began = performance.now();
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--require', hook, BIN, 'pixels', 'mask', from, to, '--rect', '0,0,1024,60'],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(stderr);
  const seconds = (performance.now() - began) / 1000;
  const megabytes = Number(stdout.trim().split('\n').at(-1)) / 1024;
  const size = ((FRAME_BYTES * FRAMES) / 2 ** 30).toFixed(2);
  console.log(
    `native cine of ${size} GiB: ${seconds.toFixed(1)} s, ${megabytes.toFixed(0)} MiB resident at most`,
  );
} finally {
  rmSync(folder, { recursive: true });
}

const noise = Buffer.alloc(FRAME_BYTES);
for (let at = 0; at < noise.length; at++) noise[at] = 96 + ((at * 2654435761) >>> 27) + (at % 97);
const raw = { width: COLUMNS, height: ROWS, channels: 3 } as const;
const jpeg = await sharp(noise, { raw }).blur(1).jpeg({ quality: 90 }).toBuffer();
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
