/**
 * Whether the cost of de-identification grows in proportion to what there is to do: ten and a hundred times the elements, items,
 * levels of items, references, names or text of an instance, under the policy share: `npx tsx bench/deid-scaling.ts`. Prints
 * processor milliseconds and how many times longer ten times as much takes; the exit status is 1 where that is over 20.
 */
import { deidentify, keyedPseudonyms, POLICIES, profileOf } from '../shared/deid/index.ts';
import {
  encodeText,
  encodeUid,
  type NewElement,
  readPart10,
  type Tag,
  type VR,
  writePart10,
} from '../shared/dicom/index.ts';

const CT_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.2';
/** A quadratic step would make it 100; memory and caches alone make it 10 to 17. */
const MAXIMUM_RATIO = 20;
const LEAST_MILLISECONDS = 500;
const SIZES = [100, 1000, 10_000] as const;
const profile = profileOf(
  { ...POLICIES.get('share')!, pixels: 'trust', recognizableFeatures: 'release' },
  { pseudonyms: keyedPseudonyms(new Uint8Array(32).fill(1)) },
);

const text = (tag: Tag, vr: VR, value: string): NewElement => ({ tag, vr, value: encodeText(value, vr) });
const uid = (tag: Tag, value: string): NewElement => ({ tag, vr: 'UI', value: encodeUid(value) });
const sequence = (tag: Tag, items: NewElement[][]): NewElement => ({ tag, vr: 'SQ', value: items });
const times = <T>(count: number, of: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => of(i));

/** What there is much of; each `count` times. */
const CASES: Readonly<Record<string, (count: number) => NewElement[]>> = {
  'private elements of the root': (count) =>
    times(count, (index) => text(0x00091000 + index, 'LO', `value ${index}`)),
  'items of a kept sequence': (count) => [
    sequence(
      0x00180026,
      times(count, (index) => [text(0x00080104, 'LO', `Iodine ${index}`)]),
    ),
  ],
  'references to instances': (count) => [
    sequence(
      0x00081140,
      times(count, (index) => [uid(0x00081150, CT_IMAGE_STORAGE), uid(0x00081155, `1.2.3.${index}`)]),
    ),
  ],
  'items of a removed sequence': (count) => [
    sequence(
      0x00400275,
      times(count, (index) => [text(0x00400007, 'LO', `step ${index}`)]),
    ),
  ],
  'phrases of a kept text': (count) => [text(0x00283003, 'UT', 'word and number 12 '.repeat(count))],
  'hundredths: names to look for in texts': (count) => [
    sequence(
      0x00180026,
      times(Math.ceil(count / 100), (index) => [
        text(0x00080104, 'LO', `text ${index} of somebody else`),
        text(0x0040a123, 'PN', `Fam${index.toString(36)}ily^Gi${index.toString(36)}ven`),
      ]),
    ),
  ],
};

function objectOf(elements: readonly NewElement[]): Uint8Array {
  const identity = [
    uid(0x00080016, CT_IMAGE_STORAGE),
    uid(0x00080018, '1.2.826.0.1.3680043.10.77.1'),
    text(0x00100010, 'PN', 'Rosendahl^Mia'),
    text(0x00100020, 'LO', 'MRN-471123'),
    uid(0x0020000d, '1.2.826.0.1.3680043.10.77.2'),
    uid(0x0020000e, '1.2.826.0.1.3680043.10.77.3'),
  ];
  return writePart10(
    [...identity, ...elements].sort((one, other) => one.tag - other.tag),
    {
      mediaStorageSopClassUid: CT_IMAGE_STORAGE,
      mediaStorageSopInstanceUid: '1.2.826.0.1.3680043.10.77.1',
      transferSyntaxUid: '1.2.840.10008.1.2.1',
      implementationClassUid: '1.2.3.4',
      implementationVersionName: 'BENCH',
    },
  );
}

/** Processor milliseconds of a run, over enough of them to be counted: what else the machine does counts less in them. */
function cost(object: Uint8Array): number {
  let runs = 0;
  const start = process.cpuUsage();
  const spent = (): number => process.cpuUsage(start).user / 1000;
  do {
    deidentify(readPart10(object), profile);
    runs++;
  } while (spent() < LEAST_MILLISECONDS);
  return spent() / runs;
}

console.log(
  `${'milliseconds of an instance with'.padEnd(40)} ${SIZES.map((size) => String(size).padStart(9)).join('')}`,
);
for (const [name, of] of Object.entries(CASES)) {
  const objects = SIZES.map((size) => objectOf(of(size)));
  // Compiled before it is measured.
  for (const object of objects) cost(object);
  const measured = objects.map(cost);
  const ratio = measured[2]! / measured[1]!;
  console.log(
    `${name.padEnd(40)} ${measured.map((each) => each.toFixed(2).padStart(9)).join('')}  ${ratio.toFixed(1)} x for ten times as much`,
  );
  if (ratio > MAXIMUM_RATIO) process.exitCode = 1;
}
