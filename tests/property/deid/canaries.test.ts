import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PROFILE_ROWS } from '../../../shared/deid/ps3-15.generated.ts';
import {
  concatSegments,
  lookUp,
  type NewElement,
  readPart10,
  splice,
  type Tag,
  type VR,
} from '../../../shared/dicom/index.ts';
import { bytes, CT, instance, output, sequence, text } from '../../unit/deid/instances.ts';

const ENCODINGS = {
  'Explicit VR Little Endian': '1.2.840.10008.1.2.1',
  'Implicit VR Little Endian': '1.2.840.10008.1.2',
  'Deflated Explicit VR Little Endian': '1.2.840.10008.1.2.1.99',
} as const;

/** Identity must be valid; an encapsulated document is refused; the character set must be one. */
const NOT_PLANTED: ReadonlySet<Tag> = new Set([0x00080018, 0x0020000d, 0x0020000e, 0x00420011]);
/** Kept sequences, by the table and the lists beside it. */
const KEPT_SEQUENCES: readonly Tag[] = [0x00180026, 0x00081140, 0x00540016, 0x52009229];
/** Unlisted attributes that a rule by VR or the list beside the table takes. */
const UNLISTED: readonly Tag[] = [
  0x00142006, 0x00141020, 0x00143077, 0x0008041f, 0x00404073, 0x00100033, 0x00400031, 0x00400400, 0x00081190,
];
const NUMERIC: ReadonlySet<string> = new Set(['US', 'SS', 'UL', 'SL', 'FL', 'FD', 'SQ', 'UI']);

const LISTED: readonly { readonly tag: Tag; readonly vr: VR }[] = PROFILE_ROWS.filter((row) =>
  /^[\dA-F]{8}$/.test(row.tag),
)
  .map((row) => ({ tag: Number.parseInt(row.tag, 16), vr: (row.vr ?? 'LO').slice(0, 2) as VR }))
  .filter(({ tag, vr }) => tag >= 0x00080000 && !NOT_PLANTED.has(tag) && !NUMERIC.has(vr));

/** The nth string that occurs nowhere else. */
function canary(number: number): string {
  return `qz${number.toString(36).padStart(5, '0')}kw`.toUpperCase();
}

/** The object in another transfer syntax, otherwise the same. */
function encoded(object: Uint8Array, transferSyntaxUid: string): Uint8Array {
  const segments = splice(
    readPart10(object),
    { edit: () => ({ kind: 'keep' }) },
    {
      mediaStorageSopClassUid: CT,
      mediaStorageSopInstanceUid: canary(0),
      transferSyntaxUid,
      implementationClassUid: '1.2.3.4',
      implementationVersionName: canary(1),
    },
  );
  const whole = concatSegments(segments, object);
  whole.set(Buffer.from(canary(2)), 64);
  return whole;
}

/** The canaries that stand in what came out, in the inflated data set of a deflated one. */
function survivors(object: Uint8Array): string[] {
  const { bytes: written, part10 } = output(object);
  const places = [written, part10.inflated ?? new Uint8Array(0)];
  const found = places.flatMap(
    (place) =>
      Buffer.from(place)
        .toString('latin1')
        .toUpperCase()
        .match(/QZ[\dA-Z]{5}KW/g) ?? [],
  );
  return [...new Set(found)];
}

describe.each(Object.entries(ENCODINGS))('canaries in %s', (_, transferSyntaxUid) => {
  it('planted in every listed attribute, at the root, nested and in UN, survive nowhere', () => {
    let next = 10;
    const plant = ({ tag, vr }: { tag: Tag; vr: VR }): NewElement =>
      bytes(tag, vr, Buffer.from(canary(next++)));
    const all = (): NewElement[] =>
      [
        ...LISTED.map(plant),
        ...UNLISTED.map((tag) => plant({ tag, vr: lookUp(tag)!.vr[0]! })),
        bytes(0x00090010, 'LO', Buffer.from(canary(next++))),
        sequence(0x00091001, [bytes(0x00091002, 'UN', Buffer.from(canary(next++)))]),
        bytes(0x50003000, 'OW', Buffer.from(canary(next++))),
        bytes(0x60004000, 'LT', Buffer.from(canary(next++))),
      ].sort((one, other) => one.tag - other.tag);
    const object = instance([
      ...all(),
      ...KEPT_SEQUENCES.map((tag) => sequence(tag, all(), [sequence(0x00180026, all())])),
      bytes(0x00540220, 'UN', implicitItem(Buffer.from(canary(next++)))),
    ]);
    const planted = encoded(object, transferSyntaxUid);
    expect(next).toBeGreaterThan(4000);
    expect(survivors(planted)).toEqual([]);
  });

  it('planted at any depth, in any attribute, survive nowhere', () => {
    const leaf = fc.oneof(
      fc.constantFrom(...LISTED),
      fc.constantFrom(...UNLISTED).map((tag) => ({ tag, vr: lookUp(tag)!.vr[0]! })),
      fc
        .integer({ min: 0, max: 0x7fff })
        .map((n) => ({ tag: (0x0011 + 2 * (n % 50)) * 0x10000 + 0x1000 + n, vr: 'LO' as VR })),
    );
    const { level } = fc.letrec<{ level: Node[] }>((tie) => ({
      level: fc.array(
        fc.oneof(
          { depthSize: 'small', withCrossShrink: true },
          leaf,
          fc.record({
            tag: fc.constantFrom(...KEPT_SEQUENCES),
            items: fc.array(tie('level'), { maxLength: 2 }),
          }),
        ),
        { maxLength: 6 },
      ) as fc.Arbitrary<Node[]>,
    }));
    fc.assert(
      fc.property(level, (nodes) => {
        let next = 10;
        const build = (level: readonly Node[]): NewElement[] => {
          const elements = new Map<Tag, NewElement>();
          for (const node of level) {
            elements.set(
              node.tag,
              'items' in node
                ? sequence(node.tag, ...node.items.map(build))
                : bytes(node.tag, node.vr, Buffer.from(canary(next++))),
            );
          }
          return [...elements.values()].sort((one, other) => one.tag - other.tag);
        };
        expect(survivors(encoded(instance(build(nodes)), transferSyntaxUid))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

type Node = { readonly tag: Tag; readonly vr: VR } | { readonly tag: Tag; readonly items: Node[][] };

describe('the patient’s own identifiers in kept text', () => {
  const letters = fc.stringMatching(/^[A-Z]{4,12}$/);
  const writtenAnyway: ReadonlySet<string> = new Set(wordsOf(output(instance([])).bytes));

  it('survive nowhere, whatever their case and what surrounds them', () => {
    fc.assert(
      fc.property(
        letters,
        letters,
        fc.stringMatching(/^[A-Z]{2}\d{5,9}$/),
        fc.nat(3),
        (family, given, id, style) => {
          const spelled = [
            `seen: ${given.toLowerCase()} ${family}`,
            `${family},${given}`,
            `${id.toLowerCase()}/${family.toLowerCase()}`,
            `${given}${family} ${id}`,
          ][style]!;
          const free = [
            text(0x00080104, 'LO', spelled),
            text(0x00189901, 'UT', spelled),
            text(0x00181020, 'LO', spelled),
          ];
          const { bytes: written } = output(
            instance([
              text(0x00100010, 'PN', `${family}^${given}`),
              text(0x00100020, 'LO', id),
              ...free,
              sequence(0x00180026, free),
            ]),
          );
          const words = wordsOf(written);
          for (const word of [family, given, given + family, id]) {
            if (!writtenAnyway.has(word)) expect(words).not.toContain(word);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

function wordsOf(object: Uint8Array): string[] {
  return (
    Buffer.from(object)
      .toString('latin1')
      .toUpperCase()
      .match(/[A-Z\d]+/g) ?? []
  );
}

/** One item of a sequence in Implicit VR Little Endian, holding Patient Comments (0010,4000). */
function implicitItem(value: Uint8Array): Uint8Array {
  const padded = Buffer.concat([value, Buffer.alloc(value.length % 2, 0x20)]);
  const header = Buffer.alloc(16);
  header.writeUInt32LE(0xe000fffe, 0);
  header.writeUInt32LE(padded.length + 8, 4);
  header.writeUInt32LE(0x40000010, 8);
  header.writeUInt32LE(padded.length, 12);
  return Buffer.concat([header, padded]);
}
