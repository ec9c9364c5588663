/** The units of a coded picture (ITU-T H.264 annex B, 7.4.1): what lies between start codes, with the lengths that MP4 asks for. */

export interface Sample {
  readonly bytes: Uint8Array;
  /** Can be decoded without what went before. */
  readonly isKey: boolean;
}

export interface ParameterSets {
  readonly sequence: Uint8Array[];
  readonly picture: Uint8Array[];
}

const SLICE_OF_KEY = 5;
const SEQUENCE = 7;
const PICTURE = 8;
const DELIMITER = 9;

/** The picture as a sample; its parameter sets are added to those that are known. */
export function sampleOf(bytes: Uint8Array, sets: ParameterSets): Sample {
  const kept: Uint8Array[] = [];
  let isKey = false;
  for (const unit of unitsOf(bytes)) {
    const type = (unit[0] as number) & 31;
    if (type === SEQUENCE) remember(sets.sequence, unit);
    if (type === PICTURE) remember(sets.picture, unit);
    if (type === SLICE_OF_KEY) isKey = true;
    if (type !== DELIMITER) kept.push(unit);
  }
  const sample = new Uint8Array(kept.reduce((sum, { length }) => sum + 4 + length, 0));
  let at = 0;
  for (const unit of kept) {
    new DataView(sample.buffer).setUint32(at, unit.length);
    sample.set(unit, at + 4);
    at += 4 + unit.length;
  }
  return { bytes: sample, isKey };
}

function remember(sets: Uint8Array[], unit: Uint8Array): void {
  const isKnown = sets.some(
    (set) => set.length === unit.length && set.every((byte, at) => byte === unit[at]),
  );
  if (!isKnown) sets.push(unit);
}

function* unitsOf(bytes: Uint8Array): Generator<Uint8Array> {
  let from = -1;
  for (let at = 0; at + 2 < bytes.length; at++) {
    if (bytes[at + 2] !== 1 || bytes[at + 1] !== 0 || bytes[at] !== 0) continue;
    if (from >= 0) yield* unit(bytes, from, at);
    from = at + 3;
    at += 2;
  }
  if (from >= 0) yield* unit(bytes, from, bytes.length);
}

/** Without the zeros behind it. */
function* unit(bytes: Uint8Array, from: number, to: number): Generator<Uint8Array> {
  let end = to;
  while (end > from && bytes[end - 1] === 0) end--;
  if (end > from) yield bytes.subarray(from, end);
}
