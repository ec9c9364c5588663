/**
 * The beginning of a waveform as numbers (PS3.3 C.10.9): the channels of one multiplex group in their units. Samples lie one
 * after the other, all channels of an instant together; stored values become physical ones by sensitivity and baseline.
 */
import type { DataSet } from '../../dicom/index.ts';
import { UndisplayableError } from '../undisplayable.ts';
import { DOCUMENT_LIMITS, type DocumentLimits } from './limits.ts';
import { DOCUMENT_TAG as TAG } from './tags.ts';

export interface WaveformChannel {
  /** The lead or source in a few letters; empty where it is not said. */
  readonly label: string;
  /** Physical values; NaN where a sample was left out (Waveform Padding Value). */
  readonly samples: Float64Array;
  /** UCUM code of the values: `uV`, `mV`, `mm[Hg]`; absent where they are as stored. */
  readonly unit: string | undefined;
}

export interface Waveform {
  readonly channels: readonly WaveformChannel[];
  /** Samples a second. */
  readonly frequency: number;
}

/** Reads the first seconds of the multiplex group with the most channels. */
export function readWaveform(dataSet: DataSet, limits: DocumentLimits = DOCUMENT_LIMITS): Waveform {
  const groups = dataSet.sequence(TAG.WaveformSequence);
  const channelsOf = (group: DataSet) => group.number(TAG.WaveformNumberOfChannels) ?? 0;
  const group = groups.reduce<DataSet | undefined>(
    (most, one) => (most === undefined || channelsOf(one) > channelsOf(most) ? one : most),
    undefined,
  );
  const count = group === undefined ? 0 : channelsOf(group);
  const frequency = group?.number(TAG.SamplingFrequency) ?? 0;
  const bytes = group?.value(TAG.WaveformData);
  if (group === undefined || bytes === undefined || count < 1 || !(frequency > 0))
    throw new UndisplayableError('no-image', '(5400,0100) Waveform Sequence without samples');
  const format = sampleFormat(group);
  const stored = Math.min(
    group.number(TAG.NumberOfWaveformSamples) ?? Number.POSITIVE_INFINITY,
    Math.floor(bytes.length / (count * format.bytes)),
  );
  const taken = Math.min(stored, limits.maximumSamples, Math.ceil(frequency * limits.waveformSeconds));
  if (taken < 2)
    throw new UndisplayableError('pixel-data-mismatch', '(5400,1010) Waveform Data is too short');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const littleEndian = !dataSet.encoding.bigEndian;
  const padding = paddingOf(group, format);
  const definitions = group.sequence(TAG.ChannelDefinitionSequence);
  const channels = Array.from({ length: Math.min(count, limits.maximumChannels) }, (_, channel) => {
    const definition = definitions[channel];
    const scale = scaleOf(definition);
    const samples = Float64Array.from({ length: taken }, (__, at) => {
      const value = format.read(view, (at * count + channel) * format.bytes, littleEndian);
      return value === padding ? Number.NaN : value * scale.sensitivity + scale.baseline;
    });
    return { label: labelOf(definition), samples, unit: scale.unit };
  });
  return { channels, frequency };
}

interface SampleFormat {
  readonly bytes: number;
  read(view: DataView, at: number, littleEndian: boolean): number;
}

/** Waveform Sample Interpretation (PS3.3 C.10.9.1.5). */
const FORMATS: Readonly<Record<string, SampleFormat>> = {
  SB: { bytes: 1, read: (view, at) => view.getInt8(at) },
  UB: { bytes: 1, read: (view, at) => view.getUint8(at) },
  MB: { bytes: 1, read: (view, at) => muLaw(view.getUint8(at)) },
  AB: { bytes: 1, read: (view, at) => aLaw(view.getUint8(at)) },
  SS: { bytes: 2, read: (view, at, littleEndian) => view.getInt16(at, littleEndian) },
  US: { bytes: 2, read: (view, at, littleEndian) => view.getUint16(at, littleEndian) },
  SL: { bytes: 4, read: (view, at, littleEndian) => view.getInt32(at, littleEndian) },
  UL: { bytes: 4, read: (view, at, littleEndian) => view.getUint32(at, littleEndian) },
};

function sampleFormat(group: DataSet): SampleFormat {
  const stated = group.strings(TAG.WaveformSampleInterpretation)[0] ?? 'SS';
  const format = Object.hasOwn(FORMATS, stated) ? FORMATS[stated] : undefined;
  const bits = group.number(TAG.WaveformBitsAllocated);
  if (format === undefined || (bits !== undefined && bits !== format.bytes * 8))
    throw new UndisplayableError('unsupported-pixel-format', '(5400,1006) Waveform Sample Interpretation');
  return format;
}

/** 14-bit values of ITU-T G.711 µ-law. */
function muLaw(code: number): number {
  const bits = ~code & 0xff;
  const magnitude = ((((bits & 0x0f) << 1) | 33) << ((bits >> 4) & 7)) - 33;
  return bits & 0x80 ? -magnitude : magnitude;
}

/** 13-bit values of ITU-T G.711 A-law. */
function aLaw(code: number): number {
  const bits = code ^ 0x55;
  const exponent = (bits >> 4) & 7;
  const mantissa = ((bits & 0x0f) << 1) | 1;
  const magnitude = exponent === 0 ? mantissa : (mantissa | 32) << (exponent - 1);
  return bits & 0x80 ? magnitude : -magnitude;
}

function paddingOf(group: DataSet, format: SampleFormat): number | undefined {
  const value = group.value(TAG.WaveformPaddingValue);
  if (value === undefined || value.length < format.bytes) return undefined;
  const view = new DataView(value.buffer, value.byteOffset, value.length);
  return format.read(view, 0, !group.encoding.bigEndian);
}

/** Channel Sensitivity, its correction and the baseline (PS3.3 C.10.9.1.4.2): nominal units per bit, from 0. */
function scaleOf(definition: DataSet | undefined): {
  sensitivity: number;
  baseline: number;
  unit: string | undefined;
} {
  const stated = definition?.number(TAG.ChannelSensitivity);
  if (definition === undefined || stated === undefined)
    return { sensitivity: 1, baseline: 0, unit: undefined };
  const units = definition.sequence(TAG.ChannelSensitivityUnitsSequence)[0];
  return {
    sensitivity: stated * (definition.number(TAG.ChannelSensitivityCorrectionFactor) ?? 1),
    baseline: definition.number(TAG.ChannelBaseline) ?? 0,
    unit: units?.strings(TAG.CodeValue)[0],
  };
}

/** 'Lead aVR (Einthoven)' is known as aVR. */
function labelOf(definition: DataSet | undefined): string {
  if (definition === undefined) return '';
  const source = definition.sequence(TAG.ChannelSourceSequence)[0];
  const name = source?.text(TAG.CodeMeaning) ?? definition.text(TAG.ChannelLabel) ?? '';
  return name
    .replace(/\([^)]*\)/g, '')
    .replace(/^\s*lead\s+/i, '')
    .trim();
}
