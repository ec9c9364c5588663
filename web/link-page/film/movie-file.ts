/** An MP4 file of one stream of H.264 (ISO/IEC 14496-12, 14496-15): its tables first, then the samples as they are. */
import type { ParameterSets, Sample } from './nal-units.ts';
import type { CodedPicture } from './transport-stream.ts';

/** Units of a second, as in the stream. */
const SCALE = 90_000;
const MATRIX = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000];

export interface Movie {
  readonly width: number;
  readonly height: number;
  readonly pictures: readonly CodedPicture[];
  readonly samples: readonly Sample[];
  readonly sets: ParameterSets;
}

/** The pieces of the file; undefined where nothing says how to decode it. */
export function movieFile({
  width,
  height,
  pictures,
  samples,
  sets,
}: Movie): Uint8Array<ArrayBuffer>[] | undefined {
  const [sequence] = sets.sequence;
  if (sequence === undefined || sequence.length < 4 || sets.picture.length === 0) return undefined;
  const durations = pictures.map(({ decoded }, at) => {
    const next = pictures[at + 1]?.decoded;
    return next === undefined ? 0 : Math.max(0, next - decoded);
  });
  durations[durations.length - 1] = durations.at(-2) ?? 3_600;
  const duration = durations.reduce((sum, each) => sum + each, 0);
  const entry = box(
    'avc1',
    [...zeros(6), ...u16(1), ...zeros(16), ...u16(width), ...u16(height)],
    [...u32(0x480000), ...u32(0x480000), ...u32(0), ...u16(1), ...zeros(32), ...u16(24), 0xff, 0xff],
    configuration(sequence, sets),
  );
  const tablesOf = (offset: number) =>
    box(
      'stbl',
      full('stsd', 0, u32(1), entry),
      full('stts', 0, runs(durations)),
      full('ctts', 1, runs(pictures.map(({ shown, decoded }) => (shown - decoded) >>> 0))),
      full('stss', 0, list(samples.flatMap(({ isKey }, at) => (isKey ? [at + 1] : [])))),
      full('stsc', 0, u32(1), u32(1), u32(samples.length), u32(1)),
      full('stsz', 0, u32(0), list(samples.map(({ bytes }) => bytes.length))),
      full('stco', 0, u32(1), u32(offset)),
    );
  const head = box('ftyp', text('isom'), u32(512), text('isomavc1mp41'));
  const movie = (offset: number) =>
    box(
      'moov',
      full(
        'mvhd',
        0,
        u32(0),
        u32(0),
        u32(SCALE),
        u32(duration),
        u32(0x10000),
        u16(0x100),
        zeros(10),
        MATRIX.flatMap(u32),
        zeros(24),
        u32(2),
      ),
      box(
        'trak',
        full(
          'tkhd',
          3,
          u32(0),
          u32(0),
          u32(1),
          u32(0),
          u32(duration),
          zeros(16),
          MATRIX.flatMap(u32),
          u32(width * 65_536),
          u32(height * 65_536),
        ),
        box(
          'mdia',
          full('mdhd', 0, u32(0), u32(0), u32(SCALE), u32(duration), u16(0x55c4), u16(0)),
          full('hdlr', 0, u32(0), text('vide'), zeros(13)),
          box(
            'minf',
            full('vmhd', 1, zeros(8)),
            box('dinf', full('dref', 0, u32(1), full('url ', 1))),
            tablesOf(offset),
          ),
        ),
      ),
    );
  const length = samples.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const before = head.length + movie(0).length;
  const media = Uint8Array.from([...u32(length + 8), ...text('mdat')]);
  return [head, movie(before + 8), media, ...samples.map(({ bytes }) => bytes as Uint8Array<ArrayBuffer>)];
}

/** The decoder's configuration (14496-15 5.2.4.1): profile, level, and all parameter sets. */
function configuration(sequence: Uint8Array, { sequence: sequences, picture }: ParameterSets) {
  const each = (sets: readonly Uint8Array[]) => sets.flatMap((set) => [...u16(set.length), ...set]);
  return box(
    'avcC',
    [1, ...sequence.subarray(1, 4), 0xff, 0xe0 | sequences.length],
    each(sequences),
    [picture.length],
    each(picture),
  );
}

type Bytes = ArrayLike<number>;

function box(type: string, ...parts: readonly Bytes[]): Uint8Array<ArrayBuffer> {
  const length = parts.reduce((sum, part) => sum + part.length, 8);
  const bytes = new Uint8Array(length);
  bytes.set([...u32(length), ...text(type)]);
  let at = 8;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function full(type: string, flags: number, ...parts: readonly Bytes[]): Uint8Array<ArrayBuffer> {
  // Offsets of composition may be negative in version 1.
  return box(type, [type === 'ctts' ? flags : 0, 0, 0, type === 'ctts' ? 0 : flags], ...parts);
}

/** A count and the values. */
function list(values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 + values.length * 4);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, values.length);
  for (const [index, value] of values.entries()) view.setUint32(4 + index * 4, value);
  return bytes;
}

/** How often a value follows itself, and the value. */
function runs(values: readonly number[]): Uint8Array {
  const pairs: number[] = [];
  for (const value of values)
    if (pairs.at(-1) === value) pairs[pairs.length - 2] = (pairs.at(-2) as number) + 1;
    else pairs.push(1, value);
  const bytes = list(pairs);
  new DataView(bytes.buffer).setUint32(0, pairs.length / 2);
  return bytes;
}

const u16 = (value: number) => [(value >> 8) & 255, value & 255];
const u32 = (value: number) => [(value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
const text = (value: string) => Array.from(value, (letter) => letter.charCodeAt(0));
const zeros = (length: number) => new Array<number>(length).fill(0);
