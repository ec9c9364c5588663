/**
 * Where things stand on a printed page, in points from its upper left corner. The margins are such that a page made for one of
 * the two papers loses nothing when it is printed on the other, or by a printer that cannot reach the edge.
 */

export const PAPERS = {
  A4: { width: 595.28, height: 841.89 },
  Letter: { width: 612, height: 792 },
} as const;
export type Paper = keyof typeof PAPERS;

/** Pictures on a page. */
export type PerPage = 1 | 2 | 4 | 6 | 9;

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PageLayout {
  readonly width: number;
  readonly height: number;
  readonly header: Box;
  readonly footer: Box;
  /** What is between header and footer. */
  readonly body: Box;
  /** Places of the pictures, row by row. */
  readonly cells: readonly Box[];
}

/** 17 mm: printers leave 3 to 6 mm white, and half the difference of the two papers is 9 mm. */
const MARGIN = 48;
const HEADER = 50;
const FOOTER = 22;
const GAP = 14;
const GRIDS: Readonly<Record<PerPage, { columns: number; rows: number }>> = {
  1: { columns: 1, rows: 1 },
  2: { columns: 1, rows: 2 },
  4: { columns: 2, rows: 2 },
  6: { columns: 2, rows: 3 },
  9: { columns: 3, rows: 3 },
};

/** The places on each page. */
export function layOutPage(paper: Paper, perPage: PerPage): PageLayout {
  const { width, height } = PAPERS[paper];
  const inner = width - 2 * MARGIN;
  const top = MARGIN + HEADER + GAP;
  const body = { x: MARGIN, y: top, width: inner, height: height - MARGIN - FOOTER - GAP - top };
  const { columns, rows } = GRIDS[perPage];
  const cell = {
    width: (body.width - (columns - 1) * GAP) / columns,
    height: (body.height - (rows - 1) * GAP) / rows,
  };
  const cells = Array.from({ length: rows * columns }, (_, index) => ({
    ...cell,
    x: body.x + (index % columns) * (cell.width + GAP),
    y: body.y + Math.floor(index / columns) * (cell.height + GAP),
  }));
  return {
    width,
    height,
    header: { x: MARGIN, y: MARGIN, width: inner, height: HEADER },
    footer: { x: MARGIN, y: height - MARGIN - FOOTER, width: inner, height: FOOTER },
    body,
    cells,
  };
}

/** The largest box of the picture's shape within another one, at its upper left corner, so that what is said below stands flush. */
export function fitWithin(
  box: Box,
  { width, height }: { readonly width: number; readonly height: number },
): Box {
  const scale = Math.min(box.width / width, box.height / height);
  return { x: box.x, y: box.y, width: width * scale, height: height * scale };
}
