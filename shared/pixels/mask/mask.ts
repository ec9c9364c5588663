/** What is to be hidden: rectangles of pixels, of one frame or of all. Import-free, so that every part of masking can speak of it. */

/** In pixels of the frame, from its top left corner; what lies outside of the frame is cut off. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Mask extends Rectangle {
  /** Index of the frame from 0; absent for all frames. */
  readonly frame?: number;
}

/** The rectangles of one frame as whole pixels within it; those that hold no pixel are left out. */
export function rectanglesOf(
  masks: readonly Mask[],
  frame: number,
  size: { readonly columns: number; readonly rows: number },
): Rectangle[] {
  const rectangles: Rectangle[] = [];
  for (const mask of masks) {
    if (mask.frame !== undefined && mask.frame !== frame) continue;
    const x = Math.max(0, Math.floor(mask.x));
    const y = Math.max(0, Math.floor(mask.y));
    const width = Math.min(size.columns, Math.ceil(mask.x + mask.width)) - x;
    const height = Math.min(size.rows, Math.ceil(mask.y + mask.height)) - y;
    if (width > 0 && height > 0) rectangles.push({ x, y, width, height });
  }
  return rectangles;
}
