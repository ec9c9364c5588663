/**
 * Compares reading and rewriting one object with dcmjs in one run: `npx tsx bench/data-set.ts [file]`. Prints medians and
 * ratios. Without a file a CT slice of the public corpus beside the project is taken, else one is made.
 */
import { existsSync, readFileSync } from 'node:fs';
import dcmjs from 'dcmjs';
import {
  concatSegments,
  EXPLICIT_VR_LITTLE_ENDIAN,
  encodeNumbers,
  encodeText,
  encodeUid,
  type NewElement,
  readPart10,
  readPart10From,
  type SpliceEditor,
  splice,
  tagOf,
  toDicomJson,
  type VR,
  writePart10,
} from '../shared/dicom/index.ts';

interface Logger {
  setLevel(level: string): void;
}

/** What is used of dcmjs here; it ships no types. */
interface ReadingDcmjs {
  readonly data: {
    readonly DicomMessage: {
      readFile(buffer: ArrayBuffer): {
        readonly dict: Record<string, { vr: string; Value: unknown[] }>;
        write(options: object): ArrayBuffer;
      };
    };
  };
  readonly log: Logger & { getLogger(name: string): Logger };
}

const CT_SLICE = new URL('../../shared/corpus/02-series/ct-ge-20/01.dcm', import.meta.url);
const CT_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.2';
const META = {
  mediaStorageSopClassUid: CT_IMAGE_STORAGE,
  mediaStorageSopInstanceUid: '2.25.2',
  transferSyntaxUid: EXPLICIT_VR_LITTLE_ENDIAN,
  implementationClassUid: '2.25.1',
  implementationVersionName: 'BENCH',
};

function madeSlice(): Uint8Array {
  const text = (keyword: string, vr: VR, value: string): NewElement => ({
    tag: tagOf(keyword),
    vr,
    value: encodeText(value, vr),
  });
  const number = (keyword: string, value: number): NewElement => ({
    tag: tagOf(keyword),
    vr: 'US',
    value: encodeNumbers([value], 'US'),
  });
  const extra = Array.from(
    { length: 100 },
    (_, index): NewElement => ({
      tag: 0x00191001 + index,
      vr: 'LO',
      value: encodeText(`value ${index}`, 'LO'),
    }),
  );
  return writePart10(
    [
      { tag: tagOf('SOPClassUID'), vr: 'UI', value: encodeUid(CT_IMAGE_STORAGE) },
      { tag: tagOf('SOPInstanceUID'), vr: 'UI', value: encodeUid('2.25.2') },
      text('PatientName', 'PN', 'Made^Up'),
      text('PatientID', 'LO', '1'),
      ...extra,
      number('Rows', 512),
      number('Columns', 512),
      { tag: tagOf('PixelData'), vr: 'OW', value: new Uint8Array(512 * 512 * 2) },
    ],
    META,
  );
}

/** Microseconds of one call: the median of batches, so that the clock's grain does not matter. */
async function median(run: () => unknown, batches = 31): Promise<number> {
  const started = performance.now();
  await run();
  const once = Math.max(0.001, performance.now() - started);
  const calls = Math.max(1, Math.min(2000, Math.ceil(20 / once)));
  const times: number[] = [];
  for (let batch = 0; batch < batches; batch++) {
    const start = performance.now();
    for (let call = 0; call < calls; call++) await run();
    times.push(((performance.now() - start) * 1000) / calls);
  }
  return times.sort((a, b) => a - b)[batches >> 1] as number;
}

const path = process.argv[2];
const bytes = new Uint8Array(
  path !== undefined ? readFileSync(path) : existsSync(CT_SLICE) ? readFileSync(CT_SLICE) : madeSlice(),
);
const { data, log } = dcmjs as unknown as ReadingDcmjs;
log.setLevel('silent');
log.getLogger('validation.dcmjs').setLevel('silent');

const name = encodeText('Other^Name', 'PN');
const editor: SpliceEditor = {
  edit: (element) => {
    if (element.tag === 0x00100010) return { kind: 'replace', value: name };
    return element.items === undefined ? { kind: 'keep' } : { kind: 'items' };
  },
};
const source = {
  size: bytes.length,
  read: async (start: number, length: number) => bytes.subarray(start, start + length),
};
const own = readPart10(bytes);
const meta = {
  ...META,
  mediaStorageSopInstanceUid: own.dataSet.uid(tagOf('SOPInstanceUID')) ?? '2.25.2',
  transferSyntaxUid: own.transferSyntax.uid,
};
const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);

const read = await median(() => readPart10(bytes));
const readHeader = await median(() => readPart10From(source));
const spliced = await median(() => splice(readPart10(bytes), editor, meta));
const whole = await median(() => concatSegments(splice(readPart10(bytes), editor, meta), bytes));
const json = await median(() => toDicomJson(readPart10(bytes).dataSet));
const theirRead = await median(() => data.DicomMessage.readFile(buffer), 9);
const theirWrite = await median(() => {
  const dict = data.DicomMessage.readFile(buffer);
  dict.dict['00100010'] = { vr: 'PN', Value: ['Other^Name'] };
  return dict.write({ allowInvalidVRLength: true });
}, 9);

console.log(
  `${bytes.length} bytes, ${own.dataSet.elements.length} elements at the root, Node ${process.versions.node}`,
);
const rows: [string, number, number | undefined][] = [
  ['read', read, theirRead],
  ['read header from a ranged source', readHeader, undefined],
  ['read, splice', spliced, undefined],
  ['read, splice, one buffer', whole, theirWrite],
  ['read, DICOM JSON', json, undefined],
];
for (const [label, ours, theirs] of rows) {
  const compared =
    theirs === undefined ? '' : `  dcmjs ${theirs.toFixed(0)} µs, ratio ${(theirs / ours).toFixed(1)}`;
  console.log(`${label.padEnd(34)} ${ours.toFixed(1).padStart(9)} µs${compared}`);
}
