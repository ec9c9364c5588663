/** A picture to take along: the image at its full size with what was measured on it, made here, so that nothing is sent anywhere. */
import type { SeriesSummary } from '../../../shared/contract/study-summary.ts';
import { count, seriesTitle } from '../format.ts';
import { calibrationOfAll } from './calibration.ts';
import { paintShapes, paintShutters } from './draw-shapes.ts';
import { type Extent, edgeLetters, FITTED, magnification, matrixOf, type Place } from './geometry.ts';
import type { LoadedImage } from './images.ts';
import { type Look, paintImage } from './paint.ts';
import type { Shape } from './shapes.ts';
import type { Shutter } from './shutter.ts';
import type { Slice } from './stack.ts';

export interface Taken {
  readonly image: LoadedImage;
  readonly look: Look;
  readonly place: Place;
  readonly shapes: readonly Shape[];
  readonly overlays: HTMLCanvasElement | undefined;
  readonly shutters: readonly Shutter[];
}

export interface TakenPicture {
  readonly canvas: HTMLCanvasElement;
  /** Of a pixel of the canvas; absent where it is not known. */
  readonly millimetresPerPixel: number | undefined;
  readonly approximate: boolean;
}

/** Longest side: small images are enlarged, so that words on them can be read; large ones stay what they are up to a limit. */
const SMALLEST = 1024;
const LARGEST = 4096;

/** The whole image, turned and windowed as it is shown; `isPlain` leaves out the notice, which a sheet has itself. */
export function takePicture(
  { image, look, place, shapes, overlays, shutters }: Taken,
  isPlain = false,
): TakenPicture {
  const { facts } = image;
  const upright: Place = { ...FITTED, rotation: place.rotation, isMirrored: place.isMirrored };
  const isTurned = place.rotation % 180 !== 0;
  const natural = { width: facts.columns, height: facts.rows * facts.aspect };
  const longest = Math.max(natural.width, natural.height);
  const scale = Math.min(LARGEST, Math.max(SMALLEST, longest)) / longest;
  const [width, height] = (isTurned ? [natural.height, natural.width] : [natural.width, natural.height]).map(
    (side) => Math.max(1, Math.round(side * scale)),
  ) as [number, number];
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('no canvas for the picture');
  const size: Extent = { width, height };
  const matrix = matrixOf(facts, size, upright);
  paintImage(context, image, look, matrix, 1);
  if (overlays !== undefined) {
    context.setTransform(...(matrix as [number, number, number, number, number, number]));
    context.drawImage(overlays, 0, 0);
  }
  paintShutters(context, shutters, facts, matrix);
  const unit = Math.max(width, height) / 900;
  paintShapes(context, shapes, matrix, unit);
  paintFrame(context, edgeLetters(facts, facts, matrix), unit, !isPlain);
  const calibration = calibrationOfAll(facts);
  // A sheet measures by one figure: of pixels that are not square none is right for a bar in every direction.
  const perPixel =
    calibration.kind === 'length' ? calibration.x / magnification(facts, size, upright) : undefined;
  return {
    canvas,
    millimetresPerPixel: perPixel,
    approximate: calibration.kind === 'length' && calibration.note !== undefined,
  };
}

function paintFrame(
  context: CanvasRenderingContext2D,
  letters: ReturnType<typeof edgeLetters>,
  unit: number,
  isNoted: boolean,
): void {
  const { width, height } = context.canvas;
  const write = (text: string, x: number, y: number, align: CanvasTextAlign) => {
    context.textAlign = align;
    context.lineWidth = 3 * unit;
    context.strokeStyle = 'rgb(0 0 0 / 80%)';
    context.strokeText(text, x, y);
    context.fillStyle = '#cfd8e1';
    context.fillText(text, x, y);
  };
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.font = `600 ${13 * unit}px system-ui, sans-serif`;
  const edge = 10 * unit;
  if (letters !== undefined) {
    write(letters.left, edge, height / 2, 'left');
    write(letters.right, width - edge, height / 2, 'right');
    write(letters.top, width / 2, edge + 10 * unit, 'center');
    write(letters.bottom, width / 2, height - edge, 'center');
  }
  context.font = `${11 * unit}px system-ui, sans-serif`;
  if (isNoted) write('Not for diagnosis', edge, height - edge, 'left');
  context.textAlign = 'left';
}

/** Which image it is, in words that name nobody. */
export function captionOf(series: SeriesSummary, { image, frame }: Slice): string {
  const many =
    series.instances.length > 1
      ? `image ${image + 1} of ${count(series.instances.length, '', '').trim()}`
      : '';
  return [seriesTitle(series), many, frame === undefined ? '' : `frame ${frame}`]
    .filter((part) => part !== '')
    .join(', ');
}

export function asBlob(canvas: HTMLCanvasElement, type: 'image/png' | 'image/jpeg'): Promise<Blob> {
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob === null ? reject(new Error('the picture could not be made')) : resolve(blob)),
      type,
      0.92,
    ),
  );
}

/** Hands a file to the browser, as a download of the page's own making. */
export function saveFile(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
