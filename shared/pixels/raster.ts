/**
 * The only file that knows sharp: 8-bit pictures in and out. JPEG to samples, samples and drawings to WebP, PNG or JPEG, and
 * pictures laid out in a grid.
 */
import sharp, { type OverlayOptions, type Sharp } from 'sharp';

export type PreviewFormat = 'webp' | 'png' | 'jpeg';

/** 8-bit grey or RGB, interleaved. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly data: Uint8Array;
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

/** Encodes a raster, scaled to the size when it is another. */
export async function encodeRaster(raster: Raster, size: Size, format: PreviewFormat): Promise<Uint8Array> {
  const { width, height, channels, data } = raster;
  const picture = sharp(data, { raw: { width, height, channels } });
  if (size.width !== width || size.height !== height) {
    picture.resize(size.width, size.height, { fit: 'fill' });
  }
  return encode(picture, format);
}

/** Encodes a drawing in SVG; it must hold no text, as the deployed machine has no fonts. */
export async function encodeDrawing(svg: string, format: PreviewFormat): Promise<Uint8Array> {
  return encode(sharp(Buffer.from(svg)), format);
}

function encode(picture: Sharp, format: PreviewFormat): Promise<Uint8Array> {
  switch (format) {
    case 'webp':
      return picture.webp(WEBP).toBuffer();
    case 'png':
      return picture.png({ compressionLevel: 6 }).toBuffer();
    case 'jpeg':
      return picture.jpeg({ quality: 85 }).toBuffer();
  }
}

/** Decodes an 8-bit JPEG to grey or RGB, at the size when that is smaller; rejects what libjpeg finds cut off or broken. */
export async function decodeJpegRaster(
  bytes: Uint8Array,
  channels: 1 | 3,
  limits: { maximumPixels: number; seconds: number },
  size: Size | undefined,
): Promise<Raster> {
  const picture = sharp(bytes, { failOn: 'truncated', limitInputPixels: limits.maximumPixels }).timeout({
    seconds: limits.seconds,
  });
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
