import { describe, expect, it } from 'vitest';
import { looksLikeDicom, readPart10 } from '../../../shared/dicom/index.ts';
import { bytes, explicit, file, implicit } from './raw-bytes.ts';

const MODALITY = explicit(0x00080060, 'CS', 'CT');
const NAME = explicit(0x00100010, 'PN', 'Doe^Jane');

describe('first bytes', () => {
  it.each([
    ['a preamble', file(NAME)],
    ['a preamble of another format', bytes('II*\0', new Uint8Array(124), 'DICM', NAME)],
    ['meta information without preamble', bytes(explicit(0x00020010, 'UI', '1.2.840.10008.1.2.1\0'), NAME)],
    ['explicit elements', bytes(MODALITY, NAME)],
    ['implicit elements', bytes(implicit(0x00080060, 'CT'), implicit(0x00100010, 'Doe^Jane'))],
    [
      'a group length as ACR-NEMA has it',
      bytes(implicit(0x00080000, bytes([4, 0, 0, 0])), implicit(0x00080060, 'CT')),
    ],
    [
      'big endian elements',
      bytes(
        explicit(0x00080060, 'CS', 'CT', { bigEndian: true }),
        explicit(0x00100010, 'PN', 'ab', { bigEndian: true }),
      ),
    ],
  ])('may be DICOM: %s', (_, first) => {
    expect(looksLikeDicom(first)).toBe(true);
  });

  it.each([
    ['nothing', bytes()],
    ['zeros', new Uint8Array(2000)],
    ['text', bytes('patient,name,date\n'.repeat(30))],
    ['markup', bytes('<?xml version="1.0"?><a/>')],
    ['JSON', bytes('{"00100010":{"vr":"PN"}}')],
    ['a ZIP', bytes('PK\x03\x04\x14\0\0\0\x08\0')],
    ['GZIP', bytes([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3])],
    ['a JPEG', bytes([0xff, 0xd8, 0xff, 0xe0, 0, 16], 'JFIF')],
    ['a PNG', bytes([0x89], 'PNG\r\n', [0x1a, 10])],
    ['a PDF', bytes('%PDF-1.7\n')],
    ['an unknown first tag', implicit(0x00081234, 'ab')],
    ['a tag that does not go on', bytes(implicit(0x00080060, 'CT'), 'and then text')],
  ])('are not taken for DICOM: %s', (_, first) => {
    expect(looksLikeDicom(first)).toBe(false);
  });

  it('are not taken for a preamble when DICM stands in a value by chance', () => {
    const padding = explicit(0x00080070, 'LO', 'x'.repeat(128 - MODALITY.length - 8 - 8));
    const source = bytes(MODALITY, padding, explicit(0x00081010, 'SH', 'DICMA1'), NAME);
    expect(Buffer.from(source.subarray(128, 132)).toString()).toBe('DICM');
    expect(readPart10(source)).toMatchObject({ preamble: false });
    expect(readPart10(source).dataSet.text(0x00081010)).toBe('DICMA1');
  });
});
