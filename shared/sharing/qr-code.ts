/** An address as a QR code (ISO/IEC 18004): dark modules with the quiet zone of four that readers ask for. */
import { encode } from 'uqr';

const QUIET_ZONE = 4;

/** Rows of modules; true is dark. Level M: a print may be smudged, a screen is not. */
export function qrCode(text: string): readonly (readonly boolean[])[] {
  return encode(text, { ecc: 'M', border: QUIET_ZONE }).data;
}

/** One path of an SVG whose view box is as many units wide as there are modules: each run of dark modules is a bar. */
export function qrPath(modules: readonly (readonly boolean[])[]): string {
  return modules
    .flatMap((row, y) => runsOf(row).map(([from, length]) => `M${from} ${y}h${length}v1h-${length}z`))
    .join('');
}

/** Two rows a line of a terminal. What is light is drawn: it has to be lighter than the ground, which a light terminal is told. */
export function qrLines(modules: readonly (readonly boolean[])[]): string[] {
  const lines: string[] = [];
  for (let y = 0; y < modules.length; y += 2) {
    const [upper = [], lower = []] = [modules[y], modules[y + 1]];
    lines.push(upper.map((dark, x) => BLOCKS[(dark ? 2 : 0) + (lower[x] ? 1 : 0)]).join(''));
  }
  return lines;
}

/** By upper and lower half, where what is drawn is light: █ both light, ▀ the lower dark, ▄ the upper dark, none light. */
const BLOCKS = ['█', '▀', '▄', ' '];

function runsOf(row: readonly boolean[]): [from: number, length: number][] {
  const runs: [number, number][] = [];
  for (const [x, dark] of row.entries()) {
    const last = runs.at(-1);
    if (dark && last && last[0] + last[1] === x) last[1]++;
    else if (dark) runs.push([x, 1]);
  }
  return runs;
}
