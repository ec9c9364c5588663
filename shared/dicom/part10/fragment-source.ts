/**
 * Walks the fragments of a ranged source by windows on their headers. Where an offset table says where frames begin, these are
 * asked for ahead; a table that lies costs reads and no more.
 */
import { read32 } from '../encoding.ts';
import { type FragmentWalk, walkFragments } from './fragments.ts';
import type { Header } from './header.ts';
import { FAR, HeaderWindows, type ReadRange } from './header-windows.ts';
import type { ReadLimits } from './limits.ts';
import { type ReadHead, walkedPixelData } from './read.ts';

const EXTENDED_OFFSET_TABLE = 0x7fe00001;

/** Walks the fragments of Pixel Data, of which no more than the header need be at hand. */
export async function walkFragmentsOfSource(
  read: ReadRange,
  head: ReadHead & { readonly pixelHeader: Header },
  limits: ReadLimits,
): Promise<FragmentWalk> {
  const { window } = head.opened;
  let { bytes } = window;
  let base = 0;
  let last = head.pixelHeader.valueStart;
  const windows = new HeaderWindows(read, window.end, await predictedItems(read, head, limits));
  const walk = walkFragments(last, walkedPixelData(head, limits));
  let step = walk.next();
  while (!step.done) {
    const at = step.value;
    if (at + 8 > base + bytes.length) ({ bytes, base } = await windows.at(at, at - last));
    last = at;
    step = walk.next(bytes.subarray(at - base, at - base + 8));
  }
  return step.value;
}

/** Where the offset table puts the items that frames begin with (PS3.5 A.4, PS3.3 C.7.6.3.1.8); none if they lie close. */
async function predictedItems(
  read: ReadRange,
  head: ReadHead & { readonly pixelHeader: Header },
  limits: ReadLimits,
): Promise<number[]> {
  const { window } = head.opened;
  const tableItem = head.pixelHeader.valueStart;
  const range = (at: number, length: number) =>
    at + length <= window.bytes.length
      ? Promise.resolve(window.bytes.subarray(at, at + length))
      : read(at, length);
  if (tableItem + 8 > window.end) return [];
  const tableLength = read32(await range(tableItem + 4, 4), 0, false);
  const first = tableItem + 8 + tableLength;
  if (first + 8 > window.end || tableLength > 4 * limits.maximumFragments) return [];
  let offsets = head.dataSet.numbers(EXTENDED_OFFSET_TABLE);
  if (offsets.length === 0 && tableLength > 0) {
    const table = await range(tableItem + 8, tableLength);
    offsets = Array.from({ length: tableLength >>> 2 }, (_, index) => read32(table, 4 * index, false));
  }
  const isFar = window.end - first > FAR * offsets.length;
  return isFar ? offsets.map((offset) => first + offset).filter((item) => item + 8 <= window.end) : [];
}
