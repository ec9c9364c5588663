import { describe, expect, it } from 'vitest';
import type { NewElement, VR } from '../../../../shared/dicom/index.ts';
import { bytes, numbers, sequence, text } from '../instances.ts';
import { act, replacement } from './actions.ts';

describe('a dummy value', () => {
  it.each([
    ['AE', 'REMOVED'],
    ['AS', '000Y'],
    ['CS', 'REMOVED'],
    ['DA', '19000101'],
    ['DS', '0'],
    ['DT', '19000101000000'],
    ['IS', '0'],
    ['LO', 'REMOVED'],
    ['PN', 'REMOVED'],
    ['TM', '000000'],
    ['UR', 'urn:removed'],
    ['UT', 'REMOVED'],
  ] as const)('is valid for %s', (vr, dummy) => {
    expect(replacement(act('D', text(0x00720061, vr as VR, '1')))).toBe(dummy);
  });

  it.each([
    ['US', 2],
    ['UL', 4],
    ['FD', 8],
    ['AT', 4],
  ] as const)('of %s has the size of one number', (vr, size) => {
    const { edit } = act('D', numbers(0x00720062, vr, 7));
    expect(edit).toEqual({ kind: 'replace', value: new Uint8Array(size) });
  });

  it('of a UID is its pseudonym', () => {
    expect(replacement(act('D', text(0x006a0003, 'UI', '1.2.3.4.5.6.7')))).toMatch(/^2\.25\.\d+$/);
  });

  it('of bytes is two zeros', () => {
    expect(act('D', bytes(0x04000115, 'OB', Buffer.from('certificate'))).edit).toMatchObject({
      value: new Uint8Array(2),
    });
  });

  it('is not made of nothing', () => {
    expect(act('D', text(0x0040a123, 'PN', '')).edit).toEqual({ kind: 'keep' });
  });
});

describe('a sequence under D', () => {
  const secret = [text(0x0040a160, 'UT', 'secret')];

  it.each([
    [0x0040a730, 'Content Sequence'],
    [0x00700001, 'Graphic Annotation Sequence'],
    [0x00401101, 'Person Identification Code Sequence'],
  ])('is written anew with one authored item: %s %s', (tag) => {
    const outcome = act('D', sequence(tag, secret, secret));
    expect(outcome.edit).toEqual({ kind: 'remove' });
    const items = outcome.add?.value as readonly (readonly NewElement[])[];
    expect(items).toHaveLength(1);
    expect(JSON.stringify(items)).not.toContain('secret');
  });

  it('keeps the items that hold references only', () => {
    const outcome = act('D', sequence(0x00081111, [text(0x00081155, 'UI', '1.2.3.4.5.6')]));
    expect(outcome.edit).toEqual({ kind: 'items' });
  });
});
