/** The bars of the viewer: tools of which one is in hand, switches, and buttons. They show a state and call what they are given. */
import { make } from '../dom.ts';
import { helpPanel } from './controls.ts';
import { type Icon, iconButton } from './icons.ts';
import type { KeyTargets } from './keys.ts';
import type { Layout } from './start.ts';
import type { Tool } from './tools.ts';

export interface ToolbarState {
  readonly tool: Tool;
  readonly layout: Layout;
  readonly isInverted: boolean;
  readonly annotations: boolean;
  readonly isLinked: boolean;
  readonly hasChosen: boolean;
  readonly isImage: boolean;
}

export interface Toolbar {
  readonly element: HTMLElement;
  /** What stands in the header, beside the close button. */
  readonly top: HTMLElement;
  show(state: ToolbarState): void;
  toggleHelp(): void;
}

const TOOLS: readonly (readonly [Tool, string])[] = [
  ['scroll', 'Scroll (V)'],
  ['window', 'Brightness and contrast'],
  ['zoom', 'Enlarge'],
  ['pan', 'Move'],
  ['length', 'Measure a length (L)'],
  ['angle', 'Measure an angle (G)'],
  ['ellipse', 'Measure an ellipse (E)'],
  ['rectangle', 'Measure a rectangle (B)'],
];

export function openToolbar(
  dialog: HTMLElement,
  to: KeyTargets,
  setLayout: (layout: Layout) => void,
  presets: HTMLSelectElement,
): Toolbar {
  const tools = TOOLS.map(([tool, label]) => ({
    tool,
    button: iconButton(tool as Icon, label, () => to.chooseTool(tool)),
  }));
  const layouts = ([1, 2, 4] as const).map((layout) => ({
    layout,
    button: iconButton(`layout${layout}`, layout === 1 ? 'One image' : `${layout} images side by side`, () =>
      setLayout(layout),
    ),
  }));
  const invert = iconButton('invert', 'Invert (I)', to.invert);
  const turn = iconButton('turn', 'Turn (T)', to.turn);
  const mirror = iconButton('mirror', 'Mirror (M)', to.mirror);
  const reset = iconButton('reset', 'Reset window, size and place (R)', to.reset);
  const remove = iconButton('remove', 'Remove the chosen measurement (Delete)', to.removeMark);
  const notes = iconButton('notes', 'Annotations and overlays (N)', to.toggleAnnotations);
  const link = iconButton('link', 'Scroll all images together (K)', to.toggleLink);
  const save = iconButton('save', 'Save this picture (S)', to.save);
  const print = iconButton('print', 'Print sheet (P)', to.print);
  const full = iconButton('full', 'Full screen (F)', to.toggleFull);
  full.hidden = !document.fullscreenEnabled;
  let before: HTMLElement | undefined;
  const toggleHelp = () => {
    help.hidden = !help.hidden;
    if (help.hidden) before?.focus();
    else {
      before = document.activeElement instanceof HTMLElement ? document.activeElement : undefined;
      help.focus();
    }
  };
  const help = helpPanel(toggleHelp);
  dialog.append(help);

  const group = (label: string, ...parts: readonly HTMLElement[]) =>
    make('div', { class: 'group', role: 'group', 'aria-label': label }, ...parts);
  const element = make(
    'div',
    { class: 'tools', role: 'toolbar', 'aria-label': 'Tools', tabindex: -1 },
    group('Tool', ...tools.map(({ button }) => button), remove),
    group('Picture', presets, invert, turn, mirror, reset),
    group('Layout', ...layouts.map(({ button }) => button), link, notes),
    group('Take along', save, print, full),
  );
  const top = iconButton('help', 'Help (?)', toggleHelp);

  return {
    element,
    top,
    toggleHelp,
    show(state) {
      const press = (button: HTMLElement, isOn: boolean) => button.setAttribute('aria-pressed', String(isOn));
      for (const { tool, button } of tools) press(button, tool === state.tool);
      for (const { layout, button } of layouts) press(button, layout === state.layout);
      press(invert, state.isInverted);
      press(notes, state.annotations);
      press(link, state.isLinked);
      link.hidden = state.layout === 1;
      remove.hidden = !state.hasChosen;
      for (const button of [invert, turn, mirror, reset, save]) button.disabled = !state.isImage;
    },
  };
}
