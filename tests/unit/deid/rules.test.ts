import { describe, expect, it } from 'vitest';
import { plan } from '../../../shared/deid/index.ts';
import { readPart10 } from '../../../shared/dicom/index.ts';
import { bytes, holds, instance, numbers, output, sequence, testProfile, text } from './instances.ts';

const operationsOf = (object: Uint8Array) => plan(readPart10(object), testProfile()).operations;

describe('attributes that Table E.1-1 does not list', () => {
  it.each([
    ['a person name is emptied', text(0x00142006, 'PN', 'Evans^Eva'), 'Z'],
    ['a date is emptied', text(0x00141020, 'DA', '20200101'), 'Z'],
    ['a time is emptied', text(0x00143077, 'TM', '101010'), 'Z'],
    ['a date and time is emptied', text(0x0008041f, 'DT', '20200101101010'), 'Z'],
    ['an address is removed', text(0x00404073, 'UR', 'https://pacs.example/1'), 'X'],
    ['a UID becomes its pseudonym', text(0x0018991e, 'UI', '1.2.3.4.5.6.7'), 'U'],
    ['a birth date in another calendar is removed', text(0x00100033, 'LO', '45/2/3'), 'X'],
    ['a namespace becomes a dummy', text(0x00400031, 'UT', 'Hospital'), 'D'],
    ['comments on the scheduled step are removed', text(0x00400400, 'LT', 'call wife'), 'X'],
    ['a URL to retrieve from is removed', text(0x00081190, 'UR', 'https://pacs.example/1'), 'X'],
    ['a secondary reviewer is removed', text(0x00140104, 'PN', 'Evans^Eva'), 'X'],
    ['a source instance becomes its pseudonym', text(0x00081167, 'UI', '1.2.3.4.5.6.7'), 'U'],
    ['a volume frame of reference becomes its pseudonym', text(0x00209312, 'UI', '1.2.3.4.5.6.7'), 'U'],
    ['a palette instance becomes its pseudonym', text(0x00280304, 'UI', '1.2.3.4.5.6.7'), 'U'],
    ['a private attribute is removed', text(0x00091001, 'LO', 'secret'), 'X'],
    ['a private creator is removed', text(0x00090010, 'LO', 'Evans Hospital'), 'X'],
    ['what PS3.6 does not know is removed', text(0x00189fff, 'LO', 'secret'), 'X'],
    ['an attribute of directories is removed', text(0x00041130, 'CS', 'EVANS'), 'X'],
    ['a curve is removed', numbers(0x50000010, 'US', 1), 'X'],
    ['the geometry of a removed overlay is removed', numbers(0x60000010, 'US', 1), 'X'],
    ['retired variable pixel data is removed', bytes(0x7f000010, 'OW', Buffer.alloc(4)), 'X'],
    ['a name written with another VR is emptied', text(0x00142006, 'LO', 'Evans^Eva'), 'Z'],
    ['text written as a name is emptied', text(0x00080070, 'PN', 'Evans^Eva'), 'Z'],
  ])('%s', (_, element, action) => {
    const atRoot = operationsOf(instance([element]));
    expect(atRoot.map((operation) => operation.action)).toContain(action);
    const nested = operationsOf(instance([sequence(0x00180026, [element])]));
    const path = `(0018,0026)[0]/`;
    expect(nested.find((operation) => operation.path.startsWith(path))?.action).toBe(action);
  });

  it.each([
    ['a manufacturer', text(0x00080070, 'LO', 'Maker of Scanners')],
    ['a class UID', text(0x00081150, 'UI', '1.2.840.10008.5.1.4.1.1.2')],
    ['a coding scheme UID', text(0x0008010c, 'UI', '2.16.840.1.113883.6.96')],
    ['a code meaning', text(0x00080104, 'LO', 'Foley catheter')],
    ['numbers', numbers(0x00280010, 'US', 512)],
  ])('%s is kept', (_, element) => {
    const object = instance([element]);
    const kept = output(object).part10.dataSet.value(element.tag);
    expect(kept).toEqual(readPart10(object).dataSet.value(element.tag));
  });
});

describe('a kept text that holds an identifier of the instance', () => {
  const patient = [
    text(0x00100010, 'PN', 'Rosendahl^Mia'),
    text(0x00100020, 'LO', 'MRN-4711'),
    text(0x00100030, 'DA', '19700203'),
  ];

  it.each([
    ['the name', text(0x00080104, 'LO', 'Chest of ROSENDAHL')],
    ['the number without punctuation', text(0x00180024, 'SH', 'mrn4711')],
    ['the birth date in another spelling', text(0x00181040, 'LO', 'born 03.02.1970')],
    ['the name in a code string', text(0x00180022, 'CS', 'ROSENDAHL')],
    ['the name in bytes', bytes(0x00282000, 'OB', Buffer.from('icc Rosendahl profile'))],
    ['the name in UTF-16', bytes(0x00282000, 'OB', Buffer.from('Rosendahl', 'utf16le'))],
  ])('is cleaned: %s', (_, element) => {
    for (const elements of [[element], [sequence(0x00180026, [element])]]) {
      const { bytes: written, deidentified } = output(instance([...patient, ...elements]));
      expect(holds(written, 'rosendahl') || holds(written, '4711') || holds(written, '1970')).toBe(false);
      expect(deidentified.operations.C).toBe(1);
    }
  });

  it('is cleaned when only accents tell the spellings apart', () => {
    const object = instance([
      text(0x00080005, 'CS', 'ISO_IR 100'),
      text(0x00100010, 'PN', 'Muller^Zoe'),
      text(0x00080104, 'LO', 'seen: M\xdcLLER'),
      text(0x00181020, 'LO', 'caf\xe9'),
    ]);
    const { dataSet } = output(object).part10;
    expect(dataSet.text(0x00080104)).toBe('REMOVED');
    expect(dataSet.text(0x00181020)).toBe('café');
  });

  it('keeps a defined term that the patient happens to be called', () => {
    const object = instance([
      text(0x00100010, 'PN', 'Knee^Max'),
      text(0x00180015, 'CS', 'KNEE'),
      text(0x00080104, 'LO', 'of Knee'),
    ]);
    const { dataSet } = output(object).part10;
    expect(dataSet.text(0x00180015)).toBe('KNEE');
    expect(dataSet.text(0x00080104)).toBe('REMOVED');
  });

  it('says where the identifier came from, not what it is', () => {
    const operations = operationsOf(instance([...patient, text(0x00080104, 'LO', 'of Rosendahl')]));
    const cleaned = operations.find((operation) => operation.action === 'C');
    expect(cleaned).toEqual({ path: '(0008,0104)', action: 'C', why: 'holds an identifier of (0010,0010)' });
  });
});

it('removes a picture in a sequence', () => {
  const picture = bytes(0x7fe00010, 'OW', Buffer.alloc(8));
  const { part10 } = output(instance([sequence(0x00180026, [picture])]));
  expect(part10.dataSet.sequence(0x00180026)[0]?.elements).toEqual([]);
});

describe('a sequence in UN', () => {
  it('is read and de-identified like any other', () => {
    // Implicit VR Little Endian, as PS3.5 6.2.2 asks of a sequence in UN: one item with Person Name (0040,A123).
    const item = Buffer.from(
      `feff00e012000000400023a10a000000${Buffer.from('Evans^Eva ').toString('hex')}`,
      'hex',
    );
    const object = instance([bytes(0x00180026, 'UN', item)]);
    const { bytes: written } = output(object);
    expect(holds(object, 'Evans')).toBe(true);
    expect(holds(written, 'Evans')).toBe(false);
  });

  it('that cannot be read is removed', () => {
    const { part10, bytes: written } = output(
      instance([bytes(0x00180026, 'UN', Buffer.from('Evans is no item'))]),
    );
    expect(holds(written, 'Evans')).toBe(false);
    expect(part10.dataSet.has(0x00180026)).toBe(false);
  });
});
