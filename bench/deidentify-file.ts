/**
 * What `filmroom deidentify` costs for files of 1 GB: its time beside `cp` of the same file, and its peak memory. Three files:
 * native frames, JPEG frames, and JPEG frames that each hold a comment which has to go. Runs the command as a user does,
 * start of the process included.
 *
 * The files are made under TMPDIR, which may be in memory to leave the disk out.
 *
 *     npx tsx bench/deidentify-file.ts [MiB] [runs]
 */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import {
  encodeNumbers,
  encodeText,
  encodeUid,
  type NewElement,
  type VR,
  writePart10,
} from '../shared/dicom/index.ts';

const MiB = 1024 * 1024;
const SIDE = 1024;
const BOUND_MEMORY_MIB = 256;
const BOUND_RATIO = 1.5;
const CLI = fileURLToPath(new URL('../cli/filmroom.mjs', import.meta.url));
/** Tells the peak memory of the process that it is loaded into. */
const TELL_PEAK =
  'data:text/javascript,process.on("exit",()=>process.stderr.write("peak "+process.resourceUsage().maxRSS+"\\n"))';

/** The header of a multi-frame angiogram up to the value of Pixel Data, whose length is left to be put in. */
function headerOf(frames: number, transferSyntaxUid: string): Uint8Array {
  const text = (tag: number, vr: VR, value: string): NewElement => ({
    tag,
    vr,
    value: encodeText(value, vr),
  });
  const us = (tag: number, value: number): NewElement => ({
    tag,
    vr: 'US',
    value: encodeNumbers([value], 'US'),
  });
  return writePart10(
    [
      { tag: 0x00080016, vr: 'UI', value: encodeUid('1.2.840.10008.5.1.4.1.1.12.1') },
      { tag: 0x00080018, vr: 'UI', value: encodeUid('1.2.3.4.5') },
      text(0x00080060, 'CS', 'XA'),
      text(0x00100010, 'PN', 'Doe^Jane'),
      text(0x00100020, 'LO', 'MRN4711'),
      { tag: 0x0020000d, vr: 'UI', value: encodeUid('1.2.3') },
      { tag: 0x0020000e, vr: 'UI', value: encodeUid('1.2.3.4') },
      us(0x00280002, 1),
      text(0x00280004, 'CS', 'MONOCHROME2'),
      text(0x00280008, 'IS', String(frames)),
      us(0x00280010, SIDE),
      us(0x00280011, SIDE),
      us(0x00280100, 8),
      us(0x00280101, 8),
      us(0x00280102, 7),
      us(0x00280103, 0),
      { tag: 0x7fe00010, vr: 'OB', value: new Uint8Array(0) },
    ],
    {
      mediaStorageSopClassUid: '1.2.840.10008.5.1.4.1.1.12.1',
      mediaStorageSopInstanceUid: '1.2.3.4.5',
      transferSyntaxUid,
      implementationClassUid: '2.25.1',
      implementationVersionName: 'BENCH',
    },
  );
}

function writeFile(path: string, header: Uint8Array, valueLength: number, runs: Iterable<Uint8Array>): void {
  new DataView(header.buffer, header.byteOffset).setUint32(header.length - 4, valueLength, true);
  const file = openSync(path, 'w');
  writeSync(file, header);
  for (const run of runs) writeSync(file, run);
  closeSync(file);
}

function writeNative(path: string, size: number): void {
  const frames = Math.floor(size / (SIDE * SIDE));
  const frame = noise();
  writeFile(path, headerOf(frames, '1.2.840.10008.1.2.1'), frames * frame.length, Array(frames).fill(frame));
}

async function writeJpeg(path: string, size: number, comment: string): Promise<void> {
  const picture = sharp(noise(), { raw: { width: SIDE, height: SIDE, channels: 1 } });
  const jpeg = await picture.blur(1).toColourspace('b-w').jpeg({ quality: 90 }).toBuffer();
  const segment = comment === '' ? '' : `\xff\xfe\0${String.fromCharCode(comment.length + 2)}${comment}`;
  const stream = Buffer.concat([jpeg.subarray(0, 2), Buffer.from(segment, 'latin1'), jpeg.subarray(2)]);
  const even = stream.length % 2 === 0 ? stream : Buffer.concat([stream, Buffer.alloc(1)]);
  const fragment = Buffer.concat([item(0xe000, even.length), even]);
  const frames = Math.floor(size / fragment.length);
  const runs = [item(0xe000, 0), ...Array<Uint8Array>(frames).fill(fragment), item(0xe0dd, 0)];
  writeFile(path, headerOf(frames, '1.2.840.10008.1.2.4.50'), 0xffffffff, runs);
}

function item(element: number, length: number): Uint8Array {
  const header = Buffer.alloc(8);
  header.writeUInt16LE(0xfffe, 0);
  header.writeUInt16LE(element, 2);
  header.writeUInt32LE(length, 4);
  return header;
}

/** Repeatable, and not to be compressed away. */
function noise(): Buffer {
  let state = 1;
  return Buffer.from(
    Uint8Array.from({ length: SIDE * SIDE }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state >>> 24;
    }),
  );
}

function seconds(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
  const began = performance.now();
  const { status, stderr } = spawnSync(command, args, { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr}`);
  return { seconds: (performance.now() - began) / 1000, stderr };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] as number;
}

interface Measured {
  readonly size: number;
  readonly copied: number;
  readonly took: number;
  readonly peakMiB: number;
}

function measure(file: string, folder: string, runs: number): Measured {
  const env = { ...process.env, FILMROOM_PSEUDONYM_SECRET: '0'.repeat(64) };
  const [copied, written] = [join(folder, 'copied'), join(folder, 'written')];
  const copies: number[] = [];
  const ours: number[] = [];
  let peakMiB = 0;
  const copy = () => {
    copies.push(seconds('cp', [file, copied]).seconds);
    rmSync(copied);
  };
  const deidentify = () => {
    rmSync(written, { force: true });
    const args = ['--import', TELL_PEAK, CLI, 'deidentify', file, written];
    const { seconds: took, stderr } = seconds(process.execPath, args, env);
    ours.push(took);
    const peaks = [...stderr.matchAll(/^peak (\d+)$/gm)].map(([, kilobytes]) => Number(kilobytes) / 1024);
    peakMiB = Math.max(peakMiB, ...peaks);
  };
  // Whoever comes second finds the disk busy with what the first one wrote: they take turns.
  for (let run = 0; run < runs; run++)
    for (const one of run % 2 === 0 ? [copy, deidentify] : [deidentify, copy]) one();
  const size = statSync(written).size / MiB;
  rmSync(written);
  return { size, copied: median(copies), took: median(ours), peakMiB };
}

/** The bound is kept by the whole process, or, where `cp` takes little longer than that needs to start, by all but its start. */
function report(name: string, { size, copied, took, peakMiB }: Measured, start: number): void {
  const ratio = took / copied;
  const beyondStart = (took - start) / copied;
  console.log(
    `${name.padEnd(19)} ${size.toFixed(0)} MiB  cp ${copied.toFixed(2)} s  deidentify ${took.toFixed(2)} s  ratio ${ratio.toFixed(2)}, ` +
      `without its start ${beyondStart.toFixed(2)} (bound ${BOUND_RATIO})  peak ${peakMiB.toFixed(0)} MiB (bound ${BOUND_MEMORY_MIB})`,
  );
  if (beyondStart > BOUND_RATIO || peakMiB > BOUND_MEMORY_MIB) process.exitCode = 1;
}

async function main(): Promise<void> {
  const size = Number(process.argv[2] ?? 1024) * MiB;
  const runs = Number(process.argv[3] ?? 3);
  const folder = mkdtempSync(join(tmpdir(), 'filmroom-bench-'));
  const file = join(folder, 'file.dcm');
  try {
    writeNative(file, MiB);
    const start = measure(file, folder, runs).took;
    console.log(`start of the process   ${start.toFixed(2)} s, with a file of 1 MiB`);
    writeNative(file, size);
    report('native', measure(file, folder, runs), start);
    await writeJpeg(file, size, '');
    report('JPEG', measure(file, folder, runs), start);
    await writeJpeg(file, size, 'JANE DOE 1970-01-01 MRN4711');
    report('JPEG with comments', measure(file, folder, runs), start);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
