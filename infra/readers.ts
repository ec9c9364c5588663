/**
 * The functions that people reach, and what each may touch: staff with a JWT or a signature, hospitals with a token, whoever holds
 * a link. `infra/routes.ts` says by which way.
 */
import { Duration } from 'aws-cdk-lib';
import { type FunctionUrlCorsOptions, HttpMethod } from 'aws-cdk-lib/aws-lambda';
import type { FunctionName } from '../shared/contract/env.ts';
import {
  ANSWERS_PREFIX,
  AUDIT_PREFIX,
  IDENTITY_ATTRIBUTES,
  MANIFESTS_PREFIX,
  RENDERED_PREFIX,
  STUDIES_PREFIX,
  UPLOADS_PREFIX,
} from '../shared/contract/names.ts';
import type { PipelineFunction, PipelineFunctionProps } from './constructs/pipeline-function.ts';
import type { QueueStep, QueueStepProps } from './constructs/queue-step.ts';
import { type Settings, viewerOrigins } from './settings.ts';
import type { createStores } from './stores.ts';

const STUDIES = [STUDIES_PREFIX];
const EVENTS = [AUDIT_PREFIX];
/** 1,769 MB are one whole core, and hold the largest frame of the limits with its encoder. */
const RENDER_MEMORY_MB = 1769;

/** What the stack gives to each of its functions by itself. */
type Own<Props> = Omit<Props, 'name' | 'bundles' | 'architecture' | 'logs' | 'monitoring' | 'oldestMessage'>;
export type ReaderProps = Own<PipelineFunctionProps>;
export type StepProps = Own<QueueStepProps> & { readonly oldestMessage?: Duration };

/** How the stack makes a function that answers, and one that stands behind a queue. */
export interface Makers {
  reader(name: FunctionName, own: ReaderProps): PipelineFunction;
  step(name: FunctionName, own: StepProps): QueueStep;
}

/** Makes them, each with its permissions. */
export function createReaders(
  { reader, step }: Makers,
  { vault, ledger, crosswalk, library, index, links, audit }: ReturnType<typeof createStores>,
  settings: Settings,
) {
  const uploads = reader('uploads', {
    purpose: 'opens uploads and reports what became of each file',
    // A whole processor: to sum up a million items takes thirteen seconds of one.
    memoryMb: 1769,
    timeout: Duration.seconds(29),
  })
    .writesTo(vault.bucket, [UPLOADS_PREFIX], { inParts: true, resumes: true })
    .writesTo(vault.bucket, [MANIFESTS_PREFIX])
    .lists(vault.bucket, UPLOADS_PREFIX)
    .readsFrom(vault.bucket, [MANIFESTS_PREFIX])
    .lists(vault.bucket, MANIFESTS_PREFIX)
    .usesTable(ledger, ['GetItem', 'Query', 'UpdateItem', 'BatchWriteItem'])
    .usesTable(index, ['BatchGetItem']);
  const linksReader = reader('links', {
    purpose: 'creates, opens, lists and revokes links, and shows what they open',
    memoryMb: 512,
    timeout: Duration.seconds(29),
  })
    .readsFrom(library, STUDIES, { asks: true })
    .usesTable(index, ['GetItem', 'BatchGetItem', 'Query'])
    .usesTable(links, ['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem'], { queriesIndex: true })
    .writesTo(audit, EVENTS)
    .isTold('linkDefaultDays', settings.linkDefaultDays)
    .isTold('linkMaximumDays', settings.linkMaximumDays);
  // The one that reads the audit: no visitor reaches it, and it can write nothing.
  const readAudit = reader('read-audit', {
    purpose: 'tells who shares what was done with a link',
    memoryMb: 512,
    timeout: Duration.seconds(29),
  })
    .usesTable(links, ['GetItem'])
    .readsFrom(audit, EVENTS)
    .lists(audit, AUDIT_PREFIX);
  const showGrant = reader('show-grant', {
    purpose: 'says what a session may see, and of an identified link who the patient is',
    memoryMb: 512,
    timeout: Duration.seconds(29),
  })
    .usesTable(links, ['GetItem'])
    .usesTable(index, ['BatchGetItem'])
    .readsAttributes(crosswalk, IDENTITY_ATTRIBUTES)
    .writesTo(audit, EVENTS);
  const render = reader('render', {
    purpose: 'shows single frames of a study large to who opened its link',
    memoryMb: RENDER_MEMORY_MB,
    timeout: Duration.seconds(29),
  })
    .readsFrom(library, [STUDIES_PREFIX, RENDERED_PREFIX], { asks: true })
    .readsVersionsOf(library, STUDIES)
    .writesTo(library, [RENDERED_PREFIX])
    .usesTable(links, ['GetItem'])
    .writesTo(audit, EVENTS);
  const streamDicomweb = reader('stream-dicomweb', {
    purpose: 'streams what is too long for an answer of dicomweb',
    memoryMb: 2048,
    timeout: Duration.minutes(15),
  }).readsFrom(library, STUDIES, { asks: true });
  const dicomweb = reader('dicomweb', {
    purpose: 'answers QIDO-RS and WADO-RS',
    memoryMb: 2048,
    timeout: Duration.seconds(29),
  })
    .readsFrom(library, [STUDIES_PREFIX, ANSWERS_PREFIX], { asks: true })
    .writesTo(library, [ANSWERS_PREFIX], { inParts: true })
    .usesTable(index, ['BatchGetItem', 'Query'], { queriesIndex: true })
    .handsOverTo(streamDicomweb, 'dicomwebStreamUrl', { cors: afterRedirect(settings) });
  const linkDicomweb = reader('link-dicomweb', {
    purpose: 'streams QIDO-RS and WADO-RS of the studies of a link',
    memoryMb: 2048,
    timeout: Duration.minutes(5),
    reservedConcurrency: settings.linkStreamConcurrency,
  })
    .readsFrom(library, STUDIES, { asks: true })
    .usesTable(index, ['BatchGetItem'])
    .usesTable(links, ['GetItem'])
    .writesTo(audit, EVENTS);
  const storeInstances = reader('store-instances', {
    purpose: 'takes instances by STOW-RS',
    memoryMb: 512,
    timeout: Duration.seconds(29),
  })
    .writesTo(vault.bucket, [UPLOADS_PREFIX])
    .usesTable(ledger, ['BatchWriteItem', 'UpdateItem']);
  const download = reader('download-study', {
    purpose: 'hands out a study as one archive',
    memoryMb: 1769,
    timeout: Duration.minutes(15),
    reservedConcurrency: settings.linkStreamConcurrency,
  })
    .readsFrom(library, [STUDIES_PREFIX, ANSWERS_PREFIX], { asks: true })
    .writesTo(library, [ANSWERS_PREFIX], { inParts: true, resumes: true })
    .usesTable(links, ['GetItem'])
    .writesTo(audit, EVENTS)
    .isTold('streamedDownloadMb', settings.streamedDownloadMb);
  const packStudy = step('pack-study', {
    purpose: 'writes parts of an archive that is too long to be streamed',
    queueVariable: 'packQueueUrl',
    batchSize: 1,
    attempts: 3,
    concurrency: settings.packConcurrency,
    memoryMb: settings.packMemoryMb,
    timeout: Duration.minutes(5),
  })
    .readsFrom(library, STUDIES)
    .writesTo(library, [ANSWERS_PREFIX], { inParts: true, resumes: true });
  download.sendsTo(packStudy.queue, 'packQueueUrl');
  return {
    uploads,
    links: linksReader,
    showGrant,
    readAudit,
    render,
    dicomweb,
    linkDicomweb,
    storeInstances,
    download,
    packStudy,
  };
}

/**
 * A long answer of DICOMweb is a redirect from the API, which has judged the origin: after one across origins a browser says `null` for
 * its own, and no list of origins holds that. Whoever has no signed address gets nothing from any.
 */
function afterRedirect(settings: Settings): FunctionUrlCorsOptions | undefined {
  if (viewerOrigins(settings).length === 0) return undefined;
  return {
    allowedOrigins: ['*'],
    allowedMethods: [HttpMethod.GET, HttpMethod.HEAD],
    allowedHeaders: ['accept', 'range', 'if-none-match'],
    exposedHeaders: ['content-range', 'etag'],
    maxAge: Duration.hours(1),
  };
}
