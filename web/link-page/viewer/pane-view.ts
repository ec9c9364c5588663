/** A pane with all that lies over its image: marks, annotations, letters, scale, words; and what hands do on it. */
import type { SeriesSummary } from '../../../shared/contract/study-summary.ts';
import { studyOf } from '../api.ts';
import { make } from '../dom.ts';
import { seriesTitle, studyDate } from '../format.ts';
import { type Calibration, calibrationOfAll, type Point } from './calibration.ts';
import type { DataSet } from './dicom-json.ts';
import { type DocumentView, openDocument } from './documents.ts';
import { svgShapes, svgShutters } from './draw-shapes.ts';
import { apply, edgeLetters, invert, magnification, scaleBar } from './geometry.ts';
import { listenForGestures } from './gestures.ts';
import { imageId } from './images.ts';
import { type Marks, withSecondArm } from './marks.ts';
import { describeMark, MARK_NAMES } from './measure.ts';
import { fetchOverlays } from './overlays.ts';
import { openPane } from './pane.ts';
import type { Pane, PaneState } from './pane-state.ts';
import { annotationsOn, stateViews } from './presentation.ts';
import { handleAt, type Shape, shapesOf } from './shapes.ts';
import { type Shutter, shutterOf } from './shutter.ts';
import { positionOf, type Slice } from './stack.ts';
import { isMarkKind, type Tool } from './tools.ts';
import { isSameWindow, windowText } from './windowing.ts';

/** What all panes share. */
export interface Shared {
  readonly marks: Marks;
  tool(): Tool;
  showsAnnotations(): boolean;
  states(study: string | undefined): readonly DataSet[];
  isPrior(series: SeriesSummary): boolean;
  scroll(view: PaneView, steps: number): void;
  activate(view: PaneView): void;
  /** Something of this pane is not as it was. */
  changed(view: PaneView): void;
}

export interface PaneView {
  readonly pane: Pane;
  readonly element: HTMLElement;
  /** Which image marks belong to. */
  key(): string;
  /** All that is drawn over the image. */
  shapes(): readonly Shape[];
  /** What the measurements of the image say. */
  says(): readonly string[];
  overlays(): HTMLCanvasElement | undefined;
  /** What covers parts of the image. */
  shutters(): readonly Shutter[];
  redraw(): void;
  close(): void;
}

const REACH = { mouse: 10, touch: 26 };
/** A mark that was drawn smaller than this was a slip. */
const SLIP_PIXELS = 5;

export function openPaneView(series: SeriesSummary, slice: Slice, shared: Shared): PaneView {
  const { marks } = shared;
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('class', 'marks');
  svg.setAttribute('aria-hidden', 'true');
  const planes = make('div', { class: 'planes', 'aria-hidden': 'true' });
  const letters = ['left', 'right', 'top', 'bottom'].map((edge) =>
    make('span', { class: `letter ${edge}`, 'aria-hidden': 'true' }),
  );
  const scale = make('p', { class: 'scale', 'aria-hidden': 'true' }, make('span', {}), make('i', {}));
  const what = make('p', { class: 'corner what' });
  const facts = make('p', { class: 'corner facts-corner' });
  const looks = make('p', { class: 'corner looks-corner' });
  const progress = make('span', { class: 'progress', 'aria-hidden': 'true' });
  const retry = make('button', { type: 'button', class: 'button' }, 'Try again');
  const problem = make(
    'div',
    { class: 'problem', role: 'alert', hidden: true },
    make('span', {}, 'This image could not be loaded.'),
    retry,
  );
  let document_: DocumentView | undefined;
  let documentOf: object | undefined;
  let overlays: { readonly key: string; readonly canvas: HTMLCanvasElement | undefined } | undefined;
  let drawn: Point | undefined;

  const pane = openPane(series, slice, () => {
    redraw();
    shared.changed(view);
  });
  pane.element.append(planes, svg, ...letters, scale, what, facts, looks, problem, progress);
  retry.addEventListener('click', pane.retry);
  pane.element.addEventListener('focusin', () => shared.activate(view));
  pane.element.addEventListener('pointerdown', () => shared.activate(view), { capture: true });

  const key = (): string => {
    const { series: of, slice: at } = pane.state();
    return imageId(of, at);
  };
  const describe = (state: PaneState, mark: Parameters<typeof describeMark>[0]): readonly string[] =>
    state.image === undefined ? [] : describeMark(mark, state.image.facts, state.image.grey);
  const notes = (state: PaneState): readonly Shape[] => {
    if (!shared.showsAnnotations() || state.image === undefined) return [];
    const states = shared.states(studyOf(state.series)?.studyInstanceUid);
    return annotationsOn(states, state.instance, state.slice.frame ?? 1, state.image.facts);
  };
  /** That of the image, and with annotations those of the states that are about it. */
  const shutters = (): readonly Shutter[] => {
    const { image, instance, series: of, slice: at } = pane.state();
    const own = image?.dataSet && shutterOf(image.dataSet);
    const states = shared.showsAnnotations() ? shared.states(studyOf(of)?.studyInstanceUid) : [];
    const views = image === undefined ? [] : stateViews(states, instance, at.frame ?? 1, image.facts);
    return [own, ...views.map(({ shutter }) => shutter)].flatMap((one) => one ?? []);
  };
  const shapes = (): readonly Shape[] => {
    const state = pane.state();
    const chosen = marks.chosen()?.mark.id;
    return [
      ...notes(state),
      ...marks
        .of(key())
        .flatMap((mark) => shapesOf(mark, describe(state, mark), mark.id === chosen ? 'chosen' : 'measure')),
    ];
  };

  function showDocument(state: PaneState): void {
    const wanted = state.phase === 'document' ? state.instance : undefined;
    if (wanted === documentOf) return;
    document_?.close();
    documentOf = wanted;
    document_ = wanted && openDocument(state.series, state.slice.image);
    if (document_ !== undefined) pane.element.append(document_.element);
  }

  /** Overlays come later than the image, and only where they are wanted. */
  function showOverlays(state: PaneState): void {
    const of = key();
    if (state.image?.dataSet !== undefined && overlays?.key !== of && shared.showsAnnotations()) {
      overlays = { key: of, canvas: undefined };
      fetchOverlays(state.series, state.instance, state.image.dataSet, state.slice.frame ?? 1).then(
        (canvas) => {
          if (overlays?.key !== of || canvas === undefined) return;
          overlays = { key: of, canvas };
          redraw();
        },
        () => undefined,
      );
    }
    const canvas = shared.showsAnnotations() && overlays?.key === of ? overlays.canvas : undefined;
    if (canvas === undefined || state.image === undefined) planes.replaceChildren();
    else {
      if (planes.firstChild !== canvas) planes.replaceChildren(canvas);
      canvas.style.transform = `matrix(${state.matrix.join()})`;
    }
  }

  function redraw(): void {
    const state = pane.state();
    const { image, matrix, size, place, phase } = state;
    pane.element.dataset.state = phase;
    problem.hidden = phase !== 'failed';
    showDocument(state);
    showOverlays(state);
    svg.replaceChildren(
      ...(image === undefined
        ? []
        : [...svgShutters(shutters(), image.facts, matrix), ...svgShapes(shapes(), matrix)]),
    );
    const lettersNow = image && edgeLetters(image.facts, image.facts, matrix);
    for (const [index, edge] of (['left', 'right', 'top', 'bottom'] as const).entries()) {
      const letter = letters[index];
      if (letter !== undefined) letter.textContent = lettersNow?.[edge] ?? '';
    }
    showScale(state, image && calibrationOfAll(image.facts));
    const study = studyOf(state.series);
    const { at, of } = positionOf(state.series, state.slice);
    const when = study?.studyDate ? studyDate(study.studyDate) : '';
    what.textContent = [
      shared.isPrior(state.series) ? `Prior${when === '' ? '' : `, ${when}`}` : '',
      seriesTitle(state.series),
      of > 1 ? `${at} / ${of}` : '',
    ]
      .filter((part) => part !== '')
      .join(' · ');
    const { rows, columns, preview } = state.instance;
    facts.textContent =
      preview.placeholder ?? (rows === null || columns === null ? '' : `${columns} × ${rows}`);
    const pixels = image === undefined ? 1 : magnification(image.facts, size, place);
    const shownWindow = image?.grey === undefined ? state.window : state.look.window;
    looks.textContent =
      phase === 'document'
        ? ''
        : [
            `${Math.round(pixels * 100)} %`,
            shownWindow === undefined || isSameWindow(shownWindow, undefined) ? '' : windowText(shownWindow),
            state.look.isInverted ? 'inverted' : '',
            place.rotation === 0 ? '' : `turned ${place.rotation}°`,
            place.isMirrored ? 'mirrored' : '',
          ]
            .filter((part) => part !== '')
            .join(' · ');
  }

  function showScale({ image, size, place }: PaneState, calibration: Calibration | undefined): void {
    const isTurned = place.rotation % 180 !== 0;
    scale.hidden = image === undefined || calibration?.kind !== 'length';
    if (image === undefined || calibration?.kind !== 'length') return;
    const across = magnification(image.facts, size, place);
    const perMillimetre = isTurned ? (across * image.facts.aspect) / calibration.y : across / calibration.x;
    const { millimetres, pixels } = scaleBar(perMillimetre);
    const [text, bar] = [scale.firstElementChild, scale.lastElementChild];
    const length = millimetres >= 10 ? `${millimetres / 10} cm` : `${millimetres} mm`;
    if (text !== null)
      text.textContent =
        calibration.note === undefined
          ? length
          : `≈ ${length} ${calibration.note.replace(/^approximate \((.*)\)$/, '$1')}`;
    if (bar instanceof HTMLElement) bar.style.width = `${pixels}px`;
  }

  const toImage = (at: Point): Point => apply(invert(pane.state().matrix), at);
  const toPane = (at: Point): Point => apply(pane.state().matrix, at);

  listenForGestures(pane.element, {
    grab(at, isTouch) {
      const state = pane.state();
      if (state.image === undefined) return false;
      const held = handleAt(marks.of(key()), toPane, at, isTouch ? REACH.touch : REACH.mouse);
      if (held !== undefined) {
        marks.choose(key(), held.mark.id, held.handle);
        redraw();
        return true;
      }
      marks.clearChoice();
      const tool = shared.tool();
      if (!isMarkKind(tool)) {
        redraw();
        return false;
      }
      const point = toImage(at);
      marks.add(key(), tool, [point, point]);
      drawn = at;
      return true;
    },
    drag(at) {
      marks.moveTo(toImage(at));
      redraw();
    },
    drop(isGivenUp) {
      const chosen = marks.chosen();
      if (drawn !== undefined && chosen !== undefined) {
        const [a, b] = chosen.mark.points as [Point, Point];
        const [from, to] = [toPane(a), toPane(b)];
        const isSlip = Math.hypot(from.x - to.x, from.y - to.y) < SLIP_PIXELS;
        if (isGivenUp || isSlip) marks.removeChosen();
        else if (chosen.mark.kind === 'angle') {
          marks.removeChosen();
          marks.add(key(), 'angle', withSecondArm([a, b]));
        }
      }
      drawn = undefined;
      redraw();
      shared.changed(view);
    },
    dragTool: () => {
      const tool = shared.tool();
      return isMarkKind(tool) ? 'scroll' : tool;
    },
    scroll: (steps) => shared.scroll(view, steps),
    window: pane.dragWindow,
    windowBegins: pane.beginWindow,
    zoom: pane.zoom,
    pan: pane.pan,
    toggleZoom: (at) => pane.zoom(pane.state().place.scale > 1 ? 0 : 2.5, at),
    isZoomed: () => pane.state().place.scale > 1,
    pixelsPerStep: () => {
      const { series: of, slice: where, size } = pane.state();
      return Math.min(40, Math.max(5, size.height / (1.5 * positionOf(of, where).of)));
    },
  });

  const view: PaneView = {
    pane,
    element: pane.element,
    key,
    shapes,
    says: () => {
      const state = pane.state();
      return marks.of(key()).map((mark) => `${MARK_NAMES[mark.kind]}: ${describe(state, mark).join(', ')}`);
    },
    shutters,
    overlays: () => (shared.showsAnnotations() && overlays?.key === key() ? overlays.canvas : undefined),
    redraw,
    close() {
      document_?.close();
      pane.close();
    },
  };
  return view;
}
