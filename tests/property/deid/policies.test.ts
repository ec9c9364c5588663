import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyedPseudonyms, POLICIES, profileOf } from '../../../shared/deid/index.ts';
import { PROFILE_ROWS } from '../../../shared/deid/ps3-15.generated.ts';
import type { NewElement, VR } from '../../../shared/dicom/index.ts';
import { bytes, instance, output, SECRET, sequence, text } from '../../unit/deid/instances.ts';

/** Identity must be valid; an encapsulated document is refused; what is no text holds no canary. */
const NOT_PLANTED: ReadonlySet<number> = new Set([0x00080018, 0x0020000d, 0x0020000e, 0x00420011]);
const NOT_TEXT: ReadonlySet<string> = new Set(['US', 'SS', 'UL', 'SL', 'FL', 'FD', 'SQ', 'UI']);
const given = { pseudonyms: keyedPseudonyms(SECRET) };
const canary = (number: number) => `QZ${number.toString(36).padStart(5, '0')}KW`.toUpperCase();

describe.each([...POLICIES.values()])('under the policy $name', (policy) => {
  const profile = profileOf(policy, given);
  const rows = PROFILE_ROWS.filter((row) => /^[\dA-F]{8}$/.test(row.tag))
    .filter((row) => !policy.options.some((option) => row.options?.[option] === 'K'))
    .map((row) => ({ tag: Number.parseInt(row.tag, 16), vr: (row.vr ?? 'LO').slice(0, 2) as VR }))
    .filter(({ tag, vr }) => tag >= 0x00080000 && !NOT_PLANTED.has(tag) && !NOT_TEXT.has(vr));

  it('canaries in every attribute that its options do not retain survive nowhere', () => {
    let next = 10;
    const all = (): NewElement[] =>
      [
        ...rows.map(({ tag, vr }) => bytes(tag, vr, Buffer.from(canary(next++)))),
        bytes(0x00090010, 'LO', Buffer.from(canary(next++))),
        bytes(0x00091001, 'LO', Buffer.from(canary(next++))),
      ].sort((one, other) => one.tag - other.tag);
    const object = instance([...all(), sequence(0x00180026, all(), [sequence(0x00180026, all())])]);
    const written = Buffer.from(output(object, profile).bytes).toString('latin1').toUpperCase();
    expect(next).toBeGreaterThan(1000);
    expect(written.match(/QZ[\dA-Z]{5}KW/g) ?? []).toEqual([]);
  });

  it('the patient’s own name and number survive in no text, whatever surrounds them', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[B-DF-HJ-NP-TV-XZ]{5,12}$/),
        fc.stringMatching(/^[A-Z]{2}\d{5,9}$/),
        (family, id) => {
          const spelled = `CT Chest of ${family.toLowerCase()}, ${id}`;
          const free = [
            text(0x00081030, 'LO', spelled),
            text(0x00180024, 'SH', family.slice(0, 12)),
            text(0x00181020, 'LO', id),
            text(0x00104000, 'LT', spelled),
          ];
          const object = instance([
            text(0x00100010, 'PN', `${family}^Eva`),
            text(0x00100020, 'LO', id),
            ...free,
            sequence(0x00180026, free),
            text(0x00190010, 'LO', 'GEMS_ACQU_01'),
            text(0x0019109e, 'LO', spelled),
          ]);
          const written = Buffer.from(output(object, profile).bytes).toString('latin1').toUpperCase();
          for (const word of [family, id]) {
            expect(new RegExp(`(?<![A-Z])${word}(?![A-Z\\d])`).test(written)).toBe(false);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
