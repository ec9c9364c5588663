import { describe, expect, it } from 'vitest';
import { capAge } from '../../../../shared/deid/actions/cap-age.ts';
import { keepVocabulary } from '../../../../shared/deid/actions/clean-descriptor.ts';
import { performDecision } from '../../../../shared/deid/actions/perform.ts';
import type { Decision } from '../../../../shared/deid/decision.ts';
import { readPart10 } from '../../../../shared/dicom/index.ts';
import { instance, text } from '../instances.ts';
import { context, replacement } from './actions.ts';

function target(...planted: Parameters<typeof text>) {
  const { dataSet } = readPart10(instance([text(...planted)]));
  return { element: dataSet.get(planted[0])!, dataSet, characterSet: dataSet.characterSet };
}

describe('an age', () => {
  it.each([
    ['090Y', '089Y'],
    ['120Y\\040Y', '089Y\\040Y'],
  ])('%s becomes %s', (value, expected) => {
    expect(replacement(capAge(target(0x00101010, 'AS', value))!)?.trim()).toBe(expected);
  });
  it.each(['089Y', '999M', '003D'])('%s stays', (value) => {
    expect(capAge(target(0x00101010, 'AS', value))?.edit.kind).toBe('keep');
  });
  it.each(['95', '95 years', '95Y'])('%s is none', (value) => {
    expect(capAge(target(0x00101010, 'AS', value))).toBeUndefined();
  });
});

describe('a descriptor', () => {
  it.each([
    ['t1_mprage_sag_p2_iso', 't1_mprage_sag_p2_iso'],
    ['CT Thorax/Abdomen 5.0 B31f', 'CT Thorax/Abdomen 5.0 B31f'],
    ['AX T2 FLAIR FS 3mm', 'AX T2 FLAIR FS 3mm'],
    ['Schädel nativ', 'Schädel nativ'],
    ['ep2d_diff_b1000', 'ep2d_diff_b1000'],
    ['CT head of Eva Wonderly', 'CT head of'],
    ['MR knee 4711234', 'MR knee'],
    ['Chest 12.03.1970', 'Chest'],
    ['Chest, born 1970', 'Chest,'],
    ['Abdomen tel 0123-456789', 'Abdomen'],
    ['Hodgkin follow-up', 'follow-up'],
    ['Müller', ''],
    ['頭部 CT', 'CT'],
  ])('%s keeps %s', (value, expected) => {
    expect(keepVocabulary(value)).toBe(expected);
  });
});

describe('a value that cannot be cleaned', () => {
  it('is given the action that the decision names for this', () => {
    const decision: Decision = { action: 'C', why: 'a rule', cleaning: 'dates', otherwise: 'Z' };
    const { outcome, done } = performDecision(decision, target(0x00080020, 'DA', 'Evans'), context);
    expect(replacement(outcome)).toBe('');
    expect(done).toEqual({ action: 'Z', why: 'a rule, but nothing can be kept' });
  });
});
