/** The whole installation, in the order in which an instance passes through it. */
import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import type { Architecture } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { FunctionName } from '../shared/contract/env.ts';
import {
  ANSWERS_PREFIX,
  AUDIT_PREFIX,
  EXTRACTED_PREFIX,
  IDENTITY_ATTRIBUTES,
  MANIFESTS_PREFIX,
  RENDERED_PREFIX,
  STUDIES_PREFIX,
  THUMBNAIL_ATTEMPTS,
  UPLOADS_PREFIX,
} from '../shared/contract/names.ts';
import { OUTPUTS } from '../shared/contract/outputs.ts';
import { LinkApi } from './constructs/link-api.ts';
import { Monitoring } from './constructs/monitoring.ts';
import {
  type Bundles,
  PipelineFunction,
  type PipelineFunctionProps,
} from './constructs/pipeline-function.ts';
import { QueueStep, type QueueStepProps } from './constructs/queue-step.ts';
import { ServiceLogs } from './constructs/service-logs.ts';
import { StaffSignIn } from './constructs/staff-sign-in.ts';
import { Web } from './constructs/web.ts';
import { deidentificationPolicy } from './deidentification-policy.ts';
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
const EVENTS = [AUDIT_PREFIX];
/** 1,769 MB are one whole core, and hold the largest frame of the limits with its encoder. */
const RENDER_MEMORY_MB = 1769;

type OwnProps<Props> = Omit<
  Props,
  'name' | 'bundles' | 'architecture' | 'logs' | 'monitoring' | 'oldestMessage'
>;
type ReaderProps = OwnProps<PipelineFunctionProps>;
type StepProps = OwnProps<QueueStepProps> & { readonly oldestMessage?: Duration };

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

    // What reads: staff with a JWT or a signature, and whoever holds a link.
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
    const linkReader = reader('links', {
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
      .handsOverTo(streamDicomweb, 'dicomwebStreamUrl');
    const linkDicomweb = reader('link-dicomweb', {
      purpose: 'streams QIDO-RS and WADO-RS of the studies of a link',
      memoryMb: 2048,
      timeout: Duration.minutes(5),
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
      download,
      staff,
      linkDays: { usual: settings.linkDefaultDays, longest: settings.linkMaximumDays },
      linkDicomweb,
      logs,
      accessLogs,
      accessLogDays: settings.accessLogDays,
      ...(settings.domainName
        ? { domain: { name: settings.domainName, certificateArn: settings.certificateArn } }
        : {}),
    });

    for (const answering of [uploads, linkReader, dicomweb, storeInstances])
      answering.isTold('rolesClaim', staff.rolesClaim);
    route(api, { uploads, links: linkReader, showGrant, dicomweb, storeInstances, render }, web.signIn);

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
      packStudy,
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
