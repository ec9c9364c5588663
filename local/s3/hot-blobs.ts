/**
 * The small blobs that were written last, in memory: the next step of a chain reads what the step before it wrote, and opening
 * a file costs more than all else of a small GET. Files remain the truth; this is only a shorter way to them.
 */

/** Bytes kept at most. */
const CAPACITY_BYTES = 64 << 20;

export class HotBlobs {
  readonly #blobs = new Map<string, Uint8Array>();
  #bytes = 0;

  keep(blob: string, bytes: Uint8Array): void {
    if (bytes.length > CAPACITY_BYTES) return;
    this.#blobs.set(blob, bytes);
    this.#bytes += bytes.length;
    for (const oldest of this.#blobs.keys()) {
      if (this.#bytes <= CAPACITY_BYTES) return;
      this.forget(oldest);
    }
  }

  get(blob: string): Uint8Array | undefined {
    return this.#blobs.get(blob);
  }

  forget(blob: string): void {
    this.#bytes -= this.#blobs.get(blob)?.length ?? 0;
    this.#blobs.delete(blob);
  }
}
