/**
 * Hides rectangles of a JPEG frame without compressing it again: the blocks of every MCU that a rectangle meets become one
 * level, all other coefficients stay what they were. The Huffman tables stay too, unless they lack a code that is now needed. A
 * progressive frame comes out sequential, with the same coefficients. Comments and application data are not carried over:
 * they may hold text, or a thumbnail of the picture as it was.
 */
import type { ImagePixel } from '../image-pixel.ts';
import type { Component, Frame, Scan } from '../jpeg/coefficients.ts';
import { canWrite, countSymbols, encodeScan, tablesFor } from '../jpeg/encode-scan.ts';
import { writeTables } from '../jpeg/huffman.ts';
import { APP0, APP14, type DecodedJpeg, DHT, DQT, DRI, decodeJpegBlocks, SOS } from '../jpeg/segments.ts';
import { UndisplayableError } from '../undisplayable.ts';
import { type BlackContext, blackOf, nativeCell } from './black.ts';
import type { Rectangle } from './mask.ts';

const PROGRESSIVE = 0xc2;
/** More blocks than these an interleaved MCU must not have (ITU-T T.81 B.2.3). */
const MAXIMUM_MCU_BLOCKS = 10;

/** The codestream with the rectangles at the level of black. */
export function maskJpeg(
  bytes: Uint8Array,
  rectangles: readonly Rectangle[],
  image: ImagePixel,
  black: BlackContext,
): Uint8Array {
  const jpeg = decodeJpegBlocks(bytes);
  const { frame } = jpeg;
  if (
    frame.width !== image.columns ||
    frame.height !== image.rows ||
    frame.components.length !== image.samplesPerPixel
  )
    throw new UndisplayableError(
      'pixel-data-mismatch',
      'a JPEG frame of another size than (0028,0010), (0028,0011)',
    );
  fillBlocks(jpeg, rectangles, blackLevels(jpeg, image, black));
  return frame.process === PROGRESSIVE ? writeSequential(jpeg) : writeAgain(jpeg);
}

function fillBlocks(
  { frame, dcSteps }: DecodedJpeg,
  rectangles: readonly Rectangle[],
  levels: readonly number[],
): void {
  for (const [index, component] of frame.components.entries()) {
    const step = dcSteps.get(component.quantisation);
    if (step === undefined || step === 0)
      throw new UndisplayableError('undecodable', 'a JPEG quantisation table is missing');
    const dc = blackCoefficient(levels[index] as number, step, frame.precision);
    for (const rectangle of rectangles) fillComponent(frame, component, rectangle, dc);
  }
}

function fillComponent(frame: Frame, component: Component, rectangle: Rectangle, dc: number): void {
  const { horizontal, vertical, stride, values } = component;
  const fromColumn = Math.floor(rectangle.x / frame.mcuWidth) * horizontal;
  const toColumn = Math.ceil((rectangle.x + rectangle.width) / frame.mcuWidth) * horizontal;
  const fromRow = Math.floor(rectangle.y / frame.mcuHeight) * vertical;
  const toRow = Math.ceil((rectangle.y + rectangle.height) / frame.mcuHeight) * vertical;
  for (let row = fromRow; row < toRow; row++) {
    values.fill(0, (row * stride + fromColumn) * 64, (row * stride + toColumn) * 64);
    for (let column = fromColumn; column < toColumn; column++) values[(row * stride + column) * 64] = dc;
  }
}

/** The sample that is black, by component: of a codestream in YCbCr its own black, whatever the data set calls it. */
function blackLevels(
  { frame, colourTransform }: DecodedJpeg,
  image: ImagePixel,
  black: BlackContext,
): readonly number[] {
  if (frame.components.length === 1) {
    const most = 2 ** frame.precision;
    return blackOf(nativeCell(image), black).map((level) => (level < 0 ? level + most : level));
  }
  const subsampled = frame.components.some(
    ({ horizontal, vertical }) => horizontal * vertical !== 1 && frame.mcuWidth * frame.mcuHeight !== 64,
  );
  const isRgb =
    colourTransform === undefined ? image.photometric === 'RGB' && !subsampled : colourTransform === 0;
  const middle = 2 ** (frame.precision - 1);
  return isRgb ? [0, 0, 0] : [0, middle, middle];
}

/**
 * The quantised DC of a block that is this level throughout. The DC is eight times the distance from the middle (A.3.3); at
 * either end of the range it is rounded outwards, so that the block is clipped to the end and not one level short of it.
 */
function blackCoefficient(level: number, step: number, precision: number): number {
  const middle = 2 ** (precision - 1);
  const exact = ((level - middle) * 8) / step;
  if (level === 0) return Math.floor(exact);
  return level === 2 ** precision - 1 ? Math.ceil(exact) : Math.round(exact);
}

/** The segments and scans in their order, each scan with its coefficients as they are now. */
function writeAgain({ frame, pieces }: DecodedJpeg): Uint8Array {
  const scans = pieces.filter((piece) => piece.kind === 'scan');
  const counts = new Map(scans.map((piece) => [piece, countSymbols(frame, piece.scan)]));
  const keepsTables = scans.every((piece) => canWrite(counts.get(piece) ?? new Map(), piece.tables));
  const parts: Uint8Array[] = [Uint8Array.of(0xff, 0xd8)];
  for (const piece of pieces) {
    if (piece.kind === 'segment') {
      if (piece.marker === DHT && !keepsTables) continue;
      const content = keptContent(piece.marker, piece.content);
      if (content !== undefined) parts.push(segment(piece.marker, content));
      continue;
    }
    const tables = keepsTables ? piece.tables : tablesFor(counts.get(piece) ?? new Map());
    if (!keepsTables) parts.push(writeTables(tables));
    parts.push(segment(SOS, piece.header), encodeScan(frame, piece.scan, tables, piece.length));
  }
  parts.push(Uint8Array.of(0xff, 0xd9));
  return Buffer.concat(parts);
}

/** A progressive frame as a sequential one: the scans fall together, the coefficients are the same. */
function writeSequential({ frame, pieces }: DecodedJpeg): Uint8Array {
  const first = pieces.findIndex((piece) => piece.kind === 'scan');
  if (pieces.slice(first).some((piece) => piece.kind === 'segment' && piece.marker === DQT))
    throw new UndisplayableError('unsupported-pixel-format', 'JPEG quantisation that changes between scans');
  const parts: Uint8Array[] = [Uint8Array.of(0xff, 0xd8)];
  for (const piece of pieces.slice(0, first)) {
    if (piece.kind !== 'segment' || piece.marker === DHT || piece.marker === DRI) continue;
    const content = keptContent(piece.marker, piece.content);
    if (content === undefined) continue;
    const marker = piece.marker === PROGRESSIVE ? (frame.precision === 8 ? 0xc0 : 0xc1) : piece.marker;
    parts.push(segment(marker, content));
  }
  for (const scan of sequentialScans(frame)) {
    const tables = tablesFor(countSymbols(frame, scan));
    const members = scan.components.flatMap(({ component, dcTable, acTable }) => [
      component.id,
      (dcTable << 4) | acTable,
    ]);
    const header = Uint8Array.of(scan.components.length, ...members, 0, 63, 0);
    parts.push(writeTables(tables), segment(SOS, header), encodeScan(frame, scan, tables, frame.width));
  }
  parts.push(Uint8Array.of(0xff, 0xd9));
  return Buffer.concat(parts);
}

function sequentialScans({ components }: Frame): Scan[] {
  const whole = { spectralStart: 0, spectralEnd: 63, high: 0, low: 0, restartInterval: 0 };
  const members = components.map((component, index) => {
    const table = Math.min(index, 1);
    return { component, dcTable: table, acTable: table };
  });
  const blocks = components.reduce((sum, { horizontal, vertical }) => sum + horizontal * vertical, 0);
  if (blocks <= MAXIMUM_MCU_BLOCKS) return [{ ...whole, components: members }];
  return members.map((member) => ({ ...whole, components: [member] }));
}

/** The content of a segment that stays: what decoding needs, and what says how colours are coded. */
function keptContent(marker: number, content: Uint8Array): Uint8Array | undefined {
  if (marker === APP0) return isJfif(content) ? withoutThumbnail(content) : undefined;
  if (marker === APP14) return content.subarray(0, 12);
  const isText = (marker >= 0xe1 && marker <= 0xef) || marker === 0xfe;
  return isText ? undefined : content;
}

function isJfif(content: Uint8Array): boolean {
  return content.length >= 14 && Buffer.from(content.subarray(0, 5)).toString('latin1') === 'JFIF\0';
}

/** JFIF: 12 bytes, then the size of a thumbnail and the thumbnail. */
function withoutThumbnail(content: Uint8Array): Uint8Array {
  const kept = content.slice(0, 14);
  kept.fill(0, 12);
  return kept;
}

function segment(marker: number, content: Uint8Array): Uint8Array {
  const length = content.length + 2;
  const whole = new Uint8Array(content.length + 4);
  whole.set([0xff, marker, length >> 8, length & 255]);
  whole.set(content, 4);
  return whole;
}
