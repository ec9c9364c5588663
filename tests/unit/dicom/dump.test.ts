import { describe, expect, it } from 'vitest';
import { dumpLines, readPart10 } from '../../../shared/dicom/index.ts';
import { bytes, encapsulated, explicit, file, item, sequence, u16 } from './raw-bytes.ts';

const dataSet = bytes(
  explicit(0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.2\0'),
  sequence(0x00081140, [item(explicit(0x00100010, 'PN', 'Doe^Jane'))]),
  explicit(0x00091001, 'LO', 'a\x1b[31mb'),
  explicit(0x00091002, 'LT', 'x'.repeat(100)),
  explicit(0x00280010, 'US', bytes(u16(512))),
  explicit(0x00280009, 'AT', bytes(u16(0x18), u16(0x106a))),
  encapsulated(['abcd']),
);
const part10 = readPart10(file(dataSet, '1.2.840.10008.1.2.4.50'));
const dump = (values: boolean) => [...dumpLines(part10, { values })];

describe('a dump', () => {
  it('has a line for each element and item, indented by depth', () => {
    const lines = dump(true);
    const line = (part: string) => lines.find((one) => one.includes(part));
    expect(lines[0]).toBe(`# ${part10.size} bytes, JPEG Baseline (Process 1)`);
    expect(line('SOPClassUID')).toContain('(0008,0016) UI [1.2.840.10008.5.1.4.1.1.2 = CT Image Storage]');
    expect(line('ReferencedImageSequence')).toMatch(/^\(0008,1140\) SQ {2,}# 1 items/);
    expect(line('item 1')).toBe('  item 1');
    expect(line('PatientName')).toMatch(/^ {4}\(0010,0010\) PN \[Doe\^Jane\] +# 8 bytes, PatientName$/);
    expect(line('(0009,1001)')).toContain('unknown');
    expect(line('Rows')).toContain('US 512');
    expect(line('FrameIncrementPointer')).toContain('AT (0018,106A)');
    expect(line('PixelData')).toContain('bytes in fragments');
    expect(lines.at(-1)).toBe('# Pixel Data in 1 fragments, offset table of 0 bytes');
    expect(line('read in spite of')).toContain('order-of-tags');
  });

  it('shortens long values and shows control characters instead of sending them to the terminal', () => {
    expect(dump(true).join('\n')).toContain('[a\\x1b[31mb]');
    expect(dump(true).find((line) => line.includes('xxx'))?.length).toBeLessThan(120);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that there is none is what is tested
    expect(dump(true).join('\n')).not.toMatch(/[\x00-\x09\x0b-\x1f]/);
  });

  it('has no value when none is asked for', () => {
    const text = dump(false).join('\n');
    expect(text).toContain('PatientName');
    expect(text).not.toContain('Doe');
    expect(text).not.toContain('512');
  });
});
