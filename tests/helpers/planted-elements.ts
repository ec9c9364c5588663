/**
 * The elements that are planted: every attribute of PS3.15 Table E.1-1 with a value of its own, private blocks, curves,
 * overlays, a digital signature, an icon, original attributes, padding, groups 0000 and 0004, and text that is kept with the
 * patient's own name and number in it.
 */
import { PROFILE_ROWS } from '../../shared/deid/ps3-15.generated.ts';
import type { OptionName, ProfileRow } from '../../shared/deid/table-row.ts';
import { lookUp, type NewElement, type Tag, type VR } from '../../shared/dicom/index.ts';
import { type Canaries, padded } from './planted-values.ts';

/** The identity must stay valid; documents are refused; the rows that have no one tag are planted by hand. */
const NOT_PLANTED: ReadonlySet<Tag> = new Set([0x00020003, 0x00080018, 0x0020000d, 0x0020000e, 0x00420011]);
/** Attributes inside the items of planted sequences: all are listed. */
const IN_ITEMS: readonly (readonly [Tag, VR])[] = [
  [0x00080050, 'SH'],
  [0x00080080, 'LO'],
  [0x00081155, 'UI'],
  [0x0040a123, 'PN'],
];
/** Free text that neither the table nor a rule by VR speaks of. */
const KEPT_TEXT: readonly (readonly [Tag, VR])[] = [
  [0x00080070, 'LO'],
  [0x00081090, 'LO'],
  [0x00180022, 'CS'],
  [0x00180024, 'SH'],
  [0x00181020, 'LO'],
  [0x00181210, 'SH'],
  [0x00181250, 'SH'],
  [0x00189005, 'SH'],
  [0x00280a02, 'SH'],
  [0x00281055, 'LO'],
  [0x00283003, 'LO'],
  [0x00541100, 'CS'],
  [0x00541103, 'CS'],
];

export interface PlantedRow {
  readonly tag: Tag;
  readonly vr: VR;
  readonly row: ProfileRow;
}

/** The rows that are planted under a policy: all whose values its options do not keep. */
export function plantedRows(options: readonly OptionName[]): PlantedRow[] {
  return (
    PROFILE_ROWS.filter(({ tag }) => /^[\dA-F]{8}$/.test(tag))
      .map((row) => ({ tag: Number.parseInt(row.tag, 16), row }))
      .filter(({ tag }) => !NOT_PLANTED.has(tag))
      .filter(({ row }) => !options.some((option) => row.options?.[option] === 'K'))
      .map(({ tag, row }) => ({
        tag,
        row,
        vr: (row.vr ?? lookUp(tag)?.vr[0] ?? 'UN').slice(0, 2) as VR,
      }))
      // Times of day stay where dates are shifted.
      .filter(({ vr, row }) => vr !== 'TM' || !options.some((option) => row.options?.[option] === 'C'))
  );
}

/** Every row with a value of its own; a sequence with an item of listed attributes. */
export function rowElements(rows: readonly PlantedRow[], canaries: Canaries, prefix = ''): NewElement[] {
  return rows.flatMap(({ tag, vr, row }): NewElement[] => {
    const where = `${prefix}${row.name}`;
    if (vr === 'SQ') return [{ tag, vr, value: [inItems(canaries, where)] }];
    const element = canaries.element(tag, vr, where);
    return element === undefined ? [] : [element];
  });
}

function inItems(canaries: Canaries, where: string): NewElement[] {
  return IN_ITEMS.flatMap(([tag, vr]) => canaries.element(tag, vr, `in ${where}`) ?? []);
}

/** Whatever no row has a tag for, at the root. */
export function otherElements(canaries: Canaries): NewElement[] {
  const word = (tag: Tag, vr: VR, where: string): NewElement => ({
    tag,
    vr,
    value: padded(canaries.word(where), vr),
  });
  const item = (tag: Tag, elements: NewElement[]): NewElement => ({ tag, vr: 'SQ', value: [elements] });
  return [
    ...[0x00041130, 0x00041141].map((tag) => word(tag, 'CS', 'group 0004')),
    { tag: 0x00100000, vr: 'LO', value: padded(canaries.word('a group length'), 'LO') },
    ...privateBlock(0x0009, 0x10, canaries.word('a private creator'), canaries),
    ...privateBlock(0x0009, 0x11, canaries.word('a private creator'), canaries),
    ...privateBlock(0x0029, 0x42, 'SIEMENS CSA HEADER', canaries),
    ...privateBlock(0x0019, 0x42, 'GEMS_ACQU_01', canaries),
    item(0x00880200, [
      { tag: 0x00280010, vr: 'US', value: Uint8Array.of(1, 0) },
      word(0x7fe00010, 'OB', 'an icon'),
    ]),
    item(0x04000561, [
      word(0x04000564, 'LO', 'Source of Previous Values'),
      item(0x04000550, inItems(canaries, 'Original Attributes')),
    ]),
    word(0x50000022, 'LO', 'a curve label'),
    word(0x50003000, 'OB', 'a curve'),
    word(0x50042500, 'LO', 'a curve label'),
    word(0x60020022, 'LO', 'an overlay description'),
    word(0x60021500, 'LO', 'an overlay label'),
    word(0x60023000, 'OB', 'an overlay'),
    word(0x60024000, 'LT', 'an overlay comment'),
    word(0x7f000010, 'OB', 'variable pixel data'),
    item(0xfffafffa, [word(0x04000115, 'OB', 'a certificate'), word(0x04000120, 'OB', 'a signature')]),
    word(0xfffcfffc, 'OB', 'padding'),
  ];
}

/** A creator with elements that no table calls safe: text, a sequence, one carried as UN, bytes. */
function privateBlock(group: number, block: number, creator: string, canaries: Canaries): NewElement[] {
  const base = group * 0x10000 + block * 0x100;
  const where = `private (${group.toString(16)},${block.toString(16)}xx)`;
  return [
    { tag: group * 0x10000 + block, vr: 'LO', value: padded(creator, 'LO') },
    { tag: base + 0xf1, vr: 'LO', value: padded(canaries.word(where), 'LO') },
    { tag: base + 0xf2, vr: 'SQ', value: [inItems(canaries, where)] },
    { tag: base + 0xf3, vr: 'UN', value: implicitItem(padded(canaries.word(`${where} as UN`), 'LO')) },
    { tag: base + 0xf4, vr: 'OB', value: padded(canaries.word(where), 'OB') },
  ];
}

/** One item in Implicit VR Little Endian with Patient Comments (0010,4000), as a sequence carried as UN has it. */
export function implicitItem(value: Uint8Array, isEnded = false): Uint8Array {
  const header = Buffer.alloc(16);
  header.writeUInt32LE(0xe000fffe, 0);
  header.writeUInt32LE(isEnded ? 0xffffffff : value.length + 8, 4);
  header.writeUInt32LE(0x40000010, 8);
  header.writeUInt32LE(value.length, 12);
  return new Uint8Array(
    Buffer.concat([header, value, isEnded ? Buffer.from('feff0de000000000', 'hex') : new Uint8Array(0)]),
  );
}

/** The patient's own name and number in text that is kept otherwise, spelled in several ways. */
export function keptText(family: string, given: string, id: string): NewElement[] {
  const spellings = [
    `${family.toLowerCase()} ${given}`,
    `${given} ${family}`,
    `${id} chest`,
    `axial ${family},${given}`,
    `${id.toLowerCase()}/1`,
  ];
  return KEPT_TEXT.map(([tag, vr], index) => {
    const spelling = vr === 'CS' ? family : spellings[index % spellings.length]!;
    return { tag, vr, value: padded(vr === 'SH' ? spelling.slice(0, 16) : spelling, vr) };
  });
}
