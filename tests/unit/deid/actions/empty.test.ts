import { expect, it } from 'vitest';
import { sequence, text } from '../instances.ts';
import { act, replacement } from './actions.ts';

it('empties a value', () => {
  expect(replacement(act('Z', text(0x00080050, 'SH', 'A1')))).toBe('');
});

it('leaves a sequence without items', () => {
  expect(act('Z', sequence(0x00400513, [text(0x00400031, 'UT', 'H')])).edit).toEqual({ kind: 'empty-items' });
});

it('leaves an empty value alone', () => {
  expect(act('Z', text(0x00080050, 'SH', '')).edit).toEqual({ kind: 'keep' });
});

it('writes the pseudonym of the patient as name and ID, empty or not', () => {
  expect(replacement(act('Z', text(0x00100010, 'PN', 'Doe^Jane')))).toBe('PSEUDONYM NAME');
  expect(replacement(act('Z', text(0x00100020, 'LO', '')))).toBe('PSEUDONYM');
});
