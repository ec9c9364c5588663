/**
 * The quantised coefficients of a JPEG frame of DCT blocks (ITU-T T.81 A.2, A.3): where the blocks of each component lie, and
 * the order in which a scan visits them.
 */
import { UndisplayableError } from '../undisplayable.ts';

export interface Component {
  readonly id: number;
  readonly horizontal: number;
  readonly vertical: number;
  readonly quantisation: number;
  /** Blocks that hold pixels: what a scan of this component alone visits. */
  readonly columns: number;
  readonly rows: number;
  /** Blocks of a row as stored, filled up to whole MCUs. */
  readonly stride: number;
  /** 64 values a block, in zigzag order. */
  readonly values: Int16Array;
}

export interface Frame {
  /** The low byte of the SOF marker. */
  readonly process: number;
  readonly precision: number;
  readonly width: number;
  readonly height: number;
  readonly components: readonly Component[];
  /** In pixels. */
  readonly mcuWidth: number;
  readonly mcuHeight: number;
}

/** A component of a scan, with the Huffman tables that it uses. */
export interface ScanComponent {
  readonly component: Component;
  readonly dcTable: number;
  readonly acTable: number;
}

export interface Scan {
  readonly components: readonly ScanComponent[];
  readonly spectralStart: number;
  readonly spectralEnd: number;
  readonly high: number;
  readonly low: number;
  /** MCUs between restart markers; 0 for none. */
  readonly restartInterval: number;
}

/** Reads SOF0, SOF1 or SOF2, the segment's content without its length. */
export function readFrame(process: number, content: Uint8Array): Frame {
  const precision = content[0] as number;
  const height = ((content[1] as number) << 8) | (content[2] as number);
  const width = ((content[3] as number) << 8) | (content[4] as number);
  const count = content[5] as number;
  if (width === 0 || height === 0 || (count !== 1 && count !== 3) || content.length < 6 + 3 * count)
    throw new UndisplayableError('unsupported-pixel-format', `JPEG of ${count} components`);
  const factors = Array.from({ length: count }, (_, index) => {
    const byte = content[7 + 3 * index] as number;
    // The factors of a single component say nothing: its blocks follow one another (A.2.2).
    return count === 1 ? { h: 1, v: 1 } : { h: byte >> 4, v: byte & 15 };
  });
  if (factors.some(({ h, v }) => h < 1 || h > 4 || v < 1 || v > 4))
    throw new UndisplayableError('undecodable', 'a JPEG sampling factor out of range');
  const most = { h: Math.max(...factors.map(({ h }) => h)), v: Math.max(...factors.map(({ v }) => v)) };
  const mcusAcross = Math.ceil(width / (8 * most.h));
  const mcusDown = Math.ceil(height / (8 * most.v));
  const components = factors.map(
    ({ h, v }, index): Component => ({
      id: content[6 + 3 * index] as number,
      horizontal: h,
      vertical: v,
      quantisation: content[8 + 3 * index] as number,
      columns: Math.ceil(Math.ceil((width * h) / most.h) / 8),
      rows: Math.ceil(Math.ceil((height * v) / most.v) / 8),
      stride: mcusAcross * h,
      values: new Int16Array(mcusAcross * h * mcusDown * v * 64),
    }),
  );
  return { process, precision, width, height, components, mcuWidth: 8 * most.h, mcuHeight: 8 * most.v };
}

export interface ScanVisitor {
  /** Before each restart interval but the first; counted from 0. */
  restart(count: number): void;
  /** `at` is where the block's values begin; `index` is the component's place in the scan. */
  block(component: ScanComponent, index: number, at: number): void;
}

/** Visits the blocks of a scan in their order: by MCUs, or row by row where the scan has one component (A.2.2, A.2.3). */
export function visitScan(frame: Frame, scan: Scan, visitor: ScanVisitor): void {
  const [first] = scan.components;
  if (first === undefined) return;
  const alone = scan.components.length === 1;
  const across = alone ? first.component.columns : Math.ceil(frame.width / frame.mcuWidth);
  const down = alone ? first.component.rows : Math.ceil(frame.height / frame.mcuHeight);
  let mcus = 0;
  for (let y = 0; y < down; y++) {
    for (let x = 0; x < across; x++, mcus++) {
      if (scan.restartInterval > 0 && mcus > 0 && mcus % scan.restartInterval === 0)
        visitor.restart(mcus / scan.restartInterval - 1);
      if (alone) {
        visitor.block(first, 0, (y * first.component.stride + x) * 64);
        continue;
      }
      for (let index = 0; index < scan.components.length; index++) {
        const member = scan.components[index] as ScanComponent;
        const { horizontal, vertical, stride } = member.component;
        for (let v = 0; v < vertical; v++)
          for (let h = 0; h < horizontal; h++)
            visitor.block(member, index, ((y * vertical + v) * stride + x * horizontal + h) * 64);
      }
    }
  }
}
