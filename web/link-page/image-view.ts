/** The images of a series, large, over its page: the dialog, its bars and its keys around the viewer. */
import type { SeriesSummary, StudySummary } from '../../shared/contract/study-summary.ts';
import { make } from './dom.ts';
import { seriesTitle } from './format.ts';
import { reportView } from './report-view.ts';
import { imageRoute, seriesRoute } from './route.ts';
import { helpPanel, iconButton, relabel, showPresets, windowChoice } from './viewer/controls.ts';
import { listenForGestures } from './viewer/gestures.ts';
import { keyActions, listenForKeys } from './viewer/keys.ts';
import { openPlayer } from './viewer/player.ts';
import { firstSlice, framesOf, hasPicture, positionOf, type Slice } from './viewer/stack.ts';
import { openViewer } from './viewer/viewer.ts';
import { isSameWindow, windowText } from './viewer/windowing.ts';

interface OpenImage {
  readonly series: SeriesSummary;
  showImage(index: number): void;
  close(): void;
}
let open: OpenImage | undefined;

/** Takes the images away, if any are shown. */
export function closeImage(): void {
  open?.close();
  open = undefined;
}

/** Shows an image; one of the series that is open already takes the place of the one before. */
export function showImage(study: StudySummary, seriesIndex: number, index: number): void {
  const series = study.series[seriesIndex];
  if (series?.instances[index] === undefined) {
    closeImage();
    return;
  }
  if (open?.series === series) {
    open.showImage(index);
    return;
  }
  closeImage();
  open = openDialog(series, seriesIndex, index);
}

/** The address follows the scrolling, at rest: browsers allow few changes a second. */
const ADDRESS_MS = 300;

function openDialog(series: SeriesSummary, seriesIndex: number, index: number): OpenImage {
  const stage = make('div', { class: 'stage', tabindex: -1, autofocus: true });
  const viewer = openViewer(series, firstSlice(series, index), () => stage.getBoundingClientRect(), update);
  const player = openPlayer(viewer.film, (frame) => showPosition({ ...viewer.state().slice, frame }));
  const hasMany = series.instances.length > 1;
  let addressTimer: ReturnType<typeof setTimeout> | undefined;
  let reportOf: number | undefined;
  let beforeHelp: HTMLElement | undefined;

  const leave = () => {
    const { image } = viewer.state().slice;
    location.replace(seriesRoute(seriesIndex));
    requestAnimationFrame(() => document.getElementById(`image-${image}`)?.focus());
  };
  const goTo = (slice: Slice) => {
    player.pause();
    viewer.show(slice);
  };
  const scroll = (steps: number) => {
    stopPlaying();
    viewer.scroll(steps);
  };
  const toImage = (steps: number) => {
    if (!hasMany) return scroll(steps);
    const image = viewer.state().slice.image + steps;
    if (series.instances[image] !== undefined) goTo(firstSlice(series, image));
  };
  const stopPlaying = () => {
    const frame = player.pause();
    const { slice } = viewer.state();
    if (frame !== undefined) viewer.show({ ...slice, frame });
  };
  const playOrPause = async () => {
    const { instance } = viewer.state();
    if (player.isPlaying()) stopPlaying();
    else if (framesOf(instance) > 1) {
      const moves = await player.play(series, instance);
      if (!moves) status.textContent = 'This image has no moving preview: scroll through its frames.';
    }
    update();
  };
  const choosePreset = (at: number) => {
    const preset = viewer.state().presets[at];
    if (preset !== undefined) viewer.setWindow(preset.window);
  };
  const toggleFull = () => {
    if (document.fullscreenElement === null) frame.requestFullscreen().catch(() => undefined);
    else document.exitFullscreen().catch(() => undefined);
  };
  const toggleHelp = () => {
    help.hidden = !help.hidden;
    if (help.hidden) beforeHelp?.focus();
    else {
      beforeHelp = document.activeElement instanceof HTMLElement ? document.activeElement : undefined;
      help.focus();
    }
  };

  const counter = make('span', { class: 'counter' });
  const facts = make('p', { class: 'corner facts-corner' });
  const looks = make('p', { class: 'corner looks-corner' });
  const status = make('p', { class: 'visually-hidden', role: 'status', 'aria-live': 'polite' });
  const progress = make('span', { class: 'progress', 'aria-hidden': 'true' });
  const problem = make(
    'p',
    { class: 'problem', role: 'alert', hidden: true },
    'The large picture could not be loaded.',
  );
  const slider = make('input', {
    type: 'range',
    min: 1,
    step: 1,
    class: 'slider',
    'aria-label': 'Position in the stack',
  });
  slider.addEventListener('input', () => {
    const wanted = Number(slider.value);
    player.pause();
    viewer.scroll(wanted - positionOf(series, viewer.state().slice).at);
  });
  const presets = windowChoice(choosePreset);
  const previous = iconButton('previous', 'Previous image', () => toImage(-1));
  const next = iconButton('next', 'Next image', () => toImage(1));
  const play = iconButton('play', 'Play', playOrPause);
  const invert = iconButton('invert', 'Invert', viewer.invert);
  const reset = iconButton('reset', 'Reset window and size', viewer.reset);
  const full = iconButton('full', 'Full screen', toggleFull);
  full.hidden = !document.fullscreenEnabled;
  const helpButton = iconButton('help', 'Help', toggleHelp);
  const help = helpPanel(toggleHelp);
  const tools = make(
    'div',
    { class: 'tools', role: 'toolbar', 'aria-label': 'Picture' },
    play,
    presets,
    invert,
    reset,
    full,
  );

  const position = make('div', { class: 'position' }, previous, slider, next);

  stage.append(viewer.film.element, facts, looks, problem, progress);
  const frame = make(
    'div',
    { class: 'frame' },
    make(
      'header',
      {},
      make('p', {}, make('strong', {}, seriesTitle(series)), counter),
      make('div', { class: 'buttons' }, helpButton, iconButton('close', 'Close', leave)),
    ),
    stage,
    make('footer', {}, position, tools),
    help,
    status,
  );
  const view = make('dialog', { class: 'large', 'aria-label': seriesTitle(series) }, frame);

  function showPosition(slice: Slice): void {
    const { at, of } = positionOf(series, slice);
    slider.max = String(of);
    slider.value = String(at);
    position.hidden = of < 2 && !hasMany;
    const image = `${slice.image + 1} / ${series.instances.length}`;
    const frame = slice.frame === undefined ? '' : `frame ${at} / ${of}`;
    counter.textContent = [hasMany || frame === '' ? image : '', frame]
      .filter((part) => part !== '')
      .join(' · ');
    slider.setAttribute('aria-valuetext', `${slice.frame === undefined ? 'Image' : 'Frame'} ${at} of ${of}`);
  }

  function update(): void {
    const state = viewer.state();
    const { slice, instance, place } = state;
    if (!player.isPlaying()) showPosition(slice);
    const isPicture = hasPicture(instance);
    previous.disabled = hasMany ? slice.image === 0 : positionOf(series, slice).at === 1;
    next.disabled = hasMany
      ? slice.image === series.instances.length - 1
      : positionOf(series, slice).at === positionOf(series, slice).of;
    play.hidden = framesOf(instance) < 2;
    relabel(play, player.isPlaying() ? 'Pause' : 'Play', player.isPlaying() ? 'pause' : 'play');
    // A page or a trace has no window; it can still be inverted, and enlarged.
    presets.hidden = !isPicture || instance.rows === null;
    for (const tool of [invert, reset]) tool.hidden = !isPicture;
    invert.setAttribute('aria-pressed', String(state.inverted));
    const chosen = state.presets.findIndex((preset) => isSameWindow(preset.window, state.window));
    showPresets(presets, state.presets, chosen < 0 ? undefined : chosen);
    const size =
      instance.rows === null || instance.columns === null ? '' : `${instance.columns} × ${instance.rows}`;
    facts.textContent = instance.preview.placeholder ?? size;
    const zoomed = place.scale === 1 ? '' : `${Math.round(100 * place.scale)} %`;
    const window = isPicture && state.shownWindow !== undefined ? windowText(state.shownWindow) : '';
    looks.textContent = [zoomed, window, state.inverted ? 'inverted' : '']
      .filter((part) => part !== '')
      .join(' · ');
    view.dataset.state = state.failed ? 'failed' : state.loading ? 'loading' : 'ready';
    view.dataset.zoomed = String(place.scale > 1);
    problem.hidden = !state.failed;
    showReport(slice.image);
    clearTimeout(addressTimer);
    addressTimer = setTimeout(() => {
      history.replaceState(null, '', imageRoute(seriesIndex, slice.image));
      status.textContent = slider.getAttribute('aria-valuetext');
    }, ADDRESS_MS);
  }

  /** A report is read as text, in the place of the picture of its first page. */
  function showReport(image: number): void {
    if (image === reportOf) return;
    reportOf = image;
    stage.querySelector('.report-place')?.remove();
    const instance = series.instances[image];
    if (instance === undefined || hasPicture(instance)) return;
    const place = make('div', { class: 'report-place' });
    place.append(reportView(series, instance, make('span', { hidden: true })));
    stage.append(place);
  }

  listenForGestures(stage, {
    scroll,
    window: viewer.dragWindow,
    windowBegins: viewer.beginWindow,
    zoom: viewer.zoom,
    pan: viewer.pan,
    toggleZoom: (at) => (viewer.state().place.scale > 1 ? viewer.zoom(0, at) : viewer.zoom(2.5, at)),
    isZoomed: () => viewer.state().place.scale > 1,
    pixelsPerStep: () => {
      const { of } = positionOf(series, viewer.state().slice);
      return Math.min(40, Math.max(5, stage.clientHeight / (1.5 * of)));
    },
  });
  listenForKeys(
    view,
    keyActions({
      viewer,
      scroll,
      toImage,
      toEnd: (end) => scroll(end * positionOf(series, viewer.state().slice).of),
      playOrPause,
      toggleFull,
      toggleHelp,
      choosePreset,
    }),
  );
  view.addEventListener('cancel', (event) => {
    event.preventDefault();
    if (help.hidden) leave();
    else toggleHelp();
  });

  document.body.append(view);
  view.showModal();
  viewer.show(viewer.state().slice);
  return {
    series,
    showImage: (image) => {
      if (image !== viewer.state().slice.image) goTo(firstSlice(series, image));
    },
    close() {
      clearTimeout(addressTimer);
      player.pause();
      viewer.close();
      view.close();
      view.remove();
    },
  };
}
