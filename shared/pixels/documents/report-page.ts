/** The first page of a report, drawn: its title, then names and values as far as the page goes; a larger page holds more. */
import { textWidth } from '../placeholder/stroke-font.ts';
import { drawing, INK, type Pen, rectangle, words, wrapped } from './drawing.ts';
import type { ReportLine } from './structured-report.ts';

/** Draws the lines on a page of paper, `side` pixels high, three quarters as wide on a dark ground. */
export function drawReport(lines: readonly ReportLine[], side: number): string {
  // Letters grow more slowly than the page, so that a larger one shows more of the report.
  const height = 6 + side / 256;
  const pitch = height * 1.75;
  const page = { left: side * 0.03, top: side * 0.03, width: side * 0.94, height: side * 0.94 };
  const margin = side * 0.035;
  const bottom = page.top + page.height - margin;
  const parts = [rectangle(page, { fill: INK.paper })];
  // Room for the badge that a page of previews lays over the corner.
  let top = page.top + margin + side * 0.055;
  for (const { depth, name, value } of lines) {
    // A UID fills lines and tells a reader nothing.
    if (value !== undefined && /^[\d.]{20,}$/.test(value)) continue;
    const indent = Math.min(depth > 0 ? depth - 1 : 0, 5) * height;
    const pen: Pen =
      depth === 0
        ? { height: height * 1.2, colour: INK.words }
        : { height, colour: value === undefined ? INK.words : INK.soft };
    const left = page.left + margin + indent;
    const width = page.width - 2 * margin - indent;
    const named = name === undefined ? '' : value === undefined ? name : `${name}: `;
    const rows = wrapped(named + (value ?? ''), pen.height, width);
    let said = Array.from(named).length;
    for (const row of rows) {
      if (top + pitch > bottom) return finished();
      // The name stands lighter than what is said of it.
      const soft = row.slice(0, Math.max(0, said));
      const full = row.slice(soft.length);
      parts.push(words(soft, left, top, pen));
      const step = textWidth('00', pen.height) - textWidth('0', pen.height);
      parts.push(words(full, left + soft.length * step, top, { ...pen, colour: INK.words }));
      said -= row.length + 1;
      top += pitch * (depth === 0 ? 1.25 : 1);
    }
    if (depth === 0) top += pitch * 0.3;
  }
  return finished();

  function finished(): string {
    return drawing(side, side, INK.film, parts);
  }
}
