/**
 * Bytes of a native frame (Explicit VR Little Endian) to values of the modality: stored bits, sign, Modality LUT or rescale, padding.
 * What is padding gets the value that is shown black, and is told by a mask to whoever counts values.
 */
import {
  type ChosenWindow,
  chooseWindow,
  windowBetween,
} from '../../../shared/pixels/window/choose-window.ts';
import { countNumbers, countWhole } from '../../../shared/pixels/window/value-counts.ts';
import type { ImageFacts } from './image-facts.ts';
import { lookUp, type VoiWindow } from './voi.ts';

export type Values = Uint8Array | Int16Array | Uint16Array | Float32Array;

export interface GreyFrame {
  readonly values: Values;
  readonly low: number;
  readonly high: number;
  /** One for each pixel that is padding; absent where none is. */
  readonly padded: Uint8Array | undefined;
  /** The window it is shown by first where the header names none; absent where it does. */
  readonly window?: VoiWindow | undefined;
}

type Stored = Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array;

/** Stored values: the bits between high bit and bits stored, with their sign. */
export function storedValues(bytes: Uint8Array, facts: ImageFacts): Stored {
  const { rows, columns, bitsAllocated, bitsStored, highBit, signed } = facts;
  const count = rows * columns;
  if (bytes.length < (count * bitsAllocated) / 8) throw new RangeError('the frame is shorter than its image');
  // Typed arrays begin at even places only.
  const { buffer, byteOffset } = byteOffsetIsEven(bytes) ? bytes : bytes.slice();
  const kinds = signed ? [Int8Array, Int16Array, Int32Array] : [Uint8Array, Uint16Array, Uint32Array];
  const Kind = kinds[bitsAllocated === 8 ? 0 : bitsAllocated === 16 ? 1 : 2] as typeof Int16Array;
  const stored = new Kind(buffer as ArrayBuffer, byteOffset, count) as Stored;
  if (bitsStored >= bitsAllocated) return stored;
  const below = Math.max(0, highBit + 1 - bitsStored);
  const above = 32 - bitsStored;
  const cut = stored.slice();
  for (let at = 0; at < count; at++) {
    const bits = ((stored[at] as number) >> below) << above;
    cut[at] = signed ? bits >> above : bits >>> above;
  }
  return cut;
}

const byteOffsetIsEven = ({ byteOffset }: Uint8Array) => byteOffset % 4 === 0;

export function readFrame(bytes: Uint8Array, facts: ImageFacts): GreyFrame {
  const stored = storedValues(bytes, facts);
  const { padding, slope, intercept, modalityTable, isInverse } = facts;
  let [least, most] = [Infinity, -Infinity];
  let padded: Uint8Array | undefined;
  for (let at = 0; at < stored.length; at++) {
    const value = stored[at] as number;
    if (padding !== undefined && value >= padding.low && value <= padding.high) {
      padded ??= new Uint8Array(stored.length);
      padded[at] = 1;
      continue;
    }
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (least > most) [least, most] = [0, 0];
  const convert = (value: number) =>
    modalityTable === undefined ? value * slope + intercept : lookUp(modalityTable, value);
  const ends = [convert(least), convert(most)];
  const range = modalityTable === undefined ? ends : [0, modalityTable.maximum];
  const [low, high] = [Math.min(...range), Math.max(...range)];
  const values = roomFor(stored.length, low, high, facts);
  for (let at = 0; at < stored.length; at++) values[at] = convert(stored[at] as number);
  if (padded !== undefined) {
    const black = isInverse ? high : low;
    for (let at = 0; at < values.length; at++) if (padded[at] === 1) values[at] = black;
  }
  const window = facts.windows.length > 0 ? undefined : ownWindow(stored, facts, convert);
  return { values, low, high, padded, window };
}

/** The smallest kind that holds the values exactly. */
function roomFor(count: number, low: number, high: number, facts: ImageFacts): Values {
  const isWhole =
    facts.modalityTable !== undefined || (Number.isInteger(facts.slope) && Number.isInteger(facts.intercept));
  if (isWhole && low >= 0 && high <= 255) return new Uint8Array(count);
  if (isWhole && low >= -32768 && high <= 32767) return new Int16Array(count);
  if (isWhole && low >= 0 && high <= 65535) return new Uint16Array(count);
  return new Float32Array(count);
}

/** The window of a frame that names none, by the code that made its preview: all of eight bits, else as `chooseWindow` does. */
function ownWindow(stored: Stored, facts: ImageFacts, convert: (value: number) => number): VoiWindow {
  const { bitsAllocated, signed, padding, habits, modalityTable } = facts;
  const bits = Math.min(facts.bitsStored, bitsAllocated);
  if (bits <= 8 && bitsAllocated <= 16) {
    const least = signed ? -(2 ** (bits - 1)) : 0;
    const ends = [convert(least), convert(least + 2 ** bits - 1)] as const;
    return named(
      modalityTable === undefined ? windowBetween(...ends) : windowBetween(0, modalityTable.maximum),
    );
  }
  const counts =
    bitsAllocated <= 16
      ? countWhole(stored.length, { bits, signed }, (at) => stored[at] as number)
      : countNumbers(stored);
  const inner = counts.filter(([value]) => !(padding && value >= padding.low && value <= padding.high));
  return named(chooseWindow(inner, habits, convert));
}

const named = (window: ChosenWindow): VoiWindow => ({ ...window, name: '' });
