/** Round buttons with an outline on them. */
import { make } from '../dom.ts';

/** Outlines on a ground of 24 x 24. */
const ICONS = {
  close: 'M6 6l12 12M18 6L6 18',
  previous: 'M15 5l-7 7 7 7',
  next: 'M9 5l7 7-7 7',
  play: 'M8 5v14l11-7z',
  pause: 'M8 5v14M16 5v14',
  invert: 'M4 4h16v16H4zM4 20L20 4M8.500 15.500h.01M15.500 8.500h-3M14 7v3',
  reset: 'M4 5v5h5M4.6 10a8 8 0 11-.4 4.5',
  full: 'M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5',
  help: 'M9 9a3 3 0 114 2.8c-.7.4-1 .9-1 1.7v.5M12 17.5v.5',
  scroll: 'M12 3v18M8 7l4-4 4 4M8 17l4 4 4-4',
  window: 'M12 3a9 9 0 100 18 9 9 0 000-18zM12 3v18M12 7h5M12 11h8M12 15h7M12 19h3',
  zoom: 'M10.5 4a6.5 6.5 0 100 13 6.5 6.5 0 000-13zM15.3 15.3L21 21M7.5 10.5h6M10.5 7.5v6',
  pan: 'M12 3v18M3 12h18M9 6l3-3 3 3M9 18l3 3 3-3M6 9l-3 3 3 3M18 9l3 3-3 3',
  length: 'M3 17L17 3l4 4L7 21zM7 13l2 2M10 10l2 2M13 7l2 2',
  angle: 'M4 20L18 5M4 20h17M10 13.5a9 9 0 013 6.5',
  ellipse: 'M12 6c5.5 0 9 2.7 9 6s-3.500 6-9 6-9-2.700-9-6 3.500-6 9-6z',
  rectangle: 'M4 6h16v12H4z',
  turn: 'M4 12a8 8 0 118 8M4 12l-2-3M4 12l3-2',
  mirror: 'M12 3v18M9 7L3 17h6zM15 7l6 10h-6z',
  layout1: 'M4 5h16v14H4z',
  layout2: 'M4 5h16v14H4zM12 5v14',
  layout4: 'M4 5h16v14H4zM12 5v14M4 12h16',
  notes: 'M4 5h16v11H10l-4 4v-4H4z',
  link: 'M10 14a4 4 0 005.700 0l3-3a4 4 0 00-5.700-5.700l-1 1M14 10a4 4 0 00-5.700 0l-3 3a4 4 0 005.700 5.700l1-1',
  remove: 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13',
  save: 'M12 4v11M8 11l4 4 4-4M5 20h14',
  print: 'M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z',
  list: 'M4 6h4v4H4zM4 14h4v4H4zM11 8h9M11 16h9',
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
