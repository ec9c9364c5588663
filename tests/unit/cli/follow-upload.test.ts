import { describe, expect, it } from 'vitest';
import { followUpload } from '../../../cli/ingest/follow-upload.ts';
import { stageCounter } from '../../../cli/ingest/stages.ts';
import { ratesOf } from '../../../cli/report/build-report.ts';
import type { QueueDepth } from '../../../cli/stack/queue-depths.ts';
import type { UploadSummary } from '../../../shared/contract/report.ts';

function summary(indexed: number, pending: number, settled = false): UploadSummary {
  return {
    upload: 'u',
    createdAt: 'then',
    closedAt: 'later',
    expected: indexed + pending,
    total: indexed + pending,
    states: { indexed, duplicate: 0, ignored: 0, quarantined: 0 },
    pending,
    reasons: {},
    modalities: {},
    studies: [],
    settled,
  };
}

function queue(name: string, visible: number, deadLetter = false): QueueDepth {
  return { name, visible, delayed: 0, inFlight: 0, deadLetter };
}

/** A run of the pipeline, one state a second; the last one stays. */
function follow(states: { summary: UploadSummary; queues: QueueDepth[] }[]) {
  let now = 0;
  const at = () => states[Math.min(states.length - 1, Math.floor(now / 1000))] as (typeof states)[number];
  return followUpload({
    summary: async () => at().summary,
    queues: async () => at().queues,
    onChange: () => {},
    now: () => now,
    pause: async (milliseconds) => {
      now += milliseconds;
    },
  });
}

describe('following an upload', () => {
  it('ends when it has settled and knows when the last item ended', async () => {
    const followed = await follow([
      { summary: summary(0, 4), queues: [queue('ParseQueue', 4)] },
      { summary: summary(2, 2), queues: [queue('IndexQueue', 2)] },
      { summary: summary(4, 0), queues: [queue('StudyQueue', 1)] },
      { summary: summary(4, 0), queues: [queue('StudyQueue', 1)] },
      { summary: summary(4, 0, true), queues: [] },
    ]);
    expect(followed.stalled).toBeUndefined();
    expect(followed.lastEndedAt).toBeGreaterThanOrEqual(2_000);
    expect(followed.lastEndedAt).toBeLessThan(2_300);
    expect(followed.endedAt).toBeGreaterThanOrEqual(4_000);
  });

  it('gives up when nothing moves and a dead-letter queue holds messages', async () => {
    const followed = await follow([
      {
        summary: summary(3, 1),
        queues: [queue('ThumbnailQueue', 0), queue('ThumbnailDeadLetters', 1, true)],
      },
    ]);
    expect(followed.stalled).toEqual({ deadLetters: 1 });
    expect(followed.endedAt).toBeLessThan(6_000);
  });

  it('is patient while a queue is at work, whatever an earlier run left behind', async () => {
    const working = { summary: summary(3, 1), queues: [queue('IndexQueue', 1), queue('Dead', 9, true)] };
    const followed = await follow([...Array(30).fill(working), { summary: summary(4, 0, true), queues: [] }]);
    expect(followed.stalled).toBeUndefined();
  });

  it('gives up after a minute of nothing where no dead-letter queue tells why', async () => {
    const followed = await follow([{ summary: summary(3, 1), queues: [] }]);
    expect(followed.stalled).toEqual({ deadLetters: 0 });
    expect(followed.endedAt).toBeGreaterThan(60_000);
  });
});

describe('the stages of an upload', () => {
  const depths = [
    queue('ThumbnailStepQueueAB12', 3),
    queue('IndexInstanceQueue', 2),
    queue('ThumbnailDlq', 50, true),
  ];
  const names = ['uploaded', 'parsed', 'de-identified', 'previewed', 'indexed'];

  it('count what has passed each step by what waits after it', () => {
    const stages = stageCounter()({ files: 10, of: 20 }, summary(4, 6), depths);
    expect(stages.map(({ name }) => name)).toEqual(names);
    expect(stages.map(({ done }) => done)).toEqual([10, 9, 9, 6, 4]);
    expect(stages.map(({ total }) => total)).toEqual([20, 10, 10, 10, 10]);
  });

  it('never go back', () => {
    const count = stageCounter();
    count({ files: 10, of: 10 }, summary(4, 6), depths);
    const stages = count({ files: 10, of: 10 }, summary(4, 6), []);
    expect(stages.map(({ done }) => done)).toEqual([10, 9, 9, 6, 4]);
  });
});

describe('the rate of an ingest', () => {
  const times = { startedAt: 1_000, lastEndedAt: 9_000, quietSeconds: 2, instances: 384 };

  it('leaves the quiet period out and counts the work after it', () => {
    expect(ratesOf({ ...times, endedAt: 12_500 })).toEqual({ seconds: 9.5, instancesPerSecond: 40.4 });
  });

  it('gives no bonus when nothing had to be quiet', () => {
    expect(ratesOf({ ...times, endedAt: 9_100 }).seconds).toBe(8);
  });
});
