/**
 * Scrolling through a series on its card: moving a mouse over the picture, dragging a finger across it, or the arrow keys. The
 * tiles come from the sprite of the series, or from its previews where it has none; nothing is fetched before it is asked for.
 */
import type { SeriesSummary } from '../../shared/contract/study-summary.ts';
import { previewUrl, spriteUrl } from './api.ts';
import { announce, make } from './dom.ts';
import { scrubPositions, tileAt, tilePosition } from './scrub-tiles.ts';

/** A finger that moved so far across is scrolling the series, and not following the link. */
const DRAG_PIXELS = 8;

/** Lets the picture on the card be scrolled through. */
export function scrubs(card: HTMLElement, picture: HTMLElement, series: SeriesSummary): void {
  const positions = scrubPositions(series);
  if (positions.length < 2) return;
  const bar = make('span', { class: 'scrub-bar', 'aria-hidden': 'true' });
  const layer = make('span', { class: 'scrub', 'aria-hidden': 'true' }, bar);
  let shown: number | undefined;

  const show = (tile: number): void => {
    if (tile === shown) return;
    shown = tile;
    const { sprite } = series;
    const instance = series.instances[positions[tile] ?? 0];
    if (sprite !== undefined) {
      const [x, y] = tilePosition(tile, sprite.columns, sprite.rows);
      layer.style.backgroundImage = `url("${spriteUrl(series, sprite)}")`;
      layer.style.backgroundSize = `${sprite.columns * 100}% ${sprite.rows * 100}%`;
      layer.style.backgroundPosition = `${x}% ${y}%`;
    } else if (instance !== undefined) {
      layer.style.backgroundImage = `url("${previewUrl(series, instance)}")`;
      layer.style.backgroundSize = 'contain';
      layer.style.backgroundPosition = 'center';
    }
    bar.style.width = `${(100 * (tile + 1)) / positions.length}%`;
    // Below the badge, which stays.
    if (layer.parentElement === null) picture.lastElementChild?.before(layer);
  };
  const hide = (): void => {
    shown = undefined;
    layer.remove();
  };
  const showUnder = ({ clientX }: PointerEvent): void => {
    const { left, width } = picture.getBoundingClientRect();
    show(tileAt((clientX - left) / width, positions.length));
  };

  let touch: { readonly x: number; dragged: boolean } | undefined;
  picture.addEventListener('pointerdown', (event) => {
    if (event.pointerType !== 'mouse') touch = { x: event.clientX, dragged: false };
  });
  picture.addEventListener('pointermove', (event) => {
    if (event.pointerType === 'mouse') showUnder(event);
    else if (touch !== undefined && (touch.dragged || Math.abs(event.clientX - touch.x) > DRAG_PIXELS)) {
      touch.dragged = true;
      showUnder(event);
    }
  });
  picture.addEventListener('pointerleave', hide);
  picture.addEventListener('pointercancel', hide);
  card.addEventListener('click', (event) => {
    if (touch?.dragged === true) event.preventDefault();
    touch = undefined;
  });
  card.addEventListener('dragstart', (event) => event.preventDefault());
  card.addEventListener('keydown', (event) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const from = shown ?? Math.floor(positions.length / 2);
    show(Math.min(positions.length - 1, Math.max(0, from + step)));
    announce(`Image ${(positions[shown ?? 0] ?? 0) + 1} of ${series.instances.length}`);
  });
  card.addEventListener('blur', hide);
}
