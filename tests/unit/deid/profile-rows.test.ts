import { describe, expect, it } from 'vitest';
import { iodOf, resolveAction, rootTypesOf, typeInItems } from '../../../shared/deid/attribute-types.ts';
import { PROFILE_ROWS } from '../../../shared/deid/ps3-15.generated.ts';
import { decideByTag, rowOf } from '../../../shared/deid/rules.ts';
import type { ProfileRow } from '../../../shared/deid/table-row.ts';
import { formatTag, type NewElement, readPart10, type Tag, type VR } from '../../../shared/dicom/index.ts';
import { bytes, CT, ENHANCED_CT, holds, instance, numbers, output, sequence, text } from './instances.ts';

/** A sequence that no list names, so that it is kept and its items are de-identified. */
const KEPT_SEQUENCE: Tag = 0x00180026;
/** Refused at the root before any action is asked. */
const ENCAPSULATED_DOCUMENT: Tag = 0x00420011;
/** The identity of the instance itself, which must be valid; identity.test.ts has it. */
const IDENTITY: ReadonlySet<Tag> = new Set([0x00080018, 0x0020000d, 0x0020000e]);
const CANARY = 'QZXCANARYKW';
const CANARY_UID = '1.2.826.0.1.3680043.8.498.777.31337';
const NUMERIC: ReadonlySet<string> = new Set(['US', 'SS', 'UL', 'SL', 'FL', 'FD']);

/** A tag that the row stands for. */
function tagOfRow({ tag }: ProfileRow): Tag {
  const concrete = tag
    .replace('ggggeeee', '00091010')
    .replace('50xxxxxx', '50003000')
    .replace('60xx', '6002');
  return Number.parseInt(concrete, 16);
}

function vrOfRow(row: ProfileRow): VR {
  if (row.vr !== undefined) return row.vr.slice(0, 2) as VR;
  if (row.basic === 'U') return 'UI';
  return row.name.endsWith('Sequence') ? 'SQ' : 'LO';
}

/** An element of the VR that holds the canary. */
function planted(tag: Tag, vr: VR): NewElement {
  if (vr === 'SQ') return sequence(tag, [text(0x00081155, 'UI', CANARY_UID), text(0x00104000, 'LT', CANARY)]);
  if (vr === 'UI') return text(tag, vr, CANARY_UID);
  if (NUMERIC.has(vr)) return numbers(tag, vr, 31337);
  return bytes(tag, vr, Buffer.from(CANARY));
}

/** Group 0002 is meta information, and group 0000 belongs to messages: neither can stand in a written data set. */
const rows = PROFILE_ROWS.filter((row) => tagOfRow(row) >= 0x00040000 && !IDENTITY.has(tagOfRow(row))).map(
  (row) => ({
    row,
    tag: tagOfRow(row),
    vr: vrOfRow(row),
    title: `${formatTag(tagOfRow(row))} ${row.name}: ${row.basic}`,
  }),
);

function check(row: ProfileRow, tag: Tag, vr: VR, sopClass: string): void {
  const element = planted(tag, vr);
  const nestedOnly = tag === ENCAPSULATED_DOCUMENT;
  const elements = [...(nestedOnly ? [] : [element]), sequence(KEPT_SEQUENCE, [element])];
  const atRoot = output(instance(elements, sopClass));
  expect(holds(atRoot.bytes, CANARY)).toBe(false);
  expect(holds(atRoot.bytes, CANARY_UID)).toBe(false);

  const root = atRoot.part10.dataSet;
  const nested = root.sequence(KEPT_SEQUENCE)[0];
  for (const dataSet of nestedOnly ? [nested] : [root, nested]) {
    const written = dataSet?.get(tag);
    // Of animals alone; attribute-types.test.ts has them.
    const isResponsible = tag === 0x00102297 || tag === 0x00102299;
    const type = dataSet === root ? rootTypesOf(iodOf(sopClass))(tag) : typeInItems(KEPT_SEQUENCE, tag);
    switch (isResponsible ? 'X' : resolveAction(row.basic, type)) {
      case 'X':
        expect(written).toBeUndefined();
        break;
      case 'Z':
        expect(written).toBeDefined();
        break;
      case 'D':
        expect(written!.valueEnd - written!.valueStart).toBeGreaterThan(0);
        break;
      default:
        expect(written).toBeDefined();
        if (vr === 'UI') expect(dataSet!.uid(tag)).toMatch(/^2\.25\.\d+$/);
    }
  }
}

describe('each row of PS3.15 Table E.1-1, at the root and in a sequence', () => {
  it('has 657 rows, each found again by its tag', () => {
    expect(PROFILE_ROWS).toHaveLength(657);
    for (const row of PROFILE_ROWS) {
      const tag = tagOfRow(row);
      if (row.tag === 'ggggeeee') expect(decideByTag(tag, undefined)?.action).toBe('X');
      else expect(rowOf(tag)).toBe(row);
    }
  });

  it('is planted in a sequence that is kept', () => {
    expect(decideByTag(KEPT_SEQUENCE, undefined)).toBeUndefined();
  });

  describe.each(rows)('$title', ({ row, tag, vr }) => {
    it('is carried out in a CT image', () => {
      check(row, tag, vr, CT);
    });
    it('is carried out in an enhanced CT image', () => {
      if (tag !== 0x0020000d && tag !== 0x0020000e && tag !== 0x00080018) check(row, tag, vr, ENHANCED_CT);
    });
  });

  it('decides the rows of groups 0000 and 0002 too, should they stand in a data set', () => {
    for (const row of PROFILE_ROWS.filter((each) => tagOfRow(each) < 0x00040000)) {
      expect(decideByTag(tagOfRow(row), undefined)?.action).toBe(row.basic);
    }
  });

  it('reads the instance it builds', () => {
    expect(readPart10(instance([])).dataSet.elements).toHaveLength(5);
  });
});
