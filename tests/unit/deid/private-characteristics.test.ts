import { describe, expect, it } from 'vitest';
import type { NewElement } from '../../../shared/dicom/index.ts';
import { instance, numbers, output, sequence, testProfile, text } from './instances.ts';

const CREATOR = 'GEMS_ACQU_01';
const safe = testProfile({ options: ['retainSafePrivate'] });
/** Two attributes of Table E.3.10-1 and one that it does not list. */
const block = [
  text(0x00190010, 'LO', CREATOR),
  text(0x00191023, 'DS', '1.25'),
  text(0x00191024, 'DS', '2.5 '),
  text(0x00191002, 'DS', '3.75'),
];

function characteristics(status: string, ...elements: NewElement[]): NewElement {
  return sequence(0x00080300, [
    numbers(0x00080301, 'US', 0x19),
    text(0x00080302, 'LO', CREATOR),
    text(0x00080303, 'CS', status),
    ...elements,
  ]);
}

const action = (letter: string, ...places: number[]) =>
  sequence(0x00080305, [numbers(0x00080306, 'US', ...places), text(0x00080307, 'CS', letter)]);

function written(...elements: NewElement[]) {
  const { dataSet } = output(instance([...elements, ...block]), safe).part10;
  return [0x00191023, 0x00191024, 0x00191002].map((tag) => dataSet.text(tag)?.trim());
}

describe('what an instance says of its private attributes', () => {
  it.each<[string, NewElement[], (string | undefined)[]]>([
    ['nothing: the table decides', [], ['1.25', '2.5', undefined]],
    ['SAFE: the table decides all the same', [characteristics('SAFE')], ['1.25', '2.5', undefined]],
    ['UNSAFE: the block goes', [characteristics('UNSAFE')], [undefined, undefined, undefined]],
    [
      'MIXED: what is not named as nonidentifying goes',
      [characteristics('MIXED', numbers(0x00080304, 'US', 0x23, 0x02))],
      ['1.25', undefined, undefined],
    ],
    [
      'MIXED: names count without the number of the block',
      [characteristics('MIXED', numbers(0x00080304, 'US', 0x1023))],
      ['1.25', undefined, undefined],
    ],
    [
      'an action: is carried out',
      [characteristics('MIXED', numbers(0x00080304, 'US', 0x24), action('D', 0x23))],
      ['0', '2.5', undefined],
    ],
    [
      'Z in a block that identifies: what has no action goes',
      [characteristics('UNSAFE', action('Z', 0x23))],
      ['', undefined, undefined],
    ],
    [
      'K: keeps what the table keeps, no more',
      [characteristics('UNSAFE', action('K', 0x23, 2))],
      ['1.25', undefined, undefined],
    ],
    [
      'no action of the standard: goes',
      [characteristics('MIXED', action('?', 0x23, 0x24))],
      [undefined, undefined, undefined],
    ],
    [
      'two statements of one block: the stricter counts',
      [
        sequence(
          0x00080300,
          [numbers(0x00080301, 'US', 0x19), text(0x00080302, 'LO', CREATOR), text(0x00080303, 'CS', 'SAFE')],
          [
            numbers(0x00080301, 'US', 0x19),
            text(0x00080302, 'LO', CREATOR),
            text(0x00080303, 'CS', 'UNSAFE'),
          ],
        ),
      ],
      [undefined, undefined, undefined],
    ],
  ])('%s', (_, elements, expected) => {
    expect(written(...elements)).toEqual(expected);
  });

  it('holds at every depth', () => {
    const object = instance([characteristics('UNSAFE'), sequence(0x00180026, block)]);
    const nested = output(object, safe).part10.dataSet.sequence(0x00180026)[0];
    expect(nested?.has(0x00191023)).toBe(false);
  });

  it('releases nothing without the option', () => {
    const { dataSet } = output(instance([characteristics('SAFE'), ...block])).part10;
    expect(dataSet.has(0x00191023) || dataSet.has(0x00190010)).toBe(false);
  });
});
