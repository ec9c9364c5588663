/** The whole installation, in the order in which an instance passes through it. */
import { CfnOutput, Duration, Size, Stack, type StackProps } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import type { Architecture } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { FunctionName } from '../shared/contract/env.ts';
import {
  EXTRACTED_PREFIX,
  MANIFESTS_PREFIX,
  STUDIES_PREFIX,
  THUMBNAIL_ATTEMPTS,
  UPLOADS_PREFIX,
} from '../shared/contract/names.ts';
import { OUTPUTS } from '../shared/contract/outputs.ts';
import { LinkApi } from './constructs/link-api.ts';
import { Monitoring } from './constructs/monitoring.ts';
import { type Bundles, PipelineFunction } from './constructs/pipeline-function.ts';
import { QueueStep } from './constructs/queue-step.ts';
import { ServiceLogs } from './constructs/service-logs.ts';
import { StaffSignIn } from './constructs/staff-sign-in.ts';
import { Web } from './constructs/web.ts';
import { deidentificationPolicy } from './deidentification-policy.ts';
import { createReaders, type ReaderProps, type StepProps } from './readers.ts';
import { route } from './routes.ts';
import { ownIssuer, type Settings, viewerOrigins } from './settings.ts';
import { createStores } from './stores.ts';

export interface PipelineStackProps extends StackProps {
  readonly settings: Settings;
  readonly architecture: Architecture;
  readonly bundles: Bundles;
  /** The folder of the built pages. */
  readonly pages: string;
}

const ORIGINALS = [UPLOADS_PREFIX, EXTRACTED_PREFIX];
const STUDIES = [STUDIES_PREFIX];

export class PipelineStack extends Stack {
  constructor(scope: Construct, id: string, props: PipelineStackProps) {
    super(scope, id, props);
    const { settings } = props;

    const logs = new ServiceLogs(this, 'Logs', { days: Number(settings.logDays) });
    const monitoring = new Monitoring(
      this,
      'Monitoring',
      settings.alarmEmail ? { alarmEmail: settings.alarmEmail } : {},
    );
    const common = { bundles: props.bundles, architecture: props.architecture, logs };
    const step = (name: FunctionName, own: StepProps) =>
      new QueueStep(this, pascalCase(name), {
        ...common,
        name,
        monitoring,
        oldestMessage: Duration.minutes(settings.oldestMessageMinutes),
        ...own,
      });
    const reader = (name: FunctionName, own: ReaderProps) => {
      const made = new PipelineFunction(this, pascalCase(name), { ...common, name, ...own });
      monitoring.watchReader(made);
      return made;
    };

    const stores = createStores(this, settings);
    const { vault, ledger, crosswalk, pseudonyms, accessLogs, library, index, links, audit } = stores;
    const studyReady = new EventBus(this, 'Events', { description: 'Filmroom: a study is ready' });

    // The way of an instance.
    const parse = step('parse', {
      purpose: 'finds out what each file of an upload is',
      batchSize: 10,
      attempts: 5,
      concurrency: settings.parseConcurrency,
      memoryMb: settings.parseMemoryMb,
      timeout: Duration.minutes(1),
    });
    const unpack = step('unpack', {
      purpose: 'writes the entries of an archive to the vault',
      queueVariable: 'unpackQueueUrl',
      batchSize: 1,
      attempts: 3,
      concurrency: settings.unpackConcurrency,
      memoryMb: settings.unpackMemoryMb,
      timeout: Duration.minutes(15),
    });
    const deidentify = step('deidentify', {
      purpose: 'writes a de-identified instance to the library',
      queueVariable: 'deidentifyQueueUrl',
      batchSize: 5,
      attempts: 3,
      concurrency: settings.deidentifyConcurrency,
      memoryMb: settings.deidentifyMemoryMb,
      timeout: Duration.minutes(5),
    });
    const cleanPixels = step('clean-pixels', {
      purpose: 'writes a de-identified instance whose pictures were searched for text',
      queueVariable: 'cleanPixelsQueueUrl',
      batchSize: 1,
      attempts: 3,
      concurrency: settings.cleanPixelsConcurrency,
      memoryMb: settings.cleanPixelsMemoryMb,
      // Frames that are encoded anew wait there: `MASKING_LIMITS` leaves a quarter of it free.
      temporaryStorage: Size.gibibytes(2),
      timeout: Duration.minutes(15),
    });
    const thumbnail = step('thumbnail', {
      purpose: 'renders a preview beside the instance',
      queueVariable: 'thumbnailQueueUrl',
      batchSize: 5,
      attempts: THUMBNAIL_ATTEMPTS,
      concurrency: settings.thumbnailConcurrency,
      memoryMb: settings.thumbnailMemoryMb,
      timeout: Duration.minutes(5),
    });
    const indexInstance = step('index-instance', {
      purpose: 'writes the row of an instance and marks its study as changed',
      queueVariable: 'indexQueueUrl',
      batchSize: 10,
      attempts: 5,
      concurrency: settings.indexConcurrency,
      memoryMb: settings.indexMemoryMb,
      timeout: Duration.minutes(1),
    });
    const completeStudy = step('complete-study', {
      purpose: 'rolls up a study that has been quiet and announces it',
      queueVariable: 'studyQueueUrl',
      batchSize: 1,
      attempts: 5,
      concurrency: settings.studyConcurrency,
      memoryMb: settings.studyMemoryMb,
      timeout: Duration.minutes(5),
      oldestMessage: Duration.seconds(settings.quietSeconds + 900),
    });

    vault.notifies(parse);
    parse
      .readsVersionsOf(vault.bucket, ORIGINALS)
      .usesTable(ledger, ['BatchWriteItem'])
      .passesOnTo(unpack, deidentify);
    unpack
      .readsVersionsOf(vault.bucket, ORIGINALS)
      .lists(vault.bucket, EXTRACTED_PREFIX)
      .writesTo(vault.bucket, [EXTRACTED_PREFIX], { inParts: true, resumes: true })
      .usesTable(ledger, ['BatchWriteItem'])
      .passesOnTo(unpack);
    for (const deidentifying of [deidentify, cleanPixels])
      deidentifying
        .readsVersionsOf(vault.bucket, ORIGINALS)
        .readsFrom(library, STUDIES, { asks: true })
        .writesTo(library, STUDIES, { inParts: true })
        .readsSecret(pseudonyms, 'pseudonymSecretArn')
        .isTold('deidentificationPolicy', deidentificationPolicy(settings.deidentificationPolicy))
        .usesTable(ledger, ['BatchWriteItem'])
        .usesTable(crosswalk, ['PutItem'])
        .passesOnTo(thumbnail);
    deidentify.passesOnTo(cleanPixels).writesTo(vault.bucket, [MANIFESTS_PREFIX]);
    thumbnail
      .readsVersionsOf(library, STUDIES)
      .writesTo(library, STUDIES)
      .usesTable(ledger, ['BatchWriteItem'])
      .passesOnTo(indexInstance);
    indexInstance
      .readsVersionsOf(library, STUDIES)
      .usesTable(index, ['BatchWriteItem', 'UpdateItem'])
      .usesTable(ledger, ['BatchWriteItem'])
      .isTold('quietSeconds', settings.quietSeconds)
      .passesOnTo(completeStudy);
    completeStudy
      .readsFrom(library, STUDIES, { asks: true })
      .writesTo(library, STUDIES, { inParts: true })
      .usesTable(index, ['GetItem', 'Query', 'UpdateItem'])
      .announcesOn(studyReady);

    const readers = createReaders({ reader, step }, stores, settings);

    const api = new LinkApi(this, 'Api', {
      logs,
      monitoring,
      requestsPerSecond: settings.apiRequestsPerSecond,
      openRequestsPerSecond: settings.openRequestsPerSecond,
      viewerOrigins: viewerOrigins(settings),
    });
    const staff = new StaffSignIn(this, 'Staff', ownIssuer(settings));
    const web = new Web(this, 'Web', {
      pages: props.pages,
      uploadsTo: vault.bucket,
      api,
      download: readers.download,
      staff,
      linkDays: { usual: settings.linkDefaultDays, longest: settings.linkMaximumDays },
      linkDicomweb: readers.linkDicomweb,
      logs,
      accessLogs,
      accessLogDays: settings.accessLogDays,
      ...(settings.domainName
        ? { domain: { name: settings.domainName, certificateArn: settings.certificateArn } }
        : {}),
    });

    const { uploads, links: sharing, readAudit, dicomweb, storeInstances } = readers;
    for (const answering of [uploads, sharing, readAudit, dicomweb, storeInstances])
      answering.isTold('rolesClaim', staff.rolesClaim);
    route(api, readers, web.signIn);

    new CfnOutput(this, OUTPUTS.apiUrl, { value: api.url });
    new CfnOutput(this, OUTPUTS.webUrl, { value: web.url });
    new CfnOutput(this, OUTPUTS.vaultBucket, { value: vault.bucket.bucketName });
    new CfnOutput(this, OUTPUTS.libraryBucket, { value: library.bucketName });
    new CfnOutput(this, OUTPUTS.ledgerTable, { value: ledger.tableName });
    new CfnOutput(this, OUTPUTS.indexTable, { value: index.tableName });
    new CfnOutput(this, OUTPUTS.linksTable, { value: links.tableName });
    new CfnOutput(this, OUTPUTS.auditBucket, { value: audit.bucketName });
    const steps = [
      parse,
      unpack,
      deidentify,
      cleanPixels,
      thumbnail,
      indexInstance,
      completeStudy,
      readers.packStudy,
    ];
    const queues = steps.map(({ name, queue, deadLetterQueue }) => [
      name,
      { queue: queue.queueUrl, deadLetters: deadLetterQueue.queueUrl },
    ]);
    new CfnOutput(this, OUTPUTS.stepQueues, { value: this.toJsonString(Object.fromEntries(queues)) });
  }
}

/** `index-instance` → `IndexInstance`, as construct ids are written. */
function pascalCase(name: string): string {
  return name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}
