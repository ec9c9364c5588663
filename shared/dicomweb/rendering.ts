/**
 * The query of a rendered resource (PS3.18 8.3.5): window, viewport, quality; and which picture format is sent. Text is never
 * burned into a picture: what annotation asks for is answered with a warning.
 */
import { HttpRefusal } from '../runtime/http-handler.ts';
import type { Acceptable } from './media-types.ts';

export interface Viewport {
  readonly width: number;
  readonly height: number;
  /** The part of the image that is shown, in its pixels; mirrored where a side is negative. */
  readonly region?: {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
    readonly isMirrored: boolean;
    readonly isUpsideDown: boolean;
  };
}

export interface Rendering {
  readonly window?: {
    readonly center: number;
    readonly width: number;
    readonly function: 'LINEAR' | 'LINEAR_EXACT' | 'SIGMOID';
  };
  readonly viewport?: Viewport;
  readonly quality?: number;
  readonly isAnnotated: boolean;
}

/** Pixels of a side of a viewport; default 8,192: over any screen's. */
const MAXIMUM_SIDE = 8_192;
const FUNCTIONS = { linear: 'LINEAR', 'linear-exact': 'LINEAR_EXACT', sigmoid: 'SIGMOID' } as const;

/** The rendering that a query asks for; what it says wrongly is refused. */
export function parseRendering(query: URLSearchParams): Rendering {
  const quality = query.get('quality');
  const profile = query.get('iccprofile');
  if (quality !== null && !(/^\d{1,3}$/.test(quality) && Number(quality) >= 1 && Number(quality) <= 100))
    throw new HttpRefusal(400, 'invalid-quality');
  // Pictures are in sRGB, without a profile of their own.
  if (profile !== null && !['no', 'srgb'].includes(profile))
    throw new HttpRefusal(400, 'unsupported-iccprofile');
  const window = query.get('window');
  const viewport = query.get('viewport');
  return {
    ...(window === null ? {} : { window: parseWindow(window) }),
    ...(viewport === null ? {} : { viewport: parseViewport(viewport) }),
    ...(quality === null ? {} : { quality: Number(quality) }),
    isAnnotated: query.has('annotation'),
  };
}

function parseWindow(text: string): NonNullable<Rendering['window']> {
  const [center, width, name, ...more] = text.split(',');
  const numbers = [center, width].map((part) => (part?.trim() ? Number(part) : Number.NaN));
  const [at = Number.NaN, wide = Number.NaN] = numbers;
  const known = name?.trim() as keyof typeof FUNCTIONS;
  if (more.length > 0 || !Number.isFinite(at) || !(wide > 0) || !Object.hasOwn(FUNCTIONS, known))
    throw new HttpRefusal(400, 'invalid-window');
  return { center: at, width: wide, function: FUNCTIONS[known] };
}

function parseViewport(text: string): Viewport {
  const parts = text.split(',');
  const [width = 0, height = 0] = parts
    .slice(0, 2)
    .map((part) => (/^\d{1,5}$/.test(part) ? Number(part) : 0));
  const isSize = width >= 1 && height >= 1 && width <= MAXIMUM_SIDE && height <= MAXIMUM_SIDE;
  if (!isSize || (parts.length !== 2 && parts.length !== 6)) throw new HttpRefusal(400, 'invalid-viewport');
  if (parts.length === 2) return { width, height };
  const numbers = parts.slice(2).map((part) => (/^-?\d+(\.\d+)?$/.test(part) ? Number(part) : undefined));
  // Left out, a region begins at the first pixel and reaches to the last one.
  const isBlank = parts.slice(2).map((part) => part === '');
  if (numbers.some((number, index) => number === undefined && !isBlank[index]))
    throw new HttpRefusal(400, 'invalid-viewport');
  const [left = 0, top = 0, across = Number.POSITIVE_INFINITY, down = Number.POSITIVE_INFINITY] = numbers;
  if (left < 0 || top < 0 || across === 0 || down === 0) throw new HttpRefusal(400, 'invalid-viewport');
  return {
    width,
    height,
    region: {
      left,
      top,
      width: Math.abs(across),
      height: Math.abs(down),
      isMirrored: across < 0,
      isUpsideDown: down < 0,
    },
  };
}

export type PictureFormat = 'jpeg' | 'png' | 'webp';

/** The format of the picture, JPEG where any is taken; undefined where none of those that are made is. */
export function pictureFormat(accepted: readonly Acceptable[]): PictureFormat | undefined {
  for (const { multipart, type } of accepted) {
    if (multipart) continue;
    if (type === '*/*' || type === 'image/*' || type === 'image/jpeg') return 'jpeg';
    if (type === 'image/png') return 'png';
    if (type === 'image/webp') return 'webp';
  }
  return undefined;
}
