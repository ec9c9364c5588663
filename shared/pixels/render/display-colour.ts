/** Greys and colours as presentation states write them: P-values and CIELab of 16 bits (PS3.3 C.10.7.1.1). */
import type { Rgb } from './overlay.ts';

const WHITE = 255;

/** A P-value from 0 to 65535 as grey. */
export function greyOfP(value: number): Rgb {
  const grey = Math.round((Math.min(0xffff, Math.max(0, value)) / 0xffff) * WHITE);
  return [grey, grey, grey];
}

/** CIELab as three words, D50, to sRGB. */
export function labToRgb([l = 0, a = 0x8080, b = 0x8080]: readonly number[]): Rgb {
  const y = ((l / 0xffff) * 100 + 16) / 116;
  const x = y + ((a / 0xffff) * 255 - 128) / 500;
  const z = y - ((b / 0xffff) * 255 - 128) / 200;
  const [X, Y, Z] = [cube(x) * 0.9642, cube(y), cube(z) * 0.8249];
  // From D50 to the primaries of sRGB, adapted by Bradford.
  return [
    gamma(3.1338561 * X - 1.6168667 * Y - 0.4906146 * Z),
    gamma(-0.9787684 * X + 1.9161415 * Y + 0.033454 * Z),
    gamma(0.0719453 * X - 0.2289914 * Y + 1.4052427 * Z),
  ];
}

const cube = (t: number): number => (t > 6 / 29 ? t ** 3 : (t - 4 / 29) * 3 * (6 / 29) ** 2);

function gamma(linear: number): number {
  const value = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
  return Math.round(Math.min(1, Math.max(0, value)) * WHITE);
}
