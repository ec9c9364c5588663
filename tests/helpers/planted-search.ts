/** Looks for planted values in finished bytes: as they are, inflated, in UTF-16 of both orders. Knows nothing of any data set. */
import { inflateRawSync } from 'node:zlib';

const WORD = /qz[\da-z]{5}kw/gi;
const WIDE_WORD = /q\0z\0(?:[\da-z]\0){5}k\0w/gi;
const DIGITS_AND_DOTS = /\d[\d.]{5,}/g;

/** Which of the planted values stand in the bytes. */
export function survivorsIn(
  bytes: Uint8Array,
  planted: ReadonlyMap<string, string>,
): { readonly needle: string; readonly where: string }[] {
  const found = new Set<string>();
  for (const place of [bytes, ...inflated(bytes)]) {
    const text = Buffer.from(place.buffer, place.byteOffset, place.length).toString('latin1');
    // A word of this kind that is not known here is none that anybody wrote but the planter.
    for (const word of wordsIn(text)) found.add(word);
    for (const [run] of text.matchAll(DIGITS_AND_DOTS)) {
      for (const part of [run, ...run.split('.')]) {
        for (const digits of [part, part.slice(0, 8)]) if (planted.has(digits)) found.add(digits);
      }
    }
  }
  return [...found].map((needle) => ({ needle, where: planted.get(needle) ?? 'not known' }));
}

/** The planted words in a text, whatever their case, also where each letter has a zero beside it. */
export function wordsIn(text: string): string[] {
  return [
    ...[...text.matchAll(WORD)].map(([word]) => word.toUpperCase()),
    ...[...text.matchAll(WIDE_WORD)].map(([word]) => word.replaceAll('\0', '').toUpperCase()),
  ];
}

/** The data set of a deflated object. */
function inflated(bytes: Uint8Array): Uint8Array[] {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 2048)).toString('latin1');
  if (!head.includes('1.2.840.10008.1.2.1.99')) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  // Group 0002 begins with its own length (PS3.10 7.1).
  const start = 132 + 12 + view.getUint32(132 + 8, true);
  return [new Uint8Array(inflateRawSync(bytes.subarray(start)))];
}
