/**
 * The image loader: greys as the values that were stored, decoded by the server, so that windows and measurements are exact and no
 * codec is shipped to a phone; colours, and what the browser cannot window, as the server's large picture. What is loaded stays in
 * the library's cache, which is bounded.
 */
import { cache, type Enums, imageLoader, metaData, type Types, utilities } from '@cornerstonejs/core';
import type { InstanceSummary, SeriesSummary } from '../../../shared/contract/study-summary.ts';
import { pictureUrl } from '../api.ts';
import type { DataSet } from './dicom-json.ts';
import { type ImageFacts, imageFacts } from './image-facts.ts';
import { fetchFrame, fetchHeaders } from './metadata.ts';
import { openOnTheirWay } from './on-their-way.ts';
import { type GreyFrame, readFrame, type Values } from './pixels.ts';
import { framesOf, type Slice } from './stack.ts';
import { lookUp, type VoiWindow } from './voi.ts';

/** An image that is there to be shown. */
export interface LoadedImage {
  readonly id: string;
  readonly dataSet: DataSet | undefined;
  readonly facts: ImageFacts;
  /** Values of the modality; absent where the image is a picture in colours. */
  readonly grey: GreyFrame | undefined;
  /** What is painted: greys through a table where one was asked for, or red, green and blue. */
  readonly shown: { readonly values: Values; readonly width: number; readonly height: number };
  /** The window it is shown by first. */
  readonly window: VoiWindow | undefined;
}

interface Source {
  readonly series: SeriesSummary;
  readonly instance: InstanceSummary;
  readonly frame: number;
  /** By which of the tables of the header greys are shown; -1 is by none. */
  readonly table: number;
}

const SCHEME = 'filmroom';
const known: SeriesSummary[] = [];
/** Draws the image onto a canvas where there is no WebGL; set by who knows where it is to lie. */
let draw: (canvas: HTMLCanvasElement) => void = () => undefined;

/** The identifier of an image; `table` where greys are to go through a table of its header. */
export function imageId(series: SeriesSummary, { image, frame }: Slice, table = -1): string {
  let at = known.indexOf(series);
  if (at < 0) at = known.push(series) - 1;
  return `${SCHEME}:${at}/${image}/${frame ?? 1}/${table}`;
}

function sourceOf(id: string): Source | undefined {
  const [series = -1, image = -1, frame = 1, table = -1] = id
    .slice(SCHEME.length + 1)
    .split('/')
    .map(Number);
  const found = known[series];
  const instance = found?.instances[image];
  return found && instance && { series: found, instance, frame, table };
}

/** Which image an identifier names. */
export function sliceOf(id: string): { readonly series: SeriesSummary; readonly slice: Slice } | undefined {
  const source = sourceOf(id);
  if (source === undefined) return undefined;
  const image = source.series.instances.indexOf(source.instance);
  const isOne = framesOf(source.instance) < 2;
  return { series: source.series, slice: isOne ? { image } : { image, frame: source.frame } };
}

/** Frames that can be scrolled to are images of their own. */
export function stackOf(series: SeriesSummary, slice: Slice, table = -1): string[] {
  const instance = series.instances[slice.image];
  if (slice.frame === undefined || instance === undefined)
    return series.instances.map((_, image) => imageId(series, { image }, table));
  return Array.from({ length: framesOf(instance) }, (_, at) =>
    imageId(series, { image: slice.image, frame: at + 1 }, table),
  );
}

const loaded = new WeakMap<Types.IImage, LoadedImage>();

/** The image where it is at hand. */
export function imageAtHand(id: string): LoadedImage | undefined {
  const image = cache.getImage(id);
  return image && loaded.get(image);
}

/** Fetched outside of the library, which takes what is given up for an error that nobody has seen. */
const onTheirWay = openOnTheirWay(load);
/** Made, and about to be taken by the library's cache. */
const made = new Map<string, Types.IImage>();

/** Loads the image; `wanted` ends when who asked does not want it any more. */
export async function loadImage(id: string, wanted?: AbortSignal): Promise<LoadedImage> {
  const atHand = imageAtHand(id);
  if (atHand !== undefined) return atHand;
  try {
    made.set(id, await onTheirWay.fetch(id, wanted));
    const found = loaded.get(await imageLoader.loadAndCacheImage(id));
    if (found === undefined) throw new Error('an image of another loader');
    return found;
  } finally {
    made.delete(id);
  }
}

/** Makes the loader known; `onto` draws where there is no WebGL. */
export function registerImages(onto: typeof draw): void {
  draw = onto;
  imageLoader.registerImageLoader(SCHEME, (id) => ({
    promise: (made.has(id) ? Promise.resolve(made.get(id)) : load(id)) as never,
  }));
  metaData.addProvider((type: string, id: string) => {
    const image = typeof id === 'string' && id.startsWith(`${SCHEME}:`) ? imageAtHand(id) : undefined;
    return image && moduleOf(type, image);
  }, 10_000);
}

async function load(id: string, signal?: AbortSignal): Promise<Types.IImage> {
  const source = sourceOf(id);
  if (source === undefined) throw new Error('an image that is not of this study');
  const { series, instance, frame } = source;
  // A picture can be shown without its header; then nothing can be measured on it.
  const dataSet = await fetchHeaders(series).then(
    (headers) => headers.get(instance.sopInstanceUid),
    () => undefined,
  );
  const facts = dataSet && imageFacts(dataSet, frame);
  const grey =
    facts?.isGrey === true
      ? await fetchFrame(series, instance, frame, signal).then(
          (bytes) => readFrame(bytes, facts),
          () => undefined,
        )
      : undefined;
  signal?.throwIfAborted();
  const image =
    facts !== undefined && grey !== undefined
      ? greyImage(id, { dataSet, facts, grey }, source.table)
      : await pictureImage(id, { dataSet, facts }, source, signal);
  const whole = cornerstoneImage(image);
  loaded.set(whole, image);
  return whole;
}

function greyImage(
  id: string,
  { dataSet, facts, grey }: { dataSet: DataSet | undefined; facts: ImageFacts; grey: GreyFrame },
  table: number,
): LoadedImage {
  const size = { width: facts.columns, height: facts.rows };
  const curve = facts.voiTables[table]?.table;
  if (curve === undefined) {
    const window = facts.windows[0] ?? grey.window;
    return { id, dataSet, facts, grey, shown: { values: grey.values, ...size }, window };
  }
  const values = Uint16Array.from(grey.values, (value) => lookUp(curve, value));
  const window: VoiWindow = {
    center: curve.maximum / 2,
    width: curve.maximum,
    function: 'LINEAR_EXACT',
    name: '',
  };
  return { id, dataSet, facts, grey, shown: { values, ...size }, window };
}

async function pictureImage(
  id: string,
  { dataSet, facts }: { dataSet: DataSet | undefined; facts: ImageFacts | undefined },
  { series, instance, frame }: Source,
  signal: AbortSignal | undefined,
): Promise<LoadedImage> {
  const many = framesOf(instance) > 1;
  const url = pictureUrl({ series, instance, frame: many ? frame : undefined, size: 2048 });
  const response = await fetch(url, { signal: signal ?? null });
  if (!response.ok) throw new Error(`the picture could not be fetched: ${response.status}`);
  const bitmap = await createImageBitmap(await response.blob());
  const { width, height } = bitmap;
  const context = Object.assign(document.createElement('canvas'), { width, height }).getContext('2d', {
    willReadFrequently: true,
  });
  if (context === null) throw new Error('no canvas to read the picture from');
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const { data } = context.getImageData(0, 0, width, height);
  const values = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; from < data.length; from += 4) {
    values[to++] = data[from] as number;
    values[to++] = data[from + 1] as number;
    values[to++] = data[from + 2] as number;
  }
  const own = facts ?? imageFacts({}, 1);
  // A page or a trace has no rows and columns: its picture is its measure.
  const sized = own.rows > 0 ? own : { ...own, rows: height, columns: width, aspect: 1 };
  return { id, dataSet, facts: sized, grey: undefined, shown: { values, width, height }, window: undefined };
}

/**
 * Lies in a plane of its own, whose unit is the breadth of a pixel: where it lies in the patient is told by letters and scale, and a
 * stack of slices that are askew does not wander while it is scrolled.
 */
function planeOf({ facts, shown }: LoadedImage) {
  const x = facts.columns / shown.width;
  const y = (facts.rows * facts.aspect) / shown.height;
  return { x, y };
}

function cornerstoneImage(image: LoadedImage): Types.IImage {
  const { values, width, height } = image.shown;
  const { x, y } = planeOf(image);
  const components = values.length / (width * height);
  const window = image.window ?? { center: 128, width: 256 };
  const [low, high] = image.grey === undefined ? [0, 255] : extremes(image);
  const made = {
    imageId: image.id,
    minPixelValue: low,
    maxPixelValue: high,
    slope: 1,
    intercept: 0,
    windowCenter: window.center,
    windowWidth: window.width,
    voiLUTFunction: 'LINEAR' as Enums.VOILUTFunctionType,
    getPixelData: () => values,
    getCanvas: () => undefined as never,
    rows: height,
    columns: width,
    height,
    width,
    color: components > 1,
    rgba: false,
    numberOfComponents: components,
    columnPixelSpacing: x,
    rowPixelSpacing: y,
    invert: false,
    sizeInBytes:
      values.byteLength + (image.grey?.values === values ? 0 : (image.grey?.values.byteLength ?? 0)),
    dataType: values.constructor.name as Types.PixelDataTypedArrayString,
    voxelManager: utilities.VoxelManager.createImageVoxelManager({
      width,
      height,
      scalarData: values,
      numberOfComponents: components,
    }),
    render: ({ canvas }: { canvas?: HTMLCanvasElement }) => canvas && draw(canvas),
  };
  return made as unknown as Types.IImage;
}

function extremes({ grey, shown }: LoadedImage): [number, number] {
  if (grey === undefined || shown.values === grey.values) return [grey?.low ?? 0, grey?.high ?? 255];
  return [0, 65535];
}

function moduleOf(type: string, image: LoadedImage): object | undefined {
  const { x, y } = planeOf(image);
  const bits = 8 * image.shown.values.BYTES_PER_ELEMENT;
  switch (type) {
    case 'imagePlaneModule':
      return {
        rows: image.shown.height,
        columns: image.shown.width,
        imageOrientationPatient: [1, 0, 0, 0, 1, 0],
        rowCosines: [1, 0, 0],
        columnCosines: [0, 1, 0],
        // The middle of the first pixel.
        imagePositionPatient: [x / 2, y / 2, 0],
        rowPixelSpacing: y,
        columnPixelSpacing: x,
        pixelSpacing: [y, x],
        frameOfReferenceUID: image.id,
      };
    case 'imagePixelModule':
      return {
        bitsAllocated: bits,
        bitsStored: bits,
        highBit: bits - 1,
        samplesPerPixel: image.grey === undefined ? 3 : 1,
        pixelRepresentation: image.shown.values instanceof Int16Array ? 1 : 0,
        photometricInterpretation: image.grey === undefined ? 'RGB' : 'MONOCHROME2',
      };
    case 'generalSeriesModule':
      return { modality: 'OT' };
    default:
      return undefined;
  }
}
