/** `filmroom upload`: sends files and folders, goes on where it was interrupted, and tells what became of each. */
import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { EXIT, type ExitCode, Failure } from '../failure.ts';
import { followUpload, realTime } from '../ingest/follow-upload.ts';
import { type LocalFile, listFiles } from '../ingest/list-files.ts';
import { endedItems } from '../ingest/stages.ts';
import { withUploadPaths } from '../ingest/upload-path.ts';
import { buildReport } from '../report/build-report.ts';
import { printJson } from '../report/json-output.ts';
import { reportLines } from '../report/print-report.ts';
import { PROJECT } from '../stack/project.ts';
import { whenInterrupted } from '../terminal/interrupt.ts';
import { plural, printable } from '../terminal/printable.ts';
import { type Progress, type Stage, startProgress } from '../terminal/progress.ts';
import { closeUpload } from '../upload/close-upload.ts';
import { type Destination, type DestinationOptions, openDestination } from '../upload/destination.ts';
import { Journal } from '../upload/journal.ts';
import { planFiles, planNext } from '../upload/plan-files.ts';
import { type NotSent, sendFiles, settleBegun } from '../upload/send-files.ts';
import { type Sending, startSending } from '../upload/sending.ts';
import { exitCodeOf } from './ingest.ts';

export interface UploadOptions extends DestinationOptions {
  readonly to: string;
  /** Whether to wait for the report. @default whether a person watches */
  readonly follow?: boolean;
  /** Sends everything in a new upload, whatever was sent before. */
  readonly again?: boolean;
  readonly parallel?: number;
  readonly state?: string;
  readonly json?: boolean;
}

/** Journals of uploads, one for each destination and set of arguments. */
const JOURNALS = join(PROJECT, '.filmroom', 'uploads');
/** A study is complete when nothing was added to it for a while, which a deployment may count in minutes. */
const PATIENCE_MS = 30 * 60_000;
/** More files than this are counted, not listed. */
const LISTED = 20;

export async function upload(paths: readonly string[], options: UploadOptions): Promise<ExitCode> {
  const progress = startProgress(process.stderr);
  const abort = new AbortController();
  const forget = whenInterrupted(() =>
    abort.abort(new Failure('interrupted: run the same command again, and it goes on where it was')),
  );
  const { files, skipped } = await listFiles(paths);
  if (skipped > 0)
    progress.note(`left out ${plural(skipped, 'link or special file', 'links or special files')}`);
  const destination = await openDestination(options.to, options, progress.note);
  try {
    const journal = Journal.open(journalPath(paths, destination, options.state ?? JOURNALS));
    let notSent: NotSent[];
    try {
      notSent = await sendAll(withUploadPaths(files), journal, destination, options, progress, abort.signal);
    } finally {
      journal.release();
      progress.end();
    }
    tellNotSent(notSent, progress);
    const id = journal.upload ?? '';
    const follows = options.follow ?? (process.stderr.isTTY === true || options.json === true);
    const code = follows ? await report(id, destination, options, progress, abort.signal) : EXIT.ok;
    if (!follows && options.json === true) printJson({ upload: id });
    else if (!follows) console.log(`upload ${id}`);
    return notSent.length > 0 ? EXIT.failure : code;
  } finally {
    forget();
    await destination.close();
  }
}

function journalPath(paths: readonly string[], { name }: Destination, folder: string): string {
  const key = [name, ...paths.map((path) => resolve(path)).sort()].join('\0');
  return join(folder, `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.jsonl`);
}

async function sendAll(
  files: readonly LocalFile[],
  journal: Journal,
  { api }: Destination,
  options: UploadOptions,
  progress: Progress,
  signal: AbortSignal,
): Promise<NotSent[]> {
  const isOpen = journal.upload !== undefined && !journal.isClosed;
  if (!isOpen || options.again === true) {
    const wanted = options.again === true ? files : planNext(files, journal);
    if (wanted.length === 0 && journal.upload !== undefined) {
      progress.note(
        `all ${plural(files.length, 'file')} were sent before and have not changed since; --again sends them anew`,
      );
      return [];
    }
    journal.opened(await api.openUpload(), options.again === true);
  }
  const upload = journal.upload ?? '';
  const count = { files: 0, bytes: 0 };
  let stages: () => Stage[] = () => [];
  const sending = startSending(api, upload, journal, {
    note: progress.note,
    signal,
    onBytes: (bytes) => {
      count.bytes += bytes;
      progress.update(stages());
    },
    ...(options.parallel === undefined ? {} : { parallel: options.parallel }),
  });
  try {
    if (journal.begun.size > 0) await settleBegun(sending);
    const { toSend, arrived, sentBefore, changed } = planFiles(files, journal);
    progress.note(`upload ${upload}: ${plural(toSend.length, 'file')} to send`);
    if (arrived.length > 0)
      progress.note(`  ${plural(arrived.length, 'file')} arrived before and are not sent again`);
    if (sentBefore.length > 0)
      progress.note(
        `  ${plural(sentBefore.length, 'file')} were sent by an earlier upload; --again sends them anew`,
      );
    if (changed.length > 0)
      progress.note(
        `  ${plural(changed.length, 'file')} changed after they had arrived: both states are in the upload`,
      );
    const total = { files: toSend.length, bytes: toSend.reduce((sum, { size }) => sum + size, 0) };
    stages = () => [
      { name: 'files', done: count.files, total: total.files },
      { name: 'sent', done: Math.min(count.bytes, total.bytes), total: total.bytes, unit: 'bytes' },
    ];
    const notSent = await sendFiles(toSend, sending, () => {
      count.files += 1;
      progress.update(stages());
    });
    await close(sending);
    return notSent;
  } finally {
    sending.close();
  }
}

async function close(sending: Sending): Promise<void> {
  sending.signal?.throwIfAborted();
  await closeUpload(sending);
  sending.note(`upload ${sending.upload} is closed with ${plural(sending.journal.sent.size, 'file')}`);
}

function tellNotSent(notSent: readonly NotSent[], progress: Progress): void {
  if (notSent.length === 0) return;
  progress.note(`${plural(notSent.length, 'file')} could not be sent:`);
  for (const { path, why } of notSent.slice(0, LISTED)) progress.note(`  ${printable(path)}: ${why}`);
  if (notSent.length > LISTED) progress.note(`  and ${notSent.length - LISTED} more`);
}

async function report(
  id: string,
  destination: Destination,
  options: UploadOptions,
  progress: Progress,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { api } = destination;
  const { patiently } = startSending(api, id, Journal.inMemory(), { note: progress.note, signal });
  const { stalled } = await followUpload(
    {
      ...realTime,
      summary: () => patiently(() => api.summary(id)),
      queues: () => destination.queues(),
      ...(destination.connection ? {} : { patienceMs: PATIENCE_MS }),
      onChange: (summary) => {
        const known = Math.max(summary.total, endedItems(summary) + summary.pending);
        const ready = summary.studies.filter((study) => study.ready).length;
        progress.update([
          { name: 'settled', done: endedItems(summary), total: known },
          { name: 'studies', done: ready, total: summary.studies.length },
        ]);
      },
    },
    signal,
  ).finally(() => progress.end());
  if (stalled)
    progress.note('Nothing has moved for a while: the report is as of now, and the same command asks again.');
  const rates = { seconds: null, instancesPerSecond: null };
  const result = await buildReport(api, id, {}, rates);
  if (options.json === true) printJson(result);
  else console.log(reportLines(result).join('\n'));
  return exitCodeOf(result);
}
