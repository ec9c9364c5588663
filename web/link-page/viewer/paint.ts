/**
 * Paints an image by arithmetic onto a canvas: for pictures that are saved or printed, and on screens without WebGL. The same window,
 * the same matrix, the same colours as the graphics card makes.
 */
import type { Matrix } from './geometry.ts';
import type { LoadedImage } from './images.ts';
import { greyMap, type VoiWindow } from './voi.ts';

export interface Look {
  readonly window: Omit<VoiWindow, 'name'>;
  readonly isInverted: boolean;
}

const painted = new WeakMap<LoadedImage, { readonly look: string; readonly canvas: HTMLCanvasElement }>();

/** The image in greys or colours, a pixel for a pixel. */
export function paintPixels(image: LoadedImage, look: Look): HTMLCanvasElement {
  const { width, height, values } = image.shown;
  const name = JSON.stringify([look.window.center, look.window.width, look.window.function, look.isInverted]);
  const known = painted.get(image);
  if (known?.look === name) return known.canvas;
  const canvas = known?.canvas ?? Object.assign(document.createElement('canvas'), { width, height });
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('no canvas to paint on');
  const pixels = context.createImageData(width, height);
  const words = new Uint32Array(pixels.data.buffer);
  const map = greyMap(look.window);
  const isInverted = look.isInverted !== (image.grey !== undefined && image.facts.isInverse);
  const shade = (value: number) => {
    const grey = Math.round(map(value));
    return isInverted ? 255 - grey : grey;
  };
  if (image.grey === undefined) {
    for (let at = 0; at < words.length; at++) {
      const [red, green, blue] = [0, 1, 2].map((part) => shade(values[3 * at + part] as number));
      words[at] = 0xff000000 | ((blue as number) << 16) | ((green as number) << 8) | (red as number);
    }
  } else {
    for (let at = 0; at < words.length; at++)
      words[at] = 0xff000000 | (shade(values[at] as number) * 0x010101);
  }
  context.putImageData(pixels, 0, 0);
  painted.set(image, { look: name, canvas });
  return canvas;
}

/** Paints the image where the matrix puts it; `scale` is pixels of the canvas for one of the matrix. */
export function paintImage(
  context: CanvasRenderingContext2D,
  image: LoadedImage,
  look: Look,
  matrix: Matrix,
  scale: number,
): void {
  const { columns, rows } = image.facts;
  const [a, b, c, d, e, f] = matrix.map((part) => part * scale) as unknown as Matrix;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = '#000';
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
  context.setTransform(a, b, c, d, e, f);
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = 'high';
  context.drawImage(paintPixels(image, look), 0, 0, columns, rows);
  context.setTransform(1, 0, 0, 1, 0, 0);
}
