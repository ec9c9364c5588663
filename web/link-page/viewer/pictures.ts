/**
 * Large pictures: fetched once, decoded before they are shown, and kept while they are likely to be looked at again. One that
 * is not wanted any more is given up, so that scrolling past does not queue up what nobody sees.
 */
import type { InstanceSummary, SeriesSummary } from '../../../shared/contract/study-summary.ts';
import { pictureUrl } from '../api.ts';
import { parseShownWindow, type ShownWindow, type Window } from './windowing.ts';

export interface PictureWish {
  readonly series: SeriesSummary;
  readonly instance: InstanceSummary;
  readonly frame?: number | undefined;
  readonly size: number;
  readonly window?: Window | undefined;
  readonly inverted: boolean;
}

export interface LargePicture {
  readonly url: string;
  readonly image: HTMLImageElement;
  /** Absent for colours, and for greys by a table. */
  readonly window: ShownWindow | undefined;
  readonly inverted: boolean;
}

/** Pictures kept; default 32: some seconds of scrolling to and fro, 10 MB at the most usual size. */
const MOST_KEPT = 32;

export interface Pictures {
  /** The picture where it is at hand. */
  find(wish: PictureWish): LargePicture | undefined;
  /** Rejects with an `AbortError` where it was given up. */
  fetch(wish: PictureWish): Promise<LargePicture>;
  /** Gives up what is under way but for these. */
  keepOnly(wishes: readonly PictureWish[]): void;
  clear(): void;
}

export function openPictures(): Pictures {
  const kept = new Map<string, LargePicture>();
  const pending = new Map<
    string,
    { readonly promise: Promise<LargePicture>; readonly abort: AbortController }
  >();

  const keep = (key: string, picture: LargePicture): void => {
    kept.set(key, picture);
    for (const [oldest, { image }] of kept) {
      if (kept.size <= MOST_KEPT) break;
      URL.revokeObjectURL(image.src);
      kept.delete(oldest);
    }
  };
  const find = (wish: PictureWish): LargePicture | undefined => {
    const key = pictureUrl(wish);
    const found = kept.get(key);
    if (found === undefined) return undefined;
    kept.delete(key);
    kept.set(key, found);
    return found;
  };
  const load = async (url: string, inverted: boolean, signal: AbortSignal): Promise<LargePicture> => {
    const response = await fetch(url, { signal });
    if (!response.ok) throw new Error(`the picture could not be fetched: ${response.status}`);
    const image = new Image();
    image.decoding = 'async';
    image.draggable = false;
    image.src = URL.createObjectURL(await response.blob());
    await image.decode();
    return { url, image, inverted, window: parseShownWindow(response.headers.get('filmroom-window')) };
  };

  return {
    find,
    fetch(wish) {
      const url = pictureUrl(wish);
      const found = find(wish);
      if (found !== undefined) return Promise.resolve(found);
      const under = pending.get(url);
      if (under !== undefined) return under.promise;
      const abort = new AbortController();
      const promise = load(url, wish.inverted, abort.signal)
        .then((picture) => {
          keep(url, picture);
          return picture;
        })
        .finally(() => pending.delete(url));
      pending.set(url, { promise, abort });
      return promise;
    },
    keepOnly(wishes) {
      const wanted = new Set(wishes.map(pictureUrl));
      for (const [url, { abort }] of pending) if (!wanted.has(url)) abort.abort();
    },
    clear() {
      for (const { abort } of pending.values()) abort.abort();
      for (const { image } of kept.values()) URL.revokeObjectURL(image.src);
      kept.clear();
    },
  };
}
