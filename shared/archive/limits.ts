/** The limits of unpacking. An archive may lie about its sizes: each limit is held while bytes are made, not only read. */

const KiB = 1024;
const MiB = 1024 * KiB;
const GiB = 1024 * MiB;

export interface ArchiveLimits {
  /** Entries of one archive. Default 1,000,000: a study has hundreds, the export of a whole archive hundreds of thousands. */
  readonly maximumEntries: number;
  /** Bytes of a ZIP's central directory. Default 320 MiB: some 300 bytes for each entry. */
  readonly maximumDirectoryBytes: number;
  /** Bytes one entry may expand to. Default 8 GiB: over the largest multi-frame objects. */
  readonly maximumEntryBytes: number;
  /** Bytes a GZIP file may expand to. Default 64 GiB: under what an object of 10,000 parts can hold. */
  readonly maximumGzipBytes: number;
  /** Bytes all entries may expand to. Default 1 TiB: an archive is unpacked in slices, by as many calls as it takes. */
  readonly maximumTotalBytes: number;
  /**
   * Expanded bytes for each compressed byte. Default 250: real pixels reach 3, label maps some tens, and DEFLATE cannot
   * pass 1,032. It is judged from `ratioFloorBytes` on.
   */
  readonly maximumRatio: number;
  /** Expanded bytes below which the ratio is not judged. Default 256 MiB: an empty mask may be small and honest. */
  readonly ratioFloorBytes: number;
  /** Bytes of an entry's name. Default 1,024: what a key of S3 takes. */
  readonly maximumNameBytes: number;
  /** How deep archives may lie within archives; an uploaded one has depth 0, the TAR within a GZIP 1. Default 3. */
  readonly maximumDepth: number;
}

export const ARCHIVE_LIMITS: ArchiveLimits = {
  maximumEntries: 1_000_000,
  maximumDirectoryBytes: 320 * MiB,
  maximumEntryBytes: 8 * GiB,
  maximumGzipBytes: 64 * GiB,
  maximumTotalBytes: 1024 * GiB,
  maximumRatio: 250,
  ratioFloorBytes: 256 * MiB,
  maximumNameBytes: 1024,
  maximumDepth: 3,
};
