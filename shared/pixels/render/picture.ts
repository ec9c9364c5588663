/**
 * From an instance to the picture of one frame: decoded, rendered, and, where a presentation state asks for it, cropped, turned
 * and drawn upon. What is returned is encoded by `encodeRaster`.
 */
import { decodeFrame } from '../decode.ts';
import type { PreviewSource } from '../frames.ts';
import type { ImagePixel } from '../image-pixel.ts';
import { PIXEL_LIMITS, type PixelLimits } from '../limits.ts';
import type { Raster, Size } from '../raster.ts';
import type { Samples } from '../samples.ts';
import { displaySize, trustedAspect } from './display-size.ts';
import { cropRaster, type Rectangle, turnPoint, turnRaster } from './presentation/arrange.ts';
import { areaSize, boundedArea, type DisplayedArea, wholeArea } from './presentation/displayed-area.ts';
import { drawAnnotations, type ToPicture } from './presentation/draw-graphics.ts';
import type { PresentationState } from './presentation/presentation-state.ts';
import { applicable, renderFrame } from './render.ts';
import type { ViewOptions } from './view.ts';

export interface Picture {
  readonly raster: Raster;
  /** The size it is to be shown at; the raster may be a little larger. */
  readonly size: Size;
  /** Annotations as SVG, in pixels of `size`. */
  readonly drawing?: string | undefined;
}

export interface PictureOptions extends ViewOptions {
  /** Longest side in pixels. */
  readonly longest: number;
  readonly limits?: PixelLimits;
}

/** Reads, decodes and renders a frame by its index from 0; costs the bytes of that frame. */
export async function renderPicture(
  source: PreviewSource,
  image: ImagePixel,
  index: number,
  { longest, limits = PIXEL_LIMITS, ...options }: PictureOptions,
): Promise<Picture> {
  const { dataSet } = source.part10;
  const view = applicable(options, dataSet);
  const decode = (atLeast: Size): Promise<Samples> => decodeFrame(source, image, index, { atLeast, limits });
  const { presentation } = view;
  if (presentation === undefined) {
    const size = displaySize(dataSet, image, index, longest);
    return { raster: renderFrame(dataSet, image, await decode(size), index, size, view), size };
  }
  const aspect = trustedAspect(dataSet, index);
  const stated = presentation.displayedArea(dataSet, index);
  const area = boundedArea(stated ?? wholeArea(image, aspect), image);
  const size = areaSize(area, area.aspect ?? aspect, longest);
  const whole = {
    width: Math.ceil((size.width * image.columns) / (area.right - area.left + 1)),
    height: Math.ceil((size.height * image.rows) / (area.bottom - area.top + 1)),
  };
  const raster = renderFrame(dataSet, image, await decode(whole), index, whole, view);
  const isLying = presentation.rotation % 180 !== 0;
  const shown = isLying ? { width: size.height, height: size.width } : size;
  return {
    raster: turnRaster(cropRaster(raster, rectangleOf(area, image, raster)), presentation),
    size: shown,
    drawing: drawAnnotations(
      presentation.annotations(dataSet, index),
      shown,
      toPicture(area, presentation, shown),
    ),
  };
}

/** The area in pixels of a raster of the whole image. */
function rectangleOf(area: DisplayedArea, image: ImagePixel, raster: Raster): Rectangle {
  const [across, down] = [raster.width / image.columns, raster.height / image.rows];
  const [left, right] = [Math.round((area.left - 1) * across), Math.round(area.right * across)];
  const [top, bottom] = [Math.round((area.top - 1) * down), Math.round(area.bottom * down)];
  return { left, top, width: Math.max(1, right - left), height: Math.max(1, bottom - top) };
}

function toPicture(area: DisplayedArea, turn: PresentationState, { width, height }: Size): ToPicture {
  const [columns, rows] = [area.right - area.left + 1, area.bottom - area.top + 1];
  return ([x, y], units) => {
    if (units === 'DISPLAY') return [x * width, y * height];
    const [u, v] = turnPoint((x - area.left + 1) / columns, (y - area.top + 1) / rows, turn);
    return [u * width, v * height];
  };
}
