/**
 * One decoded frame to 8-bit grey or RGB, by Photometric Interpretation; scaled down by a whole factor on the way. Shutters and, on
 * request, overlays are painted; what a presentation state moves or draws is for `composePicture`.
 */
import type { DataSet } from '../../dicom/index.ts';
import { TAG } from '../attributes.ts';
import type { ImagePixel } from '../image-pixel.ts';
import type { Raster, Size } from '../raster.ts';
import type { Samples } from '../samples.ts';
import { UndisplayableError } from '../undisplayable.ts';
import { renderColour } from './colour.ts';
import { readColourProfile } from './colour-profile.ts';
import { frameScope } from './functional-groups.ts';
import { renderGrey } from './grey.ts';
import { type OverlayPlane, paintOverlay, type Rgb, readOverlays } from './overlay.ts';
import { renderPalette } from './palette.ts';
import { reduction } from './reduce.ts';
import { applyShutter, readShutter } from './shutter.ts';
import type { ViewOptions } from './view.ts';

/** Renders the frame at its own size, or at the smallest one by a whole factor that is not below `atLeast`. */
export function renderFrame(
  dataSet: DataSet,
  image: ImagePixel,
  samples: Samples,
  index: number,
  atLeast?: Size,
  options: ViewOptions = {},
): Raster {
  const view = applicable(options, dataSet);
  const factor = atLeast === undefined ? 1 : reduction(samples, atLeast);
  const raster = withProfile(
    renderSamples(dataSet, image, samples, index, factor, view),
    dataSet,
    index,
    view,
  );
  const shutter = view.presentation ? view.presentation.shutter : readShutter(shutterScope(dataSet, index));
  const shuttered = shutter === undefined ? raster : applyShutter(raster, image, shutter);
  const planes = overlaysFor(dataSet, image, samples, index, view);
  return planes.reduce(
    (painted, { plane, colour }) => paintOverlay(painted, image, plane, colour),
    shuttered,
  );
}

/** The options without a presentation state that does not speak of the object. */
export function applicable(options: ViewOptions, dataSet: DataSet): ViewOptions {
  const { presentation, ...others } = options;
  return presentation === undefined || presentation.refersTo(dataSet) ? options : others;
}

function renderSamples(
  dataSet: DataSet,
  image: ImagePixel,
  samples: Samples,
  index: number,
  factor: number,
  view: ViewOptions,
): Raster {
  switch (samples.colour) {
    case 'grey':
      return renderGrey(dataSet, image, samples, index, factor, view);
    case 'palette':
      if (samples.kind === 'numbers')
        throw new UndisplayableError('unsupported-pixel-format', 'PALETTE COLOR above 16 bits');
      return renderPalette(dataSet, samples, factor);
    default:
      return renderColour(samples, factor);
  }
}

/** Greys have no profile: they are P-values. Where a state brings colours, its profile goes before the image's. */
function withProfile(raster: Raster, dataSet: DataSet, index: number, { presentation }: ViewOptions): Raster {
  if (raster.channels === 1) return raster;
  const profile = presentation?.profile ?? readColourProfile(dataSet, index);
  return profile === undefined ? raster : { ...raster, profile };
}

/** The shutter of the frame where it has its own, that of the object otherwise. */
function shutterScope(dataSet: DataSet, index: number): DataSet {
  return frameScope(dataSet, index, TAG.FrameDisplayShutterSequence);
}

const WHITE: Rgb = [255, 255, 255];

function overlaysFor(
  dataSet: DataSet,
  image: ImagePixel,
  samples: Samples,
  index: number,
  { overlays = false, presentation }: ViewOptions,
): { readonly plane: OverlayPlane; readonly colour: Rgb }[] {
  if (!overlays && presentation === undefined) return [];
  const own = readOverlays(dataSet, index, { image, samples }).flatMap((plane) => {
    const colour = presentation?.layerOfOverlay(plane.group) ?? (overlays ? WHITE : undefined);
    return colour === undefined ? [] : [{ plane, colour }];
  });
  const brought = (presentation?.overlays(index) ?? []).map((plane) => ({
    plane,
    colour: presentation?.layerOfOverlay(plane.group) ?? WHITE,
  }));
  return [...own, ...brought];
}
