/** Cuts a TAR archive into slices of bounded work while its headers are hopped over, and can stop and go on later. */
import { isUnprocessable, type UnprocessableInstanceError } from '../../errors.ts';
import type { ArchiveLimits } from '../limits.ts';
import type { RangedSource } from '../ranged-source.ts';
import { overLimit } from '../refuse.ts';
import type { SliceLimits } from '../zip/survey.ts';
import { walkTar } from './walk-tar.ts';

/** Entries that are unpacked by one call. */
export interface TarSlice {
  readonly start: number;
  readonly end: number;
  readonly firstEntry: number;
}

/** How far the headers were read. */
export interface TarProgress {
  /** The start of the next entry. */
  readonly at: number;
  /** Its number. */
  readonly entry: number;
  /** Entries so far that become items. */
  readonly files: number;
}

export interface TarPlan {
  readonly slices: readonly TarSlice[];
  readonly progress: TarProgress;
  /** Whether the end of the archive was reached. */
  readonly done: boolean;
  /** Why the archive ends before its end: what lies before can be unpacked all the same. */
  readonly fault?: UnprocessableInstanceError;
}

export interface TarPlanOptions {
  readonly limits: ArchiveLimits;
  readonly sliceLimits: SliceLimits;
  /** Asked after each slice: whether to stop here. */
  readonly isLate: () => boolean;
}

/** The slices from a place in the archive on. */
export async function planTar(
  source: RangedSource,
  from: TarProgress,
  { limits, sliceLimits, isLate }: TarPlanOptions,
): Promise<TarPlan> {
  const slices: TarSlice[] = [];
  let open = { start: from.at, end: from.at, firstEntry: from.entry, entries: 0 };
  let { files } = from;
  const close = () => {
    const { entries, ...slice } = open;
    if (entries > 0) slices.push(slice);
    open = { start: open.end, end: open.end, firstEntry: open.firstEntry + entries, entries: 0 };
  };
  const progress = (): TarProgress => ({ at: open.end, entry: open.firstEntry + open.entries, files });
  const plan = (done: boolean): TarPlan => ({ slices, progress: progress(), done });
  try {
    for await (const entry of walkTar(source, { from: from.at, firstEntry: from.entry, limits })) {
      const isFull =
        open.entries >= sliceLimits.maximumEntries || entry.end - open.start > sliceLimits.maximumBytes;
      if (isFull && open.entries > 0) {
        close();
        if (isLate()) return plan(false);
      }
      if (entry.end > limits.maximumTotalBytes) throw overLimit('bytes', entry.end, limits.maximumTotalBytes);
      open = { ...open, end: entry.end, entries: open.entries + 1 };
      if (entry.kind !== 'folder') files++;
    }
  } catch (fault) {
    if (!isUnprocessable(fault)) throw fault;
    close();
    return { ...plan(true), fault };
  }
  close();
  return plan(true);
}
