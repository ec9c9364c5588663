/** Tags of data elements: one unsigned 32-bit number, group in the upper half (PS3.5 7.1). */

/** `0xGGGGEEEE`, always non-negative. */
export type Tag = number;

/** Item, and the two delimiters that end what has no length (PS3.5 7.5). */
export const ITEM: Tag = 0xfffee000;
export const ITEM_DELIMITATION: Tag = 0xfffee00d;
export const SEQUENCE_DELIMITATION: Tag = 0xfffee0dd;

export const SPECIFIC_CHARACTER_SET: Tag = 0x00080005;
export const PIXEL_REPRESENTATION: Tag = 0x00280103;
export const FLOAT_PIXEL_DATA: Tag = 0x7fe00008;
export const DOUBLE_FLOAT_PIXEL_DATA: Tag = 0x7fe00009;
export const PIXEL_DATA: Tag = 0x7fe00010;
export const DATA_SET_TRAILING_PADDING: Tag = 0xfffcfffc;

/** Prints a tag as the standard does: `(0010,0010)`, upper case. */
export function formatTag(tag: Tag): string {
  const digits = tag.toString(16).toUpperCase().padStart(8, '0');
  return `(${digits.slice(0, 4)},${digits.slice(4)})`;
}

/** Whether the group is odd (PS3.5 7.8). */
export function isPrivate(tag: Tag): boolean {
  return (tag & 0x10000) !== 0;
}

/** Whether the element number is 0000: a group length, retired outside groups 0000 and 0002 (PS3.5 7.2). */
export function isGroupLength(tag: Tag): boolean {
  return (tag & 0xffff) === 0;
}

/** Whether the tag is one of the three that hold the pixels of an instance (PS3.3 C.7.6.3, C.7.6.24, C.7.6.25). */
export function isPixelData(tag: Tag): boolean {
  return tag === PIXEL_DATA || tag === FLOAT_PIXEL_DATA || tag === DOUBLE_FLOAT_PIXEL_DATA;
}
