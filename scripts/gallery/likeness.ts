/** How like two pictures are: structural similarity of their luminance, and the mean difference of their samples. */
import sharp, { type Sharp } from 'sharp';

export interface Likeness {
  /** Mean absolute difference of 8-bit samples. */
  readonly difference: number;
  /** Mean structural similarity of luminance over blocks of 8 x 8; 1 is identity. */
  readonly similarity: number;
}

/** Compares two pictures at the size of the first. */
export async function likeness(ours: Uint8Array, reference: Uint8Array): Promise<Likeness> {
  const { data: one, info } = await rgb(sharp(ours));
  const { data: other } = await rgb(sharp(reference).resize(info.width, info.height, { fit: 'fill' }));
  let sum = 0;
  for (let at = 0; at < one.length; at++) sum += Math.abs((one[at] as number) - (other[at] as number));
  return {
    difference: sum / one.length,
    similarity: structuralSimilarity(luminance(one), luminance(other), info.width, info.height),
  };
}

function rgb(picture: Sharp) {
  return picture.toColourspace('srgb').removeAlpha().raw().toBuffer({ resolveWithObject: true });
}

function luminance(pixels: Uint8Array): Float64Array {
  return Float64Array.from({ length: pixels.length / 3 }, (_, index) => {
    const [red, green, blue] = pixels.subarray(index * 3, index * 3 + 3) as unknown as [
      number,
      number,
      number,
    ];
    return 0.299 * red + 0.587 * green + 0.114 * blue;
  });
}

const BLOCK = 8;
const C1 = (0.01 * 255) ** 2;
const C2 = (0.03 * 255) ** 2;

/** Wang et al., 2004, over blocks that do not overlap. */
function structuralSimilarity(a: Float64Array, b: Float64Array, width: number, height: number): number {
  let total = 0;
  let blocks = 0;
  for (let top = 0; top < height; top += BLOCK) {
    for (let left = 0; left < width; left += BLOCK) {
      total += blockSimilarity(
        a,
        b,
        width,
        left,
        top,
        Math.min(width, left + BLOCK),
        Math.min(height, top + BLOCK),
      );
      blocks++;
    }
  }
  return total / blocks;
}

function blockSimilarity(
  a: Float64Array,
  b: Float64Array,
  width: number,
  left: number,
  top: number,
  right: number,
  bottom: number,
): number {
  let [sumA, sumB, squareA, squareB, product] = [0, 0, 0, 0, 0];
  const count = (right - left) * (bottom - top);
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const [p, q] = [a[y * width + x] as number, b[y * width + x] as number];
      sumA += p;
      sumB += q;
      squareA += p * p;
      squareB += q * q;
      product += p * q;
    }
  }
  const [meanA, meanB] = [sumA / count, sumB / count];
  const [varianceA, varianceB] = [squareA / count - meanA ** 2, squareB / count - meanB ** 2];
  const covariance = product / count - meanA * meanB;
  const structure = (2 * covariance + C2) / (varianceA + varianceB + C2);
  return ((2 * meanA * meanB + C1) / (meanA ** 2 + meanB ** 2 + C1)) * structure;
}
