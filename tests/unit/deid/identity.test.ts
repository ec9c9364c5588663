import { describe, expect, it } from 'vitest';
import { deidentify } from '../../../shared/deid/index.ts';
import { readPart10 } from '../../../shared/dicom/index.ts';
import { CT, instance, ORIGINAL, output, refusalOf, testProfile, text } from './instances.ts';

const refuse = (object: Uint8Array) => refusalOf(() => deidentify(readPart10(object), testProfile()));

describe('what identifies the instance', () => {
  it.each([
    [0x00080016, '(0008,0016)'],
    [0x00080018, '(0008,0018)'],
    [0x0020000d, '(0020,000D)'],
    [0x0020000e, '(0020,000E)'],
  ])('must not be missing', (tag, where) => {
    expect(refuse(instance([text(tag, 'UI', '')]))).toEqual({ reason: 'missing-attribute', where });
  });

  it.each(['../../etc/passwd', '1.2/3', '1.2.a', '1..2', '1234', `1.${'2'.repeat(70)}`, '1.2.3\\1.2.4'])(
    'must be a UID',
    (uid) => {
      expect(refuse(instance([text(0x0020000d, 'UI', uid)])).reason).toBe('invalid-uid');
    },
  );

  it('may have a leading zero, since it is replaced', () => {
    expect(output(instance([text(0x0020000d, 'UI', '1.2.03.4.5')])).deidentified.original.study).toBe(
      '1.2.03.4.5',
    );
  });

  it('says nothing of the value in the refusal', () => {
    expect(refuse(instance([text(0x00080018, 'UI', 'Smith^John')])).where).not.toContain('Smith');
  });

  it('is not looked for in a media directory', () => {
    const directory = instance([], CT, { mediaStorageSopClassUid: '1.2.840.10008.1.3.10' });
    expect(refuse(directory).reason).toBe('media-directory');
  });
});

describe('the pseudonyms of an instance', () => {
  const named = [
    text(0x00100010, 'PN', 'Doe^Jane'),
    text(0x00100020, 'LO', 'MRN-4711'),
    text(0x00100030, 'DA', '19700203'),
  ];

  it('stand in the meta information, the data set and the answer alike', () => {
    const { part10, deidentified } = output(instance(named));
    expect(part10.meta?.uid(0x00020003)).toBe(deidentified.uids.instance);
    expect(part10.dataSet.uid(0x00080018)).toBe(deidentified.uids.instance);
    expect(part10.dataSet.uid(0x0020000d)).toBe(deidentified.uids.study);
    expect(part10.dataSet.uid(0x0020000e)).toBe(deidentified.uids.series);
    expect(part10.dataSet.text(0x00100020)).toBe(deidentified.patientId);
    expect(part10.dataSet.text(0x00100010)).toBe(deidentified.patientId);
  });

  it('come with the identity they stand for', () => {
    const { original } = output(instance([...named, text(0x00100021, 'LO', 'Hospital')])).deidentified;
    expect(original).toEqual({
      ...ORIGINAL,
      patientId: 'MRN-4711',
      issuer: 'Hospital',
      patientName: 'Doe^Jane',
      birthDate: '19700203',
    });
  });

  it('are the same for the same patient however the name is spelled', () => {
    const other = output(instance([text(0x00100010, 'PN', 'DOE^J'), text(0x00100020, 'LO', 'MRN-4711')]));
    expect(other.deidentified.patientId).toBe(output(instance(named)).deidentified.patientId);
  });

  it('keep patients without an ID apart by their study', () => {
    const one = output(instance([text(0x00100020, 'LO', '')]));
    const same = output(instance([text(0x00080018, 'UI', '1.2.3.4.5.6.7.8')]));
    const other = output(instance([text(0x0020000d, 'UI', '1.2.3.4.5.6.7.9')]));
    expect(one.deidentified.patientId).toMatch(/^P[A-Z2-7]{16}$/);
    expect(same.deidentified.patientId).toBe(one.deidentified.patientId);
    expect(other.deidentified.patientId).not.toBe(one.deidentified.patientId);
    expect(one.part10.dataSet.text(0x00100020)).toBe(one.deidentified.patientId);
  });
});
