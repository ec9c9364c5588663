/** Playing a cine: the moving preview, and which frame of the object it shows at a moment, so that a pause shows that one large. */

export interface Cine {
  /** Frames of the preview. */
  readonly shown: number;
  /** Milliseconds that each of them stands. */
  readonly delay: number;
}

/** What the frames of an animated WebP say (RFC 9649); undefined for a picture that stands still. */
export function readCine(webp: ArrayBuffer): Cine | undefined {
  const view = new DataView(webp);
  const name = (at: number) => String.fromCharCode(...new Uint8Array(webp, at, 4));
  if (view.byteLength < 12 || name(8) !== 'WEBP') return undefined;
  let shown = 0;
  let time = 0;
  for (let at = 12; at + 8 <= view.byteLength; ) {
    const length = view.getUint32(at + 4, true);
    if (name(at) === 'ANMF' && at + 24 <= view.byteLength) {
      shown++;
      // After place and size, three bytes each, stands the duration in three.
      time += view.getUint32(at + 20, true) & 0xffffff;
    }
    at += 8 + length + (length % 2);
  }
  return shown < 2 || time === 0 ? undefined : { shown, delay: time / shown };
}

/** The frame, from 1, that is seen after so many milliseconds; the preview begins at the middle one and spreads over all. */
export function frameAt({ shown, delay }: Cine, frames: number, elapsed: number): number {
  const at = Math.floor(elapsed / delay) % shown;
  return ((Math.floor(frames / 2) + Math.floor((at * frames) / shown)) % frames) + 1;
}
