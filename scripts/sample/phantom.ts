/**
 * A head that nobody owns: ellipsoids in millimetres after the idea of Shepp and Logan, sampled to axial CT slices of
 * 12 bits, with two beads at a distance that is known exactly, so that a measurement can be checked.
 */

export const SLICES = 24;
export const SIZE = 256;
/** Millimetres a pixel, both ways. */
export const PIXEL_SPACING = 0.9;
/** Millimetres from slice to slice. */
export const SLICE_SPACING = 5;
export const RESCALE_INTERCEPT = -1024;
/** The beads lie on row 128, at columns 30 and 226, on every slice. */
export const BEADS = [
  { row: 128, column: 30 },
  { row: 128, column: 226 },
] as const;
/** 196 pixels of 0.9 mm. */
export const BEAD_DISTANCE = 176.4;

const AIR = -1000;
const BEAD = 1800;

interface Ellipsoid {
  readonly centre: readonly [number, number, number];
  readonly axes: readonly [number, number, number];
  /** Degrees about the axis of the body. */
  readonly turn: number;
  readonly hounsfield: number;
}

/** Painted in this order, each over the ones before. */
const HEAD: readonly Ellipsoid[] = [
  { centre: [0, 2, 0], axes: [76, 95, 88], turn: 0, hounsfield: 45 },
  { centre: [0, 2, 0], axes: [71, 90, 83], turn: 0, hounsfield: 1050 },
  { centre: [0, 2, 0], axes: [64, 83, 76], turn: 0, hounsfield: 8 },
  { centre: [0, 2, 0], axes: [62, 81, 74], turn: 0, hounsfield: 40 },
  { centre: [-27, 2, 0], axes: [23, 64, 60], turn: 7, hounsfield: 29 },
  { centre: [27, 2, 0], axes: [23, 64, 60], turn: -7, hounsfield: 29 },
  { centre: [0, -46, 6], axes: [1.4, 34, 60], turn: 0, hounsfield: 12 },
  { centre: [0, 56, 6], axes: [1.4, 26, 60], turn: 0, hounsfield: 12 },
  { centre: [-17, 8, -6], axes: [9, 13, 15], turn: 20, hounsfield: 38 },
  { centre: [17, 8, -6], axes: [9, 13, 15], turn: -20, hounsfield: 38 },
  { centre: [-10, -16, 4], axes: [6, 17, 15], turn: -16, hounsfield: 6 },
  { centre: [10, -16, 4], axes: [6, 17, 15], turn: 16, hounsfield: 6 },
  { centre: [-21, 30, 2], axes: [6, 16, 12], turn: 22, hounsfield: 6 },
  { centre: [21, 30, 2], axes: [6, 16, 12], turn: -22, hounsfield: 6 },
  { centre: [0, 24, 8], axes: [3, 3, 4], turn: 0, hounsfield: 140 },
  { centre: [38, -26, 14], axes: [10, 8, 11], turn: 30, hounsfield: 68 },
  { centre: [38, -26, 14], axes: [5, 4, 6], turn: 30, hounsfield: 18 },
];

/** How much of a voxel lies inside: a soft edge of about one pixel instead of a staircase. */
function coverage(shape: Ellipsoid, x: number, y: number, z: number): number {
  const angle = (shape.turn * Math.PI) / 180;
  const [cx, cy, cz] = shape.centre;
  const [ax, ay, az] = shape.axes;
  const dx = x - cx;
  const dy = y - cy;
  const u = (dx * Math.cos(angle) + dy * Math.sin(angle)) / ax;
  const v = (dy * Math.cos(angle) - dx * Math.sin(angle)) / ay;
  const w = (z - cz) / az;
  const distance = (1 - Math.sqrt(u * u + v * v + w * w)) * Math.min(ax, ay);
  return Math.min(1, Math.max(0, distance / PIXEL_SPACING + 0.5));
}

function couch(x: number, y: number): number {
  const depth = y - (112 - (x * x) / 900);
  return Math.abs(x) < 88 && depth > 0 && depth < 3 ? 1 : 0;
}

/** Noise that is the same at every run: the sum of three uniform steps, near enough a bell. */
export function makeNoise(seed: number): () => number {
  let state = seed >>> 0;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 0x100000000;
  };
  return () => next() + next() + next() - 1.5;
}

/** One slice as stored values (add the intercept for Hounsfield units); slice 0 is the lowest. */
export function phantomSlice(slice: number): Uint16Array {
  const pixels = new Uint16Array(SIZE * SIZE);
  const noise = makeNoise(slice + 1);
  const z = (slice - (SLICES - 1) / 2) * SLICE_SPACING;
  for (let row = 0; row < SIZE; row++) {
    for (let column = 0; column < SIZE; column++) {
      const x = (column - SIZE / 2) * PIXEL_SPACING;
      const y = (row - SIZE / 2) * PIXEL_SPACING;
      let value = AIR + couch(x, y) * 700;
      for (const shape of HEAD) {
        const inside = coverage(shape, x, y, z);
        if (inside > 0) value += (shape.hounsfield - value) * inside;
      }
      if (BEADS.some((bead) => Math.hypot(row - bead.row, column - bead.column) < 1.8)) value = BEAD;
      const stored = Math.round(value + noise() * 7 - RESCALE_INTERCEPT);
      pixels[row * SIZE + column] = Math.min(4095, Math.max(0, stored));
    }
  }
  return pixels;
}
