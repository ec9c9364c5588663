/**
 * What the moving preview of a cine of 1 GB costs: time, bytes read, bytes written, and memory of a fresh process that does
 * nothing else: `npx tsx bench/cine-preview.ts`. The file is sparse and is removed.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  encodeNumbers,
  encodeText,
  encodeUid,
  type NewElement,
  readPart10From,
  writePart10,
} from '../shared/dicom/index.ts';
import { renderPreview } from '../shared/pixels/preview.ts';

const SIDE = 1024;
const FRAMES = 1024;
const MULTI_FRAME = '1.2.840.10008.5.1.4.1.1.7.2';

/** A cine of 1 GiB, its first and last frames other than black. */
async function writeCine(file: string): Promise<void> {
  const us = (tag: number, value: number): NewElement => ({
    tag,
    vr: 'US',
    value: encodeNumbers([value], 'US'),
  });
  const text = (tag: number, vr: 'CS' | 'IS' | 'DS', value: string): NewElement => ({
    tag,
    vr,
    value: encodeText(value, vr),
  });
  const header = writePart10(
    [
      { tag: 0x00080016, vr: 'UI', value: encodeUid(MULTI_FRAME) },
      text(0x00080060, 'CS', 'XA'),
      text(0x00181063, 'DS', '33'),
      us(0x00280002, 1),
      text(0x00280004, 'CS', 'MONOCHROME2'),
      text(0x00280008, 'IS', String(FRAMES)),
      us(0x00280010, SIDE),
      us(0x00280011, SIDE),
      us(0x00280100, 8),
      us(0x00280101, 8),
      us(0x00280102, 7),
      us(0x00280103, 0),
    ],
    {
      mediaStorageSopClassUid: MULTI_FRAME,
      mediaStorageSopInstanceUid: '1.2.3',
      transferSyntaxUid: '1.2.840.10008.1.2.1',
      implementationClassUid: '1.2.3',
      implementationVersionName: 'BENCH',
    },
  );
  const pixelData = Buffer.from('e07f10004f420000' + '00000000', 'hex');
  pixelData.writeUInt32LE(SIDE * SIDE * FRAMES, 8);
  writeFileSync(file, Buffer.concat([header, pixelData]));
  const handle = await open(file, 'r+');
  const start = header.length + pixelData.length;
  // Every sixteenth frame is noise, so that the preview has something to encode.
  const noise = Uint8Array.from({ length: SIDE * SIDE }, (_, at) => (at * 2654435761) >>> 24);
  for (let frame = 0; frame < FRAMES; frame += 16)
    await handle.write(noise, 0, noise.length, start + frame * SIDE * SIDE);
  await handle.truncate(start + SIDE * SIDE * FRAMES);
  await handle.close();
}

async function measure(file: string): Promise<void> {
  const handle = await open(file, 'r');
  const { size } = await handle.stat();
  let bytesRead = 0;
  const read = async (start: number, length: number) => {
    const bytes = new Uint8Array(Math.min(length, size - start));
    await handle.read(bytes, 0, bytes.length, start);
    bytesRead += bytes.length;
    return bytes;
  };
  const began = performance.now();
  const part10 = await readPart10From({ size, read });
  const { bytes, frames, width, height } = await renderPreview({ part10, read }, { animated: true });
  const milliseconds = Math.round(performance.now() - began);
  await handle.close();
  const rss = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(
    `${(size / 2 ** 30).toFixed(2)} GiB, ${FRAMES} frames: preview ${width} x ${height}, ${frames} frames, ` +
      `${bytes.length} bytes; read ${(bytesRead / 2 ** 20).toFixed(1)} MiB in ${milliseconds} ms; at most ${rss} MB resident`,
  );
}

const given = process.argv[2];
if (given === undefined) {
  const folder = mkdtempSync(join(tmpdir(), 'filmroom-cine-'));
  try {
    const file = join(folder, 'cine.dcm');
    await writeCine(file);
    const self = fileURLToPath(import.meta.url);
    spawnSync(process.execPath, ['--import', 'tsx', self, file], { stdio: 'inherit' });
  } finally {
    rmSync(folder, { recursive: true });
  }
} else await measure(given);
