/**
 * One pane: the preview at once, the true image over it in the very same place as soon as it has come, and marks over both. The
 * workspace around it changes its state by the methods here and is told of every change.
 */
import type { InstanceSummary, SeriesSummary } from '../../../shared/contract/study-summary.ts';
import { pictureUrl, stillUrl } from '../api.ts';
import { make } from '../dom.ts';
import { describeImage } from '../preview.ts';
import { openCanvas } from './canvas.ts';
import {
  type Extent,
  FITTED,
  type Image,
  type Matrix,
  matrixOf,
  moved,
  type Place,
  turned,
  zoomedAt,
} from './geometry.ts';
import { imageAtHand, imageId, type LoadedImage, loadImage, stackOf } from './images.ts';
import type { Look } from './paint.ts';
import type { Pane, PaneState } from './pane-state.ts';
import { framesOf, hasPicture, positionOf, type Slice, sliceAt, soonWanted } from './stack.ts';
import { placeOfState } from './state-place.ts';
import {
  draggedWindow,
  filterBetween,
  PLAIN,
  presetsFor,
  type ShownWindow,
  type Window,
} from './windowing.ts';

/** A wheel that turns asks for nothing until it rests so long. */
const REST_MS = 70;
/** An image of more pixels takes its time: a picture of it stands meanwhile, and its neighbours are not fetched unasked. */
const LARGE_PIXELS = 1_500_000;

/** `changed` is called after whatever happens. */
export function openPane(first: SeriesSummary, at: Slice, changed: (pane: Pane) => void): Pane {
  const canvas = openCanvas();
  const under = make('img', { class: 'under', alt: '', draggable: 'false' });
  under.addEventListener('error', () => under.classList.add('failed'));
  under.addEventListener('load', () => under.classList.remove('failed'));
  const element = make('div', { class: 'pane', tabindex: 0, role: 'group' }, under, canvas.element);

  let series = first;
  let slice = at;
  let image: LoadedImage | undefined;
  /** The one before, whose window its neighbours mostly have too. */
  let lastShown: LoadedImage | undefined;
  let phase: PaneState['phase'] = 'loading';
  let window: Window | undefined;
  let table = -1;
  let isInverted = false;
  let place: Place = FITTED;
  let direction: 1 | -1 = 1;
  let dragged: ShownWindow = PLAIN;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Ends when another image is shown: what was on its way for this one is given up. */
  let asking = new AbortController();
  let size: Extent = { width: 1, height: 1 };

  const instance = (): InstanceSummary => series.instances[slice.image] as InstanceSummary;
  const extent = (): Image => {
    const known = image ?? (lastShown?.dataSet === undefined ? undefined : lastShown);
    const { rows, columns, preview } = instance();
    const isSame = known?.facts.rows === rows && known?.facts.columns === columns;
    if (known !== undefined && (image !== undefined || isSame)) return known.facts;
    if (rows === null || columns === null) return { rows: preview.height, columns: preview.width, aspect: 1 };
    // The preview tells of pixels that are not square; what is less is its rounding.
    const aspect = (preview.height / preview.width) * (columns / rows);
    return { rows, columns, aspect: Math.abs(aspect - 1) > 0.03 ? aspect : 1 };
  };
  const matrix = (): Matrix => matrixOf(extent(), size, place);
  const own = (): ShownWindow => {
    const known = image ?? lastShown;
    const falling = known?.facts.isInverse ?? false;
    return known?.window === undefined ? PLAIN : { ...known.window, falling };
  };
  const look = (): Look => {
    const asked = (image ?? lastShown)?.window;
    const base = asked ?? { ...PLAIN, function: 'LINEAR' as const };
    if (window === undefined) return { window: base, isInverted };
    return {
      window: {
        ...window,
        function: base.function === 'SIGMOID' ? 'SIGMOID' : window.width < 1 ? 'LINEAR_EXACT' : 'LINEAR',
      },
      isInverted,
    };
  };

  const paint = (): void => {
    const to = matrix();
    const { columns, rows } = extent();
    under.style.width = `${columns}px`;
    under.style.height = `${rows}px`;
    under.style.transform = `matrix(${to.join()})`;
    const base = own();
    const filter = filterBetween(
      { window: base, inverted: false },
      { window: window ?? base, inverted: isInverted },
    );
    under.style.filter = filter;
    canvas.element.style.filter = image?.grey === undefined ? filter : '';
    // Not taken out of the layout: a canvas without room would be made of another size.
    canvas.element.style.visibility = image === undefined ? 'hidden' : '';
    under.hidden = image !== undefined || phase === 'document';
    if (image !== undefined) canvas.render(image, look(), to, size);
    changed(pane);
  };
  const labelled = (): void => {
    const frame = slice.frame === undefined ? '' : `, frame ${slice.frame} of ${framesOf(instance())}`;
    element.setAttribute('aria-label', describeImage(series, slice.image) + frame);
  };

  const present = async (found: LoadedImage): Promise<void> => {
    const wanted = slice;
    const ids = stackOf(series, slice, table);
    try {
      await canvas.show(ids, ids.indexOf(found.id));
    } catch {
      // A graphics card that gives up: the preview stays, and says so.
      if (wanted === slice) fail();
      return;
    }
    if (wanted !== slice || found.id !== imageId(series, slice, table)) return;
    image = found;
    lastShown = found;
    phase = 'ready';
    paint();
  };
  const fail = (): void => {
    phase = 'failed';
    paint();
  };
  const isLarge = (): boolean => (instance().rows ?? 0) * (instance().columns ?? 0) > LARGE_PIXELS;
  /** Sharper than the preview, and here long before the image itself. */
  const showPicture = async (wanted: Slice): Promise<void> => {
    const { image: at, frame } = wanted;
    const url = pictureUrl({ series, instance: series.instances[at] as InstanceSummary, frame, size: 1024 });
    const picture = Object.assign(new Image(), { src: url });
    await picture.decode();
    if (wanted === slice && image === undefined) under.src = url;
  };
  const request = async (): Promise<void> => {
    const [wanted, id, of, { signal }] = [slice, imageId(series, slice, table), series, asking];
    try {
      if (isLarge()) showPicture(wanted).catch(() => undefined);
      const found = await loadImage(id, signal);
      if (wanted !== slice || of !== series) return;
      await present(found);
      if (isLarge()) return;
      // The neighbours wait until the image is there: on a slow line it comes first.
      for (const one of soonWanted(of, wanted, direction)) {
        if (wanted !== slice) return;
        const next = of.instances[one.image];
        if (next !== undefined && hasPicture(next))
          await loadImage(imageId(of, one, table), signal).catch(() => undefined);
      }
    } catch {
      if (wanted === slice && of === series) fail();
    }
  };
  const show = (next: Slice, rest = REST_MS): void => {
    slice = next;
    clearTimeout(timer);
    asking.abort();
    asking = new AbortController();
    labelled();
    if (!hasPicture(instance())) {
      image = undefined;
      phase = 'document';
      paint();
      return;
    }
    const found = imageAtHand(imageId(series, slice, table));
    if (found !== undefined) {
      phase = 'ready';
      void present(found);
      timer = setTimeout(request, REST_MS);
      changed(pane);
      return;
    }
    image = undefined;
    phase = 'loading';
    const url = stillUrl(series, instance());
    if (under.getAttribute('src') !== url) under.src = url;
    timer = setTimeout(request, rest);
    paint();
  };
  const relook = (next: Place): void => {
    place = next;
    paint();
  };

  const pane: Pane = {
    element,
    state: () => {
      const range = image?.grey && {
        center: (image.grey.low + image.grey.high) / 2,
        width: Math.max(1, image.grey.high - image.grey.low),
      };
      const facts = image?.facts;
      return {
        series,
        slice,
        instance: instance(),
        image,
        phase,
        look: look(),
        window,
        table,
        presets: presetsFor(
          series.modality,
          own(),
          facts && { windows: facts.windows, voiTables: facts.voiTables, range },
        ),
        place,
        matrix: matrix(),
        size,
      };
    },
    open(next, where) {
      series = next;
      lastShown = undefined;
      window = undefined;
      table = -1;
      isInverted = false;
      place = FITTED;
      show(where, 0);
    },
    show,
    scroll(steps) {
      const next = sliceAt(series, slice, positionOf(series, slice).at + steps);
      if (next.image === slice.image && next.frame === slice.frame) return false;
      direction = steps < 0 ? -1 : 1;
      show(next);
      return true;
    },
    choose(preset) {
      window = preset.window;
      if (preset.place !== undefined) place = placeOfState(preset.place, extent(), size);
      const wanted = preset.table ?? -1;
      if (wanted === table) {
        paint();
        return;
      }
      table = wanted;
      show(slice, 0);
    },
    beginWindow() {
      const base = own();
      dragged = { ...(window ?? base), falling: base.falling };
    },
    dragWindow(across, down) {
      window = draggedWindow(dragged, across, down);
      paint();
    },
    setWindow(next) {
      window = next;
      paint();
    },
    invert() {
      isInverted = !isInverted;
      paint();
    },
    zoom: (factor, point = { x: 0, y: 0 }) => relook(zoomedAt(place, factor, point, size)),
    pan: (x, y) => relook(moved(place, x, y, size)),
    turn: () => relook(turned(place)),
    mirror: () => relook({ ...place, isMirrored: !place.isMirrored }),
    reset() {
      window = undefined;
      isInverted = false;
      place = FITTED;
      if (table < 0) paint();
      else {
        table = -1;
        show(slice, 0);
      }
    },
    retry: () => show(slice, 0),
    resize() {
      const { width, height } = element.getBoundingClientRect();
      if (width < 1 || height < 1) return;
      size = { width, height };
      canvas.resize();
      paint();
    },
    close() {
      clearTimeout(timer);
      asking.abort();
      canvas.close();
      element.remove();
    },
  };
  return pane;
}
