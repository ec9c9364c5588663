/**
 * The data set as extents over the bytes it was read from: each element knows where it starts, where its value lies and
 * where it ends; values are decoded when asked for. Nothing here reads or writes a file.
 */
import { type CharacterSet, characterSetOf } from './character-set/character-set.ts';
import type { Encoding } from './encoding.ts';
import { PIXEL_REPRESENTATION, SPECIFIC_CHARACTER_SET, type Tag } from './tag.ts';
import { elementNumbers, elementStrings, elementText } from './value.ts';
import type { VR } from './vr.ts';

/** One data element as an extent of `bytes`. */
export interface DataElement {
  readonly tag: Tag;
  /** From the header; by dictionary where the header has none, or says UN for a known tag; 'UN' where unknown. */
  vr: VR;
  /** The VR in the header; undefined in implicit VR and where the header's letters are no VR. */
  readonly headerVr: VR | undefined;
  /** The buffer the element lies in: the whole object, its first bytes, the inflated stream, or what follows Pixel Data. */
  readonly bytes: Uint8Array;
  /** Where header, value and element begin and end in `bytes`; `end` is after the delimiter of an undefined length. */
  readonly start: number;
  readonly valueStart: number;
  /** `valueEnd` and `end` exceed `bytes` only for Pixel Data that was jumped. */
  readonly valueEnd: number;
  readonly end: number;
  readonly undefinedLength: boolean;
  /** Of the element's own header and value. */
  readonly encoding: Encoding;
  /** Of SQ, also where it is carried as UN. */
  readonly items: readonly Item[] | undefined;
  /** Where the element starts in the object (in the inflated stream of a deflated one). */
  readonly offset: number;
  /** Whether the bytes, with all that is nested, are a legal encoding within their data set, so may be copied. */
  readonly regular: boolean;
}

/** One item of a sequence. */
export interface Item {
  readonly start: number;
  readonly contentStart: number;
  readonly contentEnd: number;
  readonly end: number;
  readonly undefinedLength: boolean;
  readonly dataSet: DataSet;
}

/** Elements in the order of the bytes, with what they inherit from the data sets around them. */
export class DataSet {
  readonly elements: readonly DataElement[];
  readonly parent: DataSet | undefined;
  readonly encoding: Encoding;
  #ascending: boolean | undefined;
  #characterSet: CharacterSet | undefined;

  constructor(elements: readonly DataElement[], encoding: Encoding, parent?: DataSet) {
    this.elements = elements;
    this.encoding = encoding;
    this.parent = parent;
  }

  /** The effective character set: Specific Character Set of this data set, else of the one around it (PS3.5 6.1.2.3). */
  get characterSet(): CharacterSet {
    if (this.#characterSet === undefined) {
      const own = this.get(SPECIFIC_CHARACTER_SET);
      this.#characterSet =
        own === undefined && this.parent !== undefined
          ? this.parent.characterSet
          : characterSetOf(own === undefined ? [] : elementStrings(own, characterSetOf([])));
    }
    return this.#characterSet;
  }

  /** The element of the tag, the first one where a malformed data set has several. */
  get(tag: Tag): DataElement | undefined {
    this.#ascending ??= isAscending(this.elements);
    if (!this.#ascending) return this.elements.find((element) => element.tag === tag);
    let low = 0;
    let high = this.elements.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.elements[middle] as DataElement).tag < tag) low = middle + 1;
      else high = middle;
    }
    const found = this.elements[low];
    return found?.tag === tag ? found : undefined;
  }

  has(tag: Tag): boolean {
    return this.get(tag) !== undefined;
  }

  /** The whole value as text, without trailing padding and not split; undefined when the element is absent. */
  text(tag: Tag): string | undefined {
    const element = this.get(tag);
    return element === undefined ? undefined : elementText(element, this.characterSet);
  }

  /** The values as text, split on the backslash and trimmed; none when absent or empty. */
  strings(tag: Tag): string[] {
    const element = this.get(tag);
    return element === undefined ? [] : elementStrings(element, this.characterSet);
  }

  /** The values as numbers; none when absent, empty or unreadable. */
  numbers(tag: Tag): number[] {
    const element = this.get(tag);
    return element === undefined ? [] : elementNumbers(element);
  }

  number(tag: Tag): number | undefined {
    return this.numbers(tag)[0];
  }

  /** The first value as a UID, whether or not it is a valid one; undefined when absent or empty. */
  uid(tag: Tag): string | undefined {
    return this.strings(tag)[0] || undefined;
  }

  /** The data sets of the items of a sequence. */
  sequence(tag: Tag): DataSet[] {
    return this.get(tag)?.items?.map((item) => item.dataSet) ?? [];
  }

  /** The raw bytes of the value. */
  value(tag: Tag): Uint8Array | undefined {
    const element = this.get(tag);
    return element?.bytes.subarray(element.valueStart, element.valueEnd);
  }

  /** Whether pixel values are signed here: Pixel Representation of this data set, else of the one around it. */
  get signedPixels(): boolean {
    const own = this.number(PIXEL_REPRESENTATION);
    return own === undefined ? (this.parent?.signedPixels ?? false) : own === 1;
  }
}

function isAscending(elements: readonly DataElement[]): boolean {
  for (let index = 1; index < elements.length; index++) {
    if ((elements[index] as DataElement).tag <= (elements[index - 1] as DataElement).tag) return false;
  }
  return true;
}
