/** `filmroom pixels`: what is found of text burned into pictures, and pictures with rectangles masked. */
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { basicProfile, cleaningWanted, keyedPseudonyms, textJudge } from '../../shared/deid/index.ts';
import {
  isPixelData,
  type MetaInput,
  type Part10,
  readPart10From,
  splice,
  writtenTransferSyntax,
} from '../../shared/dicom/index.ts';
import { isUnprocessable } from '../../shared/errors.ts';
import { type CleanedPixels, cleanPixels } from '../../shared/pixels/burned-in/clean-pixels.ts';
import { type Decision, decide } from '../../shared/pixels/burned-in/decide.ts';
import { decodeFrame } from '../../shared/pixels/decode.ts';
import type { PreviewSource } from '../../shared/pixels/frames.ts';
import { readImagePixel } from '../../shared/pixels/image-pixel.ts';
import type { Mask } from '../../shared/pixels/mask/mask.ts';
import { maskPixels } from '../../shared/pixels/mask/mask-pixels.ts';
import { encodeRaster } from '../../shared/pixels/raster.ts';
import { renderFrame } from '../../shared/pixels/render/render.ts';
import { EXIT, type ExitCode, Failure } from '../failure.ts';
import { openFile } from '../offline/file-source.ts';
import { sharedFinder } from '../offline/treat-pixels.ts';
import { writeSegments } from '../offline/write-file.ts';
import { type PixelsReport, printJson } from '../report/json-output.ts';
import { columns, printable } from '../terminal/printable.ts';

export interface InspectOptions {
  /** Print what was read where reading decided: it may be a name. */
  readonly showText?: boolean;
  /** A folder for pictures with the boxes drawn. */
  readonly png?: string;
  readonly json?: boolean;
}

type Inspected = PixelsReport['items'][number];

/** Nothing is written under it: any secret will do. */
const profile = basicProfile({ pseudonyms: keyedPseudonyms(randomBytes(32)), pixels: 'clean' });

export async function inspectPixels(files: readonly string[], options: InspectOptions): Promise<ExitCode> {
  const all: Inspected[] = [];
  for (const file of files) {
    const inspected = await inspectFile(file, options);
    all.push(inspected);
    if (options.json !== true) console.log(linesOf(inspected).join('\n'));
  }
  if (options.json === true) printJson({ total: all.length, items: all } satisfies PixelsReport);
  return all.some(({ decision }) => decision === 'refused') ? EXIT.quarantined : EXIT.ok;
}

async function inspectFile(file: string, { showText, png }: InspectOptions): Promise<Inspected> {
  const opened = await openFile(file);
  try {
    const source = { part10: await readPart10From(opened), read: opened.read };
    const { isWanted, risk } = cleaningWanted(source.part10, profile);
    const decision = decide(source.part10, risk);
    const inspected = { path: file, decision: decision.outcome, why: decision.why, rules: [], findings: [] };
    if (!isWanted) return { ...inspected, decision: 'refused', why: 'refused whatever its pictures show' };
    if (decision.outcome === 'spared') return inspected;
    const cleaned = await search(source, decision);
    if (png !== undefined) await draw(source, cleaned, png, basename(file));
    const findings = cleaned.findings.map(({ text, ...finding }) =>
      showText === true && text !== undefined ? { ...finding, text } : finding,
    );
    return { ...inspected, rules: decision.places.map(({ label }) => label), findings };
  } catch (error) {
    if (!isUnprocessable(error)) throw error;
    return { path: file, decision: 'refused', why: error.message, rules: [], findings: [] };
  } finally {
    await opened.close();
  }
}

function search(
  source: PreviewSource,
  decision: Extract<Decision, { outcome: 'search' }>,
): Promise<CleanedPixels> {
  return cleanPixels(source, decision, { finder: sharedFinder(), judge: textJudge(source.part10, profile) });
}

function linesOf({ path, decision, why, rules, findings }: Inspected): string[] {
  const rows = findings.map(({ picture, round, box, masked, why: reason, text }) => [
    masked ? 'mask' : 'keep',
    typeof picture === 'number' ? `frame ${picture + 1}` : picture,
    round === 0 ? '' : `round ${round}`,
    `${box.x},${box.y},${box.width},${box.height}`,
    reason,
    text === undefined ? '' : printable(text),
  ]);
  return [
    `${printable(path)}: ${decision}, ${why}`,
    ...columns([...rules.map((rule) => ['rule', rule]), ...rows]),
  ];
}

/** The first frame as it is: red around what is masked, green around what stays. */
async function draw(
  source: PreviewSource,
  { findings, masks }: CleanedPixels,
  folder: string,
  name: string,
): Promise<void> {
  const { dataSet } = source.part10;
  const image = readImagePixel(dataSet);
  const raster = renderFrame(dataSet, image, await decodeFrame(source, image, 0), 0);
  const outline = ({ x, y, width, height }: Mask, colour: string) =>
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="none" stroke="${colour}" stroke-width="2"/>`;
  const kept = findings.filter(({ masked }) => !masked).map(({ box }) => outline(box, 'lime'));
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="${raster.width}" height="${raster.height}">${[
    ...masks.map((mask) => outline(mask, 'red')),
    ...kept,
  ].join('')}</svg>`;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${name}.png`), await encodeRaster(raster, raster, 'png', drawing));
}

/** Masks a file's pixels and changes nothing else: by the given rectangles, or by what a search finds. */
export async function maskFile(
  input: string,
  output: string,
  rectangles: readonly Mask[],
): Promise<ExitCode> {
  const opened = await openFile(input);
  try {
    const source = { part10: await readPart10From(opened), read: opened.read };
    const treatment =
      rectangles.length > 0 ? (await maskPixels(source, rectangles)).treatment : await found(source);
    const { rewrite } = treatment;
    const segments = splice(
      source.part10,
      {
        edit: (element, _, depth) =>
          rewrite !== undefined && depth === 0 && isPixelData(element.tag) ? rewrite : { kind: 'keep' },
        add: (_, depth) => (depth === 0 ? treatment.attributes : []),
      },
      metaOf(source.part10, treatment.transferSyntaxUid),
    );
    await writeSegments(output, segments, opened);
    return EXIT.ok;
  } finally {
    await opened.close();
  }
}

async function found(source: PreviewSource): Promise<CleanedPixels['treatment']> {
  const decision = decide(source.part10, 'asked for');
  if (decision.outcome === 'spared') throw new Failure(decision.why);
  return (await search(source, decision)).treatment;
}

function metaOf(part10: Part10, transferSyntaxUid: string | undefined): MetaInput {
  const { meta, dataSet } = part10;
  return {
    mediaStorageSopClassUid: dataSet.uid(0x00080016) ?? '',
    mediaStorageSopInstanceUid: dataSet.uid(0x00080018) ?? '',
    transferSyntaxUid: transferSyntaxUid ?? writtenTransferSyntax(part10).uid,
    implementationClassUid: meta?.uid(0x00020012) ?? '',
    implementationVersionName: meta?.strings(0x00020013)[0] ?? '',
  };
}

/** A rectangle as it is given at the terminal: x,y,width,height in pixels and, for one frame alone, its number from 1. */
export function parseRectangle(text: string): Mask {
  const numbers = text.split(',').map(Number);
  const [x, y, width, height, frame] = numbers;
  const isWhole = numbers.every((number) => Number.isInteger(number) && number >= 0);
  if (
    !isWhole ||
    x === undefined ||
    y === undefined ||
    !width ||
    !height ||
    numbers.length > 5 ||
    frame === 0
  )
    throw new Failure(`${text} is no rectangle: x,y,width,height or x,y,width,height,frame`);
  return { x, y, width, height, ...(frame === undefined ? {} : { frame: frame - 1 }) };
}
