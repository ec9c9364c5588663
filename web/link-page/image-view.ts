/**
 * The images of a series, large, over its page. The dialog opens at once with the preview; the viewer is fetched meanwhile and takes its
 * place over the very same picture.
 */
import type { SeriesSummary, StudySummary } from '../../shared/contract/study-summary.ts';
import { stillUrl } from './api.ts';
import { make } from './dom.ts';
import { studyTitle } from './format.ts';
import type { Identity } from './identity.ts';
import { describeImage } from './preview.ts';
import { imageRoute, seriesRoute, studyRoute } from './route.ts';
import { iconButton } from './viewer/icons.ts';
import { firstSlice } from './viewer/stack.ts';
import type { Workspace } from './viewer/start.ts';

/** What the link shows beside the study itself. */
export interface Beside {
  readonly priors: readonly StudySummary[];
  readonly identified: Identity | undefined;
}

interface OpenImage {
  show(series: SeriesSummary, image: number): void;
  close(): void;
}
let open: OpenImage | undefined;
let cameFrom: HTMLElement | undefined;

/** The viewer, which is many times the size of the page. */
const fetchViewer = () => import('./viewer/workspace.ts');

/** Fetches it when the page has its previews and is at rest, so that it is there when an image is wanted and in nobody's way before. */
export async function fetchViewerAhead(): Promise<void> {
  const waited = [...document.images].filter(({ loading, complete }) => loading !== 'lazy' && !complete);
  await Promise.allSettled(waited.map((image) => image.decode()));
  const fetchIt = () => fetchViewer().catch(() => undefined);
  if ('requestIdleCallback' in globalThis) requestIdleCallback(fetchIt, { timeout: 5_000 });
  else setTimeout(fetchIt, 1_500);
}

/** Takes the images away, if any are shown. */
export function closeImage(): void {
  open?.close();
  open = undefined;
}

/** Shows an image; where the viewer is open already it goes there. */
export function showImage(
  study: StudySummary,
  seriesIndex: number,
  index: number,
  beside: Promise<Beside>,
): void {
  const series = study.series[seriesIndex];
  if (series?.instances[index] === undefined) {
    closeImage();
    return;
  }
  if (open !== undefined) open.show(series, index);
  else open = openDialog(study, series, index, beside);
}

function openDialog(
  study: StudySummary,
  first: SeriesSummary,
  index: number,
  beside: Promise<Beside>,
): OpenImage {
  cameFrom = document.activeElement instanceof HTMLElement ? document.activeElement : undefined;
  let shown = { series: first, image: index };
  let workspace: Workspace | undefined;
  let isClosed = false;

  const leave = () =>
    location.replace(isTile(cameFrom) ? seriesRoute(Math.max(0, ownPosition())) : studyRoute());
  // A prior's series has no page of its own.
  const ownPosition = () => study.series.indexOf(shown.series);
  const instance = first.instances[index];
  const stage = make(
    'div',
    { class: 'stage' },
    make(
      'div',
      { class: 'panes', 'data-layout': 1 },
      make(
        'div',
        { class: 'pane' },
        instance === undefined
          ? null
          : make('img', { class: 'first', src: stillUrl(first, instance), alt: describeImage(first, index) }),
        make('span', { class: 'progress', 'aria-hidden': 'true' }),
      ),
    ),
  );
  const title = make('strong', {}, studyTitle(study));
  const person = make('span', { class: 'person' });
  const buttons = make('div', { class: 'buttons' });
  const header = make(
    'header',
    {},
    make('p', {}, title, person),
    make('p', { class: 'not-diagnostic' }, 'Not for diagnosis'),
    buttons,
    iconButton('close', 'Close (Esc)', leave),
  );
  const footer = make('footer', {});
  const view = make(
    'dialog',
    { class: 'large', 'aria-label': 'Images', 'data-state': 'loading' },
    make('div', { class: 'frame' }, header, stage, footer),
  );
  view.addEventListener('cancel', (event) => {
    if (event.target !== view) return;
    event.preventDefault();
    const help = view.querySelector<HTMLElement>('.help-panel');
    if (help === null || help.hidden) leave();
    else workspace?.toggleHelp();
  });
  const failed = () => {
    const retry = make('button', { type: 'button', class: 'button' }, 'Try again');
    retry.addEventListener('click', () => {
      retry.parentElement?.remove();
      void start();
    });
    stage.append(
      make(
        'div',
        { class: 'problem', role: 'alert' },
        make('span', {}, 'The viewer could not be loaded.'),
        retry,
      ),
    );
  };
  const start = async (): Promise<void> => {
    try {
      const [{ openWorkspace }, { priors, identified }] = await Promise.all([fetchViewer(), beside]);
      if (isClosed) return;
      if (identified !== undefined) person.textContent = `${identified.name}, ${identified.birthDate}`;
      workspace = openWorkspace({
        study,
        priors,
        series: shown.series,
        slice: firstSlice(shown.series, shown.image),
        dialog: view,
        header: buttons,
        stage,
        footer,
        identified,
        moved(series, image) {
          shown = { series, image };
          const at = ownPosition();
          if (at >= 0) history.replaceState(null, '', imageRoute(at, image));
        },
      });
    } catch (error) {
      // For whoever is called to look at it: it holds nothing of the study.
      console.error(error);
      if (!isClosed) failed();
    }
  };

  document.body.append(view);
  view.showModal();
  void start();
  return {
    show(series, image) {
      if (series === shown.series && image === shown.image) return;
      shown = { series, image };
      workspace?.show(series, firstSlice(series, image));
    },
    close() {
      isClosed = true;
      workspace?.close();
      view.close();
      view.remove();
      const tile = isTile(cameFrom) ? document.getElementById(`image-${shown.image}`) : null;
      (tile ?? cameFrom)?.focus();
    },
  };
}

const isTile = (element: HTMLElement | undefined) => element?.classList.contains('tile') === true;
