import { describe, expect, it } from 'vitest';
import { createLogger, describeError } from '../../../shared/runtime/logger.ts';
import { createMetrics } from '../../../shared/runtime/metrics.ts';

describe('the logger', () => {
  it('writes one JSON line with what is allowed and nothing else', () => {
    const lines: string[] = [];
    const fields = { item: 'i', reason: 'empty', key: 'uploads/Doe.dcm', path: 'Doe', message: 'Doe' };
    createLogger('parse', (line) => lines.push(line)).info('an item was refused', fields);
    expect(lines).toHaveLength(1);
    const { time, ...rest } = JSON.parse(lines[0] ?? '');
    expect(time).toMatch(/^\d{4}-/);
    expect(rest).toEqual({
      level: 'info',
      event: 'an item was refused',
      step: 'parse',
      item: 'i',
      reason: 'empty',
    });
  });
});

describe('what is said of an error', () => {
  it('is its name, its code and the places it passed through', () => {
    const error = Object.assign(new TypeError('Doe^Jane'), { code: 'ECONNRESET' });
    const said = describeError(error);
    expect(said).toMatchObject({ errorName: 'TypeError', errorCode: 'ECONNRESET' });
    expect(said.errorFrames?.[0]).toMatch(/logger\.test\.ts:\d+:\d+\)?$/);
    expect(JSON.stringify(said)).not.toContain('Doe');
  });

  it('is the status where an AWS service gave one', () => {
    const error = Object.assign(new Error('x'), { name: 'SlowDown', $metadata: { httpStatusCode: 503 } });
    expect(describeError(error)).toMatchObject({ errorName: 'SlowDown', errorCode: '503' });
  });

  it.each([
    ['a name with blanks', Object.assign(new Error('x'), { name: 'Doe Jane' }), 'Error'],
    ['no error at all', 'Doe^Jane', 'string'],
  ])('is not %s', (_, error, errorName) => {
    const said = describeError(error);
    expect(said.errorName).toBe(errorName);
    expect(JSON.stringify(said)).not.toContain('Doe');
  });

  it('is not a message that imitates the places', () => {
    const error = new Error('x\n    at Doe^Jane (/etc/passwd:1:1)');
    expect(JSON.stringify(describeError(error))).not.toContain('Doe');
  });
});

describe('the metrics', () => {
  it('write every counter, zeros too, under the name of the step', () => {
    const lines: string[] = [];
    createMetrics('parse', (line) => lines.push(line)).count({
      processed: 0,
      refused: 2,
      failed: 0,
      milliseconds: 1.6,
    });
    const line = JSON.parse(lines[0] ?? '');
    expect(line).toMatchObject({ Step: 'parse', Processed: 0, Refused: 2, Failed: 0, StepDuration: 2 });
    const [definition] = line._aws.CloudWatchMetrics;
    expect(definition.Dimensions).toEqual([['Step']]);
    for (const { Name } of definition.Metrics) expect(line[Name]).toEqual(expect.any(Number));
  });
});
