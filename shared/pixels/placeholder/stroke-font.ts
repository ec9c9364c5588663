/**
 * Letters as strokes. Deployed functions have no fonts, so text in a drawing would be blank there: placeholders and pages
 * write with these instead. Latin letters, digits and signs, on a grid 4 wide and 6 high with the origin at the top left;
 * what hangs below the line reaches to 8.
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
  a: '12324346 441405163645',
  b: '0006 0312324345361605',
  c: '4332120305163645',
  d: '4046 4332120305163645',
  e: '04444332120305163645',
  f: '40302126 1242',
  g: '4332120304153544 42473818',
  h: '0006 0312324346',
  i: '2226 2020',
  j: '32372818 3030',
  k: '0006 420446',
  l: '202536',
  m: '0206 03122326 23324346',
  n: '0206 0312324346',
  o: '120305163645433212',
  p: '0208 0312324345361605',
  q: '4248 4332120305163645',
  r: '0206 04133242',
  s: '43321203143445361605',
  t: '20253645 0242',
  u: '0205163645 4246',
  v: '022642',
  w: '0216233642',
  x: '0246 4206',
  y: '0226 4218',
  z: '02420646',
  '+': '0343 2125',
  '=': '0242 0444',
  '<': '410345',
  '>': '014305',
  '%': '0640 1010 3636',
  "'": '2021',
  '"': '1011 3031',
  '?': '011030414224 2626',
  '!': '2024 2626',
  '*': '1135 3115 0343',
  '&': '4612203104162644',
  '#': '1016 3036 0242 0444',
  _: '0646',
  ';': '2222 2516',
  '[': '30101636',
  ']': '10303616',
  '^': '022042',
  '~': '04132433',
  '\\': '0046',
  '|': '2026',
  '°': '1030321210',
  µ: '0208 0205163645 4246',
  '²': '10303112 1232',
  '±': '0242 2024 0646',
  '×': '1135 3115',
  $: '43321203143445361605 2127',
  '`': '1021',
  '{': '302122132425 2536',
  '}': '102122332425 2516',
  '@': '34321224344342301001051646',
  '□': '0141460601',
};

/** Signs that are written as others. */
const WRITTEN_AS: Readonly<Record<string, string>> = {
  '\u2018': "'",
  '\u2019': "'",
  '\u201c': '"',
  '\u201d': '"',
  '\u2013': '-',
  '\u2014': '-',
  '\u03bc': 'µ',
  ß: 'ss',
  æ: 'ae',
  Æ: 'AE',
  ø: 'o',
  Ø: 'O',
  ł: 'l',
  Ł: 'L',
};

/** The text in signs that there are strokes for: letters lose their accents, and what has no glyph becomes a box. */
export function writable(text: string): string {
  return Array.from(text.normalize('NFD').replace(/\p{M}/gu, ''), (letter) => {
    if (letter === ' ' || Object.hasOwn(GLYPHS, letter)) return letter;
    return Object.hasOwn(WRITTEN_AS, letter) ? (WRITTEN_AS[letter] as string) : /\s/.test(letter) ? ' ' : '□';
  }).join('');
}

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
  Array.from(text).forEach((letter, position) => {
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
