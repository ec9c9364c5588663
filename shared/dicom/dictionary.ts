/**
 * The data dictionary (PS3.6): which attribute a tag is, and which VR its value has. The table is one string, indexed when it
 * is first asked and read line by line, so that a function that starts pays for what it uses. Private elements are not in it.
 */
import { ATTRIBUTES, SOP_CLASSES } from './dictionary.generated.ts';
import { isPrivate, type Tag } from './tag.ts';
import type { VR } from './vr.ts';

export interface DictionaryEntry {
  /** Of a repeating group, the tag that was asked for. */
  readonly tag: Tag;
  /** Empty for the few retired attributes that PS3.6 lists without one. */
  readonly keyword: string;
  readonly name: string;
  /** In the order of PS3.6; none for items and delimiters. */
  readonly vr: readonly VR[];
  readonly vm: string;
  readonly retired: boolean;
}

interface Index {
  /** The line of an attribute. */
  readonly lines: ReadonlyMap<Tag, string>;
  readonly usOrSs: ReadonlySet<Tag>;
  /** Lines of repeating groups and elements, by the mask of the digits that are fixed. */
  readonly repeating: readonly { readonly mask: number; readonly lines: ReadonlyMap<Tag, string> }[];
}

let index: Index | undefined;
let tags: ReadonlyMap<string, Tag> | undefined;
let sopClasses: ReadonlyMap<string, string> | undefined;
const vrs = new Map<Tag, VR>();

/** The entry of a tag, also of repeating groups such as 60xx; undefined where PS3.6 has none. */
export function lookUp(tag: Tag): DictionaryEntry | undefined {
  const line = lineOf(tag);
  if (line === undefined) return undefined;
  const [head = '', vm = '', keyword = '', name = ''] = line.split('|');
  const retired = head[8] === '!';
  const listed = head.slice(retired ? 9 : 8);
  const vr = listed === '' ? [] : (listed.split('/') as VR[]);
  return { tag, keyword, name: name === '' ? nameOfKeyword(keyword) : name, vr, vm, retired };
}

/** The VR of a tag where it has one: of several the first, but OW where the standard allows bytes or words (PS3.5 A.1). */
export function dictionaryVr(tag: Tag): VR | undefined {
  const known = vrs.get(tag);
  if (known !== undefined) return known;
  const listed = lookUp(tag)?.vr ?? [];
  const vr = listed.includes('OW') ? 'OW' : listed[0];
  // What the dictionary lacks is not remembered: an input could name any number of such tags.
  if (vr !== undefined) vrs.set(tag, vr);
  return vr;
}

/** Whether the VR is US or SS, as Pixel Representation says (PS3.5 A.1). */
export function followsPixelRepresentation(tag: Tag): boolean {
  index ??= buildIndex();
  return index.usOrSs.has(tag);
}

/** The tag of a keyword; an unknown keyword is a bug and throws. Repeating groups are found as their first group. */
export function tagOf(keyword: string): Tag {
  tags ??= new Map(
    ATTRIBUTES.split('\n').map((line) => [
      line.split('|')[2] as string,
      Number.parseInt(line.slice(0, 8).replaceAll('X', '0'), 16),
    ]),
  );
  const tag = keyword === '' ? undefined : tags.get(keyword);
  if (tag === undefined) throw new Error(`the dictionary has no keyword ${keyword}`);
  return tag;
}

/** The name of a storage SOP class (PS3.4 B.5). */
export function sopClassName(uid: string): string | undefined {
  sopClasses ??= new Map(SOP_CLASSES.split('\n').map((line) => line.split('|') as [string, string]));
  return sopClasses.get(uid);
}

/** The name that a keyword was made from, where no punctuation was lost: `SOPClassUID` is `SOP Class UID`. */
export function nameOfKeyword(keyword: string): string {
  return keyword.replace(/([a-z0-9])(?=[A-Z])|([A-Z])(?=[A-Z][a-z])/g, '$1$2 ');
}

function lineOf(tag: Tag): string | undefined {
  index ??= buildIndex();
  const line = index.lines.get(tag);
  if (line !== undefined || isPrivate(tag)) return line;
  for (const { mask, lines } of index.repeating) {
    const repeating = lines.get((tag & mask) >>> 0);
    if (repeating !== undefined) return repeating;
  }
  return undefined;
}

function buildIndex(): Index {
  const lines = new Map<Tag, string>();
  const usOrSs = new Set<Tag>();
  const byMask = new Map<number, Map<Tag, string>>();
  for (const line of ATTRIBUTES.split('\n')) {
    const digits = line.slice(0, 8);
    if (!digits.includes('X')) {
      const tag = Number.parseInt(digits, 16);
      lines.set(tag, line);
      if (/^!?US\/SS\|/.test(line.slice(8, 15))) usOrSs.add(tag);
      continue;
    }
    const mask = Number.parseInt(digits.replace(/[^X]/g, 'F').replaceAll('X', '0'), 16);
    let masked = byMask.get(mask);
    if (masked === undefined) {
      masked = new Map();
      byMask.set(mask, masked);
    }
    masked.set(Number.parseInt(digits.replaceAll('X', '0'), 16), line);
  }
  return { lines, usOrSs, repeating: [...byMask].map(([mask, masked]) => ({ mask, lines: masked })) };
}
