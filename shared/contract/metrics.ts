/** The names of the metrics, which the functions write and the stack draws. Import-free. */

export const METRICS_NAMESPACE = 'Filmroom';
/** The one dimension: the function's name. */
export const METRICS_DIMENSION = 'Step';

export const METRICS = {
  /** Messages that were carried to the next step. */
  processed: 'Processed',
  /** Messages whose input was at fault: the item is quarantined or ignored. */
  refused: 'Refused',
  /** Messages given back to the queue. */
  failed: 'Failed',
  /** Instances that show a placeholder because rendering them failed for reasons of ours. */
  unrendered: 'Unrendered',
  /** How long one invocation took. */
  duration: 'StepDuration',
} as const;
