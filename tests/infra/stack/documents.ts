/** The documents of operators, held against what they describe. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SETTINGS } from '../../../infra/settings.ts';
import { REASONS } from '../../../shared/errors.ts';
import { resourcesOf, synthesize } from '../synthesized.ts';

const read = (name: string) => readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8');
const runbook = read('runbook.md');

/** The text under each heading of the third level. */
const sections = new Map(
  runbook
    .split(/^### /m)
    .slice(1)
    .map((section) => {
      const [heading = '', ...text] = section.split('\n');
      return [heading, text.join('\n')] as const;
    }),
);
const alarms = resourcesOf(synthesize(), 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);

describe('the runbook', () => {
  it('has no two headings alike', () => {
    expect(sections.size).toBe(runbook.match(/^### /gm)?.length);
  });

  it.each(Object.keys(REASONS))('says what %s is, how to look into it and what to do', (reason) => {
    expect(sections.get(reason)).toMatch(
      /\*\*Description\.\*\*.*\*\*Investigation\.\*\*.*\*\*Resolution\.\*\*/s,
    );
  });

  it.each(alarms.map(({ AlarmName }) => AlarmName as string))(
    'has the heading that the alarm %s points to',
    (name) => {
      const { AlarmDescription } = alarms.find(({ AlarmName }) => AlarmName === name) ?? {};
      const heading = /docs\/runbook\.md#(\S+)$/.exec(AlarmDescription)?.[1] ?? '';
      expect(sections.get(heading)).toMatch(
        /\*\*Description\.\*\*.*\*\*Investigation\.\*\*.*\*\*Resolution\.\*\*/s,
      );
      expect(name.endsWith(`/${heading}`)).toBe(true);
    },
  );

  it('has no heading that nothing points to', () => {
    const kinds = alarms.map(({ AlarmName }) => AlarmName.split('/').at(-1));
    expect([...sections.keys()].sort()).toEqual([...new Set([...kinds, ...Object.keys(REASONS)])].sort());
  });
});

describe('the table of settings', () => {
  const rows = [
    ...read('configuration.md').matchAll(/^\| `(\w+)` \| (?:`([^`]*)`|none) \| (.+) \| (.+) \|$/gm),
  ];

  it('has a row for each setting, in order', () => {
    expect(rows.map(([, name]) => name)).toEqual(Object.keys(SETTINGS));
  });

  it.each(Object.entries(SETTINGS))('gives the default and the bound of %s', (name, setting) => {
    const [, , value = '', , bound] = rows.find(([, key]) => key === name) ?? [];
    expect(value).toBe(String(setting.default));
    if (setting.kind === 'number') expect(bound).toContain(`${setting.minimum} to ${setting.maximum}`);
  });
});
