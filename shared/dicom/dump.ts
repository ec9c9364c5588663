/** An object as lines for people to read: the tree of its elements, with values only when they are asked for. */
import type { DataElement, DataSet } from './data-set.ts';
import { lookUp, sopClassName } from './dictionary.ts';
import type { Part10 } from './part10/part10.ts';
import { formatTag } from './tag.ts';
import { transferSyntaxOf } from './transfer-syntax.ts';
import { elementNumbers, elementText } from './value.ts';
import { isText } from './vr.ts';

const LONGEST_VALUE = 64;
const MOST_NUMBERS = 8;

/** One line for each element and item, indented by depth. */
export function* dumpLines(part10: Part10, options: { values: boolean }): Iterable<string> {
  const { transferSyntax, anomalies, pixelData } = part10;
  yield `# ${part10.size} bytes, ${transferSyntax.name}`;
  if (anomalies.length > 0) yield `# read in spite of: ${anomalies.join(', ')}`;
  if (part10.meta !== undefined) {
    yield '# File Meta Information';
    yield* dataSetLines(part10.meta, options.values, '');
  }
  yield '# Data Set';
  yield* dataSetLines(part10.dataSet, options.values, '');
  if (pixelData?.fragments !== undefined) {
    yield `# Pixel Data in ${pixelData.fragments.length} fragments, offset table of ${pixelData.basicOffsetTable?.length ?? 0} bytes`;
  }
}

function* dataSetLines(dataSet: DataSet, values: boolean, indent: string): Iterable<string> {
  for (const element of dataSet.elements) {
    const value = values ? valueText(element, dataSet) : '';
    const head = `${indent}${formatTag(element.tag)} ${element.vr}${value === '' ? '' : ` ${value}`}`;
    yield `${head.padEnd(56)} # ${sizeText(element)}, ${keywordOf(element)}`;
    for (const [index, item] of (element.items ?? []).entries()) {
      yield `${indent}  item ${index + 1}`;
      yield* dataSetLines(item.dataSet, values, `${indent}    `);
    }
  }
}

function sizeText(element: DataElement): string {
  if (element.items !== undefined) return `${element.items.length} items`;
  const length = element.valueEnd - element.valueStart;
  return element.undefinedLength ? `${length} bytes in fragments` : `${length} bytes`;
}

function keywordOf(element: DataElement): string {
  return lookUp(element.tag)?.keyword || 'unknown';
}

function valueText(element: DataElement, owner: DataSet): string {
  if (element.items !== undefined || element.undefinedLength || element.valueEnd === element.valueStart)
    return '';
  if (isText(element.vr))
    return `[${shortened(nameOfUid(element, elementText(element, owner.characterSet)))}]`;
  if (element.end > element.bytes.length) return '';
  const isLong = element.valueEnd - element.valueStart > 8 * MOST_NUMBERS;
  const numbers = isLong ? [] : elementNumbers(element);
  const shown = numbers.map((number) => (element.vr === 'AT' ? formatTag(number) : String(number)));
  return shortened(shown.join('\\'));
}

/** The name in place of a UID of the standard. */
function nameOfUid(element: DataElement, text: string): string {
  if (element.vr !== 'UI') return text;
  const name = transferSyntaxOf(text)?.name ?? sopClassName(text);
  return name === undefined ? text : `${text} = ${name}`;
}

/** At most a line's worth, with control characters, which a terminal would obey, made visible. */
function shortened(text: string): string {
  const line = text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
  return line.replace(
    /\p{Cc}|\p{Cf}/gu,
    (control) => `\\x${(control.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}`,
  );
}
