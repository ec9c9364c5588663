import { expect, it } from 'vitest';
import { sequence, text } from '../instances.ts';
import { act } from './actions.ts';

it('keeps a value as it is', () => {
  expect(act('K', text(0x00080070, 'LO', 'Maker')).edit).toEqual({ kind: 'keep' });
});

it('has the items of a sequence de-identified one by one', () => {
  expect(act('K', sequence(0x00180026, [text(0x00080070, 'LO', 'Maker')])).edit).toEqual({ kind: 'items' });
});
