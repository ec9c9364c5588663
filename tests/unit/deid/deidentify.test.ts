import { describe, expect, it } from 'vitest';
import { deidentify, plan } from '../../../shared/deid/index.ts';
import { readPart10, readPart10From } from '../../../shared/dicom/index.ts';
import { bytes, instance, ORIGINAL, output, sequence, testProfile, text } from './instances.ts';

const grey = text(0x00280004, 'CS', 'MONOCHROME2');
const samples = Uint8Array.from({ length: 256 }, (_, index) => index);
const patient = [text(0x00100010, 'PN', 'Rosendahl^Mia'), text(0x00100020, 'LO', 'MRN-4711')];

describe('a de-identified instance', () => {
  const object = instance([
    ...patient,
    text(0x00080070, 'LO', 'Maker'),
    sequence(0x00081140, [
      text(0x00081150, 'UI', '1.2.840.10008.5.1.4.1.1.2'),
      text(0x00081155, 'UI', ORIGINAL.instance),
    ]),
    text(0x00120063, 'LO', 'by hand, Rosendahl'),
    grey,
    bytes(0x7fe00010, 'OW', samples),
  ]);
  object.set(Buffer.from('Rosendahl in the preamble'), 0);
  const { part10, bytes: written, deidentified } = output(object);

  it('says that and how it was de-identified', () => {
    const { dataSet } = part10;
    expect(dataSet.text(0x00120062)).toBe('YES');
    expect(dataSet.strings(0x00120063)).toEqual([
      'Filmroom 0.1',
      'PS3.15 2026d Basic Application Confidentiality Profile',
    ]);
    const codes = dataSet
      .sequence(0x00120064)
      .map((item) => [item.text(0x00080100), item.text(0x00080102), item.text(0x00080104)]);
    expect(codes).toEqual([['113100', 'DCM', 'Basic Application Confidentiality Profile']]);
    expect(dataSet.text(0x00280303)).toBe('REMOVED');
    expect(dataSet.has(0x00280301)).toBe(false);
  });

  it('has a new preamble and new meta information', () => {
    expect(written.subarray(0, 128)).toEqual(new Uint8Array(128));
    expect(part10.meta?.text(0x00020013)).toBe('FILMROOM_0_1');
    expect(part10.meta?.uid(0x00020012)).toMatch(/^2\.25\./);
    expect(part10.meta?.elements.map((element) => element.tag & 0xffff)).toEqual([
      0, 1, 2, 3, 0x10, 0x12, 0x13,
    ]);
  });

  it('keeps its pixels and refers to itself under its new UID', () => {
    expect(part10.dataSet.value(0x7fe00010)).toEqual(samples);
    expect(part10.dataSet.sequence(0x00081140)[0]?.uid(0x00081155)).toBe(deidentified.uids.instance);
  });

  it('comes out the same a second time', () => {
    expect(output(object).bytes).toEqual(written);
  });

  it('shares nothing with what another secret makes of it', () => {
    const other = output(object, testProfile({ secret: new Uint8Array(32).fill(9) })).deidentified;
    expect(other.uids.study).not.toBe(deidentified.uids.study);
    expect(other.patientId).not.toBe(deidentified.patientId);
  });

  it('counts what each action changed', () => {
    expect(deidentified.operations).toMatchObject({ X: 1, U: 5, C: 0 });
  });
});

describe('a plan', () => {
  it('names attributes and rules, no values, and reaches into sequences', () => {
    const object = instance([...patient, sequence(0x00180026, [text(0x00142006, 'PN', 'Evans^Eva')])]);
    const { operations } = plan(readPart10(object), testProfile());
    expect(operations).toContainEqual({
      path: '(0018,0026)[0]/(0014,2006)',
      action: 'Z',
      why: 'rule by VR: an unlisted person name',
    });
    expect(JSON.stringify(operations)).not.toMatch(/Rosendahl|4711|Evans|498/);
  });
});

describe('an object of which only the header was read', () => {
  it('is written with its pixels as a range to copy, in the same bytes as the whole', async () => {
    const object = instance([...patient, grey, bytes(0x7fe00010, 'OW', new Uint8Array(300_000).fill(7))]);
    const source = {
      size: object.length,
      read: async (start: number, length: number) => object.slice(start, start + length),
    };
    const { segments } = deidentify(await readPart10From(source), testProfile());
    expect(segments.some((segment) => !(segment instanceof Uint8Array))).toBe(true);
    const { concatSegments } = await import('../../../shared/dicom/index.ts');
    expect(concatSegments(segments, object)).toEqual(output(object).bytes);
  });
});
