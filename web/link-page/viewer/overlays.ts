/** Overlays of the image itself (60xx), where a policy keeps them: de-identification removes them otherwise. */
import type { InstanceSummary, SeriesSummary } from '../../../shared/contract/study-summary.ts';
import { type DataSet, number, numbers } from './dicom-json.ts';
import { fetchBytes } from './metadata.ts';

/** The overlays of a frame in one picture of the size of the image; undefined where it has none that is visible. */
export async function fetchOverlays(
  series: SeriesSummary,
  instance: InstanceSummary,
  dataSet: DataSet,
  frame: number,
): Promise<HTMLCanvasElement | undefined> {
  const size = { width: number(dataSet, '00280011') ?? 0, height: number(dataSet, '00280010') ?? 0 };
  let canvas: HTMLCanvasElement | undefined;
  for (let plane = 0; plane < 16; plane++) {
    const group = (0x6000 + 2 * plane).toString(16).toUpperCase();
    if (dataSet[`${group}3000`] === undefined) continue;
    const bytes = await fetchBytes(series, instance, dataSet, `${group}3000`).catch(() => undefined);
    if (bytes === undefined) continue;
    canvas ??= Object.assign(document.createElement('canvas'), size);
    drawPlane(canvas, dataSet, group, bytes, frame);
  }
  return canvas;
}

function drawPlane(
  canvas: HTMLCanvasElement,
  dataSet: DataSet,
  group: string,
  bytes: Uint8Array,
  frame: number,
): void {
  const rows = number(dataSet, `${group}0010`) ?? 0;
  const columns = number(dataSet, `${group}0011`) ?? 0;
  const [top = 1, left = 1] = numbers(dataSet, `${group}0050`);
  const first = number(dataSet, `${group}0051`) ?? 1;
  const many = number(dataSet, `${group}0015`) ?? 1;
  const at = many > 1 ? frame - first : 0;
  const context = canvas.getContext('2d');
  if (context === null || at < 0 || at >= many) return;
  context.fillStyle = '#7fe0c3';
  const begin = at * rows * columns;
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const bit = begin + y * columns + x;
      if (((bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1) context.fillRect(left - 1 + x, top - 1 + y, 1, 1);
    }
  }
}
