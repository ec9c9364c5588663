/** `filmroom report`: what became of an upload, now. */
import type { ExitCode } from '../failure.ts';
import { buildReport } from '../report/build-report.ts';
import { printJson } from '../report/json-output.ts';
import { reportLines } from '../report/print-report.ts';
import { recall } from '../stack/upload-record.ts';
import { withConnection } from '../stack/with-connection.ts';
import { exitCodeOf } from './ingest.ts';

export interface ReportOptions {
  readonly data: string;
  readonly json?: boolean;
}

export function report(upload: string, options: ReportOptions): Promise<ExitCode> {
  return withConnection(options.data, async (connection) => {
    const { rates, links } = await recall(connection, upload);
    const result = await buildReport(connection.api, upload, links, rates);
    if (options.json === true) printJson(result);
    else console.log(reportLines(result).join('\n'));
    return exitCodeOf(result);
  });
}
