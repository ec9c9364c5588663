/** Windows: presets of each modality, dragging, and the filter by which the picture at hand looks like the one that is awaited. */
import type { StatePlace } from './state-place.ts';

export interface Window {
  readonly center: number;
  readonly width: number;
}

/** The window that a picture was made by; `falling` where high values are dark. */
export interface ShownWindow extends Window {
  readonly falling: boolean;
}

export interface Preset {
  readonly name: string;
  /** Absent is the window that the image asks for itself. */
  readonly window?: Window;
  /** A table of the header in its place. */
  readonly table?: number;
  /** How a presentation state has the image lie. */
  readonly place?: StatePlace;
}

const CT: readonly Preset[] = [
  { name: 'Soft tissue', window: { center: 40, width: 400 } },
  { name: 'Lung', window: { center: -600, width: 1500 } },
  { name: 'Bone', window: { center: 450, width: 1800 } },
  { name: 'Brain', window: { center: 40, width: 80 } },
  { name: 'Liver', window: { center: 80, width: 160 } },
  { name: 'Mediastinum', window: { center: 50, width: 350 } },
  { name: 'Vessels', window: { center: 250, width: 700 } },
];

/** What pictures of eight bits without a window of their own are shown by: greys and colours as they stand. */
export const PLAIN: ShownWindow = { center: 128, width: 256, falling: false };

/** What the header offers beside its first window. */
export interface Offered {
  readonly windows: readonly (Window & { readonly name: string })[];
  readonly voiTables: readonly { readonly name: string }[];
  /** The least and the greatest value. */
  readonly range: Window | undefined;
}

/** The presets of an image: its own, those of its modality, and all there is; `own` is the window it is shown by first. */
export function presetsFor(modality: string | null, own: ShownWindow, offered?: Offered): readonly Preset[] {
  const further = (offered?.windows ?? []).slice(1).map(({ name, center, width }, index) => ({
    name: name === '' ? `Window ${index + 2}` : name,
    window: { center, width },
  }));
  const tables = (offered?.voiTables ?? []).map(({ name }, table) => ({ name, table }));
  const full = offered?.range === undefined ? [] : [{ name: 'Full range', window: offered.range }];
  return [{ name: 'Default' }, ...further, ...tables, ...(modality === 'CT' ? CT : departures(own)), ...full];
}

/** For others than CT they depart from the window that the image asks for. */
function departures(own: ShownWindow): Preset[] {
  const up = own.falling ? 1 : -1;
  const departed = (center: number, width: number): Window =>
    rounded({ center: own.center + up * center * own.width, width: own.width * width });
  return [
    { name: 'Brighter', window: departed(0.2, 1) },
    { name: 'Darker', window: departed(-0.2, 1) },
    { name: 'More contrast', window: departed(0, 0.6) },
    { name: 'Less contrast', window: departed(0, 1.6) },
  ];
}

/** Across changes the width, upwards makes brighter; a screen's breadth is some eight-fold of contrast. */
export function draggedWindow(from: ShownWindow, across: number, down: number): Window {
  const brighter = from.falling ? -down : down;
  return rounded({
    center: from.center + (brighter * from.width) / 300,
    width: Math.min(1e9, Math.max(1e-3, from.width * Math.exp(across / 250))),
  });
}

/** In steps of a hundredth of the width: no eye tells what lies between. */
export function rounded({ center, width }: Window): Window {
  const step = 10 ** Math.min(0, Math.floor(Math.log10(width)) - 2);
  const round = (value: number) => Number((Math.round(value / step) * step).toFixed(6));
  return { center: round(center), width: round(width) };
}

export function isSameWindow(one: Window | undefined, other: Window | undefined): boolean {
  return one?.center === other?.center && one?.width === other?.width;
}

export interface Look {
  readonly window: ShownWindow;
  readonly inverted: boolean;
}

/**
 * The CSS filter that turns a picture of one look into another. A window is linear: new = slope x old + offset; brightness and
 * contrast compose to that without cutting anything off in between, in the one order or in the other.
 */
export function filterBetween(
  shown: Look,
  wanted: { readonly window: Window; readonly inverted: boolean },
): string {
  const turned = shown.inverted === wanted.inverted ? '' : ' invert(1)';
  if (isSameWindow(shown.window, wanted.window)) return turned.trim();
  const slope = shown.window.width / wanted.window.width;
  const low = (window: Window) => window.center - window.width / 2;
  const rise = (low(shown.window) - low(wanted.window)) / wanted.window.width;
  const offset = shown.window.falling === shown.inverted ? rise : 1 - slope - rise;
  if (offset > 0) {
    const brightness = 2 * offset + slope;
    return `contrast(${short(slope / brightness)}) brightness(${short(brightness)})${turned}`;
  }
  const contrast = 1 - 2 * offset;
  return `brightness(${short(slope / contrast)}) contrast(${short(contrast)})${turned}`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(5)));
}

/** As it stands beside the picture. */
export function windowText({ center, width }: Window): string {
  return `C ${number(center)} W ${number(width)}`;
}

function number(value: number): string {
  return String(Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3))).replace('-', '−');
}
