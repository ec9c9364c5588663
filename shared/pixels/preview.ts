/**
 * One small picture of an instance: its frames in motion or its middle frame, rendered as the object asks for; a page, a trace
 * or outlines where it holds no image; else a labelled placeholder with a reason. Whatever is wrong with the object ends as a
 * placeholder; what is thrown is a fault of the source or of ours.
 */
import type { DataSet } from '../dicom/index.ts';
import { isMoving, renderAnimation } from './animated-preview.ts';
import type { AnimationLimits } from './animation-limits.ts';
import { TAG } from './attributes.ts';
import { drawDocument } from './documents/document-preview.ts';
import { renderDose } from './documents/dose.ts';
import { renderSegmentation } from './documents/segmentation.ts';
import type { PreviewSource } from './frames.ts';
import { type ImagePixel, readImagePixel } from './image-pixel.ts';
import { PIXEL_LIMITS, type PixelLimits } from './limits.ts';
import { detailLabel, kindLabel, modalityLabel } from './placeholder/labels.ts';
import { drawTile } from './placeholder/tile.ts';
import { encodeRaster, type PreviewFormat, type ShownWindow, type Size } from './raster.ts';
import { displaySize } from './render/display-size.ts';
import { busiestTile, renderMosaic } from './render/mosaic.ts';
import { renderPicture } from './render/picture.ts';
import type { ViewOptions } from './render/view.ts';
import { tiledImage } from './tiles.ts';
import { PLACEHOLDER_REASONS, type PlaceholderReason, UndisplayableError } from './undisplayable.ts';

export type { PreviewSource } from './frames.ts';
export type { PreviewFormat } from './raster.ts';
export type { PlaceholderReason } from './undisplayable.ts';

export interface PreviewOptions extends ViewOptions {
  /** Longest side in pixels, 16 to 4096; default 256. Images are not enlarged. */
  readonly size?: number;
  /** Default 'webp'. */
  readonly format?: PreviewFormat;
  /** Index of the frame from 0; default Representative Frame Number, else the middle one. */
  readonly frame?: number;
  /** Whether a multi-frame moves; default false, as only WebP can. */
  readonly animated?: boolean;
  readonly animationLimits?: AnimationLimits;
  /** Of a still image in WebP or JPEG, 1 to 100; default that of small previews. */
  readonly quality?: number;
  readonly limits?: PixelLimits;
}

export interface Preview {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** What the picture shows, in words that hold nothing of the patient: 'CT', 'XA, frame 49 of 96', 'Structured report'. */
  readonly label: string;
  /** Frames that it shows one after the other; absent where it stands still. */
  readonly frames?: number;
  /** The window that its greys are shown by; absent for what has none. */
  readonly window?: ShownWindow;
  /** Why it is a labelled placeholder; absent where it shows the image. */
  readonly placeholder?: PlaceholderReason;
}

const DEFAULT_SIZE = 256;
/** A placeholder gains nothing from more pixels. */
const MAXIMUM_TILE = 512;

/** Renders the preview of an instance; costs the header, which was read, and the bytes of the frames it shows. */
export async function renderPreview(source: PreviewSource, options: PreviewOptions = {}): Promise<Preview> {
  try {
    return await renderImage(source, options);
  } catch (error) {
    if (!(error instanceof UndisplayableError)) throw error;
    return renderPlaceholder(source.part10.dataSet, error.reason, options);
  }
}

/** The tile that stands for an instance without a picture. */
export async function renderPlaceholder(
  dataSet: DataSet,
  placeholder: PlaceholderReason,
  { size, format = 'webp' }: PreviewOptions = {},
): Promise<Preview> {
  const side = Math.min(MAXIMUM_TILE, boundedSize(size));
  const modality = modalityLabel(dataSet);
  const kind = kindLabel(dataSet);
  const title = modality ?? kind ?? 'DICOM';
  const bytes = await drawTile(
    {
      title,
      kind: title === kind ? undefined : kind,
      detail: placeholder === 'no-image' ? detailLabel(dataSet) : undefined,
      reason: PLACEHOLDER_REASONS[placeholder],
    },
    side,
    format,
  );
  return { bytes, width: side, height: side, label: kind ?? title, placeholder };
}

async function renderImage(source: PreviewSource, options: PreviewOptions): Promise<Preview> {
  const { dataSet, pixelData } = source.part10;
  if (pixelData === undefined) {
    const missing = dataSet.has(TAG.Rows);
    return (missing ? undefined : await renderDocument(dataSet, options)) ?? withoutImage(missing);
  }
  const limits = options.limits ?? PIXEL_LIMITS;
  const image = readImagePixel(dataSet, limits);
  const index = options.frame ?? (await representativeFrame(source, image, limits));
  const longest = boundedSize(options.size);
  const size = displaySize(dataSet, image, index, longest);
  const what = modalityLabel(dataSet) ?? kindLabel(dataSet) ?? 'Image';
  const format = options.format ?? 'webp';
  if (options.frame === undefined && !asksForAView(options)) {
    const segments =
      dataSet.uid(TAG.SOPClassUID) === SEGMENTATION
        ? await renderSegmentation(source, image, size, longest, limits)
        : undefined;
    const whole = segments ?? (await renderMosaic(source, image, longest, limits));
    if (whole !== undefined) {
      const shown = tiledImage(dataSet, image) === undefined ? size : fitted(whole, longest);
      return { bytes: await encodeRaster(whole, shown, format), ...shown, label: what };
    }
    const dose =
      dataSet.uid(TAG.SOPClassUID) === RT_DOSE ? await renderDose(source, image, longest, limits) : undefined;
    if (dose !== undefined) {
      const bytes = await encodeRaster(dose.raster, dose.size, format, dose.drawing);
      return { bytes, ...dose.size, label: what };
    }
    if (options.animated === true && format === 'webp' && isMoving(dataSet, image)) {
      const moving = await renderAnimation(source, image, index, size, limits, options.animationLimits);
      if (moving !== undefined)
        return { ...moving, label: `${what}, ${moving.frames} of ${image.frames} frames` };
    }
  }
  const picture = await renderPicture(source, image, index, { ...options, longest, limits });
  const { raster, drawing } = picture;
  const bytes = await encodeRaster(raster, picture.size, format, drawing, options.quality);
  const label = image.frames > 1 ? `${what}, frame ${index + 1} of ${image.frames}` : what;
  return {
    bytes,
    ...picture.size,
    label,
    ...(raster.window === undefined ? {} : { window: raster.window }),
  };
}

/** Whether one still is meant: a window, overlays, an inversion or a presentation state chosen by somebody. */
function asksForAView({ window, overlays, inverted, presentation }: ViewOptions): boolean {
  return window !== undefined || overlays === true || inverted === true || presentation !== undefined;
}

/** Segmentation Storage. */
const SEGMENTATION = '1.2.840.10008.5.1.4.1.1.66.4';

/** RT Dose Storage. */
const RT_DOSE = '1.2.840.10008.5.1.4.1.1.481.2';

async function renderDocument(dataSet: DataSet, options: PreviewOptions): Promise<Preview | undefined> {
  const picture = await drawDocument(dataSet, boundedSize(options.size), options.format ?? 'webp');
  if (picture === undefined) return undefined;
  return { ...picture, label: kindLabel(dataSet) ?? modalityLabel(dataSet) ?? 'Document' };
}

function withoutImage(missing: boolean): never {
  throw new UndisplayableError(missing ? 'pixel-data-missing' : 'no-image', 'no (7FE0,0010) Pixel Data');
}

/** Representative Frame Number (PS3.3 C.7.6.6), else the frame in the middle, or the tile that shows most. */
async function representativeFrame(
  source: PreviewSource,
  image: ImagePixel,
  limits: PixelLimits,
): Promise<number> {
  const { frames } = image;
  const stated = source.part10.dataSet.number(TAG.RepresentativeFrameNumber) ?? 0;
  if (Number.isInteger(stated) && stated >= 1 && stated <= frames) return stated - 1;
  return (await busiestTile(source, image, limits)) ?? Math.floor(frames / 2);
}

/** The raster's size with its longest side at most `longest`. */
function fitted({ width, height }: Size, longest: number): Size {
  const scale = Math.min(1, longest / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

function boundedSize(size = DEFAULT_SIZE): number {
  return Math.min(4096, Math.max(16, Math.round(size)));
}
