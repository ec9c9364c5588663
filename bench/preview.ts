/**
 * What a preview costs, stage by stage, and beside dcmtk where it is installed: `npx tsx bench/preview.ts [file…]`.
 * Without files it takes some of ../shared/corpus, and a slice it makes itself. Medians of one process: compare ratios.
 * Then what a cine of 1 GB costs: bytes read and the peak memory of a process that renders its preview.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  encodeNumbers,
  encodeUid,
  type NewElement,
  readPart10,
  tagOf,
  writePart10,
} from '../shared/dicom/index.ts';
import { decodeFrame } from '../shared/pixels/decode.ts';
import { readImagePixel } from '../shared/pixels/image-pixel.ts';
import { renderPreview } from '../shared/pixels/preview.ts';
import { encodeRaster } from '../shared/pixels/raster.ts';
import { displaySize } from '../shared/pixels/render/display-size.ts';
import { renderFrame } from '../shared/pixels/render/render.ts';

const RUNS = 25;
const SIZE = 256;
const CORPUS = fileURLToPath(new URL('../../shared/corpus/', import.meta.url));
const CT = '01-transfer-syntax/ct-family/CTImage.dcm_';
const CORPUS_FILES = [
  `${CT}LittleEndianExplicitTransferSyntax_1.2.840.10008.1.2.1.dcm`,
  `${CT}RLELosslessTransferSyntax_1.2.840.10008.1.2.5.dcm`,
  `${CT}JPEGProcess1TransferSyntax_1.2.840.10008.1.2.4.50.dcm`,
  `${CT}JPEGLSLosslessTransferSyntax_1.2.840.10008.1.2.4.80.dcm`,
  `${CT}JPEG2000LosslessOnlyTransferSyntax_1.2.840.10008.1.2.4.90.dcm`,
  '03-modality/multiframe.dcm',
  '03-modality/US-PAL-8-10x-echo',
  '03-modality/YBR_422.dcm',
  '05-burned-in-phi/RGB_IMAGE.dcm',
  '05-burned-in-phi/0_ORIGINAL_compressed.dcm',
];

/** Median milliseconds of a few runs after two that warm up. */
async function median(run: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let index = -2; index < RUNS; index++) {
    const start = performance.now();
    await run();
    if (index >= 0) times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[RUNS >> 1] as number;
}

async function measure(file: string): Promise<Record<string, string | number>> {
  const bytes = readFileSync(file);
  const part10 = readPart10(bytes);
  const source = {
    part10,
    read: async (start: number, length: number) => bytes.subarray(start, start + length),
  };
  const { dataSet } = part10;
  const image = readImagePixel(dataSet);
  const index = Math.floor(image.frames / 2);
  const size = displaySize(dataSet, image, index, SIZE);
  const samples = await decodeFrame(source, image, index, { atLeast: size });
  const raster = renderFrame(dataSet, image, samples, index, size);
  const whole = await median(() => renderPreview(source));
  const command = part10.transferSyntax.codec === 'jpeg-ls' ? 'dcml2pnm' : 'dcmj2pnm';
  const works = byDcmtk(command, file, index) === 0;
  const dcmtk = works ? await median(() => byDcmtk(command, file, index)) : Number.NaN;
  return {
    file: basename(file).slice(-44),
    pixels: `${image.columns}x${image.rows}`,
    parse: round(await median(() => readPart10(bytes))),
    decode: round(await median(() => decodeFrame(source, image, index, { atLeast: size }))),
    render: round(await median(() => renderFrame(dataSet, image, samples, index, size))),
    encode: round(await median(() => encodeRaster(raster, size, 'webp'))),
    preview: round(whole),
    bytes: (await renderPreview(source)).bytes.length,
    dcmtk: works ? round(dcmtk) : '-',
    ratio: works ? round(dcmtk / whole) : '-',
    // A process of its own is how dcmtk is used, but it is no part of rendering.
    'without spawn': works ? round((dcmtk - spawning) / whole) : '-',
  };
}

/** One picture of the same size, to a file, as a process of its own: so it is used where there is no library. */
function byDcmtk(command: string, file: string, index: number): number | null {
  const options = ['-q', '+F', String(index + 1), '+Sxv', String(SIZE), '+on'];
  return spawnSync(command, [...options, file, join(folder, 'reference.png')]).status;
}

/** The still and moving preview of a cine of 1 GB, each in a process of its own, whose peak memory is its own. */
function largeCine(kind: 'native' | 'encapsulated'): Record<string, unknown> {
  const script = fileURLToPath(new URL('preview/large-cine.ts', import.meta.url));
  const { stdout } = spawnSync(process.execPath, ['--import', 'tsx', script, kind], { encoding: 'utf8' });
  const { memory, bytesRead, ...others } = JSON.parse(stdout);
  return { ...others, 'MB read': round(bytesRead / 1e6), 'peak MB': memory };
}

const round = (value: number): number => Math.round(value * 100) / 100;

/** A slice of 512 x 512 with a window: circles of tissue in air, and noise. */
function phantom(): Uint8Array {
  const side = 512;
  const pixels = Int16Array.from({ length: side * side }, (_, at) => {
    const [x, y] = [(at % side) - side / 2, Math.floor(at / side) - side / 2];
    const tissue = Math.hypot(x, y) > 220 ? -1000 : Math.hypot(x - 60, y) < 40 ? 300 : 40;
    return tissue + (((at * 2654435761) >>> 27) - 16);
  });
  const us = (keyword: string, value: number): NewElement => ({
    tag: tagOf(keyword),
    vr: 'US',
    value: encodeNumbers([value], 'US'),
  });
  const word = (keyword: string, vr: 'CS' | 'DS', value: string): NewElement => ({
    tag: tagOf(keyword),
    vr,
    value: Buffer.from(value.length % 2 === 0 ? value : `${value} `),
  });
  const sopClass = '1.2.840.10008.5.1.4.1.1.2';
  const elements: NewElement[] = [
    { tag: tagOf('SOPClassUID'), vr: 'UI', value: encodeUid(sopClass) },
    word('Modality', 'CS', 'CT'),
    us('SamplesPerPixel', 1),
    word('PhotometricInterpretation', 'CS', 'MONOCHROME2'),
    us('Rows', side),
    us('Columns', side),
    us('BitsAllocated', 16),
    us('BitsStored', 16),
    us('HighBit', 15),
    us('PixelRepresentation', 1),
    word('WindowCenter', 'DS', '40'),
    word('WindowWidth', 'DS', '400'),
    { tag: tagOf('PixelData'), vr: 'OW', value: new Uint8Array(pixels.buffer) },
  ];
  return writePart10(elements, {
    mediaStorageSopClassUid: sopClass,
    mediaStorageSopInstanceUid: '2.25.1',
    transferSyntaxUid: '1.2.840.10008.1.2.1',
    implementationClassUid: '2.25.2',
    implementationVersionName: 'BENCH',
  });
}

let spawning = 0;
const folder = mkdtempSync(join(tmpdir(), 'filmroom-bench-'));
try {
  const made = join(folder, 'phantom.dcm');
  writeFileSync(made, phantom());
  const named = process.argv.slice(2);
  const files =
    named.length > 0 ? named : [made, ...CORPUS_FILES.map((file) => CORPUS + file).filter(existsSync)];
  spawning = await median(() => spawnSync('dcmj2pnm', ['--version']));
  const rows = [];
  for (const file of files) rows.push(await measure(file));
  console.log('milliseconds; ratio = dcmtk / preview');
  console.table(rows);
  console.table([largeCine('native'), largeCine('encapsulated')]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
