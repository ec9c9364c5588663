/** The canvas of a pane: a stack viewport of the rendering library, whose camera is set by the one matrix that places everything. */
import { Enums, getShouldUseCPURendering, type Types } from '@cornerstonejs/core';
import { make } from '../dom.ts';
import { openEngine, paintsCanvas, STACK } from './engine.ts';
import { apply, type Extent, invert, type Matrix } from './geometry.ts';
import type { LoadedImage } from './images.ts';
import { type Look, paintImage } from './paint.ts';
import { rangeOf } from './voi.ts';

export interface PaneCanvas {
  readonly element: HTMLElement;
  /** Shows one of a stack, which is at hand; rejects where it cannot be shown. */
  show(ids: readonly string[], index: number): Promise<void>;
  /** How it is to look and where it is to lie. */
  render(image: LoadedImage, look: Look, matrix: Matrix, pane: Extent): void;
  /** To be called when its room has changed. */
  resize(): void;
  close(): void;
}

const PLAIN_RANGE = { lower: 0, upper: 255 };
let opened = 0;

export function openCanvas(): PaneCanvas {
  const engine = openEngine();
  const id = `pane-${++opened}`;
  const element = make('div', { class: 'canvas', 'aria-hidden': 'true' });
  let stack: readonly string[] = [];
  let isEnabled = false;
  let paint: () => void = () => undefined;

  const viewport = (): Types.IStackViewport => {
    if (!isEnabled) {
      engine.enableElement({ viewportId: id, element, type: STACK });
      isEnabled = true;
      // It is not to be reached by the tabulator: what it shows is said by the pane.
      element.removeAttribute('tabindex');
      const canvas = element.querySelector('canvas');
      if (canvas !== null) paintsCanvas(canvas, () => paint());
    }
    return engine.getViewport(id) as Types.IStackViewport;
  };

  return {
    element,
    async show(ids, index) {
      const shown = viewport();
      const isSame = ids.length === stack.length && ids[0] === stack[0];
      stack = ids;
      if (isSame) await shown.setImageIdIndex(index);
      else await shown.setStack([...ids], index);
    },
    render(image, look, matrix, pane) {
      const shown = viewport();
      const canvas = shown.getCanvas();
      paint = () => {
        const context = canvas.getContext('2d');
        const screen = image.grey === undefined ? { ...look, ...PLAIN_LOOK } : look;
        if (context) paintImage(context, image, screen, matrix, canvas.width / pane.width);
      };
      if (getShouldUseCPURendering()) {
        shown.render();
        return;
      }
      const [lower, upper] = rangeOf(look.window);
      const isColour = image.grey === undefined;
      shown.setProperties({
        voiRange: isColour ? PLAIN_RANGE : { lower, upper },
        VOILUTFunction:
          look.window.function === 'SIGMOID' && !isColour
            ? Enums.VOILUTFunctionType.SAMPLED_SIGMOID
            : Enums.VOILUTFunctionType.LINEAR,
        invert: !isColour && look.isInverted !== image.facts.isInverse,
      });
      shown.setCamera(cameraOf(image, matrix, pane, shown.getCamera()));
      shown.render();
    },
    resize() {
      if (isEnabled) engine.resize(true, true);
    },
    close() {
      const canvas = element.querySelector('canvas');
      if (canvas !== null) paintsCanvas(canvas, undefined);
      if (isEnabled) engine.disableElement(id);
      isEnabled = false;
    },
  };
}

const PLAIN_LOOK: Look = {
  window: { center: 127.5, width: 255, function: 'LINEAR_EXACT' },
  isInverted: false,
};

/** The camera that sees what the matrix says; the plane's unit is the breadth of a pixel, its corner the image's. */
function cameraOf(
  { facts: { aspect } }: LoadedImage,
  matrix: Matrix,
  pane: Extent,
  { focalPoint, position }: Types.ICamera,
): Types.ICamera {
  const back = invert(matrix);
  const middle = apply(back, { x: pane.width / 2, y: pane.height / 2 });
  // Upwards on the page, in the plane.
  const [upX, upY] = [-back[2], -back[3] * aspect];
  const length = Math.hypot(upX, upY);
  const isMirrored = matrix[0] * matrix[3] - matrix[1] * matrix[2] < 0;
  const normal = isMirrored ? 1 : -1;
  const distance = Math.abs((position?.[2] ?? 0) - (focalPoint?.[2] ?? 0)) || 1;
  return {
    viewPlaneNormal: [0, 0, normal],
    viewUp: [upX / length, upY / length, 0],
    focalPoint: [middle.x, middle.y * aspect, 0],
    position: [middle.x, middle.y * aspect, normal * distance],
    parallelScale: (pane.height / 2) * length,
  };
}
