/**
 * Mutations of real objects for the fuzzing of de-identification: bit flips, cuts, lengths, VRs, tags, nesting, doubled and lost
 * ranges, heads and tails of different objects. A case is a pure function of its number, so that any of them can be replayed.
 */
import { type DataSet, readPart10 } from '../shared/dicom/index.ts';

/** An object to mutate, with the places where its elements begin. */
export interface Specimen {
  readonly bytes: Uint8Array;
  /** Offsets of element headers in the object; none where it cannot be read or is deflated. */
  readonly headers: readonly number[];
}

/** Headers beyond this many of one object are no places of mutation: they repeat the first ones. */
const MAXIMUM_HEADERS = 2000;
const LENGTHS = [0, 1, 2, 3, 7, 8, 0xfffe, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];
const VRS = [
  'SQ',
  'UN',
  'OB',
  'OW',
  'PN',
  'LO',
  'UT',
  'UI',
  'DA',
  'DT',
  'US',
  'FD',
  'AT',
  'OV',
  'zz',
  '\0\0',
  '--',
];
const TAGS = [
  0x00020010, 0x00080005, 0x00080018, 0x00080020, 0x00081140, 0x00090010, 0x00091001, 0x00100010, 0x00100020,
  0x00180026, 0x00280002, 0x00280100, 0x0040a730, 0x04000561, 0x50003000, 0x60000100, 0x60000102, 0x60003000,
  0x7fe00010, 0xfffcfffc, 0xfffee000, 0xfffee00d, 0xfffee0dd,
];
const TEXTS = [
  '\x1b$B',
  '\x1b$)C',
  '\\\\\\',
  '^=^=^',
  'ISO 2022 IR 87',
  'ISO_IR 192',
  '99999999',
  '1.2.840',
  '\0\0\0\0',
  '\xff\xfe',
];

/** Numbers in [0, 2^32) from a seed (xorshift with an odd multiplier). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = Math.imul(seed + 1, 0x9e3779b1) >>> 0 || 1;
    for (let round = 0; round < 4; round++) this.next();
  }

  next(): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return Math.imul(this.#state, 0x2c1b3c6d) >>> 0;
  }

  /** A whole number below `limit`. */
  below(limit: number): number {
    return Math.floor((this.next() / 0x1_0000_0000) * limit);
  }

  of<T>(values: readonly T[]): T {
    return values[this.below(values.length)] as T;
  }
}

/** Reads where the elements of an object begin. */
export function specimenOf(bytes: Uint8Array): Specimen {
  const headers: number[] = [];
  const visit = (dataSet: DataSet): void => {
    for (const element of dataSet.elements) {
      if (headers.length >= MAXIMUM_HEADERS) return;
      if (element.bytes.buffer === bytes.buffer) headers.push(element.start);
      for (const item of element.items ?? []) visit(item.dataSet);
    }
  };
  try {
    const { meta, dataSet } = readPart10(bytes);
    if (meta !== undefined) visit(meta);
    visit(dataSet);
  } catch {
    // What cannot be read is mutated all the same, anywhere.
  }
  return { bytes, headers };
}

/** The object of the case, and which specimen it was made of. */
export function mutated(
  specimens: readonly Specimen[],
  seed: number,
): { bytes: Uint8Array; specimen: number } {
  const random = new Random(seed);
  const number = random.below(specimens.length);
  const specimen = specimens[number] as Specimen;
  let bytes: Uint8Array = specimen.bytes.slice();
  // Most cases are mutated once: what is changed in many places is seldom read to its end.
  const rounds = random.below(3) < 2 ? 1 : 2 + random.below(4);
  for (let round = 0; round < rounds; round++) {
    bytes = random.of(MUTATIONS)(bytes, specimen.headers, random, specimens);
  }
  return { bytes, specimen: number };
}

type Mutation = (
  bytes: Uint8Array,
  headers: readonly number[],
  random: Random,
  specimens: readonly Specimen[],
) => Uint8Array;

/** A place, mostly in the first bytes, where the header of an object is. */
function anywhere({ length }: Uint8Array, random: Random): number {
  return random.below(random.below(4) === 0 ? length : Math.min(length, 4096));
}

/** A header of an element, at its old offset: after a cut or an insertion it may be any other bytes. */
function header(bytes: Uint8Array, headers: readonly number[], random: Random): number {
  const at = headers.length === 0 ? anywhere(bytes, random) & ~1 : random.of(headers);
  return Math.max(0, Math.min(at, bytes.length - 12));
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

function inserted(bytes: Uint8Array, at: number, what: Uint8Array): Uint8Array {
  return joined(bytes.subarray(0, at), what, bytes.subarray(at));
}

const MUTATIONS: readonly Mutation[] = [
  function flipBits(bytes, _, random) {
    for (let flips = 1 + random.below(16); flips > 0 && bytes.length > 0; flips--)
      bytes[anywhere(bytes, random)]! ^= 1 << random.below(8);
    return bytes;
  },
  function flipHeaderBits(bytes, headers, random) {
    const at = header(bytes, headers, random) + random.below(12);
    if (at < bytes.length) bytes[at]! ^= 1 << random.below(8);
    return bytes;
  },
  function flipInValue(bytes, headers, random) {
    const at = header(bytes, headers, random) + 8 + random.below(24);
    if (at < bytes.length) bytes[at] = random.below(256);
    return bytes;
  },
  function cut(bytes, _, random) {
    return bytes.slice(0, anywhere(bytes, random));
  },
  function lie(bytes, headers, random) {
    if (bytes.length < 12) return bytes;
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const at = header(bytes, headers, random);
    const said = view.getUint16(at + 6, true);
    const near = (said + random.of([-2, -1, 1, 2, 4, 8])) >>> 0;
    const length = random.of([near, random.next(), random.of(LENGTHS)]);
    if (random.below(2) === 0) view.setUint16(at + 6, length & 0xffff, true);
    else view.setUint32(at + random.of([4, 8]), length, true);
    return bytes;
  },
  function swapVr(bytes, headers, random) {
    if (bytes.length >= 12)
      bytes.set(Buffer.from(random.of(VRS), 'latin1'), header(bytes, headers, random) + 4);
    return bytes;
  },
  function swapTag(bytes, headers, random) {
    if (bytes.length < 12) return bytes;
    const tag = random.of(TAGS);
    const view = new DataView(bytes.buffer, bytes.byteOffset + header(bytes, headers, random));
    view.setUint16(0, tag >>> 16, true);
    view.setUint16(2, tag & 0xffff, true);
    return bytes;
  },
  function swapText(bytes, headers, random) {
    const text = Buffer.from(random.of(TEXTS), 'latin1');
    const at = header(bytes, headers, random) + 8;
    if (at + text.length <= bytes.length) bytes.set(text, at);
    return bytes;
  },
  function double(bytes, headers, random) {
    const from = header(bytes, headers, random);
    const length = random.below(Math.min(2048, bytes.length - from + 1));
    const at = random.below(2) === 0 ? from + length : header(bytes, headers, random);
    return inserted(bytes, at, bytes.slice(from, from + length));
  },
  function lose(bytes, headers, random) {
    const from = header(bytes, headers, random);
    return joined(bytes.subarray(0, from), bytes.subarray(from + random.below(512)));
  },
  function nest(bytes, headers, random) {
    return inserted(bytes, header(bytes, headers, random), nesting(random));
  },
  function graft(bytes, headers, random, specimens) {
    const other = random.of(specimens);
    const from = header(other.bytes, other.headers, random);
    return joined(bytes.subarray(0, header(bytes, headers, random)), other.bytes.subarray(from));
  },
];

/** Sequences in sequences, of undefined length or of a great one, explicit, implicit or carried as UN, ended or not. */
function nesting(random: Random): Uint8Array {
  const levels = random.below(4) === 0 ? 40 + random.below(200) : 1 + random.below(30);
  const vr = random.of(['SQ', 'UN', undefined]);
  const length = random.of([0xffffffff, 0xffffffff, 0x10000, 64]);
  const [element, item] = [Buffer.alloc(vr === undefined ? 8 : 12), Buffer.alloc(8)];
  element.writeUInt32LE(random.of([0x11400008, 0x00260018, 0x10010009, 0xa7300040]), 0);
  if (vr !== undefined) element.write(vr, 4, 'latin1');
  element.writeUInt32LE(length, element.length - 4);
  item.writeUInt32LE(0xe000fffe, 0);
  item.writeUInt32LE(length, 4);
  const ends = Buffer.from('feff0de000000000feffdde000000000', 'hex');
  const isEnded = random.below(2) === 0;
  return joined(
    ...Array.from({ length: levels }, () => joined(element, item)),
    ...(isEnded ? Array.from({ length: levels }, () => ends) : []),
  );
}
