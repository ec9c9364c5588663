/** The rendering library, started once: on the graphics card where there is one, else painting by arithmetic. */
import { cache, Enums, init, RenderingEngine } from '@cornerstonejs/core';
import { registerImages } from './images.ts';

const MEGABYTE = 1024 * 1024;
/** Pixels kept for scrolling to and fro: a phone's browser ends a page that holds much more. */
const PHONE_CACHE = 192 * MEGABYTE;
const DESK_CACHE = 768 * MEGABYTE;

const painters = new Map<HTMLCanvasElement, () => void>();
let engine: RenderingEngine | undefined;

export const STACK = Enums.ViewportType.STACK;

export function openEngine(): RenderingEngine {
  if (engine !== undefined) return engine;
  // One context for all panes: phones allow few.
  init({ rendering: { webGlContextCount: 1 } } as Parameters<typeof init>[0]);
  cache.setMaxCacheSize(matchMedia('(pointer: coarse)').matches ? PHONE_CACHE : DESK_CACHE);
  registerImages((canvas) => painters.get(canvas)?.());
  engine = new RenderingEngine('filmroom');
  return engine;
}

/** Who paints a canvas where there is no graphics card. */
export function paintsCanvas(canvas: HTMLCanvasElement, paint: (() => void) | undefined): void {
  if (paint === undefined) painters.delete(canvas);
  else painters.set(canvas, paint);
}
