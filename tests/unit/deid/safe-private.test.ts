import { describe, expect, it } from 'vitest';
import { SAFE_PRIVATE, SAFE_PRIVATE_NUMBERS } from '../../../shared/deid/safe-private.generated.ts';
import { readPart10 } from '../../../shared/dicom/index.ts';
import { bytes, holds, instance, numbers, output, sequence, testProfile, text } from './instances.ts';

const safe = testProfile({ options: ['retainSafePrivate'] });
const dataSetOf = (...elements: Parameters<typeof instance>[0][number][]) =>
  output(instance(elements), safe).part10.dataSet;

describe('safe private attributes', () => {
  it('are the 479 rows of Table E.3.10-1', () => {
    expect(SAFE_PRIVATE).toHaveLength(479);
  });

  it('are, of a second list, numbers alone', () => {
    expect(SAFE_PRIVATE_NUMBERS.length).toBeGreaterThan(100);
    for (const [, , , vr] of SAFE_PRIVATE_NUMBERS) expect(vr).toMatch(/^(?:DS|IS|FL|FD|SL|SS|UL|US)$/);
    const dataSet = dataSetOf(text(0x00190010, 'LO', 'LORAD Selenia'), numbers(0x00191032, 'US', 120));
    expect(dataSet.number(0x00191032)).toBe(120);
  });

  it.each([0x10, 0x11, 0xfe])('are found by their creator in block %i, which stays with them', (block) => {
    const base = 0x00190000;
    const dataSet = dataSetOf(
      text(base + block, 'LO', 'GEMS_ACQU_01'),
      text(base + block * 0x100 + 0x23, 'DS', '1.25'),
      text(base + block * 0x100 + 0x24, 'DS', '2.5'),
      text(base + block * 0x100 + 0x02, 'DS', '3'),
    );
    expect(dataSet.text(base + block)).toBe('GEMS_ACQU_01');
    expect(dataSet.text(base + block * 0x100 + 0x23)).toBe('1.25');
    expect(dataSet.has(base + block * 0x100 + 0x02)).toBe(false);
  });

  it.each([
    ['another creator', 'GEMS_ACQU_02'],
    ['a creator in other letters', 'gems_acqu_01'],
  ])('go under %s, and with them the creator', (_, creator) => {
    const dataSet = dataSetOf(text(0x00190010, 'LO', creator), text(0x00191023, 'DS', '1.25'));
    expect(dataSet.has(0x00190010) || dataSet.has(0x00191023)).toBe(false);
  });

  it('go without the option', () => {
    const elements = [text(0x00190010, 'LO', 'GEMS_ACQU_01'), text(0x00191023, 'DS', '1.25')];
    expect(output(instance(elements)).part10.dataSet.has(0x00191023)).toBe(false);
  });

  it('become pseudonyms where they are UIDs', () => {
    const dataSet = dataSetOf(text(0x00990010, 'LO', 'NQHeader'), text(0x00991001, 'UI', '1.2.3.4.5.6.7.8'));
    expect(dataSet.uid(0x00991001)).toMatch(/^2\.25\./);
  });

  it('lose an identifier of the instance, and a date or name written with that VR', () => {
    const { bytes: written, part10 } = output(
      instance([
        text(0x00100010, 'PN', 'Rosendahl^Mia'),
        text(0x00190010, 'LO', 'GEMS_ACQU_01'),
        text(0x00191023, 'DA', '20200101'),
        text(0x00191024, 'PN', 'Evans^Eva'),
        text(0x0019109e, 'LO', 'for Rosendahl'),
      ]),
      safe,
    );
    expect(holds(written, 'rosendahl') || holds(written, 'evans') || holds(written, '20200101')).toBe(false);
    expect(part10.dataSet.text(0x0019109e)).toBe('REMOVED');
  });

  const philips = text(0x20010010, 'LO', 'Philips Imaging DD 001');
  const sequenceRow = SAFE_PRIVATE.find(([group, , , vr]) => group === 0x2001 && vr === 'SQ');

  it('are cleaned item by item where they are sequences', () => {
    const [group, creator, element] = SAFE_PRIVATE.find(([, , , vr]) => vr === 'SQ')!;
    const tag = group * 0x10000 + 0x1000 + element;
    const items = sequence(tag, [text(0x00100010, 'PN', 'Evans^Eva'), text(0x00081030, 'LO', 'secret')]);
    const { part10, bytes: written } = output(
      instance([text(group * 0x10000 + 0x10, 'LO', creator), items]),
      safe,
    );
    expect(part10.dataSet.has(tag)).toBe(true);
    expect(holds(written, 'evans') || holds(written, 'secret')).toBe(false);
  });

  it('go where they should be sequences and cannot be read', () => {
    if (sequenceRow === undefined) throw new Error('the table has no such row');
    const tag = 0x20011000 + sequenceRow[2];
    const elements = [
      text(0x20010010, 'LO', sequenceRow[1]),
      bytes(tag, 'UN', Buffer.from('Evans is no item')),
    ];
    expect(readPart10(instance([philips])).dataSet.has(0x20010010)).toBe(true);
    expect(dataSetOf(...elements).has(tag)).toBe(false);
  });
});
