import { expect, it } from 'vitest';
import { bytes, sequence, text } from '../instances.ts';
import { act, replacement } from './actions.ts';

it('replaces the whole of a text', () => {
  expect(replacement(act('C', text(0x00080104, 'LO', 'seen by Dr Foley')))).toBe('REMOVED');
});

it('replaces a UID that is no class by its pseudonym', () => {
  expect(replacement(act('C', text(0x0008010c, 'UI', '1.2.3.4.5.6')))).toMatch(/^2\.25\./);
});

it('removes what it cannot write anew', () => {
  expect(act('C', bytes(0x00282000, 'OB', Buffer.from('Foley'))).edit).toEqual({ kind: 'remove' });
  expect(act('C', sequence(0x00180026, [])).edit).toEqual({ kind: 'remove' });
});
