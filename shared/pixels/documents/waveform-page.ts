/**
 * A waveform as it is read on paper. Leads of an electrocardiogram stand on its grid at 25 mm a second and 10 mm a millivolt,
 * twelve of them in three rows of four with a rhythm strip below; other signals each fill a row of their own.
 */
import type { Size } from '../raster.ts';
import { type Box, drawing, fixed, INK, stroked, words } from './drawing.ts';
import type { Waveform, WaveformChannel } from './waveform.ts';

const PAPER = '#fdf3f0';
const FINE = '#f3d3cb';
const COARSE = '#e5a79a';
const TRACE = '#16202b';

/** Millimetres of the page: ten seconds, and margins. */
const MILLIMETRES = { second: 25, millivolt: 10, margin: 5, row: 32 };

interface Strip {
  readonly channel: WaveformChannel;
  /** Seconds of the recording, and where on the page they stand, in millimetres. */
  readonly from: number;
  readonly seconds: number;
  readonly left: number;
  readonly baseline: number;
}

/** A drawing of the waveform, its longest side `side` pixels. */
export function drawWaveform(waveform: Waveform, side: number): { svg: string; size: Size } {
  const microvolts = waveform.channels.flatMap((channel) => {
    const scale = channel.unit === undefined ? undefined : MICROVOLTS[channel.unit];
    return scale === undefined
      ? []
      : [{ ...channel, samples: channel.samples.map((value) => value * scale) }];
  });
  const isElectrocardiogram =
    microvolts.length > 0 &&
    microvolts.length === waveform.channels.length &&
    microvolts.some(({ label }) => /^(I|II|III|aV[RLF]|V\d)$/i.test(label));
  return isElectrocardiogram
    ? drawLeads({ ...waveform, channels: microvolts }, side)
    : drawRows(waveform, side);
}

const MICROVOLTS: Readonly<Record<string, number>> = { uV: 1, mV: 1000, V: 1e6, nV: 1e-3 };

function drawLeads(waveform: Waveform, side: number): { svg: string; size: Size } {
  const { channels, frequency } = waveform;
  const seconds = (channels[0]?.samples.length ?? 0) / frequency;
  const strips =
    channels.length === 12 && seconds >= 4 ? standard(channels, seconds) : stacked(channels, seconds);
  const { margin, row } = MILLIMETRES;
  const rows = new Set(strips.map(({ baseline }) => baseline)).size;
  const page = {
    width: 2 * margin + Math.max(2, Math.min(10, seconds)) * MILLIMETRES.second,
    height: 2 * margin + rows * row,
  };
  const scale = side / Math.max(page.width, page.height);
  const size = { width: Math.round(page.width * scale), height: Math.round(page.height * scale) };
  const letters = Math.max(6, 3 * scale);
  const parts = [grid(size, scale)];
  for (const strip of strips) {
    parts.push(stroked(trace(strip, frequency, scale), TRACE, Math.max(0.8, 0.3 * scale)));
    parts.push(
      words(strip.channel.label, strip.left * scale + 2, (strip.baseline - row / 2) * scale + 2, {
        height: letters,
        colour: TRACE,
      }),
    );
  }
  if (scale >= FINE_SCALE) {
    const foot = { height: letters * 0.8, colour: TRACE };
    parts.push(words('25 mm/s  10 mm/mV', margin * scale + 2, size.height - 2 * letters, foot));
  }
  return { svg: drawing(size.width, size.height, PAPER, parts), size };
}

/** Pixels of a millimetre from which single millimetres are drawn. */
const FINE_SCALE = 2.5;

/** Lead II below the others, as the rhythm is read from it. */
const RHYTHM = 'II';

function standard(channels: readonly WaveformChannel[], recorded: number): Strip[] {
  const { margin, row, second } = MILLIMETRES;
  const seconds = Math.min(10, recorded);
  const quarter = seconds / 4;
  const strips = channels.map((channel, index): Strip => {
    const column = Math.floor(index / 3);
    return {
      channel,
      // Each column goes on where the one before it ended, as on a recorder that switches leads.
      from: column * quarter,
      seconds: quarter,
      left: margin + column * quarter * second,
      baseline: margin + ((index % 3) + 0.5) * row,
    };
  });
  const rhythm = channels.find(({ label }) => label === RHYTHM) ?? (channels[1] as WaveformChannel);
  return [...strips, { channel: rhythm, from: 0, seconds, left: margin, baseline: margin + 3.5 * row }];
}

function stacked(channels: readonly WaveformChannel[], recorded: number): Strip[] {
  const { margin, row } = MILLIMETRES;
  return channels.map((channel, index) => ({
    channel,
    from: 0,
    seconds: Math.min(10, recorded),
    left: margin,
    baseline: margin + (index + 0.5) * row,
  }));
}

/** Lines each 5 mm, and each millimetre where they can be told apart. */
function grid({ width, height }: Size, scale: number): string {
  const lines = (step: number) => {
    let path = '';
    for (let x = 0; x <= width; x += step) path += `M${fixed(x)} 0V${height}`;
    for (let y = 0; y <= height; y += step) path += `M0 ${fixed(y)}H${width}`;
    return path;
  };
  const fine = scale >= FINE_SCALE ? stroked(lines(scale), FINE, 0.6) : '';
  return fine + stroked(lines(5 * scale), COARSE, scale >= FINE_SCALE ? 0.9 : 0.5);
}

/** The samples as a line; of the samples that fall into one column of pixels the lowest and the highest are drawn. */
function trace({ channel, from, seconds, left, baseline }: Strip, frequency: number, scale: number): string {
  const first = Math.floor(from * frequency);
  const last = Math.min(channel.samples.length, Math.ceil((from + seconds) * frequency));
  const centre = median(channel.samples.subarray(first, last));
  return polyline(
    channel.samples.subarray(first, last),
    left * scale,
    (MILLIMETRES.second / frequency) * scale,
    (value) => (baseline - ((value - centre) / 1000) * MILLIMETRES.millivolt) * scale,
  );
}

function drawRows({ channels, frequency }: Waveform, side: number): { svg: string; size: Size } {
  const size = { width: side, height: Math.round(side * Math.min(1, 0.25 + channels.length * 0.125)) };
  const pitch = size.height / channels.length;
  const letters = Math.min(pitch * 0.25, Math.max(6, side / 40));
  const parts: string[] = [];
  channels.forEach((channel, index) => {
    const box: Box = {
      left: 8,
      top: index * pitch + 3,
      width: Math.max(1, side - 16),
      height: Math.max(1, pitch - 6),
    };
    const [low, high] = bounds(channel.samples.filter(Number.isFinite));
    const range = high > low ? high - low : 1;
    const path = polyline(
      channel.samples,
      box.left,
      box.width / Math.max(1, channel.samples.length - 1),
      (value) => box.top + box.height * (1 - (value - low) / range),
    );
    parts.push(stroked(path, INK.light, Math.max(0.8, side / 400)));
    const unit = channel.unit === undefined || channel.unit === '1' ? '' : ` ${channel.unit}`;
    parts.push(words(channel.label + unit, box.left, box.top, { height: letters, colour: INK.dim }));
    if (index > 0) parts.push(stroked(`M0 ${fixed(index * pitch)}H${side}`, INK.edge, 1));
  });
  const seconds = (channels[0]?.samples.length ?? 0) / frequency;
  const length = `${seconds < 10 ? Math.round(seconds * 10) / 10 : Math.round(seconds)} s`;
  parts.push(
    words(length, side - 8 - letters * length.length, size.height - letters - 4, {
      height: letters,
      colour: INK.dim,
    }),
  );
  return { svg: drawing(size.width, size.height, INK.film, parts), size };
}

function polyline(
  samples: Float64Array,
  left: number,
  step: number,
  height: (value: number) => number,
): string {
  let path = '';
  let pen = 'M';
  const perColumn = Math.max(1, Math.floor(0.5 / step));
  for (let at = 0; at < samples.length; at += perColumn) {
    const column = samples.subarray(at, at + perColumn).filter(Number.isFinite);
    if (column.length === 0) {
      pen = 'M';
      continue;
    }
    const x = fixed(left + at * step);
    const [low, high] = bounds(column);
    path += `${pen}${x} ${fixed(height(column[0] as number))}`;
    if (high > low) path += `L${x} ${fixed(height(low))}L${x} ${fixed(height(high))}`;
    pen = 'L';
  }
  return path;
}

/** The lowest and the highest of the values. */
function bounds(values: Float64Array): [low: number, high: number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}

/** The level the signal rests at: electrodes add an offset that carries no meaning. */
function median(samples: Float64Array): number {
  const sorted = samples.filter(Number.isFinite).sort();
  return sorted[sorted.length >> 1] ?? 0;
}
