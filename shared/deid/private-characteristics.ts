/**
 * What an instance says of its own private attributes (PS3.3 C.12.1, PS3.15 E.3.10): blocks that identify, elements
 * that do not, and the Deidentification Action (0008,0307) of those that do. It is believed only where it is stricter than
 * Table E.3.10-1: a sender's word that an attribute is safe releases none.
 */
import { type DataElement, type DataSet, isPrivate, type Tag } from '../dicom/index.ts';
import type { Decision } from './decision.ts';
import type { Action } from './table-row.ts';

const PRIVATE_DATA_ELEMENT_CHARACTERISTICS_SEQUENCE: Tag = 0x00080300;
const PRIVATE_GROUP_REFERENCE: Tag = 0x00080301;
const PRIVATE_CREATOR_REFERENCE: Tag = 0x00080302;
const BLOCK_IDENTIFYING_INFORMATION_STATUS: Tag = 0x00080303;
const NONIDENTIFYING_PRIVATE_ELEMENTS: Tag = 0x00080304;
const DEIDENTIFICATION_ACTION_SEQUENCE: Tag = 0x00080305;
const IDENTIFYING_PRIVATE_ELEMENTS: Tag = 0x00080306;
const DEIDENTIFICATION_ACTION: Tag = 0x00080307;

/** What a sender may ask for; an action that is none of these removes. */
const ACTIONS: ReadonlySet<string> = new Set<Action>(['D', 'Z', 'X', 'K', 'C', 'U']);

interface Block {
  readonly status: string;
  /** By the element's place in its block. */
  readonly nonidentifying: ReadonlySet<number>;
  readonly actions: ReadonlyMap<number, Action>;
}

const UNSAFE: Decision = { action: 'X', why: '(0008,0303): a block that identifies' };
const NOT_NAMED_SAFE: Decision = {
  action: 'X',
  why: '(0008,0304): not among the elements that do not identify',
};

/** The statements of one instance. */
export class PrivateCharacteristics {
  readonly #blocks: ReadonlyMap<string, readonly Block[]>;

  constructor(root: DataSet) {
    const blocks = new Map<string, Block[]>();
    for (const item of root.sequence(PRIVATE_DATA_ELEMENT_CHARACTERISTICS_SEQUENCE)) {
      const group = item.number(PRIVATE_GROUP_REFERENCE);
      const creator = item.text(PRIVATE_CREATOR_REFERENCE)?.trim();
      if (group === undefined || creator === undefined) continue;
      const key = keyOf(group, creator);
      blocks.set(key, [...(blocks.get(key) ?? []), readBlock(item)]);
    }
    this.#blocks = blocks;
  }

  /** The decision for a private element of which the tables decided: the same, or what the statements make of it. */
  judge(decision: Decision, { tag }: DataElement, dataSet: DataSet): Decision {
    if (this.#blocks.size === 0 || decision.action === 'X' || !isPrivate(tag)) return decision;
    const block = (tag >>> 8) & 0xff;
    if (block < 0x10) return decision;
    const creator = dataSet.text(((tag & 0xffff0000) | block) >>> 0)?.trim() ?? '';
    const stated = (this.#blocks.get(keyOf(tag >>> 16, creator)) ?? []).map((each) =>
      asked(each, tag & 0xff),
    );
    const removing = stated.find((each) => each?.action === 'X');
    if (removing !== undefined) return removing;
    // What the tables replace or empty is not kept because a sender asks for less.
    return decision.action === 'K' ? (stated.find((each) => each !== undefined) ?? decision) : decision;
  }
}

function readBlock(item: DataSet): Block {
  const actions = new Map<number, Action>();
  for (const each of item.sequence(DEIDENTIFICATION_ACTION_SEQUENCE)) {
    const asksFor = each.strings(DEIDENTIFICATION_ACTION)[0] ?? '';
    const action = ACTIONS.has(asksFor) ? (asksFor as Action) : 'X';
    for (const element of placesIn(each, IDENTIFYING_PRIVATE_ELEMENTS)) actions.set(element, action);
  }
  return {
    status: item.strings(BLOCK_IDENTIFYING_INFORMATION_STATUS)[0] ?? '',
    nonidentifying: new Set(placesIn(item, NONIDENTIFYING_PRIVATE_ELEMENTS)),
    actions,
  };
}

/** What a statement asks for an element; undefined where it asks for nothing. */
function asked({ status, nonidentifying, actions }: Block, place: number): Decision | undefined {
  if (status === 'SAFE') return undefined;
  const action = actions.get(place);
  if (action === 'K') return undefined;
  if (action !== undefined) return { action, why: `(0008,0307): ${action}` };
  if (status !== 'MIXED') return UNSAFE;
  return nonidentifying.has(place) ? undefined : NOT_NAMED_SAFE;
}

/** Element numbers, of which the block's byte does not count. */
function placesIn(dataSet: DataSet, tag: Tag): number[] {
  return dataSet.numbers(tag).map((number) => number & 0xff);
}

function keyOf(group: number, creator: string): string {
  return `${group}:${creator}`;
}
