/**
 * Letters as strokes. Deployed functions have no fonts, so text in a drawing would be blank there: placeholders write with
 * these instead. Capitals, digits and a few signs, on a grid 4 wide and 6 high with the origin at the top left.
 */

/** Pen strokes of a glyph: polylines separated by spaces, each point two digits (x, y). */
const GLYPHS: Readonly<Record<string, string>> = {
  A: '062046 1434',
  B: '003041423303334445360600',
  C: '4130100105163645',
  D: '00062645412000',
  E: '40000646 0333',
  F: '400006 0333',
  G: '41301001051636454323',
  H: '0006 4046 0343',
  I: '1030 2026 1636',
  J: '4045361605',
  K: '0006 400346',
  L: '000646',
  M: '0600234046',
  N: '06004640',
  O: '103041453616050110',
  P: '06003041423303',
  Q: '103041453616050110 2446',
  R: '06003041423303 2346',
  S: '413010010213334445361605',
  T: '0040 2026',
  U: '000516364540',
  V: '002640',
  W: '0016233640',
  X: '0046 4006',
  Y: '002340 2326',
  Z: '00400646',
  0: '103041453616050110',
  1: '112026 1636',
  2: '01103041420646',
  3: '01103041423313 334445361605',
  4: '36300444',
  5: '4000023243453606',
  6: '413010010516364544331304',
  7: '004016',
  8: '103041423313020110 1304051636454433',
  9: '423313020110304145361605',
  '-': '1333',
  '.': '2526',
  ',': '2516',
  ':': '2122 2526',
  '/': '0640',
  '(': '30212536',
  ')': '10212516',
};

const WIDTH = 4;
const HEIGHT = 6;
const GAP = 2;

/** The width of a line of text in pixels, its capitals `height` pixels high. */
export function textWidth(text: string, height: number): number {
  return Math.max(0, text.length * (WIDTH + GAP) - GAP) * (height / HEIGHT);
}

/** The line as the data of an SVG path to be stroked; signs without a glyph are left out, as a space is. */
export function textPath(text: string, left: number, top: number, height: number): string {
  const unit = height / HEIGHT;
  const strokes: string[] = [];
  Array.from(text.toUpperCase()).forEach((letter, position) => {
    const origin = left + position * (WIDTH + GAP) * unit;
    for (const line of Object.hasOwn(GLYPHS, letter) ? (GLYPHS[letter] as string).split(' ') : []) {
      const points = line.match(/../g) ?? [];
      const path = points.map((point) => {
        const [x, y] = [Number(point[0]), Number(point[1])];
        return `${round(origin + x * unit)} ${round(top + y * unit)}`;
      });
      strokes.push(`M${path.join('L')}`);
    }
  });
  return strokes.join('');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
