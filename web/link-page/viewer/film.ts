/**
 * The picture in the stage: the preview at once, the large picture over it as soon as it is there, and in between the one at
 * hand made to look like the one that is awaited.
 */
import { make } from '../dom.ts';
import type { LargePicture } from './pictures.ts';
import { filterBetween, PLAIN, type ShownWindow, type Window } from './windowing.ts';
import type { Place } from './zoom.ts';

export interface Film {
  readonly element: HTMLElement;
  /** The preview of an image, and no large picture yet; `own` is the window it is known or believed to be shown by. */
  showPreview(url: string, alt: string, own: ShownWindow | undefined): void;
  showPicture(picture: LargePicture, alt: string): void;
  /** A moving picture over all others; undefined takes it away. */
  showCine(url: string | undefined): void;
  /** How it is to look: a window where one was chosen, else the one of the picture itself. */
  look(window: Window | undefined, inverted: boolean): void;
  place(place: Place): void;
}

export function openFilm(): Film {
  const under = make('img', { class: 'preview', alt: '', draggable: 'false' });
  under.addEventListener('error', () => under.classList.add('failed'));
  under.addEventListener('load', () => under.classList.remove('failed'));
  const element = make('div', { class: 'film' }, under);
  let over: HTMLImageElement | undefined;
  let cine: HTMLImageElement | undefined;
  const own = new WeakMap<HTMLImageElement, { window: ShownWindow | undefined; inverted: boolean }>();
  let wanted: { window: Window | undefined; inverted: boolean } = { window: undefined, inverted: false };

  const paint = (): void => {
    for (const image of [under, over, cine]) {
      if (image === undefined) continue;
      const shown = own.get(image);
      const window = shown?.window ?? PLAIN;
      const filter = filterBetween(
        { window, inverted: shown?.inverted ?? false },
        { window: wanted.window ?? window, inverted: wanted.inverted },
      );
      image.style.filter = filter;
    }
  };
  const takeOver = (next: HTMLImageElement | undefined): void => {
    if (over !== next) over?.remove();
    over = next;
  };

  return {
    element,
    showPreview(url, alt, window) {
      takeOver(undefined);
      under.hidden = false;
      if (under.getAttribute('src') !== url) under.src = url;
      under.alt = alt;
      own.set(under, { window, inverted: false });
      paint();
    },
    showPicture({ image, window, inverted }, alt) {
      image.className = 'picture-large';
      image.alt = alt;
      under.alt = '';
      own.set(image, { window, inverted });
      if (image !== over) {
        if (cine === undefined) element.append(image);
        else cine.before(image);
      }
      takeOver(image);
      // It may be of another shape than the picture over it.
      under.hidden = true;
      paint();
    },
    showCine(url) {
      cine?.remove();
      cine =
        url === undefined ? undefined : make('img', { class: 'cine', alt: '', draggable: 'false', src: url });
      if (cine !== undefined) {
        own.set(cine, own.get(under) ?? { window: undefined, inverted: false });
        element.append(cine);
      }
      paint();
    },
    look(window, inverted) {
      wanted = { window, inverted };
      paint();
    },
    place({ scale, x, y }) {
      element.style.transform = scale === 1 ? '' : `translate(${x}px, ${y}px) scale(${scale})`;
    },
  };
}
