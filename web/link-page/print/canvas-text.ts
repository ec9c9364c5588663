/** Draws text of any script by the browser's canvas, which has the fonts of its system. */
import type { TextRasterizer, TextStyle } from './pdf-document.ts';

/** Pixels of a point: 360 to the inch, where a printer no longer shows them. */
const SCALE = 5;
/** Scripts that are written from the right. */
const FROM_THE_RIGHT =
  /^[^\p{L}]*[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** The canvas of this page. */
export function canvasText(): TextRasterizer {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('the browser has no canvas');
  const setFont = ({ size, bold }: TextStyle) => {
    context.font = `${bold ? 'bold ' : ''}${size * SCALE}px system-ui, sans-serif`;
  };
  return {
    width(text, style) {
      setFont(style);
      return context.measureText(text).width / SCALE;
    },
    async rasterize(text, style) {
      setFont(style);
      const pixels = Math.ceil(context.measureText(text).width);
      const ascent = Math.ceil(style.size * SCALE * 1.2);
      // Setting its size clears the canvas and all its settings.
      canvas.width = Math.max(1, pixels);
      canvas.height = Math.ceil(ascent + style.size * SCALE * 0.5);
      setFont(style);
      context.fillStyle = '#000';
      context.textAlign = 'left';
      context.direction = FROM_THE_RIGHT.test(text) ? 'rtl' : 'ltr';
      context.fillText(text, 0, ascent);
      const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
      if (blob === null) throw new Error('the canvas gave no picture');
      return {
        png: new Uint8Array(await blob.arrayBuffer()),
        width: canvas.width / SCALE,
        height: canvas.height / SCALE,
        ascent: ascent / SCALE,
      };
    },
  };
}
