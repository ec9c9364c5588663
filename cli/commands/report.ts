/** `filmroom report`: what became of an upload, now. */
import { writeFile } from 'node:fs/promises';
import type { ExitCode } from '../failure.ts';
import { buildReport } from '../report/build-report.ts';
import { csvLines } from '../report/csv.ts';
import { reportPage } from '../report/html.ts';
import { printJson } from '../report/json-output.ts';
import { reportLines } from '../report/print-report.ts';
import { recall } from '../stack/upload-record.ts';
import { withConnection } from '../stack/with-connection.ts';
import { exitCodeOf } from './ingest.ts';

export interface ReportOptions {
  readonly data: string;
  readonly json?: boolean;
  /** A file for the items as CSV. */
  readonly csv?: string;
  /** A file for the report as a page. */
  readonly html?: string;
}

export function report(upload: string, options: ReportOptions): Promise<ExitCode> {
  return withConnection(options.data, async (connection) => {
    const { rates, links } = await recall(connection, upload);
    const result = await buildReport(connection.api, upload, links, rates);
    // Paths may name patients.
    const mode = 0o600;
    if (options.csv !== undefined) await writeFile(options.csv, csvLines(result), { mode });
    if (options.html !== undefined) await writeFile(options.html, reportPage(result, new Date()), { mode });
    if (options.json === true) printJson(result);
    else console.log(reportLines(result).join('\n'));
    return exitCodeOf(result);
  });
}
