import { expect, it } from 'vitest';
import { sequence, text } from '../instances.ts';
import { act, context, replacement } from './actions.ts';

it('replaces each value by its pseudonym', () => {
  const written = replacement(act('U', text(0x00080058, 'UI', '1.2.3.4.5.6\\1.2.3.4.5.7')));
  expect(written).toBe(`${context.uid('1.2.3.4.5.6')}\\${context.uid('1.2.3.4.5.7')}`);
});

it('keeps the UIDs of well-known frames of reference and palettes', () => {
  expect(replacement(act('U', text(0x00200052, 'UI', '1.2.840.10008.1.4.1.1')))).toBe(
    '1.2.840.10008.1.4.1.1',
  );
});

it('replaces what only resembles a well-known UID, or is none at all', () => {
  expect(replacement(act('U', text(0x00200052, 'UI', '1.2.840.10008.1.4.SMITH')))).toMatch(/^2\.25\./);
  expect(replacement(act('U', text(0x00200052, 'UI', 'Smith^John')))).toMatch(/^2\.25\./);
});

it('reaches into a sequence of references', () => {
  expect(act('U', sequence(0x00081140, [text(0x00081155, 'UI', '1.2.3')])).edit).toEqual({ kind: 'items' });
});
