/** The roll-up of a study that `complete-study` writes and the link page shows. Types only: the web imports them. */

export interface StudySummary {
  readonly studyInstanceUid: string;
  /** Pseudonymous. */
  readonly patientId: string;
  readonly patientSex: string | null;
  /** Shifted or empty: as it stands in the library. `YYYYMMDD`. */
  readonly studyDate: string | null;
  /** What de-identification did with dates, as the instances say themselves (0028,0303); absent in summaries of before. */
  readonly dates?: 'moved' | 'kept' | 'removed';
  readonly studyDescription: string | null;
  readonly modalities: readonly string[];
  readonly series: readonly SeriesSummary[];
  readonly instances: number;
  readonly bytes: number;
  readonly completedAt: string;
}

export interface SeriesSummary {
  readonly seriesInstanceUid: string;
  readonly modality: string | null;
  readonly seriesNumber: number | null;
  readonly seriesDescription: string | null;
  readonly instances: readonly InstanceSummary[];
  /** Position of the instance that stands for the series: one that a key object selection names, else the middle one. Absent in summaries of before. */
  readonly keyImage?: number;
  /** Absent where the series is so short that its previews serve as well. */
  readonly sprite?: SeriesSprite;
}

/** Evenly chosen previews of the series in one picture, row by row. */
export interface SeriesSprite {
  /** Names the picture: a hash of what it is made of. */
  readonly name: string;
  /** Side of a tile in pixels. */
  readonly tile: number;
  readonly columns: number;
  readonly rows: number;
  /** For each tile the position of its instance in the series. */
  readonly instances: readonly number[];
}

/** In the order of Instance Number, then position. */
export interface InstanceSummary {
  readonly sopInstanceUid: string;
  readonly sopClassUid: string;
  readonly instanceNumber: number | null;
  readonly rows: number | null;
  readonly columns: number | null;
  readonly frames: number;
  readonly bytes: number;
  /** Of the stored bytes, as an archive needs it; null where it was not kept. */
  readonly crc32: number | null;
  /** Absent in summaries of before. */
  readonly transferSyntaxUid?: string;
  readonly preview: { readonly width: number; readonly height: number; readonly placeholder?: string };
}
