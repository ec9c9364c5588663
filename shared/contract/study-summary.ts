/** The roll-up of a study that `complete-study` writes and the link page shows. Types only: the web imports them. */

export interface StudySummary {
  readonly studyInstanceUid: string;
  /** Pseudonymous. */
  readonly patientId: string;
  readonly patientSex: string | null;
  /** Shifted or empty: as it stands in the library. `YYYYMMDD`. */
  readonly studyDate: string | null;
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
  readonly crc32: number | null;
  readonly preview: { readonly width: number; readonly height: number; readonly placeholder?: string };
}
