/**
 * Retain Safe Private (PS3.15 E.3.10): private attributes of Table E.3.10-1, and numbers of PixelMed's list, are kept, found by
 * their creator in whatever block of the group it reserved in that data set (PS3.5 7.8.1). A kept value is judged like that of an unlisted
 * attribute: dates, names and UIDs by the rules by VR, text by the search; the items of a sequence one by one. The creator
 * stays where anything of its block does.
 */
import { type DataElement, type DataSet, isVr, type Tag, type VR } from '../dicom/index.ts';
import { type Decision, KEPT } from './decision.ts';
import { SAFE_PRIVATE, SAFE_PRIVATE_NUMBERS } from './safe-private.generated.ts';

const SAFE: Decision = { action: 'K', why: 'Table E.3.10-1: safe private attribute' };
const CREATOR: Decision = { action: 'K', why: 'Table E.3.10-1: creator of a safe private attribute' };
const UNREADABLE: Decision = { action: 'X', why: 'a sequence that cannot be read' };

/** VR by group, creator and element; an empty VR where the table has none. */
const ROWS: ReadonlyMap<string, string> = new Map(
  [...SAFE_PRIVATE, ...SAFE_PRIVATE_NUMBERS].map(([group, creator, element, vr]) => [
    keyOf(group, creator, element),
    vr,
  ]),
);

/** The decisions of the option; what the VRs of a listed attribute ask for is given. */
export class SafePrivate {
  readonly #decideByVr: (tag: Tag, vrs: readonly VR[]) => Decision;

  constructor(decideByVr: (tag: Tag, vrs: readonly VR[]) => Decision) {
    this.#decideByVr = decideByVr;
  }

  /** The decision for a private element; undefined for what is not known to be safe. */
  decide(element: DataElement, dataSet: DataSet): Decision | undefined {
    const { tag } = element;
    if (isCreator(tag)) return reservesSafeBlock(tag, dataSet) ? CREATOR : undefined;
    const listed = listedVr(tag, dataSet);
    if (listed === undefined) return undefined;
    if (element.items !== undefined) return SAFE;
    const isUnread = element.valueEnd > element.valueStart;
    if (isUnread && (listed === 'SQ' || element.vr === 'SQ')) return UNREADABLE;
    const vrs = [listed, element.vr, element.headerVr].filter((vr): vr is VR => vr !== undefined && isVr(vr));
    const byVr = this.#decideByVr(tag, vrs);
    return byVr === KEPT ? SAFE : byVr;
  }
}

/** Private Creators stand at (gggg,0010) to (gggg,00FF). */
function isCreator(tag: Tag): boolean {
  const element = tag & 0xffff;
  return element >= 0x10 && element <= 0xff;
}

function listedVr(tag: Tag, dataSet: DataSet): string | undefined {
  const block = (tag >>> 8) & 0xff;
  if (block < 0x10) return undefined;
  const creator = dataSet.text(((tag & 0xffff0000) | block) >>> 0)?.trim();
  return creator === undefined ? undefined : ROWS.get(keyOf(tag >>> 16, creator, tag & 0xff));
}

function reservesSafeBlock(creator: Tag, dataSet: DataSet): boolean {
  const block = (((creator & 0xffff0000) | ((creator & 0xff) << 8)) >>> 8) >>> 0;
  return dataSet.elements.some(({ tag }) => tag >>> 8 === block && listedVr(tag, dataSet) !== undefined);
}

function keyOf(group: number, creator: string, element: number): string {
  return `${group}:${element}:${creator}`;
}
