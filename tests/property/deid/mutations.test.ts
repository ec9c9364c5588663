import fc from 'fast-check';
import { expect, it } from 'vitest';
import { deidentify } from '../../../shared/deid/index.ts';
import { concatSegments, readPart10 } from '../../../shared/dicom/index.ts';
import { isUnprocessable } from '../../../shared/errors.ts';
import { bytes, instance, numbers, sequence, testProfile, text } from '../../unit/deid/instances.ts';

const object = instance([
  text(0x00080005, 'CS', 'ISO_IR 100'),
  text(0x00080008, 'CS', 'ORIGINAL\\PRIMARY\\AXIAL'),
  text(0x00080020, 'DA', '20240131'),
  text(0x00080070, 'LO', 'Maker'),
  sequence(0x00081140, [
    text(0x00081150, 'UI', '1.2.840.10008.5.1.4.1.1.2'),
    text(0x00081155, 'UI', '1.2.3.4.5.6.7'),
  ]),
  text(0x00100010, 'PN', 'Rosendahl^Mia'),
  text(0x00100020, 'LO', 'MRN-4711'),
  sequence(0x00180026, [
    text(0x00080104, 'LO', 'seen by Rosendahl'),
    sequence(0x00540016, [text(0x00181020, 'LO', 'v1')]),
  ]),
  bytes(0x00540220, 'UN', Buffer.from('not a sequence')),
  numbers(0x00280010, 'US', 8),
  bytes(0x7fe00010, 'OW', new Uint8Array(128)),
]);

const mutation = fc.record({
  at: fc.nat(object.length - 1),
  change: fc.oneof(
    fc.integer({ min: 0, max: 7 }).map((bit) => (byte: number) => byte ^ (1 << bit)),
    fc.constantFrom(0, 0xff, 0xfe, 0x20).map((value) => () => value),
  ),
});

it('ends every mutation of an instance in a readable output or a typed refusal', () => {
  fc.assert(
    fc.property(
      fc.array(mutation, { minLength: 1, maxLength: 8 }),
      fc.option(fc.nat(object.length)),
      (mutations, cut) => {
        const mutated = object.slice(0, cut ?? object.length);
        for (const { at, change } of mutations) if (at < mutated.length) mutated[at] = change(mutated[at]!);
        try {
          const { segments } = deidentify(readPart10(mutated), testProfile());
          readPart10(concatSegments(segments, mutated));
        } catch (error) {
          expect(isUnprocessable(error), String(error)).toBe(true);
        }
      },
    ),
    { numRuns: 3000 },
  );
});
