/** A failure the user can act on: its message is printed alone, without a stack trace. */
export class Failure extends Error {
  override readonly name = 'Failure';
}

/** What the process says to scripts when it ends. */
export const EXIT = {
  ok: 0,
  /** Wrong usage, or the work could not be finished. */
  failure: 1,
  /** Finished, but some files are quarantined. */
  quarantined: 2,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
