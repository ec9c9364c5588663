/** The keys of the image view. Those that a control has itself, as arrows in a slider, stay with the control. */
import type { Viewer } from './viewer.ts';

export interface KeyTargets {
  readonly viewer: Viewer;
  scroll(steps: number): void;
  toImage(steps: number): void;
  /** To the first (-1) or the last (1). */
  toEnd(end: 1 | -1): void;
  playOrPause(): void;
  toggleFull(): void;
  toggleHelp(): void;
  choosePreset(index: number): void;
}

/** By the key's name, with `Shift+` before it where that counts. */
export type KeyActions = Readonly<Record<string, () => void>>;

const STEP = 12;

export function keyActions(to: KeyTargets): KeyActions {
  const { viewer } = to;
  const window = (across: number, down: number) => () => {
    viewer.beginWindow();
    viewer.dragWindow(across * STEP, down * STEP);
  };
  const presets = Array.from({ length: 9 }, (_, at) => [String(at + 1), () => to.choosePreset(at)] as const);
  return {
    ArrowUp: () => to.scroll(-1),
    ArrowDown: () => to.scroll(1),
    PageUp: () => to.scroll(-10),
    PageDown: () => to.scroll(10),
    Home: () => to.toEnd(-1),
    End: () => to.toEnd(1),
    ArrowLeft: () => to.toImage(-1),
    ArrowRight: () => to.toImage(1),
    'Shift+ArrowUp': window(0, -1),
    'Shift+ArrowDown': window(0, 1),
    'Shift+ArrowLeft': window(-1, 0),
    'Shift+ArrowRight': window(1, 0),
    '+': () => viewer.zoom(1.25),
    '=': () => viewer.zoom(1.25),
    '-': () => viewer.zoom(0.8),
    '0': () => viewer.zoom(0),
    i: viewer.invert,
    r: viewer.reset,
    f: to.toggleFull,
    '?': to.toggleHelp,
    ' ': to.playOrPause,
    ...Object.fromEntries(presets),
  };
}

export function listenForKeys(view: HTMLElement, actions: KeyActions): void {
  view.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { target } = event;
    const isControl = target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
    if (isControl && /^(Arrow|Page|Home|End| )/.test(event.key)) return;
    if (target instanceof HTMLButtonElement && event.key === ' ') return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const action = actions[event.shiftKey && key.startsWith('Arrow') ? `Shift+${key}` : key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  });
}
