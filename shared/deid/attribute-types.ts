/**
 * Resolves the combined actions of PS3.15 Table E.1-1 (X/Z, X/D, Z/D, X/Z/D, X/Z/U*) by the type (PS3.5 7.4) that an
 * attribute has in the instance's IOD, or in the items of the sequence it stands in: optional attributes go, Type 2 ones
 * are emptied, Type 1 ones replaced. Where the type is not known the action is the one that leaves the instance valid
 * whatever the type is.
 */
import type { Tag } from '../dicom/index.ts';
import { COMBINED_ATTRIBUTES, IOD_TYPES, NESTED_TYPES, TYPES_OF_IODS } from './iod-types.generated.ts';
import type { Action, BasicAction } from './table-row.ts';

/** The type of an attribute in an IOD or in a sequence's items. */
export type AttributeType = '1' | '1C' | '2' | '2C' | '3';

/** The types of the attributes of the root data set; undefined where it is not known. */
export type RootTypes = (tag: Tag) => AttributeType | undefined;

const BY_LETTER: Readonly<Record<string, AttributeType>> = { 1: '1', c: '1C', 2: '2', d: '2C', 3: '3' };

const POSITION: ReadonlyMap<Tag, number> = new Map(COMBINED_ATTRIBUTES.map((tag, at) => [tag, at]));

const ITEM_TYPES: ReadonlyMap<string, AttributeType | undefined> = new Map(
  NESTED_TYPES.map(([sequence, tag, letter]) => [`${sequence}/${tag}`, BY_LETTER[letter]]),
);

/** The sole attribute of a module that is optional in every IOD (PS3.3 C.10.10): with it the whole module goes. */
const OWN_MODULE: ReadonlySet<Tag> = new Set([0x0040b020]); // Waveform Annotation Sequence

/** The action that is valid whatever the type of the attribute is. */
const VALID_FOR_ANY_TYPE: Readonly<Record<BasicAction, Action>> = {
  D: 'D',
  Z: 'Z',
  X: 'X',
  U: 'U',
  'X/Z': 'Z',
  'X/D': 'D',
  'Z/D': 'D',
  'X/Z/D': 'D',
  'X/Z/U*': 'U',
};

/** An IOD, as far as types go: all SOP classes of one IOD have the same key. */
export function iodOf(sopClassUid: string): number | undefined {
  return IOD_TYPES.get(sopClassUid);
}

/** The types of the attributes of the root data set of an IOD. */
export function rootTypesOf(iod: number | undefined): RootTypes {
  const letters = iod === undefined ? '' : (TYPES_OF_IODS[iod] ?? '');
  return (tag) => {
    if (OWN_MODULE.has(tag)) return '3';
    const at = POSITION.get(tag);
    return at === undefined ? undefined : BY_LETTER[letters[at] ?? ''];
  };
}

/** The type of an attribute in the items of a sequence, whatever the IOD; undefined where it is not known. */
export function typeInItems(sequence: Tag, tag: Tag): AttributeType | undefined {
  return ITEM_TYPES.get(`${sequence}/${tag}`);
}

/** Whether the action of the attribute depends on its type. */
export function hasCombinedAction(tag: Tag): boolean {
  return POSITION.has(tag);
}

/**
 * The single action that a row's action comes to for an attribute of the type. What the table removes though the IOD
 * requires it (the types of such attributes alone are known here) is emptied or replaced. Sequences of references (X/Z/U*) stay
 * whatever their type, with pseudonymous UIDs: they identify nobody, and viewers draw reference lines by them.
 */
export function resolveAction(basic: BasicAction, type: AttributeType | undefined): Action {
  if (type === undefined || basic === 'X/Z/U*') return VALID_FOR_ANY_TYPE[basic];
  if (basic === 'X') return type === '3' ? 'X' : type.startsWith('2') ? 'Z' : 'D';
  const asked = basic.split('/') as Action[];
  if (type === '3') return asked[0] as Action;
  if (type.startsWith('2') && asked.includes('Z')) return 'Z';
  return VALID_FOR_ANY_TYPE[basic];
}
