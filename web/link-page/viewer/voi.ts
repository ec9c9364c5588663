/** Windows and tables as arithmetic: from values to greys 0..255 (PS3.3 C.11.2), and tables as the header holds them (C.11.1). */
import { type DataSet, inlineBytes, number, numbers } from './dicom-json.ts';

export type VoiFunction = 'LINEAR' | 'LINEAR_EXACT' | 'SIGMOID';

export interface VoiWindow {
  readonly center: number;
  readonly width: number;
  readonly function: VoiFunction;
  /** The explanation the header gives, or none. */
  readonly name: string;
}

export interface LookupTable {
  /** The value that the first entry is for. */
  readonly first: number;
  readonly entries: Uint16Array;
  readonly maximum: number;
}

/** A table by its descriptor and data; undefined where it is not there whole. */
export function readTable(item: DataSet | undefined, signed: boolean): LookupTable | undefined {
  const [count, start = 0, bits = 16] = numbers(item, '00283002');
  if (item === undefined || count === undefined) return undefined;
  // 65536 entries do not fit the attribute and are written as none.
  const length = count === 0 ? 65536 : count;
  const listed = numbers(item, '00283006');
  const bytes = inlineBytes(item, '00283006');
  const entries = listed.length >= length ? Uint16Array.from(listed) : bytes && asWords(bytes, length, bits);
  if (entries === undefined || entries.length < length) return undefined;
  const first = signed && start > 32767 ? start - 65536 : start;
  return { first, entries, maximum: 2 ** Math.min(16, Math.max(8, bits)) - 1 };
}

function asWords(bytes: Uint8Array, length: number, bits: number): Uint16Array {
  if (bits <= 8 && bytes.length < 2 * length) return Uint16Array.from(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Uint16Array.from({ length: Math.floor(bytes.length / 2) }, (_, at) => view.getUint16(2 * at, true));
}

/** The entry for a value; those beyond the ends are the ends. */
export function lookUp({ first, entries }: LookupTable, value: number): number {
  const at = Math.min(entries.length - 1, Math.max(0, Math.round(value) - first));
  return entries[at] as number;
}

/** The values that become black and white. */
export function rangeOf({ center, width, function: kind }: Omit<VoiWindow, 'name'>): [number, number] {
  if (kind !== 'LINEAR') return [center - width / 2, center + width / 2];
  const half = Math.max(1e-6, (width - 1) / 2);
  return [center - 0.5 - half, center - 0.5 + half];
}

/** From a value to a grey. */
export function greyMap(window: Omit<VoiWindow, 'name'>): (value: number) => number {
  const { center, width } = window;
  if (window.function === 'SIGMOID') return (value) => 255 / (1 + Math.exp((-4 * (value - center)) / width));
  const [low, high] = rangeOf(window);
  const scale = 255 / (high - low);
  return (value) => Math.min(255, Math.max(0, (value - low) * scale));
}

/** Frames of a multi-frame object, else 1. */
export function framesIn(dataSet: DataSet): number {
  return Math.max(1, number(dataSet, '00280008') ?? 1);
}
