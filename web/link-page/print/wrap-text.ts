/** Breaks text into lines of a width: between words, within a word where a script has no spaces or the word is too long. */

export type Measure = (text: string) => number;

const ELLIPSIS = '…';

/** At most `limit` lines; what does not fit is told by an ellipsis. */
export function wrapText(text: string, width: number, limit: number, measure: Measure): string[] {
  const words = text.split(/\s+/u).filter((word) => word !== '');
  const lines: string[] = [];
  let line = '';
  while (words.length > 0) {
    const word = words.shift() as string;
    const longer = line === '' ? word : `${line} ${word}`;
    if (measure(longer) <= width) {
      line = longer;
      continue;
    }
    if (line === '') {
      const head = startOf(word, width, measure);
      line = head;
      words.unshift(word.slice(head.length));
    } else words.unshift(word);
    if (lines.length + 1 === limit)
      return [...lines, shortened(`${line} ${words.join(' ')}`, width, measure)];
    lines.push(line);
    line = '';
  }
  return line === '' ? lines : [...lines, line];
}

/** As much of the text as fits with an ellipsis behind it. */
function shortened(text: string, width: number, measure: Measure): string {
  return `${startOf(text, width - measure(ELLIPSIS), measure).trimEnd()}${ELLIPSIS}`;
}

/** What fits of the text, at least one character of it: never a part of what a reader takes for one. */
function startOf(text: string, width: number, measure: Measure): string {
  let head = '';
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)) {
    if (head !== '' && measure(head + segment) > width) break;
    head += segment;
  }
  return head;
}
