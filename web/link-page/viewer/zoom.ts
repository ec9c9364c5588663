/** Where the film lies in the stage: enlarged by `scale` about its middle and moved by `x` and `y` in pixels of the screen. */

export interface Place {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export interface Extent {
  readonly width: number;
  readonly height: number;
}

export const FITTED: Place = { scale: 1, x: 0, y: 0 };
const MOST = 12;

/** Enlarged by a factor so that the point (from the middle of the stage) stays where it is. */
export function zoomedAt(
  place: Place,
  factor: number,
  point: { x: number; y: number },
  stage: Extent,
): Place {
  const scale = Math.min(MOST, Math.max(1, place.scale * factor));
  const kept = scale / place.scale;
  return within(
    { scale, x: point.x - (point.x - place.x) * kept, y: point.y - (point.y - place.y) * kept },
    stage,
  );
}

/** Moved, but never so far that the film leaves the stage. */
export function moved(place: Place, x: number, y: number, stage: Extent): Place {
  return within({ ...place, x: place.x + x, y: place.y + y }, stage);
}

function within({ scale, x, y }: Place, { width, height }: Extent): Place {
  const bounded = (value: number, side: number) => {
    const most = ((scale - 1) * side) / 2;
    return Math.min(most, Math.max(-most, value));
  };
  return scale === 1 ? FITTED : { scale, x: bounded(x, width), y: bounded(y, height) };
}

/** Longest sides that can be asked for. */
const SIZES = [512, 1024, 2048] as const;

/** The smallest size that loses nothing the screen could show; a quarter of its pixels is not missed. */
export function sizeFor(image: Extent | undefined, shown: Extent, pixelRatio: number): number {
  const screen = Math.max(shown.width, shown.height) * pixelRatio * 0.75;
  const needed = image === undefined ? screen : Math.min(screen, Math.max(image.width, image.height));
  return SIZES.find((size) => size >= needed) ?? 2048;
}
