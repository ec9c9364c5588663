/**
 * A JPEG codestream of DCT blocks as its segments and scans (ITU-T T.81 annex B), with every coefficient decoded. Progressive
 * and sequential, 8 and 12 bits; lossless, hierarchical and arithmetic coding are refused.
 */
import { UndisplayableError } from '../undisplayable.ts';
import { type Frame, readFrame, type Scan } from './coefficients.ts';
import { decodeScan } from './decode-scan.ts';
import { type HuffmanTable, type HuffmanTables, readTables } from './huffman.ts';

/** A marker segment, `content` being without marker and length; or a scan with the tables that were in force. */
export type Piece =
  | { readonly kind: 'segment'; readonly marker: number; readonly content: Uint8Array }
  | {
      readonly kind: 'scan';
      readonly header: Uint8Array;
      readonly scan: Scan;
      readonly tables: HuffmanTables;
      readonly length: number;
    };

export interface DecodedJpeg {
  readonly frame: Frame;
  readonly pieces: readonly Piece[];
  /** The quantisation step of the DC coefficient, by table. */
  readonly dcSteps: ReadonlyMap<number, number>;
  /** What the codestream says of its colours: the transform of an Adobe segment, 1 for JFIF; undefined where it is silent. */
  readonly colourTransform: number | undefined;
}

export const SOS = 0xda;
export const DHT = 0xc4;
export const DQT = 0xdb;
export const DRI = 0xdd;
export const APP0 = 0xe0;
export const APP14 = 0xee;
const SOI = 0xd8;
const EOI = 0xd9;
const SEQUENTIAL_OR_PROGRESSIVE = [0xc0, 0xc1, 0xc2];

/** Reads the whole codestream into coefficients. */
export function decodeJpegBlocks(bytes: Uint8Array): DecodedJpeg {
  if (bytes[0] !== 0xff || bytes[1] !== SOI) throw damaged('no SOI marker at the start of the frame');
  const pieces: Piece[] = [];
  const tables = new Map<number, HuffmanTable>();
  const dcSteps = new Map<number, number>();
  let frame: Frame | undefined;
  let restartInterval = 0;
  let colourTransform: number | undefined;
  for (let at = 2; at + 4 <= bytes.length; ) {
    if (bytes[at] !== 0xff) throw damaged(`no JPEG marker at 0x${at.toString(16)}`);
    const marker = bytes[at + 1] as number;
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker === EOI) break;
    const length = ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
    const content = bytes.subarray(at + 4, at + 2 + length);
    if (length < 2 || content.length !== length - 2) throw damaged('a JPEG segment that is cut off');
    at += 2 + length;
    if (marker === SOS) {
      if (frame === undefined) throw damaged('a JPEG scan before its frame header');
      const scan = readScan(content, frame, restartInterval);
      const end = decodeScan(bytes, at, frame, scan, tables);
      pieces.push({ kind: 'scan', header: content, scan, tables: new Map(tables), length: end - at });
      at = end;
      continue;
    }
    if (isOtherFrameHeader(marker))
      throw new UndisplayableError('unsupported-transfer-syntax', `JPEG process 0x${marker.toString(16)}`);
    if (SEQUENTIAL_OR_PROGRESSIVE.includes(marker)) {
      if (frame !== undefined) throw damaged('two JPEG frame headers');
      frame = readFrame(marker, content);
    } else if (marker === DHT) readTables(content, tables);
    else if (marker === DQT) readDcSteps(content, dcSteps);
    else if (marker === DRI) restartInterval = word(content, 0);
    else if (marker === APP0 && spells(content, 'JFIF')) colourTransform ??= 1;
    else if (marker === APP14 && spells(content, 'Adobe') && content.length >= 12)
      colourTransform = content[11];
    pieces.push({ kind: 'segment', marker, content });
  }
  if (frame === undefined || !pieces.some(({ kind }) => kind === 'scan')) throw damaged('no JPEG scan');
  return { frame, pieces, dcSteps, colourTransform };
}

/** SOF3 to SOF15 without DHT, JPG and the DAC that belongs to them; DAC and DNL change what follows as well. */
function isOtherFrameHeader(marker: number): boolean {
  return (marker >= 0xc3 && marker <= 0xcf && marker !== DHT && marker !== 0xc8) || marker === 0xdc;
}

function readScan(content: Uint8Array, frame: Frame, restartInterval: number): Scan {
  const count = content[0] as number;
  if (count < 1 || count > frame.components.length || content.length < 4 + 2 * count)
    throw damaged(`a JPEG scan of ${count} components`);
  const components = Array.from({ length: count }, (_, index) => {
    const id = content[1 + 2 * index];
    const selectors = content[2 + 2 * index] as number;
    const component = frame.components.find((each) => each.id === id);
    if (component === undefined) throw damaged('a JPEG scan of an unknown component');
    return { component, dcTable: selectors >> 4, acTable: selectors & 15 };
  });
  const approximation = content[3 + 2 * count] as number;
  return {
    components,
    spectralStart: content[1 + 2 * count] as number,
    spectralEnd: content[2 + 2 * count] as number,
    high: approximation >> 4,
    low: approximation & 15,
    restartInterval,
  };
}

function readDcSteps(content: Uint8Array, steps: Map<number, number>): void {
  let at = 0;
  while (at + 65 <= content.length) {
    const wide = (content[at] as number) >> 4 > 0;
    steps.set((content[at] as number) & 15, wide ? word(content, at + 1) : (content[at + 1] as number));
    at += wide ? 129 : 65;
  }
}

function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

function spells(content: Uint8Array, text: string): boolean {
  return Array.from(text).every((letter, index) => content[index] === letter.charCodeAt(0));
}

function damaged(where: string): UndisplayableError {
  return new UndisplayableError('undecodable', where);
}
