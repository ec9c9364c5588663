/**
 * One small picture of an instance: its middle frame rendered as the object asks for, or a labelled placeholder with a
 * reason. Whatever is wrong with the pixels ends as a placeholder; what is thrown is a fault of the source or of ours.
 */
import type { DataSet } from '../dicom/index.ts';
import { TAG } from './attributes.ts';
import { decodeFrame } from './decode.ts';
import type { PreviewSource } from './frames.ts';
import { type ImagePixel, readImagePixel } from './image-pixel.ts';
import { PIXEL_LIMITS, type PixelLimits } from './limits.ts';
import { kindLabel, modalityLabel } from './placeholder/labels.ts';
import { drawTile } from './placeholder/tile.ts';
import { encodeRaster, type PreviewFormat } from './raster.ts';
import { displaySize } from './render/display-size.ts';
import { renderFrame } from './render/render.ts';
import { PLACEHOLDER_REASONS, type PlaceholderReason, UndisplayableError } from './undisplayable.ts';

export type { PreviewSource } from './frames.ts';
export type { PreviewFormat } from './raster.ts';
export type { PlaceholderReason } from './undisplayable.ts';

export interface PreviewOptions {
  /** Longest side in pixels, 16 to 4096; default 256. Images are not enlarged. */
  readonly size?: number;
  /** Default 'webp'. */
  readonly format?: PreviewFormat;
  /** Index of the frame from 0; default Representative Frame Number, else the middle one. */
  readonly frame?: number;
  readonly limits?: PixelLimits;
}

export interface Preview {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** What the picture shows, in words that hold nothing of the patient: 'CT', 'XA, frame 49 of 96', 'Structured report'. */
  readonly label: string;
  /** Why it is a labelled placeholder; absent where it shows the image. */
  readonly placeholder?: PlaceholderReason;
}

const DEFAULT_SIZE = 256;
/** A placeholder gains nothing from more pixels. */
const MAXIMUM_TILE = 512;

/** Renders the preview of an instance; costs the header, which was read, and the bytes of one frame. */
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
    { title, kind: title === kind ? undefined : kind, reason: PLACEHOLDER_REASONS[placeholder] },
    side,
    format,
  );
  return { bytes, width: side, height: side, label: kind ?? title, placeholder };
}

async function renderImage(source: PreviewSource, options: PreviewOptions): Promise<Preview> {
  const { dataSet, pixelData } = source.part10;
  if (pixelData === undefined) {
    throw new UndisplayableError(
      dataSet.has(TAG.Rows) ? 'pixel-data-missing' : 'no-image',
      'no (7FE0,0010) Pixel Data',
    );
  }
  const limits = options.limits ?? PIXEL_LIMITS;
  const image = readImagePixel(dataSet, limits);
  const index = options.frame ?? representativeFrame(dataSet, image);
  const size = displaySize(dataSet, image, index, boundedSize(options.size));
  const samples = await decodeFrame(source, image, index, { atLeast: size, limits });
  const raster = renderFrame(dataSet, image, samples, index, size);
  const bytes = await encodeRaster(raster, size, options.format ?? 'webp');
  const what = modalityLabel(dataSet) ?? kindLabel(dataSet) ?? 'Image';
  const label = image.frames > 1 ? `${what}, frame ${index + 1} of ${image.frames}` : what;
  return { bytes, ...size, label };
}

/** Representative Frame Number (PS3.3 C.7.6.6), else the frame in the middle. */
function representativeFrame(dataSet: DataSet, { frames }: ImagePixel): number {
  const stated = dataSet.number(TAG.RepresentativeFrameNumber) ?? 0;
  return Number.isInteger(stated) && stated >= 1 && stated <= frames ? stated - 1 : Math.floor(frames / 2);
}

function boundedSize(size = DEFAULT_SIZE): number {
  return Math.min(4096, Math.max(16, Math.round(size)));
}
