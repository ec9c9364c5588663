/**
 * The first frame of an animated WebP as a WebP of its own, for who wants nothing to move. Nothing is decoded: the frame's
 * bitstream gets a container of its own (RFC 9649).
 */

/** The first frame; any other picture as it stands. */
export function firstFrame(webp: Uint8Array): Uint8Array {
  const view = new DataView(webp.buffer, webp.byteOffset, webp.length);
  if (webp.length < 12 || name(webp, 0) !== 'RIFF' || name(webp, 8) !== 'WEBP') return webp;
  for (const { at, length } of chunks(view, 12, webp.length, 'ANMF')) {
    for (const kind of ['VP8 ', 'VP8L'] as const) {
      const [frame] = chunks(view, at + FRAME_HEADER, at + length, kind);
      if (frame !== undefined) return contained(webp.subarray(frame.at - 8, frame.at + padded(frame.length)));
    }
    return webp;
  }
  return webp;
}

/** Place, size, duration and flags of a frame. */
const FRAME_HEADER = 16;

function* chunks(view: DataView, from: number, to: number, wanted: string) {
  for (let at = from; at + 8 <= to; ) {
    const length = view.getUint32(at + 4, true);
    if (at + 8 + length > to) return;
    if (name(new Uint8Array(view.buffer, view.byteOffset, view.byteLength), at) === wanted)
      yield { at: at + 8, length };
    at += 8 + padded(length);
  }
}

function contained(chunk: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(12 + padded(chunk.length));
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write('WEBP', 8, 'latin1');
  bytes.set(chunk, 12);
  return bytes;
}

function padded(length: number): number {
  return length + (length % 2);
}

function name(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}
