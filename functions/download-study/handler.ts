/** Wires `download-study`: a function URL whose answer is streamed, so that no study is too large for it. */
import { pipeline } from 'node:stream/promises';
import { openAudit } from '../../shared/aws/audit-log.ts';
import { openLinksTable } from '../../shared/aws/links-table.ts';
import { openObjectStore } from '../../shared/aws/object-store.ts';
import { addressOf, type HttpEvent } from '../../shared/runtime/http-handler.ts';
import type { LambdaContext } from '../../shared/runtime/lambda.ts';
import { sessionCookieOf } from '../../shared/runtime/link-session.ts';
import { createLogger, describeError } from '../../shared/runtime/logger.ts';
import { readDownloadStudyConfig } from './config.ts';
import { type DownloadPorts, downloadStudy } from './download-study.ts';

/** Lambda's runtime puts it into the global scope. */
declare const awslambda: {
  streamifyResponse<Event>(
    handler: (event: Event, response: NodeJS.WritableStream, context: LambdaContext) => Promise<void>,
  ): unknown;
  readonly HttpResponseStream: {
    from(
      response: NodeJS.WritableStream,
      head: { readonly statusCode: number; readonly headers: Readonly<Record<string, string>> },
    ): NodeJS.WritableStream;
  };
};

const config = readDownloadStudyConfig();
const links = openLinksTable(config.linksTable);
const library = openObjectStore(config.libraryBucket);
const log = createLogger('download-study');
const ports: DownloadPorts = {
  sessions: { ...links, now: () => new Date() },
  library: {
    read: (key) => library.read({ key }),
    stream: (key) => library.stream({ key }),
  },
  audit: openAudit(config.auditBucket, 'download-study'),
};

export const handler = awslambda.streamifyResponse<HttpEvent>(async (event, response, context) => {
  const run = context.awsRequestId;
  const cookies = event.cookies ?? event.headers?.cookie?.split('; ') ?? [];
  const respond = (status: number, headers: Readonly<Record<string, string>>) =>
    awslambda.HttpResponseStream.from(response, { statusCode: status, headers });
  try {
    const { status, headers, body } = await downloadStudy(
      {
        cookie: sessionCookieOf(cookies),
        query: new URLSearchParams(event.rawQueryString ?? ''),
        run,
        address: addressOf(event),
      },
      ports,
    );
    const out = respond(status, headers);
    if (typeof body === 'string') out.end(body);
    else await pipeline(body, out);
    log.info('answered', { run, route: 'GET /download/study.zip', status });
  } catch (error) {
    // The head may be on its way already: a connection that breaks off is how the visitor learns of it.
    log.error('a download failed', { run, ...describeError(error) });
    throw error;
  }
});
