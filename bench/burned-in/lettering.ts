/**
 * Lines of text as ink: by the fonts that this machine has, in several scripts, or by the strokes that the project's own
 * placeholders are written with, which need no font.
 */
import sharp from 'sharp';
import { textPath, textWidth } from '../../shared/pixels/placeholder/stroke-font.ts';

/** How much of each pixel is ink, 0 to 255. */
export interface Ink {
  readonly width: number;
  readonly height: number;
  readonly coverage: Uint8Array;
}

export type Script = 'Latin' | 'digits' | 'Cyrillic' | 'Greek' | 'CJK' | 'Arabic';

/** The font that is drawn, not looked up. */
export const STROKES = 'strokes';

/** Names, numbers and dates as devices write them; none is a person's. */
export const LINES: Readonly<Record<Script, readonly string[]>> = {
  Latin: [
    'DAVIDSON DOUGLAS [M]',
    'Kowalska, Anna',
    "O'Brien-Smith J.",
    'MUELLER^HANS^^DR',
    'Dr. med. Yılmaz',
    'ST. MARY HOSPITAL',
    'Jørgensen, Søren',
    'Nguyen Thi Hoa',
    'lee, kim',
    'ID: AB-4471',
  ],
  digits: [
    '12.03.1957',
    '1957-03-12',
    '03/12/57',
    'DOB: 06.16.1976',
    '00079241539',
    '8:48:26 AM 4/14/2020',
    '05 MAR 2011',
    'MRN 4471-22',
    '#120907058',
    '047Y',
  ],
  Cyrillic: ['Иванов Сергей', 'ПЕТРОВА А. В.', 'Дата 12.03.1957'],
  Greek: ['Παπαδόπουλος', 'ΝΙΚΟΛΑΟΥ Μ.', 'Ελένη Γεωργίου'],
  CJK: ['山田太郎', '王小明', '患者 鈴木花子', '陳大文'],
  Arabic: ['محمد عبد الله', 'فاطمة الزهراء'],
};

/** The fonts of each script, by family; those of the project's strokes know capitals and digits alone. */
export const FONTS: Readonly<Record<Script, readonly string[]>> = {
  Latin: [
    'DejaVu Sans',
    'DejaVu Sans Bold',
    'DejaVu Serif',
    'DejaVu Sans Mono',
    'Liberation Sans',
    'Liberation Sans Narrow',
    'Liberation Mono',
    'Nimbus Roman',
  ],
  digits: [
    'DejaVu Sans',
    'DejaVu Sans Bold',
    'DejaVu Sans Mono',
    'Liberation Sans',
    'Liberation Serif',
    'Nimbus Sans Narrow',
    STROKES,
  ],
  Cyrillic: ['DejaVu Sans', 'DejaVu Serif', 'Liberation Sans'],
  Greek: ['DejaVu Sans', 'Liberation Sans'],
  CJK: ['Droid Sans Fallback'],
  Arabic: ['DejaVu Sans'],
};

/** Draws a line, its letters `size` pixels to the em: capitals are 0.7 of it. */
export async function drawLine(text: string, font: string, size: number): Promise<Ink> {
  return font === STROKES ? drawStrokes(text, size) : drawFont(text, font, size);
}

/** Turned by a quarter, to be read from the right. */
export function turnInk({ width, height, coverage }: Ink): Ink {
  const turned = new Uint8Array(coverage.length);
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++)
      turned[column * height + (height - 1 - row)] = coverage[row * width + column] as number;
  return { width: height, height: width, coverage: turned };
}

async function drawFont(text: string, font: string, size: number): Promise<Ink> {
  const escaped = text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
  // At 72 dots per inch a point is a pixel.
  const drawing = sharp({ text: { text: escaped, font: `${font} ${size}`, dpi: 72, rgba: true } });
  const { data, info } = await drawing.raw().toBuffer({ resolveWithObject: true });
  return inkOf(data, info.width, info.height);
}

async function drawStrokes(text: string, size: number): Promise<Ink> {
  const capitals = Math.round(0.7 * size);
  const [width, height] = [Math.ceil(textWidth(text, capitals)) + 4, capitals + 4];
  const pen = Math.max(1, size / 11);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><path d="${textPath(text, 2, 2, capitals)}" fill="none" stroke="#fff" stroke-width="${pen}"/></svg>`;
  return inkOf(await sharp(Buffer.from(svg)).ensureAlpha().raw().toBuffer(), width, height);
}

function inkOf(rgba: Uint8Array, width: number, height: number): Ink {
  return {
    width,
    height,
    coverage: Uint8Array.from({ length: width * height }, (_, at) => rgba[4 * at + 3] as number),
  };
}
