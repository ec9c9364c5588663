/**
 * Frames that were encoded anew, until the instance is written. As many as fit into some megabytes stay in memory; the rest wait
 * in a file without a name in the folder for temporary files, so that a cine of any length takes the memory of a few frames.
 */
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Segment } from '../../dicom/index.ts';

/** A run that is read at once; default 8 MiB, as a part that is written to S3 is put together of some. */
const RUN_BYTES = 8 * 2 ** 20;

/** A frame that is kept. */
export interface KeptFrame {
  readonly length: number;
  bytes(): Uint8Array;
  /** The frame for who writes it. */
  readonly segments: readonly Segment[];
}

export class RewrittenFrames {
  readonly #heldBytes: number;
  #held = 0;
  #file: number | undefined;
  #written = 0;

  /** `heldBytes` stay in memory at most. */
  constructor(heldBytes: number) {
    this.#heldBytes = heldBytes;
  }

  /** Bytes of all frames. */
  get length(): number {
    return this.#held + this.#written;
  }

  keep(frame: Uint8Array): KeptFrame {
    if (this.#held + frame.length <= this.#heldBytes) {
      this.#held += frame.length;
      return { length: frame.length, bytes: () => frame, segments: [frame] };
    }
    this.#file ??= openUnnamed();
    const [start, length] = [this.#written, frame.length];
    for (let at = 0; at < length; ) at += writeSync(this.#file, frame, at, length - at, start + at);
    this.#written += length;
    return waiting(this.#file, start, length);
  }

  /** Gives the file up; frames that wait in it cannot be had any more. */
  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}

/** A frame that waits in the file. Apart from where it was written: what is made there would hold its bytes. */
function waiting(file: number, start: number, length: number): KeptFrame {
  const segments = Array.from({ length: Math.ceil(length / RUN_BYTES) }, (_, run) => {
    const from = run * RUN_BYTES;
    const runLength = Math.min(RUN_BYTES, length - from);
    return { deferred: { length: runLength, bytes: () => readRun(file, start + from, runLength) } };
  });
  return { length, bytes: () => readRun(file, start, length), segments };
}

/** It has lost its name at once: whatever becomes of the process, nothing is left of it. */
function openUnnamed(): number {
  const path = join(tmpdir(), `filmroom-frames-${randomBytes(8).toString('hex')}`);
  const file = openSync(path, 'wx+', 0o600);
  unlinkSync(path);
  return file;
}

function readRun(file: number, start: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; ) {
    const read = readSync(file, bytes, at, length - at, start + at);
    if (read === 0) throw new Error('a frame that was put aside is not there');
    at += read;
  }
  return bytes;
}
