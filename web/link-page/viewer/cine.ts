/** Plays a stack: a frame in its time where it is there, later where it is not; never one that is skipped, never one too fast. */

export interface CineTargets {
  /** Whether the frame that comes next is at hand. */
  isNextThere(): boolean;
  /** Fetches what comes after; resolves when so many are there or will not come. */
  fetchAhead(frames: number): Promise<void>;
  next(): void;
  changed(): void;
}

export interface Cine {
  isPlaying(): boolean;
  play(milliseconds: number): void;
  pause(): void;
}

const AHEAD = 8;
/** A screen shows no more than some sixty pictures a second. */
const FASTEST_MS = 16;

export function openCine(to: CineTargets): Cine {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isPlaying = false;
  let isFetching = false;

  const fetchAhead = (): void => {
    if (isFetching) return;
    isFetching = true;
    to.fetchAhead(AHEAD)
      .catch(() => undefined)
      .finally(() => {
        isFetching = false;
      });
  };
  const step = (period: number, due: number): void => {
    if (!isPlaying) return;
    const now = performance.now();
    let next = due;
    if (now >= due && to.isNextThere()) {
      to.next();
      // Late frames are not made up for by fast ones.
      next = Math.max(due + period, now);
    }
    fetchAhead();
    timer = setTimeout(() => step(period, next), Math.max(4, Math.min(period, next - performance.now())));
  };

  return {
    isPlaying: () => isPlaying,
    play(milliseconds) {
      clearTimeout(timer);
      isPlaying = true;
      step(Math.max(FASTEST_MS, milliseconds), performance.now());
      to.changed();
    },
    pause() {
      if (!isPlaying) return;
      isPlaying = false;
      clearTimeout(timer);
      to.changed();
    },
  };
}
