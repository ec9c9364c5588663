/**
 * A film in the browser's own player, which fetches it piece by piece. What a browser cannot play is told, and is at hand to be saved:
 * which form it is in stands in the head of the answer, as the file itself does not say.
 */
import type { InstanceSummary, SeriesSummary } from '../../../shared/contract/study-summary.ts';
import { filmUrl, stillUrl } from '../api.ts';
import { make } from '../dom.ts';
import { describeImage } from '../preview.ts';

/** A longer film cannot be sent in one piece; default 150 MB. It is in the download of the study, which can. */
const LONGEST_SAVED = 150_000_000;

const ENDINGS: Readonly<Record<string, string>> = {
  'video/mp4': 'mp4',
  'video/mp2t': 'ts',
  'video/mpeg': 'mpg',
  'video/h264': 'h264',
  'video/h265': 'h265',
};

/** Keys of the player, which so do not go on to the next image. */
const PLAYS = new Set(['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Home', 'End', ' ']);

/** Whether there is a film in place of a picture. */
export function isFilm({ preview }: InstanceSummary): boolean {
  return preview.placeholder === 'video';
}

/** Fills the element with the film, or with what stands for it. */
export async function showFilm(
  element: HTMLElement,
  series: SeriesSummary,
  instance: InstanceSummary,
  image: number,
): Promise<void> {
  const url = filmUrl(series, instance);
  const response = await fetch(url, { method: 'HEAD' });
  if (!response.ok) throw new Error(`the film could not be fetched: ${response.status}`);
  if (!element.isConnected) return;
  const type = (response.headers.get('content-type') ?? '').split(';')[0] ?? '';
  const save = saving(url, instance, ENDINGS[type] ?? 'bin');
  const cannot = () =>
    element.replaceChildren(
      make('img', { src: stillUrl(series, instance), alt: describeImage(series, image), class: 'page' }),
      make(
        'p',
        { class: 'note', role: 'status' },
        'This browser cannot play the film. A video player on your device may: save it, or download the study.',
      ),
      save,
    );
  if (type !== 'video/mp4') return cannot();
  const player = make('video', {
    class: 'page',
    controls: true,
    playsinline: true,
    preload: 'metadata',
    'aria-label': `${describeImage(series, image)}, film`,
    src: url,
  });
  player.addEventListener('error', cannot);
  player.addEventListener('keydown', (event) => {
    if (PLAYS.has(event.key)) event.stopPropagation();
  });
  element.replaceChildren(player, save);
}

/** Ends what plays within: a player that is only taken out of the page is heard on. */
export function endFilms(element: HTMLElement): void {
  for (const player of element.querySelectorAll('video')) {
    player.pause();
    player.removeAttribute('src');
    player.load();
  }
}

function saving(url: string, { bytes }: InstanceSummary, ending: string): HTMLElement | '' {
  if (bytes > LONGEST_SAVED) return '';
  return make('a', { class: 'button', href: url, download: `film.${ending}` }, 'Save the film');
}
