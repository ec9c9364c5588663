import { describe, expect, it } from 'vitest';
import { applyPlan, plan } from '../../../shared/deid/index.ts';
import { concatSegments, type DataElement, type Edit, readPart10 } from '../../../shared/dicom/index.ts';
import { bytes, instance, numbers, output, refusalOf, sequence, testProfile, text } from './instances.ts';

const patient = [text(0x00100010, 'PN', 'Rosendahl^Mia'), text(0x00100020, 'LO', 'MRN-4711')];
const grey = text(0x00280004, 'CS', 'MONOCHROME2');

/** Applies the plan with the edits of one tag forgotten, as a fault in the plan would. */
function forgetting(object: Uint8Array, tag: number) {
  const part10 = readPart10(object);
  const planned = plan(part10, testProfile());
  const edits = new Map<DataElement, Edit>([...planned.edits].filter(([element]) => element.tag !== tag));
  return applyPlan(part10, { ...planned, edits }, testProfile());
}

describe('the residual scan', () => {
  it.each([
    ['a text that was not edited', text(0x00104000, 'LT', 'Rosendahl called'), '(0010,0010)'],
    ['a number that was not edited', text(0x00101090, 'LO', 'mrn4711'), '(0010,0020)'],
    ['a UID that was not replaced', text(0x00200052, 'UI', '1.2.826.0.1.3680043.8.498.5001'), '(0020,0052)'],
    ['bytes that were not removed', bytes(0x00091010, 'OB', Buffer.from('x Rosendahl x')), '(0010,0010)'],
  ])('refuses %s and names the attributes only', (_, element, origin) => {
    const { reason, where } = refusalOf(() => forgetting(instance([...patient, element]), element.tag));
    expect(reason).toBe('residual-identifier');
    expect(where).toContain(origin);
    expect(where).not.toMatch(/rosendahl|4711|498/i);
  });

  it('names the place in a sequence', () => {
    const object = instance([...patient, sequence(0x00180026, [text(0x00104000, 'LT', 'Rosendahl')])]);
    expect(refusalOf(() => forgetting(object, 0x00104000)).where).toBe(
      'an identifier of (0010,0010) in (0018,0026)[0]/(0010,4000)',
    );
  });

  it('looks at what follows the pixels as well', () => {
    const object = instance([
      ...patient,
      grey,
      bytes(0x7fe00010, 'OW', Buffer.alloc(64)),
      bytes(0xfffcfffc, 'OB', Buffer.from('Rosendahl')),
    ]);
    expect(refusalOf(() => forgetting(object, 0xfffcfffc)).reason).toBe('residual-identifier');
  });

  it('leaves samples alone that spell a name by chance', () => {
    const object = instance([...patient, grey, bytes(0x7fe00010, 'OW', Buffer.from('..Rosendahl..'))]);
    expect(output(object).part10.dataSet.value(0x7fe00010)).toEqual(
      new Uint8Array(Buffer.from('..Rosendahl..\0')),
    );
  });

  it('is not alarmed by terms, numbers and its own words', () => {
    const named = [
      text(0x00100010, 'PN', 'Removed^Basic'),
      text(0x00100020, 'LO', '12345'),
      text(0x00100030, 'DA', '19000101'),
    ];
    const object = instance([
      ...named,
      text(0x00180050, 'DS', '12345.0'),
      text(0x00189701, 'DT', '20200101'),
      numbers(0x00280010, 'US', 0x3131),
    ]);
    expect(output(object).part10.dataSet.text(0x00180050)).toBe('12345.0');
  });

  it('reads a deflated object again', () => {
    const object = instance([...patient, text(0x00104000, 'LT', 'Rosendahl called')], undefined, {
      transferSyntaxUid: '1.2.840.10008.1.2.1',
    });
    const part10 = readPart10(object);
    const planned = plan(part10, testProfile());
    const { segments } = applyPlan(part10, planned, testProfile());
    expect(readPart10(concatSegments(segments, object)).dataSet.has(0x00104000)).toBe(false);
  });
});
