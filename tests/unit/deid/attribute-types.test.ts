import { describe, expect, it } from 'vitest';
import {
  type AttributeType,
  iodOf,
  resolveAction,
  rootTypesOf,
  typeInItems,
} from '../../../shared/deid/attribute-types.ts';
import { COMBINED_ATTRIBUTES, TYPES_OF_IODS } from '../../../shared/deid/iod-types.generated.ts';
import { PROFILE_ROWS } from '../../../shared/deid/ps3-15.generated.ts';
import { decisionsFor } from '../../../shared/deid/rules.ts';
import type { BasicAction } from '../../../shared/deid/table-row.ts';
import { readPart10, type Tag } from '../../../shared/dicom/index.ts';
import { CT, ENHANCED_CT, instance, output, sequence, text } from './instances.ts';

const PET = '1.2.840.10008.5.1.4.1.1.128';
const RT_PLAN = '1.2.840.10008.5.1.4.1.1.481.5';
const PARAMETRIC_MAP = '1.2.840.10008.5.1.4.1.1.30';
const typeIn = (sopClass: string, tag: Tag) => rootTypesOf(iodOf(sopClass))(tag);

describe('the type of an attribute in an IOD', () => {
  it.each<[string, string, Tag, AttributeType | undefined]>([
    ['Content Date of a CT image', CT, 0x00080023, '2C'],
    ['Content Date of an enhanced CT image', ENHANCED_CT, 0x00080023, '1'],
    ['Device Serial Number of a CT image', CT, 0x00181000, '3'],
    ['Device Serial Number of an enhanced CT image', ENHANCED_CT, 0x00181000, '1'],
    ['Acquisition DateTime of an enhanced CT image', ENHANCED_CT, 0x0008002a, '1C'],
    ['Series Date of a CT image', CT, 0x00080021, '3'],
    ['Series Date of a PET image', PET, 0x00080021, '1'],
    ['RT Plan Date of a plan', RT_PLAN, 0x300a0006, '2'],
    ['Treatment Date of a CT image, which has none', CT, 0x30080250, undefined],
    ['Series Date of an IOD that is not known', PARAMETRIC_MAP, 0x00080021, undefined],
    ['Waveform Annotation Sequence of any IOD', PARAMETRIC_MAP, 0x0040b020, '3'],
  ])('is known: %s', (_, sopClass, tag, type) => {
    expect(typeIn(sopClass, tag)).toBe(type);
  });

  it.each<[string, Tag, Tag, AttributeType | undefined]>([
    ['Institution Name of an operator', 0x00081072, 0x00080080, '1C'],
    ['Station Name of contributing equipment', 0x0018a001, 0x00081010, '3'],
    ['Treatment Machine Name of a beam', 0x300a00b0, 0x300a00b2, '2'],
    ['Station Name of a sequence that does not have it', 0x00400275, 0x00081010, undefined],
  ])('is known of items: %s', (_, within, tag, type) => {
    expect(typeInItems(within, tag)).toBe(type);
  });

  it('has a letter for each combined row of Table E.1-1', () => {
    // And four that it removes though some IODs require them.
    const combined = PROFILE_ROWS.filter(({ basic }) => basic.includes('/'));
    expect(COMBINED_ATTRIBUTES).toHaveLength(combined.length + 4);
    for (const letters of TYPES_OF_IODS)
      expect(letters).toMatch(new RegExp(`^[1c2d3-]{${COMBINED_ATTRIBUTES.length}}$`));
  });
});

describe('a combined action', () => {
  // Of each the action by type: 1, 1C, 2, 2C, 3, and where the type is not known.
  it.each<[BasicAction, string]>([
    ['X/Z', 'Z Z Z Z X Z'],
    ['X/D', 'D D D D X D'],
    ['Z/D', 'D D Z Z Z D'],
    ['X/Z/D', 'D D Z Z X D'],
    ['X/Z/U*', 'U U U U U U'],
    ['X', 'D D Z Z X X'],
    ['D', 'D D D D D D'],
  ])('%s comes to %s', (basic, expected) => {
    const types: readonly (AttributeType | undefined)[] = ['1', '1C', '2', '2C', '3', undefined];
    expect(types.map((type) => resolveAction(basic, type)).join(' ')).toBe(expected);
  });

  it.each([
    ['11.1', 'a presentation state', '19000101', '000000'],
    ['11.8', 'a presentation state of a younger kind', '19000101', '000000'],
    ['2', 'a CT image, which has none', undefined, undefined],
  ])('of removal is replacement where the IOD requires the attribute: %s, %s', (suffix, _, date, time) => {
    const { dataSet } = output(
      instance(
        [text(0x00700082, 'DA', '20200131'), text(0x00700083, 'TM', '101112')],
        `1.2.840.10008.5.1.4.1.1.${suffix}`,
      ),
    ).part10;
    expect([dataSet.text(0x00700082), dataSet.text(0x00700083)]).toEqual([date, time]);
  });

  it('of removal is emptying for who is responsible for an animal, not for a person', () => {
    const owner = [text(0x00102297, 'PN', 'Evans^Eva'), text(0x00102299, 'LO', 'Evans Stables')];
    const written = (...elements: Parameters<typeof instance>[0][number][]) => {
      const { dataSet } = output(instance([...elements, ...owner])).part10;
      return [dataSet.text(0x00102297), dataSet.text(0x00102299)];
    };
    expect(written()).toEqual([undefined, undefined]);
    expect(written(text(0x00102201, 'LO', 'Equus caballus'))).toEqual(['', '']);
  });

  it('is resolved by the IOD at the root and by the sequence in an item', () => {
    const serial = text(0x00181000, 'LO', 'SN4711');
    const elements = [serial, sequence(0x0018a001, [serial]), sequence(0x00180026, [serial])];
    const written = (sopClass: string) => {
      const { dataSet } = output(instance(elements, sopClass)).part10;
      const inItems = [0x0018a001, 0x00180026].map((tag) => dataSet.sequence(tag)[0]?.text(0x00181000));
      return [dataSet.text(0x00181000), ...inItems];
    };
    expect(written(CT)).toEqual([undefined, undefined, 'REMOVED']);
    expect(written(ENHANCED_CT)).toEqual(['REMOVED', undefined, 'REMOVED']);
  });

  it('is decided anew in every sequence that the attribute stands in', () => {
    const decide = decisionsFor(rootTypesOf(iodOf(CT)));
    const { dataSet } = readPart10(instance([text(0x00181000, 'LO', 'SN4711')]));
    const element = dataSet.get(0x00181000)!;
    const actions = [undefined, 0x0018a001, 0x00180026, 0x0018a001, undefined].map(
      (within) => decide(element, dataSet, within).action,
    );
    expect(actions).toEqual(['X', 'X', 'D', 'X', 'X']);
  });
});
