/** The picture of what has none: a dark tile that says what the object is and why no image is shown. */
import { encodeDrawing, type PreviewFormat } from '../raster.ts';
import { textPath, textWidth } from './stroke-font.ts';

export interface TileText {
  /** Large: the modality. */
  readonly title: string;
  /** Below it: the kind of object. */
  readonly kind?: string | undefined;
  /** Smaller, below that: how much there is of it. */
  readonly detail?: string | undefined;
  /** At the foot, dimmed: why there is no image. */
  readonly reason: string;
}

const GROUND = '#14171c';
const EDGE = '#2b313a';
const TITLE = { height: 52, stroke: 5, colour: '#c9d1dc' };
const KIND = { height: 13, stroke: 2, colour: '#c9d1dc' };
const DETAIL = { height: 11, stroke: 1.6, colour: '#8b95a3' };
const REASON = { height: 11, stroke: 1.6, colour: '#8b95a3' };
const SIDE = 256;
const MARGIN = 20;

/** Draws the tile, `size` pixels on each side. */
export async function drawTile(text: TileText, size: number, format: PreviewFormat): Promise<Uint8Array> {
  const kind = text.kind === undefined ? [] : wrap(text.kind.toUpperCase(), KIND.height);
  const reason = wrap(text.reason.toUpperCase(), REASON.height);
  const paths = [
    line(text.title.toUpperCase(), 74, TITLE),
    ...kind.map((words, index) => line(words, 154 + index * 20, KIND)),
    ...(text.detail === undefined ? [] : [line(text.detail.toUpperCase(), 158 + kind.length * 20, DETAIL)]),
    ...reason.map((words, index) => line(words, SIDE - MARGIN - (reason.length - index) * 18, REASON)),
  ];
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 ${SIDE} ${SIDE}">` +
    `<rect width="${SIDE}" height="${SIDE}" fill="${GROUND}"/>` +
    `<rect x="8" y="8" width="${SIDE - 16}" height="${SIDE - 16}" rx="6" fill="none" stroke="${EDGE}" stroke-width="2"/>` +
    `<g fill="none" stroke-linecap="round" stroke-linejoin="round">${paths.join('')}</g></svg>`;
  return encodeDrawing(svg, format);
}

interface Pen {
  readonly height: number;
  readonly stroke: number;
  readonly colour: string;
}

/** A centred line; one too wide is written smaller. */
function line(words: string, top: number, { height, stroke, colour }: Pen): string {
  const fit = Math.min(1, (SIDE - 2 * MARGIN) / textWidth(words, height));
  const left = (SIDE - textWidth(words, height * fit)) / 2;
  const path = textPath(words, left, top + (height * (1 - fit)) / 2, height * fit);
  return `<path d="${path}" stroke="${colour}" stroke-width="${stroke * Math.sqrt(fit)}"/>`;
}

function wrap(text: string, height: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1) ?? ''} ${word}`.trim();
    if (lines.length > 0 && textWidth(longer, height) <= SIDE - 2 * MARGIN) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
