import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import {
  formatTag,
  isGroupLength,
  isPrivate,
  isValidUid,
  isVr,
  lookUp,
  sopClassName,
  tagOf,
  transferSyntaxes,
  transferSyntaxOf,
} from '../../../shared/dicom/index.ts';

const STANDARD = new URL('../../../../shared/standard/ps3.6-attributes.json', import.meta.url);

describe('the dictionary', () => {
  it.each([
    [0x00100010, 'PatientName', "Patient's Name", ['PN'], '1', false],
    [0x00080016, 'SOPClassUID', 'SOP Class UID', ['UI'], '1', false],
    [0x7fe00010, 'PixelData', 'Pixel Data', ['OB', 'OW'], '1', false],
    [0x00280106, 'SmallestImagePixelValue', 'Smallest Image Pixel Value', ['US', 'SS'], '1', false],
    [0x00281200, 'GrayLookupTableData', 'Gray Lookup Table Data', ['US', 'SS', 'OW'], '1-n or 1', true],
    [0x60fe3000, 'OverlayData', 'Overlay Data', ['OB', 'OW'], '1', false],
    [0x50040110, 'CurveDataDescriptor', 'Curve Data Descriptor', ['US'], '1-n', true],
    [0x002031ab, 'SourceImageIDs', 'Source Image IDs', ['CS'], '1-n', true],
    [0x00280453, 'CoefficientCodingPointers', 'Coefficient Coding Pointers', ['AT'], '1-n', true],
    [0x00020010, 'TransferSyntaxUID', 'Transfer Syntax UID', ['UI'], '1', false],
    [0xfffee000, 'Item', 'Item', [], '1', false],
  ])('knows %i', (tag, keyword, name, vr, vm, retired) => {
    expect(lookUp(tag)).toEqual({ tag, keyword, name, vr, vm, retired });
  });

  it.each([[0x60013000], [0x50010010], [0x00091001], [0x00090010], [0x00080000], [0x12345678]])(
    'does not know %i',
    (tag) => {
      expect(lookUp(tag)).toBeUndefined();
    },
  );

  it('gives the tag of a keyword, and throws for one that is none', () => {
    expect(tagOf('PatientName')).toBe(0x00100010);
    expect(tagOf('OverlayData')).toBe(0x60003000);
    expect(() => tagOf('PatientsName')).toThrow('PatientsName');
    expect(() => tagOf('')).toThrow();
  });

  it('names storage SOP classes', () => {
    expect(sopClassName('1.2.840.10008.5.1.4.1.1.2')).toBe('CT Image Storage');
    expect(sopClassName('1.2.3')).toBeUndefined();
  });

  it.skipIf(!existsSync(STANDARD))(
    'is what its generator would write (skipped where ../shared/standard is not there)',
    () => {
      const root = fileURLToPath(new URL('../../..', import.meta.url));
      const tsx = fileURLToPath(new URL('../../../node_modules/.bin/tsx', import.meta.url));
      expect(() =>
        execFileSync(tsx, ['scripts/generate-dictionary.ts', '--check'], { cwd: root, stdio: 'pipe' }),
      ).not.toThrow();
    },
  );
});

describe('tags, VRs and UIDs', () => {
  it('are printed and told apart', () => {
    expect(formatTag(0x0010000a)).toBe('(0010,000A)');
    expect(formatTag(0xfffee00d)).toBe('(FFFE,E00D)');
    expect([isPrivate(0x00091001), isPrivate(0x00081001), isPrivate(0xffff0010)]).toEqual([
      true,
      false,
      true,
    ]);
    expect([isGroupLength(0x00080000), isGroupLength(0x00080001)]).toEqual([true, false]);
    expect([isVr('PN'), isVr('ZZ'), isVr('P'), isVr('PNX')]).toEqual([true, false, false, false]);
  });

  it.each([
    ['1.2.840.10008.1.2', true],
    ['2.25.0', true],
    [`1.${'2'.repeat(62)}`, true],
    [`1.${'2'.repeat(63)}`, false],
    ['', false],
    ['1..2', false],
    ['1.02', false],
    ['.1', false],
    ['1.', false],
    ['1.2/../3', false],
    ['1.2 ', false],
  ])('the UID %j is valid: %s', (uid, valid) => {
    expect(isValidUid(uid)).toBe(valid);
  });
});

describe('the transfer syntaxes', () => {
  it('are known by UID, also those that nothing decodes', () => {
    expect(transferSyntaxOf('1.2.840.10008.1.2.5')).toMatchObject({
      codec: 'rle',
      encapsulated: true,
      explicitVr: true,
    });
    expect(transferSyntaxOf('1.2.840.10008.1.2.4.66')).toMatchObject({ codec: 'none' });
    expect(transferSyntaxOf('1.2.840.10008.1.2.4.102')).toMatchObject({ codec: 'mpeg' });
    expect(transferSyntaxOf('1.2.3')).toBeUndefined();
  });

  it('are encapsulated in explicit VR little endian only', () => {
    const wrong = transferSyntaxes().filter(
      (syntax) => syntax.encapsulated && (!syntax.explicitVr || syntax.bigEndian),
    );
    expect(wrong).toEqual([]);
    expect(transferSyntaxes().every(({ uid }) => isValidUid(uid))).toBe(true);
  });
});
