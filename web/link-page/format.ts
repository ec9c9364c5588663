/** Values of the study as a reader expects them, in the browser's own language where that matters. */
import type { SeriesSummary, StudySummary } from '../../shared/contract/study-summary.ts';

const MODALITIES: Readonly<Record<string, string>> = {
  CR: 'Computed radiography',
  CT: 'Computed tomography',
  DX: 'Digital radiography',
  ES: 'Endoscopy',
  IVUS: 'Intravascular ultrasound',
  MG: 'Mammography',
  MR: 'Magnetic resonance',
  NM: 'Nuclear medicine',
  OCT: 'Optical coherence tomography',
  OP: 'Ophthalmic photography',
  OT: 'Other',
  PR: 'Annotations',
  PT: 'Positron emission tomography',
  RF: 'Fluoroscopy',
  RTIMAGE: 'Radiotherapy image',
  SC: 'Secondary capture',
  SEG: 'Segmentation',
  SM: 'Slide microscopy',
  SR: 'Structured report',
  US: 'Ultrasound',
  XA: 'Angiography',
  XC: 'Photography',
};

/** The modality in words, or as it stands where it has none. */
export function modalityName(modality: string | null): string {
  return modality === null ? 'Unknown modality' : (MODALITIES[modality] ?? modality);
}

/** `20250611` as `11 June 2025`; anything else as it stands. */
export function studyDate(value: string): string {
  const match = /^(\d{4})(\d{2})(\d{2})$/.exec(value);
  if (match === null) return value;
  const date = new Date(Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])));
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'long', timeZone: 'UTC' }).format(date);
}

/** What became of the dates of a study; where it does not say, they may be moved. */
export function datesNote(dates: StudySummary['dates']): string {
  if (dates === 'kept') return 'dates are as they were';
  if (dates === 'removed') return 'dates were removed';
  const moved = 'dates are moved by some weeks, by the same for all studies of a patient';
  return dates === 'moved' ? moved : `${moved}, or removed`;
}

export function dateAndTime(iso: string): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' }).format(
    new Date(iso),
  );
}

export function fileSize(bytes: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const amount = bytes / 1000 ** power;
  return `${amount < 10 && power > 0 ? amount.toFixed(1) : Math.round(amount)} ${units[power]}`;
}

export function count(number: number, one: string, many: string): string {
  return `${number.toLocaleString()} ${number === 1 ? one : many}`;
}

export function studyTitle(study: Pick<StudySummary, 'studyDescription' | 'modalities'>): string {
  return study.studyDescription ?? (study.modalities.map(modalityName).join(', ') || 'Study');
}

const numberOf = ({ seriesNumber }: SeriesSummary) =>
  seriesNumber === null ? undefined : `Series ${seriesNumber}`;

/** De-identification may have taken the description: then the number names the series. */
export function seriesTitle(series: SeriesSummary): string {
  return series.seriesDescription ?? numberOf(series) ?? modalityName(series.modality);
}

/** How many images, and where they move how many frames. */
export function imagesOf({ instances }: SeriesSummary): string {
  const frames = instances.reduce((sum, one) => sum + Math.max(1, one.frames), 0);
  const images = count(instances.length, 'image', 'images');
  return frames > instances.length ? `${images}, ${count(frames, 'frame', 'frames')}` : images;
}

/** What the title does not say. */
export function seriesDetail(series: SeriesSummary): string {
  const title = seriesTitle(series);
  return [numberOf(series), modalityName(series.modality), imagesOf(series)]
    .filter((part) => part !== undefined && part !== title)
    .join(' · ');
}
