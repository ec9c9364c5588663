/** Scaling down by whole factors: means of blocks of values that have been looked up, in one pass over the stored cells. */

/** How a cell becomes an index of a table: shifted, then masked to Bits Stored. */
export interface CellIndex {
  readonly shift: number;
  readonly mask: number;
}

/** The greatest whole factor that leaves at least the size. */
export function reduction(
  from: { readonly width: number; readonly height: number },
  to: { readonly width: number; readonly height: number },
): number {
  return Math.max(1, Math.floor(Math.min(from.width / to.width, from.height / to.height)));
}

/** Means over blocks of `factor` x `factor` of what the table gives for each cell. */
export function reduceByTable(
  data: Uint8Array | Uint16Array,
  width: number,
  height: number,
  factor: number,
  table: Uint8Array,
  { shift, mask }: CellIndex,
): Uint8Array {
  const outWidth = Math.floor(width / factor);
  const outHeight = Math.floor(height / factor);
  const out = new Uint8Array(outWidth * outHeight);
  if (factor === 1) {
    for (let at = 0; at < out.length; at++) out[at] = table[((data[at] as number) >> shift) & mask] as number;
    return out;
  }
  const sums = new Uint32Array(outWidth);
  const area = factor * factor;
  const half = area >> 1;
  for (let row = 0, to = 0; row < outHeight; row++) {
    sums.fill(half);
    for (let inner = 0; inner < factor; inner++) {
      let at = (row * factor + inner) * width;
      for (let column = 0; column < outWidth; column++) {
        let sum = 0;
        for (let k = 0; k < factor; k++) sum += table[((data[at++] as number) >> shift) & mask] as number;
        sums[column] = (sums[column] as number) + sum;
      }
    }
    for (let column = 0; column < outWidth; column++) out[to++] = (sums[column] as number) / area;
  }
  return out;
}

/** Means over blocks of 8-bit triplets. */
export function reduceTriplets(data: Uint8Array, width: number, height: number, factor: number): Uint8Array {
  if (factor === 1) return new Uint8Array(data);
  const outWidth = Math.floor(width / factor);
  const outHeight = Math.floor(height / factor);
  const out = new Uint8Array(outWidth * outHeight * 3);
  const sums = new Uint32Array(outWidth * 3);
  const area = factor * factor;
  for (let row = 0, to = 0; row < outHeight; row++) {
    sums.fill(area >> 1);
    for (let inner = 0; inner < factor; inner++) {
      let at = (row * factor + inner) * width * 3;
      for (let column = 0; column < sums.length; column += 3) {
        let [first, second, third] = [0, 0, 0];
        for (let k = 0; k < factor; k++, at += 3) {
          first += data[at] as number;
          second += data[at + 1] as number;
          third += data[at + 2] as number;
        }
        sums[column] = (sums[column] as number) + first;
        sums[column + 1] = (sums[column + 1] as number) + second;
        sums[column + 2] = (sums[column + 2] as number) + third;
      }
    }
    for (let column = 0; column < sums.length; column++) out[to++] = (sums[column] as number) / area;
  }
  return out;
}

/** Means over blocks of what `read` gives from 0 to 255, rounded, each of the interleaved channels apart. */
export function reduceByFunction(
  width: number,
  height: number,
  channels: number,
  factor: number,
  read: (index: number) => number,
): Uint8Array {
  const outWidth = Math.floor(width / factor);
  const outHeight = Math.floor(height / factor);
  const out = new Uint8Array(outWidth * outHeight * channels);
  const area = factor * factor;
  for (let row = 0, to = 0; row < outHeight; row++) {
    for (let column = 0; column < outWidth; column++) {
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0;
        for (let inner = 0; inner < factor; inner++) {
          let at = ((row * factor + inner) * width + column * factor) * channels + channel;
          for (let k = 0; k < factor; k++, at += channels) sum += read(at);
        }
        out[to++] = sum / area + 0.5;
      }
    }
  }
  return out;
}

/** Three planes as triplets. */
export function interleave(planes: readonly Uint8Array[]): Uint8Array {
  const [red, green, blue] = planes as [Uint8Array, Uint8Array, Uint8Array];
  const triplets = new Uint8Array(red.length * 3);
  for (let at = 0, to = 0; at < red.length; at++) {
    triplets[to++] = red[at] as number;
    triplets[to++] = green[at] as number;
    triplets[to++] = blue[at] as number;
  }
  return triplets;
}
