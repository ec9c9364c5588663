/** The keys of the viewer. Those that a control has itself, as arrows in a slider, stay with the control. */
import type { Tool } from './tools.ts';

export interface KeyTargets {
  scroll(steps: number): void;
  toImage(steps: number): void;
  toSeries(steps: number): void;
  /** To the first (-1) or the last (1). */
  toEnd(end: 1 | -1): void;
  /** Steps across and down, of twelve pixels of a drag. */
  window(across: number, down: number): void;
  pan(x: number, y: number): void;
  zoom(factor: number): void;
  turn(): void;
  mirror(): void;
  invert(): void;
  reset(): void;
  choosePreset(index: number): void;
  chooseTool(tool: Tool): void;
  /** Puts a measurement into the middle, where a measuring tool is in hand. */
  placeMark(): void;
  /** Moves the chosen handle, by pixels of the image; false where none is chosen. */
  moveMark(x: number, y: number): boolean;
  nextHandle(): void;
  removeMark(): void;
  playOrPause(): void;
  toggleFull(): void;
  toggleHelp(): void;
  toggleAnnotations(): void;
  toggleLink(): void;
  nextLayout(): void;
  nextPane(): void;
  save(): void;
  print(): void;
}

/** By the key's name, with `Shift+` or `Ctrl+` before it where that counts. */
export type KeyActions = Readonly<Record<string, () => void>>;

const PAN = 40;

export function keyActions(to: KeyTargets): KeyActions {
  const presets = Array.from({ length: 9 }, (_, at) => [String(at + 1), () => to.choosePreset(at)] as const);
  const move = (x: number, y: number, otherwise: () => void) => () => {
    if (!to.moveMark(x, y)) otherwise();
  };
  return {
    ArrowUp: move(0, -1, () => to.scroll(-1)),
    ArrowDown: move(0, 1, () => to.scroll(1)),
    ArrowLeft: move(-1, 0, () => to.toImage(-1)),
    ArrowRight: move(1, 0, () => to.toImage(1)),
    'Shift+ArrowUp': move(0, -10, () => to.window(0, -1)),
    'Shift+ArrowDown': move(0, 10, () => to.window(0, 1)),
    'Shift+ArrowLeft': move(-10, 0, () => to.window(-1, 0)),
    'Shift+ArrowRight': move(10, 0, () => to.window(1, 0)),
    'Ctrl+ArrowUp': () => to.pan(0, PAN),
    'Ctrl+ArrowDown': () => to.pan(0, -PAN),
    'Ctrl+ArrowLeft': () => to.pan(PAN, 0),
    'Ctrl+ArrowRight': () => to.pan(-PAN, 0),
    PageUp: () => to.scroll(-10),
    PageDown: () => to.scroll(10),
    Home: () => to.toEnd(-1),
    End: () => to.toEnd(1),
    '[': () => to.toSeries(-1),
    ']': () => to.toSeries(1),
    '+': () => to.zoom(1.25),
    '=': () => to.zoom(1.25),
    '-': () => to.zoom(0.8),
    '0': () => to.zoom(0),
    Enter: to.placeMark,
    h: to.nextHandle,
    Delete: to.removeMark,
    Backspace: to.removeMark,
    v: () => to.chooseTool('scroll'),
    l: () => to.chooseTool('length'),
    g: () => to.chooseTool('angle'),
    e: () => to.chooseTool('ellipse'),
    b: () => to.chooseTool('rectangle'),
    i: to.invert,
    r: to.reset,
    t: to.turn,
    m: to.mirror,
    n: to.toggleAnnotations,
    k: to.toggleLink,
    o: to.nextLayout,
    x: to.nextPane,
    s: to.save,
    p: to.print,
    f: to.toggleFull,
    '?': to.toggleHelp,
    ' ': to.playOrPause,
    ...Object.fromEntries(presets),
  };
}

export function listenForKeys(view: HTMLElement, actions: KeyActions): void {
  view.addEventListener('keydown', (event) => {
    if (event.metaKey || event.altKey || (event.ctrlKey && !event.key.startsWith('Arrow'))) return;
    const { target } = event;
    if (target instanceof HTMLElement && target.closest('dialog') !== view) return;
    const isControl = target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
    if (isControl && /^(Arrow|Page|Home|End|Enter| |\d)/.test(event.key)) return;
    if (target instanceof HTMLElement && target.closest('button, a, video') && /^(Enter| )$/.test(event.key))
      return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const prefix = key.startsWith('Arrow') ? (event.shiftKey ? 'Shift+' : event.ctrlKey ? 'Ctrl+' : '') : '';
    const action = actions[prefix + key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  });
}

/** What hands and keys do, for the help. */
export const BY_HAND: readonly (readonly [string, string])[] = [
  ['Scroll through the images', 'Drag up and down with one finger'],
  ['Enlarge and move', 'Two fingers; or tap twice'],
  ['Brightness and contrast', 'Choose ◐, then drag'],
  ['Measure', 'Choose a measuring tool, then draw; drag the ends to correct'],
];

export const BY_MOUSE_AND_KEYS: readonly (readonly [string, string])[] = [
  ['Scroll through the images', 'Wheel, drag, ↑ ↓, Page ↑ ↓, Home, End'],
  ['Previous or next image, series', '← →, [ ]'],
  ['Brightness and contrast', 'Drag with the right button, Shift + arrows'],
  ['Window presets', '1 to 9'],
  ['Enlarge, move', 'Ctrl + wheel, double click, + − 0; middle button, Ctrl + arrows'],
  ['Invert, turn, mirror, reset', 'I, T, M, R'],
  ['Length, angle, ellipse, rectangle', 'L, G, E, B; back to scrolling: V'],
  [
    'Measure by keys',
    'Enter puts a mark, arrows move its end (Shift: by ten), H the next end, Delete removes it',
  ],
  ['Play or pause', 'Space'],
  ['Annotations, link panes', 'N, K'],
  ['Layout, next pane', 'O, X'],
  ['Save the picture, print', 'S, P'],
  ['Full screen, close', 'F, Esc'],
];
