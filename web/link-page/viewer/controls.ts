/** The bars of the image view: what is shown, where in the stack, and what can be done with it. */
import { make } from '../dom.ts';
import type { Preset } from './windowing.ts';

/** Outlines on a ground of 24 x 24. */
const ICONS = {
  close: 'M6 6l12 12M18 6L6 18',
  previous: 'M15 5l-7 7 7 7',
  next: 'M9 5l7 7-7 7',
  play: 'M8 5v14l11-7z',
  pause: 'M8 5v14M16 5v14',
  invert: 'M12 3a9 9 0 100 18 9 9 0 000-18zM12 3v18M12 7h5M12 11h8M12 15h7M12 19h3',
  reset: 'M4 5v5h5M4.6 10a8 8 0 11-.4 4.5',
  full: 'M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5',
  help: 'M9 9a3 3 0 114 2.8c-.7.4-1 .9-1 1.7v.5M12 17.5v.5',
} as const;
export type Icon = keyof typeof ICONS;

const SVG = 'http://www.w3.org/2000/svg';

function drawIcon(icon: Icon): SVGElement {
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', ICONS[icon]);
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  svg.append(path);
  return svg;
}

/** A round button; its label is also what is shown when a mouse rests on it. */
export function iconButton(
  icon: Icon,
  label: string,
  act: () => void,
  name: string = icon,
): HTMLButtonElement {
  const button = make('button', { type: 'button', class: `button tool ${name}` }, drawIcon(icon));
  relabel(button, label);
  button.addEventListener('click', act);
  return button;
}

export function relabel(button: HTMLElement, label: string, icon?: Icon): void {
  button.setAttribute('aria-label', label);
  button.title = label;
  if (icon !== undefined) button.replaceChildren(drawIcon(icon));
}

/** The choice of a window; `choose` is told the position of the preset. */
export function windowChoice(choose: (index: number) => void): HTMLSelectElement {
  const select = make('select', { class: 'button windows', 'aria-label': 'Window' });
  select.addEventListener('change', () => choose(Number(select.value)));
  return select;
}

const CUSTOM = 'custom';

/** Shows the presets and which of them is chosen; undefined is a window of one's own. */
export function showPresets(
  select: HTMLSelectElement,
  presets: readonly Preset[],
  chosen: number | undefined,
): void {
  const names = presets.map(({ name }) => name).join();
  if (select.dataset.names !== names) {
    select.dataset.names = names;
    select.replaceChildren(
      ...presets.map(({ name }, index) =>
        make('option', { value: index }, index === 0 ? 'Default window' : name),
      ),
      make('option', { value: CUSTOM, disabled: true }, 'Own window'),
    );
  }
  select.value = chosen === undefined ? CUSTOM : String(chosen);
}

const BY_HAND: readonly (readonly [string, string])[] = [
  ['Scroll through the images', 'Drag up and down, or swipe'],
  ['Brightness and contrast', 'Drag with two fingers'],
  ['Enlarge', 'Pinch, or tap twice'],
  ['Move an enlarged image', 'Drag with one finger'],
];

const BY_MOUSE_AND_KEYS: readonly (readonly [string, string])[] = [
  ['Scroll through the images', 'Wheel, drag, ↑ ↓, Page ↑ ↓, Home, End'],
  ['Previous or next image', '← →'],
  ['Brightness and contrast', 'Drag with the right button, Shift + arrows'],
  ['Window presets', '1 to 8'],
  ['Enlarge', 'Ctrl + wheel, double click, + −'],
  ['Move an enlarged image', 'Drag'],
  ['Invert, reset', 'I, R'],
  ['Play or pause a cine', 'Space'],
  ['Full screen, close', 'F, Esc'],
];

/** What hands and keys do. */
export function helpPanel(close: () => void): HTMLElement {
  const help = matchMedia('(pointer: coarse)').matches ? BY_HAND : BY_MOUSE_AND_KEYS;
  const done = make('button', { type: 'button', class: 'button' }, 'Got it');
  done.addEventListener('click', close);
  return make(
    'section',
    { class: 'help-panel', 'aria-label': 'How to use the viewer', tabindex: -1, hidden: true },
    make('h2', {}, 'How to use the viewer'),
    make('dl', {}, ...help.map(([what, how]) => make('div', {}, make('dt', {}, what), make('dd', {}, how)))),
    make('p', { class: 'detail' }, 'Pictures are compressed for this page and not meant for diagnosis.'),
    done,
  );
}
