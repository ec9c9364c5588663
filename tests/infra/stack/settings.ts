/** Settings come from the context, have defaults and refuse what is out of bounds. */
import { App } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { readSettings, SETTINGS } from '../../../infra/settings.ts';

const read = (context: Record<string, unknown>) => readSettings(new App({ context }).node);

describe('settings', () => {
  it('are the defaults where the context says nothing', () => {
    const defaults = Object.fromEntries(
      Object.entries(SETTINGS).map(([name, { default: value }]) => [name, value]),
    );
    expect(read({})).toEqual(defaults);
  });

  it('are numbers whether the context gives a number or the command line gives text', () => {
    expect(read({ quietSeconds: 5 }).quietSeconds).toBe(5);
    expect(read({ quietSeconds: '5' }).quietSeconds).toBe(5);
  });

  it.each([
    ['quietSeconds', 901],
    ['quietSeconds', -1],
    ['quietSeconds', 1.5],
    ['quietSeconds', ''],
    ['quietSeconds', 'soon'],
    ['parseConcurrency', 1],
    ['logDays', 366],
    ['architecture', 'riscv'],
    ['stackName', '1st'],
    ['alarmEmail', 'nobody'],
    ['oidcIssuer', 'http://sso.example.org'],
    ['oidcIssuer', 'https://sso.example.org; script-src *'],
    ['viewerOrigins', '*'],
    ['viewerOrigins', 'https://viewer.example.org/path'],
    ['oidcRolesClaim', 'a b'],
  ])('refuse %s = %s and name the setting', (name, value) => {
    expect(() => read({ [name]: value })).toThrow(name);
  });

  it.each([
    [{ domainName: 'films.example.org' }, /certificateArn/],
    [{ linkDefaultDays: 91 }, /linkMaximumDays/],
    [{ oidcIssuer: 'https://sso.example.org' }, /oidcAudience/],
  ])('refuse %o, which contradicts another setting', (context, message) => {
    expect(() => read(context)).toThrow(message);
  });
});
