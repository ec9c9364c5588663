/**
 * The viewer: panes in a layout, series to choose from, tools, and what can be taken along. It is a part of its own, fetched while the
 * page shows the preview that it opens with.
 */
import type { SeriesSummary } from '../../../shared/contract/study-summary.ts';
import { studyOf } from '../api.ts';
import { announce, make } from '../dom.ts';
import { seriesTitle } from '../format.ts';
import { keyPosition } from '../preview.ts';
import { openCine } from './cine.ts';
import { showPresets, windowChoice } from './controls.ts';
import type { DataSet } from './dicom-json.ts';
import { imageAtHand, imageId, loadImage } from './images.ts';
import { keyActions, listenForKeys } from './keys.ts';
import { openMarks } from './marks.ts';
import { MARK_NAMES } from './measure.ts';
import { measureByKeys } from './measure-by-keys.ts';
import { openPaneView, type PaneView } from './pane-view.ts';
import { openPosition } from './position.ts';
import { fetchPresentationStates, statePresets } from './presentation.ts';
import { openPrintDialog } from './print-dialog.ts';
import { openSaveDialog } from './save-dialog.ts';
import { openSeriesList } from './series-list.ts';
import { firstSlice, framesOf, hasPicture, nextOf, positionOf, type Slice } from './stack.ts';
import type { Layout, Start, Workspace } from './start.ts';
import { openToolbar } from './toolbar.ts';
import { isMarkKind, type Tool } from './tools.ts';
import { isSameWindow, type Preset } from './windowing.ts';

const LAYOUTS: readonly Layout[] = [1, 2, 4];
/** Of a stack of slices, which has no pace of its own. */
const SLICE_MS = 100;
const WINDOW_STEP = 12;
const ACTIVE_REST_MS = 300;

export function openWorkspace(start: Start): Workspace {
  const { stage, dialog } = start;
  const marks = openMarks();
  const views: PaneView[] = [];
  const states = new Map<string, readonly DataSet[]>();
  const all = [start.study, ...start.priors];
  let active = 0;
  let layout: Layout = 1;
  let tool: Tool = 'scroll';
  let annotations = true;
  let isLinked = false;
  let rest: ReturnType<typeof setTimeout> | undefined;

  const grid = make('div', { class: 'panes', 'data-layout': 1 });
  const view = (): PaneView => views[active] as PaneView;
  const state = () => view().pane.state();

  const shared = {
    marks,
    tool: () => tool,
    showsAnnotations: () => annotations,
    states: (study: string | undefined) => states.get(study ?? '') ?? [],
    isPrior: (series: SeriesSummary) => studyOf(series) !== start.study,
    scroll: (of: PaneView, steps: number) => {
      cine.pause();
      for (const one of isLinked ? views : [of]) one.pane.scroll(steps);
    },
    activate: (of: PaneView) => {
      const at = views.indexOf(of);
      if (at < 0 || at === active) return;
      cine.pause();
      active = at;
      update();
    },
    changed: (of: PaneView) => {
      if (views[active] === of) update();
    },
  };

  const cine = openCine({
    isNextThere: () => {
      const { series, slice, table } = state();
      return imageAtHand(imageId(series, nextOf(series, slice), table)) !== undefined;
    },
    fetchAhead: async (frames) => {
      const { series, slice, table } = state();
      let next = slice;
      for (let count = 0; count < frames; count++) {
        next = nextOf(series, next);
        const instance = series.instances[next.image];
        if (instance === undefined || !hasPicture(instance)) return;
        await loadImage(imageId(series, next, table));
      }
    },
    next: () => {
      const { series, slice } = state();
      view().pane.show(nextOf(series, slice));
    },
    changed: () => update(),
  });
  const goTo = (slice: Slice) => {
    cine.pause();
    view().pane.show(slice, 0);
  };
  const openSeries = (series: SeriesSummary, slice = firstSlice(series, keyPosition(series))) => {
    cine.pause();
    view().pane.open(series, slice);
    void loadStates(series);
    announce(seriesTitle(series));
  };
  const toSeries = (steps: number) => {
    const list = all.flatMap((study) => study.series);
    const next = list[list.indexOf(state().series) + steps];
    if (next !== undefined) openSeries(next);
  };
  const toImage = (steps: number) => {
    const { series, slice } = state();
    if (series.instances.length < 2) shared.scroll(view(), steps);
    else if (series.instances[slice.image + steps] !== undefined)
      goTo(firstSlice(series, slice.image + steps));
  };
  const chooseTool = (next: Tool) => {
    tool = next;
    stage.dataset.tool = next;
    announce(isMarkKind(next) ? `${MARK_NAMES[next]}: draw on the image, or press Enter` : `Tool: ${next}`);
    update();
  };
  const redrawAll = () => {
    for (const one of views) one.redraw();
    update();
  };
  const playOrPause = () => {
    if (cine.isPlaying()) cine.pause();
    else if (positionOf(state().series, state().slice).of > 1)
      cine.play(state().image?.facts.frameTime ?? SLICE_MS);
  };
  const setLayout = (next: Layout) => {
    cine.pause();
    layout = next;
    grid.dataset.layout = String(next);
    const list = all.flatMap((study) => study.series);
    // A prior stands beside the study; else the series that follows.
    const beside = [
      ...(start.priors[0]?.series ?? []),
      ...list.slice(list.indexOf(state().series) + 1),
      ...list,
    ];
    while (views.length < next) {
      const used = new Set(views.map((one) => one.pane.state().series));
      addPane(beside.find((series) => !used.has(series)) ?? state().series);
    }
    while (views.length > next) views.pop()?.close();
    active = Math.min(active, next - 1);
    for (const one of views) one.pane.resize();
    update();
  };
  const toggleFull = () => {
    if (document.fullscreenElement === null) dialog.requestFullscreen().catch(() => undefined);
    else document.exitFullscreen().catch(() => undefined);
  };
  /** A presentation state may give the image a window of its own, turn it and show a part of it. */
  const presetsNow = (): readonly Preset[] => {
    const { series, slice, instance, image, presets: offered } = state();
    const known = states.get(studyOf(series)?.studyInstanceUid ?? '') ?? [];
    if (image === undefined) return offered;
    return [...offered, ...statePresets(known, instance, slice.frame ?? 1, image)];
  };
  const taken = () => ({ view: view(), study: start.study, identified: start.identified });
  const save = () => openSaveDialog(dialog, taken());
  const print = () => openPrintDialog(dialog, { ...taken(), marks });

  const actions = {
    scroll: (steps: number) => shared.scroll(view(), steps),
    toImage,
    toSeries,
    toEnd: (end: 1 | -1) => shared.scroll(view(), end * positionOf(state().series, state().slice).of),
    window: (across: number, down: number) => {
      view().pane.beginWindow();
      view().pane.dragWindow(across * WINDOW_STEP, down * WINDOW_STEP);
    },
    pan: (x: number, y: number) => view().pane.pan(x, y),
    zoom: (factor: number) => view().pane.zoom(factor),
    turn: () => view().pane.turn(),
    mirror: () => view().pane.mirror(),
    invert: () => view().pane.invert(),
    reset: () => view().pane.reset(),
    choosePreset: (at: number) => {
      const preset = presetsNow()[at];
      if (preset !== undefined) view().pane.choose(preset);
    },
    chooseTool,
    ...measureByKeys({ marks, tool: () => tool, view, changed: redrawAll }),
    playOrPause,
    toggleFull,
    toggleHelp: () => bar.toggleHelp(),
    toggleAnnotations: () => {
      annotations = !annotations;
      redrawAll();
    },
    toggleLink: () => {
      isLinked = !isLinked;
      update();
    },
    nextLayout: () => setLayout(LAYOUTS[(LAYOUTS.indexOf(layout) + 1) % LAYOUTS.length] ?? 1),
    nextPane: () => views[(active + 1) % views.length]?.element.focus(),
    save,
    print,
  };

  const position = openPosition(playOrPause, (to) =>
    shared.scroll(view(), to - positionOf(state().series, state().slice).at),
  );
  const presets = windowChoice(actions.choosePreset);
  const bar = openToolbar(dialog, actions, setLayout, presets);
  const list = openSeriesList(all, start.study, (series) => openSeries(series));
  const told = make('p', { class: 'visually-hidden', role: 'status', 'aria-live': 'polite' });

  function addPane(series: SeriesSummary, slice = firstSlice(series, keyPosition(series))): void {
    const made = openPaneView(series, slice, shared);
    views.push(made);
    grid.append(made.element);
    made.pane.resize();
    made.pane.show(slice, 0);
    watch.observe(made.element);
    void loadStates(series);
  }

  /** Annotations come after the image. */
  async function loadStates(series: SeriesSummary): Promise<void> {
    const study = studyOf(series);
    if (study === undefined || states.has(study.studyInstanceUid)) return;
    states.set(study.studyInstanceUid, []);
    const found = await fetchPresentationStates(study);
    states.set(study.studyInstanceUid, found);
    if (found.length > 0) redrawAll();
  }

  function update(): void {
    if (views.length === 0) return;
    const { series, slice, instance, image, window, table, look } = state();
    const { at, of } = positionOf(series, slice);
    for (const [index, one] of views.entries())
      one.element.classList.toggle('active', index === active && layout > 1);
    const unit = slice.frame === undefined ? 'Image' : 'Frame';
    position.show({ at, of, unit, isPlaying: cine.isPlaying(), canPlay: framesOf(instance) > 1 });
    presets.disabled = image === undefined && instance.rows === null;
    const offered = presetsNow();
    const chosen = offered.findIndex(
      (preset) => (preset.table ?? -1) === table && isSameWindow(preset.window, window),
    );
    showPresets(presets, offered, chosen < 0 ? undefined : chosen);
    bar.show({
      tool,
      layout,
      isInverted: look.isInverted,
      annotations,
      isLinked,
      hasChosen: marks.chosen() !== undefined,
      isImage: image !== undefined,
    });
    list.show(series);
    dialog.dataset.state = state().phase;
    clearTimeout(rest);
    rest = setTimeout(() => {
      start.moved(series, slice.image);
      told.textContent = `${unit} ${at} of ${of}`;
    }, ACTIVE_REST_MS);
  }

  const watch = new ResizeObserver(() => {
    for (const one of views) one.pane.resize();
  });
  stage.dataset.tool = tool;
  stage.replaceChildren(grid);
  start.header.append(bar.top);
  start.footer.replaceChildren(position.element, bar.element, told);
  stage.before(list.element);
  addPane(start.series, start.slice);
  listenForKeys(dialog, keyActions(actions));
  // Keys are for the image until something else is chosen.
  view().element.focus({ preventScroll: true });
  update();

  return {
    show(series, slice) {
      const now = state();
      if (now.series !== series) openSeries(series, slice);
      else if (now.slice.image !== slice.image) goTo(slice);
    },
    toggleHelp: () => bar.toggleHelp(),
    close() {
      clearTimeout(rest);
      cine.pause();
      watch.disconnect();
      for (const one of views) one.close();
      list.element.remove();
    },
  };
}
