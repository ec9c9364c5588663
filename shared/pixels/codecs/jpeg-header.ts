/**
 * The frame header of JPEG and JPEG-LS codestreams (ITU-T T.81 B.2, T.87 C.2): what a decoder is about to produce, read
 * before it is asked to. Entropy-coded data is not looked at.
 */
import { UndisplayableError } from '../undisplayable.ts';

export interface JpegHeader {
  /** The low byte of the SOF marker: 0xC0 baseline, 0xC1 extended, 0xC2 progressive, 0xC3 lossless, 0xF7 JPEG-LS. */
  readonly process: number;
  readonly precision: number;
  readonly height: number;
  readonly width: number;
  readonly components: number;
  /** Whether a JFIF (APP0) or Adobe (APP14) segment says how colours are coded. */
  readonly statesColour: boolean;
  /** Whether components are sampled differently, as only chrominance ever is. */
  readonly subsampled: boolean;
}

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;

/** Walks the marker segments up to the frame header. */
export function readJpegHeader(bytes: Uint8Array): JpegHeader {
  if (bytes[0] !== 0xff || bytes[1] !== SOI)
    throw new UndisplayableError('undecodable', 'no SOI marker at the start of the frame');
  let statesColour = false;
  let at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff)
      throw new UndisplayableError('undecodable', `no JPEG marker at 0x${at.toString(16)}`);
    const marker = bytes[at + 1] as number;
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker === SOS || marker === EOI) break;
    const length = word(bytes, at + 2);
    if (isFrameHeader(marker) && at + 10 <= bytes.length) {
      return {
        process: marker,
        precision: bytes[at + 4] as number,
        height: word(bytes, at + 5),
        width: word(bytes, at + 7),
        components: bytes[at + 9] as number,
        statesColour,
        subsampled: areSubsampled(bytes, at + 10, bytes[at + 9] as number),
      };
    }
    if (spells(bytes, at + 4, marker === 0xe0 ? 'JFIF\0' : marker === 0xee ? 'Adobe' : undefined))
      statesColour = true;
    at += 2 + length;
  }
  throw new UndisplayableError('undecodable', 'no JPEG frame header');
}

/** SOF0 to SOF15 without DHT, JPG and DAC, and SOF55 of JPEG-LS. */
function isFrameHeader(marker: number): boolean {
  return (
    (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) ||
    marker === 0xf7
  );
}

function areSubsampled(bytes: Uint8Array, specifications: number, components: number): boolean {
  const factors = Array.from({ length: components }, (_, index) => bytes[specifications + index * 3 + 1]);
  return factors.some((factor) => factor !== factors[0]);
}

function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}

function spells(bytes: Uint8Array, at: number, text: string | undefined): boolean {
  return (
    text !== undefined &&
    Array.from(text).every((letter, index) => bytes[at + index] === letter.charCodeAt(0))
  );
}
