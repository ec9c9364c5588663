/**
 * Processor time to decode one frame, by codec, beside the fastest native decoder that is installed (dcmtk, GDCM):
 * `npx tsx bench/decode.ts [frames] [codec…]`.
 *
 * The frame is a CT slice of ../shared/corpus, or one made here. A native decoder is a process: what many frames of one object
 * take more than one frame does is divided by their number, which leaves out its start and what it reads at first. It writes
 * what it decodes, which is counted in its favour by a run that only copies. Compare ratios.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import {
  type Codec,
  encodeNumbers,
  encodeText,
  type NewElement,
  readPart10,
  tagOf,
  type VR,
  writePart10,
} from '../shared/dicom/index.ts';
import { stopCodecWorker } from '../shared/pixels/codecs/codec-worker.ts';
import { encodeFrame } from '../shared/pixels/codecs/encode.ts';
import { decodeFrame } from '../shared/pixels/decode.ts';
import { type ImagePixel, readImagePixel } from '../shared/pixels/image-pixel.ts';
import type { CellSamples } from '../shared/pixels/samples.ts';

const FRAMES = Number(process.argv[2] ?? 30);
const NAMED = process.argv.slice(3);
const RUNS = 10;
/** Frames between two looks at the clock: few enough that some are decoded in peace on a busy machine. */
const BATCH = 5;
const SLICE = fileURLToPath(
  new URL(
    '../../shared/corpus/01-transfer-syntax/ct-family/CTImage.dcm_LittleEndianExplicitTransferSyntax_1.2.840.10008.1.2.1.dcm',
    import.meta.url,
  ),
);
const EXPLICIT = '1.2.840.10008.1.2.1';

interface Case {
  readonly codec: Codec;
  readonly transferSyntaxUid: string;
  readonly natives: readonly string[];
}

const CASES: readonly Case[] = [
  { codec: 'rle', transferSyntaxUid: '1.2.840.10008.1.2.5', natives: ['dcmdrle', 'gdcmconv'] },
  {
    codec: 'jpeg-baseline',
    transferSyntaxUid: '1.2.840.10008.1.2.4.50',
    natives: ['dcmdjpeg', 'gdcmconv'],
  },
  {
    codec: 'jpeg-lossless',
    transferSyntaxUid: '1.2.840.10008.1.2.4.70',
    natives: ['dcmdjpeg', 'gdcmconv'],
  },
  { codec: 'jpeg-ls', transferSyntaxUid: '1.2.840.10008.1.2.4.80', natives: ['dcmdjpls', 'gdcmconv'] },
  { codec: 'jpeg-2000', transferSyntaxUid: '1.2.840.10008.1.2.4.90', natives: ['gdcmconv'] },
  { codec: 'htj2k', transferSyntaxUid: '1.2.840.10008.1.2.4.202', natives: [] },
  { codec: 'jpeg-xl', transferSyntaxUid: '1.2.840.10008.1.2.4.110', natives: [] },
  { codec: 'deflated-frame', transferSyntaxUid: '1.2.840.10008.1.2.8.1', natives: [] },
];

const sourceOf = (bytes: Uint8Array) => ({
  part10: readPart10(bytes),
  read: async (start: number, length: number) => bytes.subarray(start, start + length),
});

/** The frame all codecs are measured on: 512 x 512 of 16 bits. */
async function slice(): Promise<CellSamples> {
  if (existsSync(SLICE)) {
    const source = sourceOf(readFileSync(SLICE));
    const samples = await decodeFrame(source, readImagePixel(source.part10.dataSet), 0);
    if (samples.kind === 'cells') return samples;
  }
  const side = 512;
  const data = Uint16Array.from({ length: side * side }, (_, at) => {
    const [x, y] = [(at % side) - side / 2, Math.floor(at / side) - side / 2];
    return (Math.hypot(x, y) > 220 ? 24 : 1064) + ((at * 2654435761) >>> 27);
  });
  return {
    kind: 'cells',
    width: side,
    height: side,
    channels: 1,
    colour: 'grey',
    bitsStored: 16,
    shift: 0,
    signed: true,
    data,
  };
}

function object(
  { rows, columns, bitsAllocated, signed }: ImagePixel,
  transferSyntaxUid: string,
  frames: readonly Uint8Array[],
): Uint8Array {
  const us = (keyword: string, value: number): NewElement => ({
    tag: tagOf(keyword),
    vr: 'US',
    value: encodeNumbers([value], 'US'),
  });
  const text = (keyword: string, vr: VR, value: string): NewElement => ({
    tag: tagOf(keyword),
    vr,
    value: encodeText(value, vr),
  });
  const value = transferSyntaxUid === EXPLICIT ? Buffer.concat(frames) : { fragments: frames };
  const elements: NewElement[] = [
    text('SOPClassUID', 'UI', '1.2.840.10008.5.1.4.1.1.7.3'),
    text('SOPInstanceUID', 'UI', '2.25.1'),
    us('SamplesPerPixel', 1),
    text('PhotometricInterpretation', 'CS', 'MONOCHROME2'),
    text('NumberOfFrames', 'IS', String(frames.length)),
    us('Rows', rows),
    us('Columns', columns),
    us('BitsAllocated', bitsAllocated),
    us('BitsStored', bitsAllocated),
    us('HighBit', bitsAllocated - 1),
    us('PixelRepresentation', signed ? 1 : 0),
    { tag: tagOf('PixelData'), vr: transferSyntaxUid === EXPLICIT ? 'OW' : 'OB', value },
  ];
  return writePart10(elements, {
    mediaStorageSopClassUid: '1.2.840.10008.5.1.4.1.1.7.3',
    mediaStorageSopInstanceUid: '2.25.1',
    transferSyntaxUid,
    implementationClassUid: '2.25.2',
    implementationVersionName: 'BENCH',
  });
}

async function ours(bytes: Uint8Array): Promise<number> {
  const source = sourceOf(bytes);
  const image = readImagePixel(source.part10.dataSet);
  let best = Infinity;
  // As of a process, the best of a few runs; the first one warms up.
  for (let run = 0; run <= RUNS; run++) {
    for (let index = 0; index + BATCH <= FRAMES; index += BATCH) {
      const start = process.cpuUsage();
      for (let next = 0; next < BATCH; next++) await decodeFrame(source, image, index + next);
      const { user, system } = process.cpuUsage(start);
      best = Math.min(best, (user + system) / 1000 / BATCH);
    }
  }
  return best;
}

/** Milliseconds of processor time a process takes, the best of a few; undefined where it is not there or refuses the file. */
function processTime(tool: string, file: string): number | undefined {
  const parameters = tool === 'gdcmconv' ? ['--raw', file, output] : [file, output];
  let best = Infinity;
  for (let run = 0; run < RUNS; run++) {
    // Only the shell tells what its child took; what the child says itself goes nowhere.
    const timed = `TIMEFORMAT='%3U %3S'; time "$0" "$@" >&- 2>&-`;
    const { status, stderr } = spawnSync('bash', ['-c', timed, tool, ...parameters], { encoding: 'utf8' });
    if (status !== 0) return undefined;
    const [user, system] = stderr.trim().split(' ').map(Number);
    best = Math.min(best, ((user ?? 0) + (system ?? 0)) * 1000);
  }
  return best;
}

function native(tool: string, one: string, many: string): number | undefined {
  const [first, all] = [processTime(tool, one), processTime(tool, many)];
  return first === undefined || all === undefined ? undefined : (all - first) / (FRAMES - 1);
}

const folder = mkdtempSync(join(tmpdir(), 'filmroom-bench-'));
const output = join(folder, 'out.dcm');
try {
  const samples = await slice();
  const wide = { rows: 512, columns: 512, bitsAllocated: 16, signed: samples.signed } as ImagePixel;
  const eight = sharp(
    Uint8Array.from(samples.data, (cell) => cell >> 4),
    {
      raw: { width: samples.width, height: samples.height, channels: 1 },
    },
  );
  const write = (name: string, bytes: Uint8Array): string => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };
  const raw = new Uint8Array(samples.data.buffer, samples.data.byteOffset, samples.data.byteLength);
  const copied = (count: number) => write(`raw${count}.dcm`, object(wide, EXPLICIT, Array(count).fill(raw)));
  const copying = native('dcmconv', copied(1), copied(FRAMES)) ?? 0;
  const rows = [];
  for (const { codec, transferSyntaxUid, natives } of CASES.filter(isNamed)) {
    const isEight = codec === 'jpeg-baseline';
    const image = isEight ? { ...wide, bitsAllocated: 8, signed: false } : wide;
    const header = readImagePixel(readPart10(object(image, EXPLICIT, [raw])).dataSet);
    const encoded = isEight
      ? new Uint8Array(await eight.toColourspace('b-w').jpeg({ quality: 90 }).toBuffer())
      : await encodeFrame(codec, samples, header);
    const even = encoded.length % 2 === 0 ? encoded : Buffer.concat([encoded, Buffer.alloc(1)]);
    const many = object(image, transferSyntaxUid, Array(FRAMES).fill(even));
    const one = write('one.dcm', object(image, transferSyntaxUid, [even]));
    const all = write('all.dcm', many);
    const times = natives.flatMap((tool) => {
      const time = native(tool, one, all);
      return time === undefined ? [] : [{ tool, time: Math.max(0.01, time - copying * (isEight ? 0.5 : 1)) }];
    });
    const best = times.sort((a, b) => a.time - b.time)[0];
    const own = await ours(many);
    rows.push({
      codec,
      'KiB encoded': Math.round(even.length / 1024),
      ours: round(own),
      'best native': best === undefined ? '-' : round(best.time),
      by: best?.tool ?? 'none installed',
      'ours / native': best === undefined ? '-' : round(own / best.time),
    });
  }
  console.log(
    `milliseconds of processor time a frame of ${samples.width} x ${samples.height}, ${FRAMES} frames; native without start and writing`,
  );
  console.table(rows);
} finally {
  rmSync(folder, { recursive: true, force: true });
  await stopCodecWorker();
}

function isNamed({ codec }: Case): boolean {
  return NAMED.length === 0 || NAMED.includes(codec);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
