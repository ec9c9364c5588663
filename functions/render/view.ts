/**
 * What is asked for, read off a query: frame, size, window, inversion. Sizes are few and windows are rounded, so that what looks
 * the same is the same request; what is malformed or out of bounds is refused before anything is read.
 */
import { HttpRefusal } from '../../shared/runtime/http-handler.ts';

/** Longest sides in pixels: a phone, a laptop, a workstation or a screen of fine pixels. */
export const SIZES = [512, 1024, 2048] as const;
export type Size = (typeof SIZES)[number];

export interface AskedWindow {
  readonly center: number;
  readonly width: number;
}

export interface AskedView {
  /** From 1; absent is the frame that represents the instance. */
  readonly frame?: number;
  readonly size: Size;
  readonly window?: AskedWindow;
  readonly inverted: boolean;
}

/** No object has more: Number of Frames is written in 12 digits, but so many frames fit no file. */
const MAXIMUM_FRAME = 1_000_000;
/** What 32 bits can say, and the reciprocal for parametric maps. */
const MAXIMUM_VALUE = 2 ** 32;
const MINIMUM_WIDTH = 1e-4;
const DECIMAL = /^-?\d{1,10}(?:\.\d{1,6})?$/;

/** The view that a query asks for; refuses what no viewer sends. */
export function askedView(query: URLSearchParams): AskedView {
  const frame = query.get('frame');
  const window = query.get('window');
  return {
    ...(frame === null ? {} : { frame: frameOf(frame) }),
    size: sizeOf(query.get('size') ?? '1024'),
    ...(window === null ? {} : { window: windowOf(window) }),
    inverted: query.get('inverted') === '1',
  };
}

/** Whether it is the view that everybody sees first, which is kept. */
export function isDefault({ window, inverted }: AskedView): boolean {
  return window === undefined && !inverted;
}

/** A window in steps of a hundredth of its width or finer: no eye tells what lies between. */
export function roundWindow({ center, width }: AskedWindow): AskedWindow {
  const step = 10 ** Math.min(0, Math.floor(Math.log10(width)) - 2);
  const rounded = (value: number) => Number((Math.round(value / step) * step).toFixed(6));
  return { center: rounded(center), width: rounded(width) };
}

function frameOf(text: string): number {
  const frame = /^[1-9]\d{0,6}$/.test(text) ? Number(text) : 0;
  if (frame < 1 || frame > MAXIMUM_FRAME) throw new HttpRefusal(404, 'not-found');
  return frame;
}

function sizeOf(text: string): Size {
  const size = SIZES.find((one) => String(one) === text);
  if (size === undefined) throw new HttpRefusal(400, 'invalid-size');
  return size;
}

function windowOf(text: string): AskedWindow {
  const [center = '', width = '', ...rest] = text.split(',');
  if (rest.length > 0 || !DECIMAL.test(center) || !DECIMAL.test(width))
    throw new HttpRefusal(400, 'invalid-window');
  const window = { center: Number(center), width: Number(width) };
  if (Math.abs(window.center) > MAXIMUM_VALUE || window.width > MAXIMUM_VALUE || window.width < MINIMUM_WIDTH)
    throw new HttpRefusal(400, 'invalid-window');
  return roundWindow(window);
}
