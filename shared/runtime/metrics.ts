/**
 * Counters in CloudWatch's embedded metric format: one line per invocation, with every counter of the step in it. A
 * counter that counted nothing is written as zero, so that silence can be told from health.
 */
import { METRICS, METRICS_DIMENSION, METRICS_NAMESPACE } from '../contract/metrics.ts';

/** What one invocation of a step came to. */
export interface StepCounts {
  readonly processed: number;
  readonly refused: number;
  readonly failed: number;
  readonly milliseconds: number;
}

/** Something that keeps the counts of a step. */
export interface Metrics {
  count(counts: StepCounts): void;
}

/** A counter of one kind, for what happens too seldom to be part of every line. */
export function createCounter(
  step: string,
  metric: keyof typeof METRICS,
  write: (line: string) => void = (line) => process.stdout.write(`${line}\n`),
): (count: number) => void {
  const definition = {
    Namespace: METRICS_NAMESPACE,
    Dimensions: [[METRICS_DIMENSION]],
    Metrics: [{ Name: METRICS[metric], Unit: 'Count' }],
  };
  return (count) =>
    write(
      JSON.stringify({
        _aws: { Timestamp: Date.now(), CloudWatchMetrics: [definition] },
        [METRICS_DIMENSION]: step,
        [METRICS[metric]]: count,
      }),
    );
}

/** Metrics of one step, written where Lambda collects them. */
export function createMetrics(
  step: string,
  write: (line: string) => void = (line) => process.stdout.write(`${line}\n`),
): Metrics {
  const definition = {
    Namespace: METRICS_NAMESPACE,
    Dimensions: [[METRICS_DIMENSION]],
    Metrics: [
      { Name: METRICS.processed, Unit: 'Count' },
      { Name: METRICS.refused, Unit: 'Count' },
      { Name: METRICS.failed, Unit: 'Count' },
      { Name: METRICS.duration, Unit: 'Milliseconds' },
    ],
  };
  return {
    count: ({ processed, refused, failed, milliseconds }) =>
      write(
        JSON.stringify({
          _aws: { Timestamp: Date.now(), CloudWatchMetrics: [definition] },
          [METRICS_DIMENSION]: step,
          [METRICS.processed]: processed,
          [METRICS.refused]: refused,
          [METRICS.failed]: failed,
          [METRICS.duration]: Math.round(milliseconds),
        }),
      ),
  };
}
