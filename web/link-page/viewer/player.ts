/** Plays a cine in the film and says which frame is to be seen; there is one player to an image view. */
import type { InstanceSummary, SeriesSummary } from '../../../shared/contract/study-summary.ts';
import { previewUrl } from '../api.ts';
import { type Cine, frameAt, readCine } from './cine.ts';
import type { Film } from './film.ts';
import { framesOf } from './stack.ts';

export interface Player {
  isPlaying(): boolean;
  /** Begins to play; false where the image does not move. */
  play(series: SeriesSummary, instance: InstanceSummary): Promise<boolean>;
  /** Stops; the frame that was seen last, from 1, where it played. */
  pause(): number | undefined;
}

/** `seen` is told the frame as it changes. */
export function openPlayer(film: Film, seen: (frame: number) => void): Player {
  let playing:
    | { readonly url: string; readonly ticks: ReturnType<typeof setInterval>; now(): number }
    | undefined;

  const start = (bytes: ArrayBuffer, cine: Cine, frames: number): void => {
    // An address of its own: a picture that is shown anew begins at its first frame.
    const url = URL.createObjectURL(new Blob([bytes], { type: 'image/webp' }));
    const began = performance.now();
    const now = () => frameAt(cine, frames, performance.now() - began);
    film.showCine(url);
    playing = { url, now, ticks: setInterval(() => seen(now()), Math.max(100, cine.delay)) };
  };
  const pause = (): number | undefined => {
    if (playing === undefined) return undefined;
    const { url, ticks, now } = playing;
    const frame = now();
    clearInterval(ticks);
    playing = undefined;
    film.showCine(undefined);
    URL.revokeObjectURL(url);
    return frame;
  };

  return {
    isPlaying: () => playing !== undefined,
    async play(series, instance) {
      const response = await fetch(previewUrl(series, instance));
      if (!response.ok) return false;
      const bytes = await response.arrayBuffer();
      const cine = readCine(bytes);
      if (cine === undefined) return false;
      pause();
      start(bytes, cine, framesOf(instance));
      return true;
    },
    pause,
  };
}
