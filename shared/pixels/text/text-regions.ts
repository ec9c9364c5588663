/**
 * From the detector's map of probabilities to boxes: what hangs together above a threshold is one line of text. The network
 * is trained to mark the core of a line alone, so a box grows by its area over its perimeter to hold the whole of it.
 */

/** A box of a map, its bounds in fractions of its cells, and the mean probability inside. */
export interface MapBox {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly score: number;
}

export interface RegionOptions {
  /** A cell above it belongs to text. */
  readonly cellThreshold: number;
  /** A component whose mean is below it is none. */
  readonly boxThreshold: number;
  /** How far a box grows, in units of its area over its perimeter. */
  readonly growth: number;
  /** The shorter side of the smallest component, in cells. */
  readonly minimumSide: number;
  /**
   * The shorter side of the largest component, in cells. What is larger is lines that run together, or no text: it is looked
   * at again with each of `stricter`, and what stays too large is left out.
   */
  readonly maximumSide: number;
  readonly stricter: readonly number[];
}

/** The boxes of a map of `columns` x `rows`, in the order in which their first cell is met. */
export function textRegions(
  map: Float32Array,
  columns: number,
  rows: number,
  options: RegionOptions,
): MapBox[] {
  const { boxThreshold, growth, minimumSide, maximumSide } = options;
  const thresholds = [options.cellThreshold, ...options.stricter];
  const search = new Components(map, columns, rows);
  const boxes: MapBox[] = [];
  const take = (starts: Int32Array | undefined, level: number): void => {
    const threshold = thresholds[level];
    if (threshold === undefined) return;
    const count = starts?.length ?? map.length;
    for (let index = 0; index < count; index++) {
      const start = starts?.[index] ?? index;
      if (!((map[start] as number) > threshold) || search.wasMet(start, level + 1)) continue;
      const { left, top, right, bottom, score, cells } = search.from(start, threshold, level + 1);
      const [width, height] = [right - left, bottom - top];
      const side = Math.min(width, height);
      if (side > maximumSide) take(cells, level + 1);
      else if (side >= minimumSide && score >= boxThreshold) {
        const margin = (growth * width * height) / (2 * (width + height));
        boxes.push({
          left: left - margin,
          top: top - margin,
          right: right + margin,
          bottom: bottom + margin,
          score,
        });
      }
    }
  };
  take(undefined, 0);
  return boxes;
}

interface Component extends MapBox {
  readonly cells: Int32Array;
}

/** Walks over what hangs together in a map; each cell is met once at each level. */
class Components {
  readonly #map: Float32Array;
  readonly #columns: number;
  readonly #rows: number;
  /** The level at which a cell was last met. */
  readonly #met: Uint8Array;
  /** The cells of a component in the order in which they were met. */
  readonly #queue: Int32Array;

  constructor(map: Float32Array, columns: number, rows: number) {
    this.#map = map;
    this.#columns = columns;
    this.#rows = rows;
    this.#met = new Uint8Array(columns * rows);
    this.#queue = new Int32Array(columns * rows);
  }

  wasMet(cell: number, level: number): boolean {
    return (this.#met[cell] as number) >= level;
  }

  /** The component of cells above the threshold that holds the cell, which is one of them and was not met at this level. */
  from(start: number, threshold: number, level: number): Component {
    let length = 0;
    const meet = (cell: number): void => {
      if (this.wasMet(cell, level) || !((this.#map[cell] as number) > threshold)) return;
      this.#met[cell] = level;
      this.#queue[length++] = cell;
    };
    meet(start);
    let [left, right, top, bottom, sum] = [this.#columns, 0, this.#rows, 0, 0];
    for (let next = 0; next < length; next++) {
      const cell = this.#queue[next] as number;
      const column = cell % this.#columns;
      const row = (cell - column) / this.#columns;
      sum += this.#map[cell] as number;
      if (column < left) left = column;
      if (column > right) right = column;
      if (row < top) top = row;
      if (row > bottom) bottom = row;
      if (column > 0) meet(cell - 1);
      if (column < this.#columns - 1) meet(cell + 1);
      if (row > 0) meet(cell - this.#columns);
      if (row < this.#rows - 1) meet(cell + this.#columns);
    }
    return {
      left,
      top,
      right: right + 1,
      bottom: bottom + 1,
      score: sum / length,
      cells: this.#queue.slice(0, length),
    };
  }
}
