/**
 * Who is told of what, and where it can be seen: one topic, one dashboard, and every alarm with a path for a name, a
 * severity and the heading of docs/runbook.md that says what to do.
 */
import { Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  type IMetric,
  Metric,
  PeriodOverride,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { METRICS, METRICS_DIMENSION, METRICS_NAMESPACE } from '../../shared/contract/metrics.ts';
import type { PipelineFunction } from './pipeline-function.ts';
import type { QueueStep } from './queue-step.ts';
import { ZoneKey } from './zone-key.ts';

/** `high`: data may be stuck, look today. `low`: something is slower or more frequent than it should be. */
export type Severity = 'high' | 'low';

export interface WatchProps {
  /** Path within the deployment, as `parse/dead-letter-queue-not-empty`; its last part is the heading in the runbook. */
  readonly path: string;
  readonly severity: Severity;
  readonly metric: IMetric;
  /** The alarm goes off above this. */
  readonly threshold: number;
  /** Periods in a row. @default 1 */
  readonly periods?: number;
}

export interface MonitoringProps {
  /** Who is told by mail. @default - nobody: the topic waits for a subscription */
  readonly alarmEmail?: string;
}

/** Over how long a figure is taken: an alarm of three periods waits for a quarter of an hour. */
const PERIOD = Duration.minutes(5);

export class Monitoring extends Construct {
  readonly #action: SnsAction;
  readonly #dashboard: Dashboard;

  constructor(scope: Construct, id: string, props: MonitoringProps = {}) {
    super(scope, id);
    const key = new ZoneKey(this, 'Key', 'Filmroom: alarms');
    key.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    const topic = new Topic(this, 'Alarms', { masterKey: key, enforceSSL: true });
    if (props.alarmEmail) topic.addSubscription(new EmailSubscription(props.alarmEmail));
    this.#action = new SnsAction(topic);
    this.#dashboard = new Dashboard(this, 'Dashboard', { periodOverride: PeriodOverride.AUTO });
  }

  /** Adds an alarm. */
  watch(props: WatchProps): void {
    const anchor = props.path.slice(props.path.lastIndexOf('/') + 1);
    const alarm = new Alarm(this, props.path.replaceAll('/', ':'), {
      alarmName: `${Stack.of(this).stackName}/${props.path}`,
      alarmDescription: `Severity: ${props.severity}. Runbook: docs/runbook.md#${anchor}`,
      metric: props.metric,
      threshold: props.threshold,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: props.periods ?? 1,
      // Queues that sleep and functions that are not called emit nothing: that is no fault.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(this.#action);
    alarm.addOkAction(this.#action);
  }

  /** A step's alarms and its row of the dashboard. */
  watchStep(step: QueueStep, oldestMessage: Duration): void {
    const { name, queue, deadLetterQueue } = step;
    const dead = deadLetterQueue.metricApproximateNumberOfMessagesVisible({
      period: PERIOD,
      statistic: 'Maximum',
    });
    const age = queue.metricApproximateAgeOfOldestMessage({ period: PERIOD, statistic: 'Maximum' });
    const stuck = name === 'complete-study' ? 'study-not-ready' : 'oldest-message-too-old';
    this.watch({ path: `${name}/dead-letter-queue-not-empty`, severity: 'high', metric: dead, threshold: 0 });
    this.watch({
      path: `${name}/${stuck}`,
      severity: 'high',
      metric: age,
      threshold: oldestMessage.toSeconds(),
    });
    this.watch({
      path: `${name}/messages-given-back`,
      severity: 'low',
      metric: stepMetric(name, 'failed'),
      threshold: 0,
      periods: 3,
    });
    if (name === 'thumbnail')
      this.watch({
        path: `${name}/previews-not-rendered`,
        severity: 'low',
        metric: stepMetric(name, 'unrendered'),
        threshold: 0,
      });
    this.#watchFunction(step);
    this.#dashboard.addWidgets(
      new GraphWidget({
        title: `${name}: queue`,
        left: [
          queue.metricApproximateNumberOfMessagesVisible({ label: 'waiting' }),
          queue.metricApproximateNumberOfMessagesNotVisible({ label: 'in work' }),
          dead.with({ label: 'dead letters' }),
        ],
        right: [age.with({ label: 'age of the oldest (s)' })],
      }),
      new GraphWidget({
        title: `${name}: messages`,
        left: [stepMetric(name, 'processed'), stepMetric(name, 'refused'), stepMetric(name, 'failed')],
      }),
      ...functionWidgets(step),
    );
  }

  /** The alarms and the row of a function that answers requests. */
  watchReader(reader: PipelineFunction): void {
    this.#watchFunction(reader);
    this.#dashboard.addWidgets(...functionWidgets(reader));
  }

  #watchFunction({ name, handler }: PipelineFunction): void {
    const errors = handler.metricErrors({ period: PERIOD });
    const throttles = handler.metricThrottles({ period: PERIOD });
    this.watch({
      path: `${name}/function-errors`,
      severity: 'low',
      metric: errors,
      threshold: 0,
      periods: 3,
    });
    this.watch({
      path: `${name}/function-throttled`,
      severity: 'low',
      metric: throttles,
      threshold: 0,
      periods: 3,
    });
  }
}

/** A counter that the step itself writes; zeros too, so that silence can be told from health. */
function stepMetric(step: string, name: keyof typeof METRICS): Metric {
  return new Metric({
    namespace: METRICS_NAMESPACE,
    metricName: METRICS[name],
    dimensionsMap: { [METRICS_DIMENSION]: step },
    statistic: 'Sum',
    period: PERIOD,
  });
}

function functionWidgets({ name, handler }: PipelineFunction): GraphWidget[] {
  return [
    new GraphWidget({
      title: `${name}: calls`,
      left: [handler.metricInvocations(), handler.metricErrors(), handler.metricThrottles()],
    }),
    new GraphWidget({
      title: `${name}: duration`,
      left: [handler.metricDuration({ statistic: 'p50' }), handler.metricDuration({ statistic: 'p99' })],
    }),
  ];
}
