/** How long a bar beside a printed picture has to be, so that it stands for a round number of millimetres in the patient. */

export interface ScaleBar {
  readonly millimetres: number;
  /** On paper, in points. */
  readonly length: number;
  /** Where strokes cross the bar, from its beginning; both ends are among them. */
  readonly ticks: readonly number[];
}

/** From the longest: 50 mm with a stroke every 10; shorter ones are for what was looked at closely. */
const BARS = [
  { millimetres: 50, step: 10 },
  { millimetres: 10, step: 5 },
  { millimetres: 5, step: 1 },
  { millimetres: 1, step: 1 },
] as const;
/** Of the picture's width: so that its label has a place beside it. */
const LONGEST = 0.6;
/** In points: strokes of a shorter one run together. */
const SHORTEST = 8;

/** The longest bar that fits; undefined where the scale is not known or no bar does. */
export function scaleBarFor(picture: {
  /** Of a pixel; undefined where it is not known. */
  readonly millimetresPerPixel: number | undefined;
  /** In pixels. */
  readonly width: number;
  /** On paper, in points. */
  readonly printedWidth: number;
}): ScaleBar | undefined {
  const { millimetresPerPixel, width, printedWidth } = picture;
  if (millimetresPerPixel === undefined || !(millimetresPerPixel > 0) || millimetresPerPixel === Infinity)
    return undefined;
  const pointsPerMillimetre = printedWidth / (width * millimetresPerPixel);
  for (const { millimetres, step } of BARS) {
    const length = millimetres * pointsPerMillimetre;
    if (length > printedWidth * LONGEST) continue;
    if (length < SHORTEST) return undefined;
    const ticks = Array.from(
      { length: millimetres / step + 1 },
      (_, index) => index * step * pointsPerMillimetre,
    );
    return { millimetres, length, ticks };
  }
  return undefined;
}
