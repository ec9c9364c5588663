import { expect, it } from 'vitest';
import { sequence, text } from '../instances.ts';
import { act } from './actions.ts';

it('removes a value and a sequence alike', () => {
  expect(act('X', text(0x00104000, 'LT', 'comment')).edit).toEqual({ kind: 'remove' });
  expect(act('X', sequence(0x00101002, [text(0x00100020, 'LO', 'X1')])).edit).toEqual({ kind: 'remove' });
});

it('throws on a letter that is no action', () => {
  expect(() => act('Q' as 'X', text(0x00104000, 'LT', 'comment'))).toThrow(TypeError);
});
