/**
 * The print sheet, made in the browser: `const { makePrintSheet } = await import('./print/make-print-sheet.ts')`, as it is far
 * larger than the page that offers it.
 */
import { canvasText } from './canvas-text.ts';
import { drawSheet, type PrintSheet } from './draw-sheet.ts';

export type { PrintedImage, PrintSheet } from './draw-sheet.ts';

/** A name that says nothing of whom it shows. */
export const PRINT_SHEET_NAME = 'study-images.pdf';

/** The PDF of the sheet. */
export function makePrintSheet(sheet: PrintSheet): Promise<Uint8Array> {
  return drawSheet(sheet, canvasText());
}
