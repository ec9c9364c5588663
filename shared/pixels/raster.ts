/**
 * The only file that knows sharp: 8-bit pictures in and out. JPEG to samples, samples and drawings to WebP, PNG or JPEG, and
 * pictures laid out in a grid.
 */
import sharp, { type OverlayOptions, type Sharp } from 'sharp';
import { tiffWithProfile } from './render/profiled-tiff.ts';

export type PreviewFormat = 'webp' | 'png' | 'jpeg';

/** The window by which values of the modality became greys; `falling` where high values are dark. */
export interface ShownWindow {
  readonly center: number;
  readonly width: number;
  readonly falling: boolean;
}

/** 8-bit grey or RGB, interleaved. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly data: Uint8Array;
  /** An ICC profile that the RGB values are to be read by; absent where they are sRGB. */
  readonly profile?: Uint8Array;
  /** Absent where colours are shown, or greys by a table. */
  readonly window?: ShownWindow;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

// Each picture is small and seen once: a cache only holds memory, and threads cost more than they give.
sharp.cache(false);
sharp.concurrency(1);

/** Effort 0 is twice as fast as the default 4 and 4 % larger on slices of 256 pixels. */
const WEBP = { quality: 80, effort: 0 } as const;

/** For pictures that are looked at closely: noise of a slice and thin lines of a trace stay as they are. */
export const CLOSE_QUALITY = 92;

/** Pictures of so few pixels are kept exactly: halved chrominance would show on them, and they are small anyway. */
const SMALL_PICTURE = 64 * 64;

/** Encodes a raster in sRGB, scaled to the size when it is another; a drawing (SVG of that size, without text) is laid over it. */
export async function encodeRaster(
  raster: Raster,
  size: Size,
  format: PreviewFormat,
  drawing?: string,
  quality?: number,
): Promise<Uint8Array> {
  const { width, height } = raster;
  const picture = openRaster(raster);
  if (size.width !== width || size.height !== height) {
    picture.resize(size.width, size.height, { fit: 'fill' });
  }
  if (drawing !== undefined) picture.composite([{ input: Buffer.from(drawing) }]).removeAlpha();
  if (format === 'webp' && size.width * size.height <= SMALL_PICTURE) {
    return picture.webp({ lossless: true, effort: 0 }).toBuffer();
  }
  return encode(picture, format, quality);
}

/** Pixels with a profile go in as a file that holds it, as raw ones cannot; a profile that lcms refuses is passed over there. */
function openRaster({ width, height, channels, data, profile }: Raster): Sharp {
  if (profile === undefined || channels === 1) return sharp(data, { raw: { width, height, channels } });
  return sharp(tiffWithProfile({ width, height, channels, data }, profile));
}

/** The raster at the size, in sRGB. */
export async function scaleRaster(raster: Raster, size: Size): Promise<Raster> {
  const { width, height, channels, profile } = raster;
  if (size.width === width && size.height === height && profile === undefined) return raster;
  const { data: scaled } = await openRaster(raster)
    .resize(size.width, size.height, { fit: 'fill' })
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { ...size, channels, data: scaled };
}

/** An endless animated WebP of frames of one size and depth, each shown for `delay` milliseconds. */
export async function encodeAnimation(
  frames: readonly Raster[],
  { delay, quality }: { readonly delay: number; readonly quality: number },
): Promise<Uint8Array> {
  const { width, height, channels } = frames[0] as Raster;
  const stack = Buffer.concat(frames.map(({ data }) => data));
  return sharp(stack, { raw: { width, height: height * frames.length, channels, pageHeight: height } })
    .webp({ quality, effort: 0, loop: 0, delay: frames.map(() => delay) })
    .toBuffer();
}

/** Encodes a drawing in SVG; it must hold no text, as the deployed machine has no fonts. */
export async function encodeDrawing(svg: string, format: PreviewFormat): Promise<Uint8Array> {
  return encode(sharp(Buffer.from(svg)), format);
}

function encode(picture: Sharp, format: PreviewFormat, quality?: number): Promise<Uint8Array> {
  const wanted = quality === undefined ? {} : { quality };
  switch (format) {
    case 'webp':
      return picture.webp({ ...WEBP, ...wanted }).toBuffer();
    case 'png':
      return picture.png({ compressionLevel: 6 }).toBuffer();
    case 'jpeg':
      return picture.jpeg({ quality: 85, ...wanted }).toBuffer();
  }
}

/** Decodes an 8-bit JPEG to grey or RGB, at the size when that is smaller; rejects what libjpeg finds cut off or broken. */
export async function decodeJpegRaster(
  bytes: Uint8Array,
  channels: 1 | 3,
  limits: { maximumPixels: number; seconds: number },
  size: Size | undefined,
): Promise<Raster> {
  // A profile inside of the stream would change stored values; the one that counts is the object's (PS3.3 C.11.15).
  const picture = sharp(bytes, {
    failOn: 'truncated',
    limitInputPixels: limits.maximumPixels,
    ignoreIcc: true,
  }).timeout({ seconds: limits.seconds });
  if (size !== undefined) picture.resize(size.width, size.height, { fit: 'fill' });
  // Without the colour space named, a grey JPEG comes out as three equal channels.
  const { data, info } = await picture
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== channels) throw new Error(`JPEG gave ${info.channels} channels`);
  return { width: info.width, height: info.height, channels, data };
}

export interface GridTile {
  readonly bytes: Uint8Array;
  readonly left: number;
  readonly top: number;
  readonly size: number;
}

/** Lays pictures out on a dark ground, each fitted and centred in its square tile. */
export async function composeGrid(
  tiles: readonly GridTile[],
  canvas: Size,
  format: PreviewFormat,
): Promise<Uint8Array> {
  const layers: OverlayOptions[] = [];
  for (const { bytes, left, top, size } of tiles) {
    const { data, info } = await sharp(bytes)
      .resize(size, size, { fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    layers.push({
      input: data,
      raw: { width: info.width, height: info.height, channels: info.channels },
      left: left + Math.floor((size - info.width) / 2),
      top: top + Math.floor((size - info.height) / 2),
    });
  }
  const ground = sharp({
    create: { width: canvas.width, height: canvas.height, channels: 3, background: '#000' },
  });
  return encode(ground.composite(layers), format);
}
