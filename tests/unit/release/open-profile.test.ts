import { describe, expect, it } from 'vitest';
import { POLICIES } from '../../../shared/deid/index.ts';
import { openProfile } from '../../../shared/release/open-profile.ts';

const secret = async () => 'a secret of thirty-two characters';
const share = POLICIES.get('share')!;

describe('the profile of a deployment', () => {
  it.each([...POLICIES.keys()])('is that of the policy %s by its name', async (name) => {
    const profile = await openProfile(secret, name)();
    expect(profile.method).toContain(`Policy ${name} ${POLICIES.get(name)?.version}`);
  });

  it('is that of a policy as JSON', async () => {
    const own = { ...share, name: 'own', version: 7, options: ['retainFullDates'] };
    const profile = await openProfile(secret, JSON.stringify(own))();
    expect(profile.method).toContain('Policy own 7');
    expect([...profile.options]).toEqual(['retainFullDates']);
  });

  it.each([
    ['an unknown name', 'lenient'],
    ['no JSON', '{'],
    ['a policy with a fault', JSON.stringify({ ...share, options: ['retainEverything'] })],
  ])('lets no container start with %s', (_, text) => {
    expect(() => openProfile(secret, text)).toThrow();
  });

  it('is made once for a secret, and anew for another', async () => {
    let current = 'a secret of thirty-two characters';
    const profile = openProfile(async () => current, 'share');
    const first = await profile();
    expect(await profile()).toBe(first);
    current = 'another secret of thirty-two chars';
    expect(await profile()).not.toBe(first);
  });
});
