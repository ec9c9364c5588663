import { describe, expect, it } from 'vitest';
import type { NewElement } from '../../../shared/dicom/index.ts';
import { holds, instance, numbers, output, sequence, testProfile, text } from './instances.ts';

const concept = (value: string): NewElement =>
  sequence(0x0040a043, [
    text(0x00080100, 'SH', value),
    text(0x00080102, 'SH', 'DCM'),
    text(0x00080104, 'LO', 'Finding'),
  ]);
const item = (code: string, ...value: NewElement[]): NewElement[] => [concept(code), ...value];
const measured = (value: string): NewElement => sequence(0x0040a300, [text(0x0040a30a, 'DS', value)]);

describe('structured content that is cleaned', () => {
  const content = sequence(
    0x0040a730,
    item('121071', text(0x0040a160, 'UT', 'Nodule of 5 mm, told Wonderly')),
    item('121206', measured('12.5')),
    item('121033', measured('95')),
    item('121029', text(0x0040a123, 'PN', 'Evans^Eva')),
    item('121022', text(0x0040a160, 'UT', 'mri 17')),
    item('121073', text(0x0040a124, 'UI', '1.2.3.4.5.6.7.8')),
  );
  const object = instance([content]);
  const { part10, bytes } = output(object, testProfile({ options: ['cleanStructuredContent'] }));
  const items = part10.dataSet.sequence(0x0040a730);

  it('keeps its items, codes and numbers', () => {
    expect(items).toHaveLength(6);
    expect(items[0]?.sequence(0x0040a043)[0]?.text(0x00080100)).toBe('121071');
    expect(items[1]?.sequence(0x0040a300)[0]?.text(0x0040a30a)).toBe('12.5');
  });

  it('keeps the vocabulary of its texts', () => {
    expect(items[0]?.text(0x0040a160)).toBe('Nodule of 5 mm,');
  });

  it('replaces names, UIDs and whatever an identifying concept has for a value', () => {
    expect(holds(bytes, 'evans') || holds(bytes, 'wonderly')).toBe(false);
    expect(items[2]?.sequence(0x0040a300)[0]?.text(0x0040a30a)).toBe('0');
    expect(items[4]?.text(0x0040a160)).toBe('REMOVED');
    expect(items[5]?.uid(0x0040a124)).toMatch(/^2\.25\./);
  });

  it('is one dummy item without the option', () => {
    expect(output(object).part10.dataSet.sequence(0x0040a730)).toHaveLength(1);
  });
});

describe('graphics that are cleaned', () => {
  const elements = [
    sequence(0x00700001, [
      text(0x00700002, 'CS', 'LAYER1'),
      sequence(0x00700008, [text(0x00700006, 'ST', 'Evans'), text(0x00700003, 'CS', 'PIXEL')]),
      sequence(0x00700009, [numbers(0x00700022, 'FL', 1, 2, 3, 4)]),
    ]),
    text(0x60004000, 'LT', 'Evans'),
  ];
  const { part10, bytes } = output(instance(elements), testProfile({ options: ['cleanGraphics'] }));

  it('keep their shapes and lose their texts', () => {
    const annotation = part10.dataSet.sequence(0x00700001)[0];
    expect(annotation?.sequence(0x00700009)[0]?.numbers(0x00700022)).toEqual([1, 2, 3, 4]);
    expect(annotation?.sequence(0x00700008)[0]?.text(0x00700006)).toBe('REMOVED');
    expect(holds(bytes, 'evans')).toBe(false);
  });

  it('lose overlays all the same', () => {
    expect(part10.dataSet.has(0x60004000)).toBe(false);
  });
});
