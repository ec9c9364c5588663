/**
 * A film in the browser's own player, which fetches it piece by piece; a transport stream is put into MP4 first. What a browser cannot
 * play is told, and is at hand to be saved: which form it is in stands in the head of the answer.
 */
import type { InstanceSummary, SeriesSummary } from '../../../shared/contract/study-summary.ts';
import { filmUrl, stillUrl } from '../api.ts';
import { make } from '../dom.ts';
import { describeImage } from '../preview.ts';

/** A longer film cannot be sent in one piece; default 150 MB. It is in the download of the study, which can. */
const LONGEST_SAVED = 150_000_000;

/** A transport stream is loaded whole to be put into another container; default 100 MB, which a phone has room for. */
const LONGEST_REPACKED = 100_000_000;

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
  const source = type === 'video/mp4' ? url : await repacked(element, url, type, instance);
  if (source === undefined) return cannot();
  if (!element.isConnected) return;
  const player = make('video', {
    class: 'page',
    controls: true,
    playsinline: true,
    preload: 'metadata',
    'aria-label': describeImage(series, image),
    src: source,
  });
  player.addEventListener('error', cannot);
  player.addEventListener('keydown', (event) => {
    if (PLAYS.has(event.key)) event.stopPropagation();
  });
  element.replaceChildren(player, save);
}

/** An address of the film in the container that browsers play; undefined where it is of no form that can be put into it. */
async function repacked(
  element: HTMLElement,
  url: string,
  type: string,
  { bytes, columns, rows }: InstanceSummary,
): Promise<string | undefined> {
  if (type !== 'video/mp2t' || bytes > LONGEST_REPACKED || columns === null || rows === null)
    return undefined;
  const left = new AbortController();
  element.addEventListener('close', () => left.abort(), { once: true });
  element.replaceChildren(
    make('p', { class: 'note', role: 'status' }, `Loading the film (${Math.ceil(bytes / 1_000_000)} MB)…`),
  );
  const [response, { asMp4 }] = await Promise.all([
    fetch(url, { signal: left.signal }),
    import('../film/as-mp4.ts'),
  ]);
  if (!response.ok) throw new Error(`the film could not be fetched: ${response.status}`);
  const stream = new Uint8Array(await response.arrayBuffer());
  const file = asMp4(stream, { width: columns, height: rows });
  if (file === undefined || left.signal.aborted) return undefined;
  const address = URL.createObjectURL(file);
  element.addEventListener('close', () => URL.revokeObjectURL(address), { once: true });
  return address;
}

/** Ends what plays within: a player that is only taken out of the page is heard on. */
export function endFilms(element: HTMLElement): void {
  element.dispatchEvent(new Event('close'));
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
