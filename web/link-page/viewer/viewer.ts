/**
 * The image view of one series: what is shown of it and how, and what becomes of it by scrolling, windowing and enlarging. The
 * dialog around it and its bars only show this state and call what is returned here.
 */
import type { InstanceSummary, SeriesSummary } from '../../../shared/contract/study-summary.ts';
import { stillUrl } from '../api.ts';
import { describeImage } from '../preview.ts';
import { type Film, openFilm } from './film.ts';
import { type LargePicture, openPictures, type PictureWish } from './pictures.ts';
import { framesOf, hasPicture, positionOf, type Slice, sliceAt, soonWanted } from './stack.ts';
import {
  draggedWindow,
  isSameWindow,
  PLAIN,
  type Preset,
  presetsFor,
  type ShownWindow,
  type Window,
} from './windowing.ts';
import { FITTED, moved, type Place, sizeFor, zoomedAt } from './zoom.ts';

export interface ViewerState {
  readonly slice: Slice;
  readonly instance: InstanceSummary;
  readonly window: Window | undefined;
  /** The window in force, where there is one to speak of. */
  readonly shownWindow: Window | undefined;
  readonly presets: readonly Preset[];
  readonly inverted: boolean;
  readonly place: Place;
  readonly loading: boolean;
  readonly failed: boolean;
}

export interface Viewer {
  readonly film: Film;
  state(): ViewerState;
  show(slice: Slice): void;
  scroll(steps: number): void;
  setWindow(window: Window | undefined): void;
  beginWindow(): void;
  dragWindow(across: number, down: number): void;
  invert(): void;
  zoom(factor: number, at?: { x: number; y: number }): void;
  pan(x: number, y: number): void;
  reset(): void;
  close(): void;
}

/** A wheel that turns asks for nothing until it rests so long. */
const REST_MS = 90;

/** `stage` is the room for the picture; `changed` is called after whatever happens. */
export function openViewer(
  series: SeriesSummary,
  first: Slice,
  stage: () => DOMRect,
  changed: () => void,
): Viewer {
  const film = openFilm();
  const pictures = openPictures();
  let slice = first;
  let window: Window | undefined;
  let inverted = false;
  let place: Place = FITTED;
  let direction: 1 | -1 = 1;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let shown: LargePicture | undefined;
  let loading = false;
  let failed = false;
  let dragged: ShownWindow = PLAIN;
  let seen: number | undefined;
  /** The window that images ask for themselves: of the last one, neighbours mostly ask for the same. */
  let own: ShownWindow | undefined;

  const instanceOf = ({ image }: Slice): InstanceSummary => series.instances[image] as InstanceSummary;
  const altOf = (of: Slice): string => {
    const which = describeImage(series, of.image);
    return of.frame === undefined ? which : `${which}, frame ${of.frame} of ${framesOf(instanceOf(of))}`;
  };
  const wishFor = (of: Slice): PictureWish => {
    const instance = instanceOf(of);
    const { rows, columns } = instance;
    const natural = rows === null || columns === null ? undefined : { width: columns, height: rows };
    const { width, height } = stage();
    const room = { width: width * place.scale, height: height * place.scale };
    return {
      series,
      instance,
      frame: of.frame,
      size: sizeFor(natural, room, devicePixelRatio),
      // What has no window is shown by filters alone.
      window: own === undefined ? undefined : window,
      inverted: own !== undefined && inverted,
    };
  };

  const present = (picture: LargePicture): void => {
    shown = picture;
    loading = false;
    failed = false;
    if (window === undefined) own = picture.window;
    film.showPicture(picture, altOf(slice));
  };

  const request = async (): Promise<void> => {
    const at = slice;
    const wish = wishFor(at);
    const soon = soonWanted(series, at, direction).filter((one) => hasPicture(instanceOf(one)));
    pictures.keepOnly([wish, ...soon.map(wishFor)]);
    try {
      const picture = await pictures.fetch(wish);
      const now = wishFor(slice);
      if (at !== slice || now.inverted !== wish.inverted || !isSameWindow(now.window, wish.window)) return;
      present(picture);
      changed();
      // The neighbours wait until the picture is there: on a slow line it comes first.
      for (const one of soon) pictures.fetch(wishFor(one)).catch(() => undefined);
    } catch (error) {
      if (at !== slice || (error instanceof DOMException && error.name === 'AbortError')) return;
      loading = false;
      failed = true;
      changed();
    }
  };

  /** Asks for the picture of what is shown now: at once where it is at hand, else when it has rested. */
  const want = (rest = REST_MS): void => {
    clearTimeout(timer);
    if (!hasPicture(instanceOf(slice))) {
      loading = false;
      return;
    }
    const found = pictures.find(wishFor(slice));
    if (found !== undefined) present(found);
    loading = found === undefined;
    timer = setTimeout(request, rest);
  };

  const show = (next: Slice, rest?: number): void => {
    const isOther = next.image !== seen;
    slice = next;
    seen = next.image;
    failed = false;
    if (isOther) {
      shown = undefined;
      // Large pictures at hand need no preview before them.
      if (!hasPicture(instanceOf(next)) || pictures.find(wishFor(next)) === undefined)
        film.showPreview(stillUrl(series, instanceOf(next)), altOf(next), own);
    }
    want(rest);
    changed();
  };
  const relook = (): void => {
    film.look(window, inverted);
    want(150);
    changed();
  };
  const replace = (next: Place): void => {
    const finer = next.scale > place.scale;
    place = next;
    film.place(place);
    if (finer) want(200);
    changed();
  };

  return {
    film,
    state: () => ({
      slice,
      instance: instanceOf(slice),
      window,
      shownWindow: window ?? shown?.window ?? own,
      presets: presetsFor(series.modality, own ?? PLAIN),
      inverted,
      place,
      loading,
      failed,
    }),
    show(next) {
      show(next, 0);
    },
    scroll(steps) {
      const { at } = positionOf(series, slice);
      const next = sliceAt(series, slice, at + steps);
      if (next.image === slice.image && next.frame === slice.frame) return;
      direction = steps < 0 ? -1 : 1;
      show(next);
    },
    setWindow(chosen) {
      window = chosen;
      relook();
    },
    beginWindow() {
      const base = own ?? PLAIN;
      dragged = { ...(window ?? base), falling: base.falling };
    },
    dragWindow(across, down) {
      window = draggedWindow(dragged, across, down);
      relook();
    },
    invert() {
      inverted = !inverted;
      relook();
    },
    zoom(factor, at = { x: 0, y: 0 }) {
      replace(zoomedAt(place, factor, at, stage()));
    },
    pan(x, y) {
      replace(moved(place, x, y, stage()));
    },
    reset() {
      window = undefined;
      inverted = false;
      place = FITTED;
      film.place(place);
      relook();
    },
    close() {
      clearTimeout(timer);
      pictures.clear();
    },
  };
}
