import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyedPseudonyms } from '../../../shared/deid/index.ts';
import { isValidUid } from '../../../shared/dicom/index.ts';
import { SECRET } from './instances.ts';

const pseudonyms = keyedPseudonyms(SECRET);

describe('keyed pseudonyms', () => {
  it('refuses a secret of fewer than 32 bytes', () => {
    expect(() => keyedPseudonyms(new Uint8Array(31))).toThrow(RangeError);
  });

  it('makes valid UUID-derived UIDs, the same for the same original', () => {
    fc.assert(
      fc.property(fc.string(), (original) => {
        const uid = pseudonyms.uid(original);
        expect(isValidUid(uid)).toBe(true);
        expect(uid).toBe(keyedPseudonyms(SECRET).uid(original));
        const hex = BigInt(uid.slice('2.25.'.length)).toString(16).padStart(32, '0');
        expect(hex[12]).toBe('8');
        expect('89ab').toContain(hex[16]);
      }),
    );
  });

  it('gives unrelated pseudonyms under another secret, project or purpose', () => {
    const other = keyedPseudonyms(SECRET.map((byte) => byte ^ 1));
    const project = keyedPseudonyms(SECRET, 'project');
    const ids = [pseudonyms, other, project].map((each) => each.patientId('H', '123'));
    expect(new Set(ids).size).toBe(3);
    expect(
      new Set([pseudonyms.token('a', 'x'), pseudonyms.token('b', 'x'), project.token('a', 'x')]).size,
    ).toBe(3);
  });

  it('tells an issuer and an ID apart however they are divided', () => {
    expect(pseudonyms.patientId('AB', 'C')).not.toBe(pseudonyms.patientId('A', 'BC'));
    const zeros = '\0\0\0\0';
    expect(pseudonyms.patientId(`A${zeros}B`, 'C')).not.toBe(pseudonyms.patientId('A', `B${zeros}C`));
    expect(pseudonyms.patientId(undefined, 'C')).toBe(pseudonyms.patientId('', 'C'));
  });

  it('writes a Patient ID as P and 16 characters of base32', () => {
    expect(pseudonyms.patientId('H', '123')).toMatch(/^P[A-Z2-7]{16}$/);
  });

  it('shifts dates by whole weeks to the past, never by none', () => {
    fc.assert(
      fc.property(fc.string(), (key) => {
        const days = pseudonyms.dateShiftDays(key);
        expect(days % 7).toBe(-0);
        expect(days).toBeLessThanOrEqual(-7);
        expect(days).toBeGreaterThanOrEqual(-3640);
      }),
    );
  });
});
