/** Pieces of SVG that every page is made of: grounds, lines, words in strokes. Nothing a data set says becomes markup. */
import { textPath, textWidth, writable } from '../placeholder/stroke-font.ts';

/** Colours of a page; those of a dark film and of paper. */
export const INK = {
  film: '#0b0e12',
  paper: '#f4f3ee',
  edge: '#2b313a',
  words: '#1d242c',
  soft: '#5b6773',
  light: '#c9d1dc',
  dim: '#8b95a3',
} as const;

export interface Pen {
  /** Of capitals, in pixels. */
  readonly height: number;
  readonly colour: string;
  /** Of a stroke; default a seventh of the height, at least 0.9. */
  readonly stroke?: number;
}

/** A drawing of the size, its strokes round at their ends. */
export function drawing(width: number, height: number, ground: string, parts: readonly string[]): string {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">` +
    `<rect width="${width}" height="${height}" fill="${ground}"/>` +
    `<g fill="none" stroke-linecap="round" stroke-linejoin="round">${parts.join('')}</g></svg>`
  );
}

export function rectangle(
  { left, top, width, height }: Box,
  { fill = 'none', stroke = 'none' }: { readonly fill?: string; readonly stroke?: string },
): string {
  return `<rect x="${fixed(left)}" y="${fixed(top)}" width="${fixed(width)}" height="${fixed(height)}" fill="${fill}" stroke="${stroke}"/>`;
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Words at a place; cut to the width where one is given. */
export function words(text: string, left: number, top: number, pen: Pen, width = Infinity): string {
  let shown = writable(text);
  while (shown.length > 0 && textWidth(shown, pen.height) > width) shown = shown.slice(0, -1);
  return stroked(
    textPath(shown, left, top, pen.height),
    pen.colour,
    pen.stroke ?? Math.max(0.9, pen.height / 7),
  );
}

/** A path of strokes. */
export function stroked(path: string, colour: string, width: number, opacity = 1): string {
  if (path === '') return '';
  return `<path d="${path}" stroke="${colour}" stroke-width="${fixed(width)}"${opacity === 1 ? '' : ` stroke-opacity="${opacity}"`}/>`;
}

/** The text in lines of at most so many pixels; words that are longer are broken. */
export function wrapped(text: string, height: number, width: number): string[] {
  const most = Math.max(1, Math.floor(width / (textWidth('00', height) - textWidth('0', height))));
  const lines: string[] = [];
  for (const paragraph of text.split(/\r?\n|\r/)) {
    let line = '';
    for (let word of writable(paragraph).split(/ +/)) {
      while (word.length > most) {
        if (line !== '') lines.push(line);
        lines.push(word.slice(0, most));
        word = word.slice(most);
        line = '';
      }
      const longer = line === '' ? word : `${line} ${word}`;
      if (longer.length > most) {
        lines.push(line);
        line = word;
      } else line = longer;
    }
    lines.push(line);
  }
  return lines;
}

/** A coordinate, short enough for drawings of many points. */
export function fixed(value: number): string {
  return String(Math.round(value * 10) / 10);
}
