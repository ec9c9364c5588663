/** A CT study of slices of 0.5 MB: the sample's phantom, enlarged, with the noise that detectors have. */
import { authorPart10, uidOf } from '../../scripts/sample/author-part10.ts';
import { ctInstance } from '../../scripts/sample/data-sets.ts';
import { SIZE, SLICES } from '../../scripts/sample/phantom.ts';

const SIDE = 512;

/** The file of a slice; every slice is another instance of one series. */
export function sliceFile(index: number): Uint8Array {
  const base = ctInstance(index % SLICES);
  const small = new Uint16Array(base.PixelData as ArrayBuffer);
  const large = new Uint16Array(SIDE * SIDE);
  let random = index + 1;
  for (let at = 0; at < large.length; at++) {
    random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
    const row = Math.floor(at / SIDE / 2);
    const column = Math.floor((at % SIDE) / 2);
    large[at] = Math.min(4_095, (small[row * SIZE + column] ?? 0) + (random >>> 29));
  }
  return authorPart10({
    ...base,
    SOPInstanceUID: uidOf(`cost slice ${index}`),
    InstanceNumber: index + 1,
    Rows: SIDE,
    Columns: SIDE,
    PixelData: large.buffer as ArrayBuffer,
  });
}
