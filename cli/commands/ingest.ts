/** `filmroom ingest`: from files to the report and the links, through the stack on this machine. */
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { EXIT, type ExitCode, Failure } from '../failure.ts';
import { type Followed, followUpload, realTime } from '../ingest/follow-upload.ts';
import { type FileList, listFiles } from '../ingest/list-files.ts';
import { stageCounter } from '../ingest/stages.ts';
import { uploadFiles } from '../ingest/upload-files.ts';
import { withUploadPaths } from '../ingest/upload-path.ts';
import { buildReport, ratesOf } from '../report/build-report.ts';
import { type IngestReport, printJson } from '../report/json-output.ts';
import { reportLines } from '../report/print-report.ts';
import { type Connection, connect, QUIET_SECONDS } from '../stack/connect.ts';
import { PROJECT, SAMPLE } from '../stack/project.ts';
import { shareStudies } from '../stack/upload-record.ts';
import { untilInterrupted, whenInterrupted } from '../terminal/interrupt.ts';
import { plural } from '../terminal/printable.ts';
import { type Progress, startProgress } from '../terminal/progress.ts';

export interface IngestOptions {
  readonly data: string;
  readonly port?: number;
  readonly keep?: boolean;
  readonly json?: boolean;
}

export async function ingest(paths: readonly string[], options: IngestOptions): Promise<ExitCode> {
  const progress = startProgress(process.stderr);
  const abort = new AbortController();
  const forget = whenInterrupted(() =>
    abort.abort(new Failure('interrupted; nothing that was uploaded is lost')),
  );
  const list = await filesOf(paths, progress);
  const connection = await connect({
    dataDir: options.data,
    log: progress.note,
    ...(options.port === undefined ? {} : { port: options.port }),
  });
  try {
    const { report, followed } = await send(connection, list, progress, abort.signal);
    if (options.json === true) printJson(report);
    else console.log(reportLines(report).join('\n'));
    tellWhyStalled(connection, followed, progress);
    if (options.keep === true) {
      forget();
      progress.note(`\nserving ${connection.webUrl} until Ctrl-C`);
      await untilInterrupted();
    }
    return exitCodeOf(report);
  } finally {
    forget();
    await connection.close();
  }
}

async function filesOf(paths: readonly string[], progress: Progress): Promise<FileList> {
  if (paths.length > 0) {
    const list = await listFiles(paths);
    if (list.skipped > 0)
      progress.note(`left out ${plural(list.skipped, 'link or special file', 'links or special files')}`);
    return list;
  }
  if (!existsSync(SAMPLE)) {
    progress.note('making the sample study');
    const { writeSample } = await import('../../scripts/sample/make-sample.ts');
    const fresh = `${SAMPLE}.${process.pid}`;
    writeSample(fresh);
    // Another process may have been quicker: its sample has the same bytes.
    await rename(fresh, SAMPLE).catch(() => rm(fresh, { recursive: true }));
  }
  progress.note(`no path was given: ingesting the sample study, ${SAMPLE.slice(PROJECT.length)}`);
  return listFiles([SAMPLE]);
}

async function send(
  connection: Connection,
  { files }: FileList,
  progress: Progress,
  signal: AbortSignal,
): Promise<{ report: IngestReport; followed: Followed }> {
  const { api } = connection;
  const upload = await api.openUpload();
  progress.note(`upload ${upload}: ${plural(files.length, 'file')}`);
  const count = stageCounter();
  let sent = 0;
  const startedAt = realTime.now();
  const following = followUpload(
    {
      ...realTime,
      summary: () => api.summary(upload),
      queues: () => connection.queues(),
      onChange: (summary, queues) =>
        progress.update(count({ files: sent, of: files.length }, summary, queues)),
    },
    signal,
  );
  const uploading = uploadFiles(api, upload, withUploadPaths(files), {
    onSent: () => (sent += 1),
    note: progress.note,
    closes: true,
    signal,
  });
  const [followed] = await Promise.all([following, uploading]).finally(() => progress.end());

  const { states, studies } = followed.summary;
  const rates = ratesOf({
    ...followed,
    startedAt,
    quietSeconds: QUIET_SECONDS,
    instances: states.indexed + states.duplicate,
  });
  const ready = studies.filter((study) => study.ready).map((study) => study.studyInstanceUid);
  const links = await shareStudies(connection, upload, ready, rates);
  return { report: await buildReport(api, upload, links, rates), followed };
}

function tellWhyStalled({ stack }: Connection, { stalled }: Followed, progress: Progress): void {
  if (stalled === undefined) return;
  const letters = plural(stalled.deadLetters, 'message');
  progress.note(
    stalled.deadLetters > 0
      ? `The upload did not settle: ${letters} stand in a dead-letter queue, which is a fault of ours and not of the files.`
      : 'The upload did not settle: nothing has moved for a while and no queue holds anything.',
  );
  for (const message of new Set(stack?.denials().map((denial) => denial.message))) progress.note(message);
}

/** 0 all well, 1 not finished, 2 some files quarantined. */
export function exitCodeOf(report: IngestReport): ExitCode {
  if (report.pending > 0 || report.studies.some((study) => !study.ready)) return EXIT.failure;
  return report.states.quarantined > 0 ? EXIT.quarantined : EXIT.ok;
}
