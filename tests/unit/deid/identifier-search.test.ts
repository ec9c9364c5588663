import { describe, expect, it } from 'vitest';
import { IdentifierForms, plainSpelling } from '../../../shared/deid/identifier-forms.ts';
import { IdentifierSearch } from '../../../shared/deid/identifier-search.ts';
import { characterSetOf } from '../../../shared/dicom/index.ts';

const NAME = 0x00100010;
const ID = 0x00100020;
const ASCII = characterSetOf([]);

function found(
  fill: (forms: IdentifierForms, search: IdentifierSearch) => void,
  bytes: string | Uint8Array,
  minimum = 0,
) {
  const search = new IdentifierSearch();
  fill(new IdentifierForms(search), search);
  const buffer = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
  return search.find(buffer, 0, buffer.length, minimum) !== undefined;
}

describe('a name', () => {
  const patient = (forms: IdentifierForms) => forms.addName('Rosendahl^Mia Li^^Dr', NAME, true, ASCII);
  const physician = (forms: IdentifierForms) => forms.addName('Foley^Rosendahl', 0x00080090, false, ASCII);

  it.each([
    'ROSENDAHL',
    'seen: rosendahl, mia',
    'Mia',
    'rosendahl2',
    'MiaRosendahl',
    'rosendahlm',
    'x^Rosendahl^y',
  ])('is found in %j', (bytes) => expect(found(patient, bytes)).toBe(true));

  it.each(['rosendahlson', 'Miami', 'Amia', 'Dr', 'Li'])('is not found in %j', (bytes) =>
    expect(found(patient, bytes)).toBe(false),
  );

  it('that is a common word counts only if it is the patient’s', () => {
    expect(found(physician, 'Foley catheter')).toBe(false);
    expect(found(physician, 'Dr Rosendahl')).toBe(true);
    expect(found((forms) => forms.addName('Foley^Ann', NAME, true, ASCII), 'Foley catheter')).toBe(true);
  });

  it.each(['ANONYMOUS', 'Anonymized^', 'phantom', 'van der', ''])(
    'that names nobody is not searched for: %j',
    (name) => {
      expect(
        found((forms) => forms.addName(name, NAME, true, ASCII), 'anonymous anonymized phantom van der'),
      ).toBe(false);
    },
  );

  it('is found in UTF-16 of either byte order', () => {
    const little = Buffer.from('..Rosendahl..', 'utf16le');
    expect(found(patient, little)).toBe(true);
    expect(found(patient, Buffer.from(little).swap16())).toBe(true);
  });

  it('of two ideographs is found in its own character set and in UTF-8', () => {
    const kanji = (forms: IdentifierForms) =>
      forms.addName('Yamada^Tarou=山田^太郎', NAME, true, characterSetOf(['ISO_IR 192']));
    expect(found(kanji, Buffer.from('…山田…', 'utf8'))).toBe(true);
    expect(found(kanji, Buffer.from('太郎', 'utf16le'))).toBe(true);
    expect(found(kanji, Buffer.from('高橋', 'utf8'))).toBe(false);
  });

  it('with accents is found without them in decoded text', () => {
    const accented = (forms: IdentifierForms) =>
      forms.addName('Müller^Zoë', NAME, true, characterSetOf(['ISO_IR 100']));
    expect(found(accented, plainSpelling('MULLER'))).toBe(true);
    expect(found(accented, 'MÜLLER')).toBe(true);
  });
});

describe('a number', () => {
  const number = (value: string) => (forms: IdentifierForms) => forms.addNumber(value, ID, ASCII);

  it.each([
    ['MRN-4711', 'mrn-4711'],
    ['MRN-4711', 'xx mrn4711 xx'],
    ['12345678', 'MRN12345678'],
    ['A123', 'a123'],
  ])('%s is found in %s', (value, bytes) => expect(found(number(value), bytes)).toBe(true));

  it.each([
    ['12345678', '912345678'],
    ['1', '1'],
    ['1234', '1234'],
    ['MR', 'MR'],
    ['HEAD', 'HEAD'],
    ['00000', '00000'],
    ['ANONYMOUS', 'ANONYMOUS'],
  ])('%s is not found in %s', (value, bytes) => expect(found(number(value), bytes)).toBe(false));

  it('counts only from the length that the VR asks for', () => {
    expect(found(number('12345'), '12345', 7)).toBe(false);
    expect(found(number('1234567'), '1234567', 7)).toBe(true);
  });
});

describe('a date', () => {
  const date = (forms: IdentifierForms) => forms.addDate('19700203', 0x00100030);

  it.each([
    '19700203',
    '1970-02-03',
    '1970/02/03',
    '03.02.1970',
    '02/03/1970',
    '03-FEB-1970',
    'Feb 03, 1970',
  ])('is found as %s', (bytes) => expect(found(date, `born ${bytes}.`)).toBe(true));

  it.each(['19700204', '119700203', '1970020', '1970'])('is not found in %s', (bytes) =>
    expect(found(date, bytes)).toBe(false),
  );

  it('that is none is not searched for', () => {
    expect(found((forms) => forms.addDate('19001399', 0x00100030), '19001399')).toBe(false);
  });
});

describe('a UID', () => {
  const uid = (_: IdentifierForms, search: IdentifierSearch) => search.addUid('1.2.826.0.1.99.7', 0x00080018);

  it.each(['1.2.826.0.1.99.7', 'in 1.2.826.0.1.99.7.', '\\1.2.826.0.1.99.7\0'])(
    'is found whole in %j',
    (bytes) => expect(found(uid, bytes, Number.POSITIVE_INFINITY)).toBe(true),
  );

  it.each(['1.2.826.0.1.99.78', '3.1.2.826.0.1.99.7', '1.2.826.0.1.99'])('is not found in %j', (bytes) =>
    expect(found(uid, bytes)).toBe(false),
  );
});

describe('hostile input', () => {
  it('is refused when it holds more identifiers than the limit', () => {
    const search = new IdentifierSearch();
    expect(() => {
      for (let index = 0; index < 5000; index++) search.add(`name${index}`, NAME, true);
    }).toThrow('too-many-elements');
  });
});
