/** One image, large, over the page of its series: arrow keys, swipes and the wheel go through the stack. */
import type { StudySummary } from '../../shared/contract/study-summary.ts';
import { announce, make } from './dom.ts';
import { seriesTitle } from './format.ts';
import { describeImage, previewImage } from './preview.ts';
import { imageRoute, seriesRoute } from './route.ts';

const SWIPE_PIXELS = 40;
let dialog: HTMLDialogElement | undefined;

/** Takes the image away, if one is shown. */
export function closeImage(): void {
  dialog?.close();
  dialog?.remove();
  dialog = undefined;
}

/** Shows an image; moving on replaces the address, so that going back leads to the series at once. */
export function showImage(study: StudySummary, seriesIndex: number, index: number): void {
  closeImage();
  const series = study.series[seriesIndex];
  const instance = series?.instances[index];
  if (series === undefined || instance === undefined) return;
  const last = series.instances.length - 1;
  const go = (to: number) => {
    if (to >= 0 && to <= last && to !== index) location.replace(imageRoute(seriesIndex, to));
  };
  const leave = () => location.replace(seriesRoute(seriesIndex));

  const step = (label: string, sign: string, to: number, isEnd: boolean) => {
    const button = make(
      'button',
      { type: 'button', class: 'button round', 'aria-label': label, disabled: isEnd },
      sign,
    );
    button.addEventListener('click', () => go(to));
    return button;
  };
  const close = make('button', { type: 'button', class: 'button round', 'aria-label': 'Close' }, '✕');
  close.addEventListener('click', leave);
  const picture = previewImage(series, instance, { alt: describeImage(series, index), eager: true });

  const view = make(
    'dialog',
    { class: 'large', 'aria-label': describeImage(series, index) },
    make(
      'header',
      {},
      make('p', {}, make('strong', {}, seriesTitle(series)), make('span', {}, `${index + 1} / ${last + 1}`)),
      close,
    ),
    make('div', { class: 'stage' }, picture),
    make(
      'footer',
      {},
      step('Previous image', '‹', index - 1, index === 0),
      make('p', { class: 'detail' }, instance.preview.placeholder ?? sizeOf(instance.rows, instance.columns)),
      step('Next image', '›', index + 1, index === last),
    ),
  );
  listen(view, { go, leave, index, last });
  dialog = view;
  document.body.append(view);
  view.showModal();
  announce(describeImage(series, index));
}

function sizeOf(rows: number | null, columns: number | null): string {
  return rows === null || columns === null ? '' : `${columns} × ${rows}`;
}

interface Moves {
  readonly go: (to: number) => void;
  readonly leave: () => void;
  readonly index: number;
  readonly last: number;
}

function listen(view: HTMLDialogElement, { go, leave, index, last }: Moves): void {
  const keys: Readonly<Record<string, number>> = {
    ArrowLeft: index - 1,
    ArrowUp: index - 1,
    ArrowRight: index + 1,
    ArrowDown: index + 1,
    PageUp: Math.max(0, index - 10),
    PageDown: Math.min(last, index + 10),
    Home: 0,
    End: last,
  };
  view.addEventListener('keydown', (event) => {
    const to = keys[event.key];
    if (to === undefined) return;
    event.preventDefault();
    go(to);
  });
  view.addEventListener('cancel', (event) => {
    event.preventDefault();
    leave();
  });
  view.addEventListener('wheel', (event) => go(index + Math.sign(event.deltaY)), { passive: true });
  let start: number | undefined;
  view.addEventListener('pointerdown', (event) => {
    start = event.clientX;
  });
  view.addEventListener('pointerup', (event) => {
    const moved = start === undefined ? 0 : event.clientX - start;
    if (Math.abs(moved) > SWIPE_PIXELS) go(index - Math.sign(moved));
  });
}
