/** Buttons, choices and panels of the viewer's bars. */
import { make } from '../dom.ts';
import { BY_HAND, BY_MOUSE_AND_KEYS } from './keys.ts';
import type { Preset } from './windowing.ts';

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
    make(
      'p',
      { class: 'detail' },
      'Images on this page are shown for information and not meant for diagnosis.',
    ),
    done,
  );
}
