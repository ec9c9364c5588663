import { describe, expect, it } from 'vitest';
import { columns, duration, plural, printable } from '../../../cli/terminal/printable.ts';
import { startProgress } from '../../../cli/terminal/progress.ts';

function recorder(isTTY: boolean) {
  const written: string[] = [];
  let now = 0;
  const progress = startProgress({ isTTY, write: (text: string) => written.push(text) }, () => now);
  return {
    written,
    progress,
    at: (seconds: number) => {
      now = seconds * 1000;
    },
  };
}

const stages = (done: number) => [
  { name: 'uploaded', done: 100, total: 100 },
  { name: 'indexed', done, total: 100 },
];

describe('progress', () => {
  it('repaints its lines in place on a terminal', () => {
    const { written, progress, at } = recorder(true);
    progress.update(stages(0));
    at(2);
    progress.update(stages(50));
    expect(written[0]).toMatch(/uploaded .*100\/100 {2}done\n {2}indexed .*0\/100\n$/);
    expect(written[1]).toBe('\u001b[2A\u001b[0J');
    expect(written[2]).toContain('50/100  25/s, 2.0 s left');
  });

  it('writes a plain line at intervals elsewhere, and none that says nothing new', () => {
    const { written, progress, at } = recorder(false);
    for (const second of [0, 1, 2, 3, 4, 5, 6, 10, 15]) {
      at(second);
      progress.update(stages(Math.min(10, second)));
    }
    progress.end();
    expect(written).toEqual([
      'uploaded 100/100, indexed 0/100\n',
      'uploaded 100/100, indexed 5/100  1.0/s, 95 s left\n',
      'uploaded 100/100, indexed 10/100  1.0/s, 90 s left\n',
    ]);
  });

  it('takes the rate from the last seconds, not from the whole', () => {
    const { written, progress, at } = recorder(false);
    for (const [second, done] of [
      [0, 0],
      [5, 50],
      [10, 51],
      [15, 52],
      [20, 53],
    ] as const) {
      at(second);
      progress.update(stages(done));
    }
    expect(written.at(-1)).toContain('0.2/s');
  });

  it('puts a remark above the stages', () => {
    const { written, progress } = recorder(true);
    progress.update(stages(1));
    progress.note('a remark');
    expect(written.slice(1, 3)).toEqual(['\u001b[2A\u001b[0J', 'a remark\n']);
    expect(written[3]).toContain('uploaded');
  });
});

describe('text for a terminal', () => {
  it.each([
    ['a\u001b[31mred', 'a\\u{1b}[31mred'],
    ['line\nfeed', 'line\\nfeed'],
    ['right\u202eleft', 'right\\u{202e}left'],
    ['Ünï 日本 +', 'Ünï 日本 +'],
  ])('shows %j harmless', (text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it('stands in columns', () => {
    expect(
      columns([
        ['indexed', '24'],
        ['quarantined', '1', 'why'],
      ]),
    ).toEqual(['  indexed      24', '  quarantined  1   why']);
  });

  it.each([
    [3.21, '3.2 s'],
    [42.4, '42 s'],
    [125, '2 min'],
    [9_000, '2.5 h'],
  ])('says %d seconds as people do', (seconds, said) => {
    expect(duration(seconds)).toBe(said);
  });

  it('counts one file and two files', () => {
    expect([plural(1, 'file'), plural(2, 'file'), plural(1234, 'entry', 'entries')]).toEqual([
      '1 file',
      '2 files',
      '1,234 entries',
    ]);
  });
});
