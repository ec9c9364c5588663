/**
 * The tones in which a picture is shown to the detector. It was trained on photographs: on a bright or busy ground it finds
 * more in pictures of less contrast, and what it misses in the one tone it often finds in another.
 */
import type { Scaling } from './picture.ts';

export type Tone = 'soft' | 'soft negative' | 'negative';

/** What a byte becomes: `level + share * byte`. */
const TONES: Readonly<Record<Tone, { readonly level: number; readonly share: number }>> = {
  soft: { level: 64, share: 0.5 },
  'soft negative': { level: 191, share: -0.5 },
  negative: { level: 255, share: -1 },
};

/** The scaling that shows bytes in a tone: what stands out by so many levels counts for less, or the other way. */
export function toned({ mean, gain }: Scaling, tone: Tone): Scaling {
  const { level, share } = TONES[tone];
  const each = (plane: 0 | 1 | 2): [number, number] => [(mean[plane] - level) / share, gain[plane] * share];
  const [blue, green, red] = [each(0), each(1), each(2)];
  return { mean: [blue[0], green[0], red[0]], gain: [blue[1], green[1], red[1]] };
}
