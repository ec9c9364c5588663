/**
 * A structured report as lines of text: the content tree (PS3.3 C.17.3) in reading order, each item with its concept name, its
 * value and its depth. It reads the content alone: of who the patient is, which stands outside of it, nothing is taken over.
 */
import type { DataSet } from '../../dicom/index.ts';
import { DOCUMENT_LIMITS, type DocumentLimits } from './limits.ts';
import { DOCUMENT_TAG as TAG } from './tags.ts';

/** One item of the content tree. */
export interface ReportLine {
  /** 0 for the title, 1 for what stands directly below it. */
  readonly depth: number;
  /** The meaning of the concept name; absent where the item has none. */
  readonly name?: string;
  /** The value with its unit; absent for a heading. */
  readonly value?: string;
}

/** Whether the object has a content tree: structured reports, key object selections, procedure logs. */
export function hasContentTree(dataSet: DataSet): boolean {
  return dataSet.has(TAG.ContentSequence) || dataSet.text(TAG.ValueType) === 'CONTAINER';
}

/** The lines of the report; cut at the limit, with a last line that says so. */
export function reportLines(dataSet: DataSet, limits: DocumentLimits = DOCUMENT_LIMITS): ReportLine[] {
  const lines: ReportLine[] = [];
  const visit = (item: DataSet, depth: number): void => {
    if (lines.length >= limits.maximumLines) return;
    const name = conceptOf(item, TAG.ConceptNameCodeSequence);
    const value = contentValue(item)?.slice(0, limits.maximumCharacters);
    const isNamed = name !== undefined || value !== undefined;
    if (isNamed)
      lines.push({
        depth,
        ...(name === undefined ? {} : { name }),
        ...(value === undefined ? {} : { value }),
      });
    for (const child of item.sequence(TAG.ContentSequence)) visit(child, isNamed ? depth + 1 : depth);
  };
  visit(dataSet, 0);
  if (lines.length >= limits.maximumLines) lines.push({ depth: 1, value: 'The report goes on.' });
  return lines;
}

/** The report as plain text, two spaces for each level. */
export function structuredReportText(dataSet: DataSet, limits: DocumentLimits = DOCUMENT_LIMITS): string {
  return reportLines(dataSet, limits)
    .map(({ depth, name, value }) => {
      const text = [name, value].filter((part) => part !== undefined).join(': ');
      return '  '.repeat(depth) + text.replaceAll(/\s*\r?\n\s*/g, `\n${'  '.repeat(depth + 1)}`);
    })
    .join('\n');
}

/** Code Meaning, else the code itself (PS3.3 Table 8.8-1). */
function conceptOf(item: DataSet, sequence: number): string | undefined {
  const code = item.sequence(sequence)[0];
  return code && (text(code, TAG.CodeMeaning) ?? text(code, TAG.CodeValue) ?? text(code, TAG.LongCodeValue));
}

function text(item: DataSet, tag: number): string | undefined {
  return item.text(tag)?.trim() || undefined;
}

/** The value by Value Type (PS3.3 Table C.17.3-7). */
function contentValue(item: DataSet): string | undefined {
  switch (text(item, TAG.ValueType)) {
    case 'TEXT':
      return text(item, TAG.TextValue);
    case 'NUM':
      return measurement(item);
    case 'CODE':
      return conceptOf(item, TAG.ConceptCodeSequence);
    case 'PNAME':
      return personName(text(item, TAG.PersonName));
    case 'DATE':
      return text(item, TAG.Date)?.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3');
    case 'TIME':
      return clock(text(item, TAG.Time));
    case 'DATETIME':
      return text(item, TAG.DateTime)?.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d).*$/, '$1-$2-$3 $4:$5');
    case 'UIDREF':
      return item.uid(TAG.UID);
    case 'IMAGE':
    case 'COMPOSITE':
    case 'WAVEFORM':
      return reference(item);
    case 'SCOORD':
    case 'SCOORD3D':
      return shape(item);
    case 'TCOORD':
      return text(item, TAG.TemporalRangeType)?.toLowerCase();
    default:
      return item.has(TAG.ReferencedContentItemIdentifier)
        ? `see ${item.numbers(TAG.ReferencedContentItemIdentifier).join('.')}`
        : undefined;
  }
}

/** A number with its unit; where there is none, why (Numeric Value Qualifier). */
function measurement(item: DataSet): string | undefined {
  const measured = item.sequence(TAG.MeasuredValueSequence)[0];
  const value = measured && text(measured, TAG.NumericValue);
  if (measured === undefined || value === undefined)
    return conceptOf(item, TAG.NumericValueQualifierCodeSequence) ?? 'no value';
  const unit = measured.sequence(TAG.MeasurementUnitsCodeSequence)[0];
  const written = unit && (text(unit, TAG.CodeValue) ?? text(unit, TAG.CodeMeaning));
  // UCUM writes "no units" as 1, and what is counted in braces.
  if (written === undefined || written === '1') return value;
  return `${value} ${written.replace(/^\{(.*)\}$/, '$1')}`;
}

/** The alphabetic group of a name, its components in order, carets as spaces (PS3.5 6.2.1). */
function personName(name: string | undefined): string | undefined {
  return name?.split('=')[0]?.split('^').filter(Boolean).join(' ') || undefined;
}

function clock(time: string | undefined): string | undefined {
  return time?.replace(/^(\d\d)(\d\d)(?:(\d\d).*)?$/, (_, hour, minute, second) =>
    second === undefined ? `${hour}:${minute}` : `${hour}:${minute}:${second}`,
  );
}

/** What is referred to, and which frames of it; its UID helps no reader. */
function reference(item: DataSet): string {
  const referenced = item.sequence(TAG.ReferencedSOPSequence)[0];
  const kind = (text(item, TAG.ValueType) ?? 'object').toLowerCase();
  const frames = referenced?.numbers(TAG.ReferencedFrameNumber) ?? [];
  if (frames.length === 0) return kind;
  const shown = frames.slice(0, 8).join(', ') + (frames.length > 8 ? ' …' : '');
  return `${kind}, ${frames.length === 1 ? 'frame' : 'frames'} ${shown}`;
}

function shape(item: DataSet): string | undefined {
  return text(item, TAG.GraphicType)?.toLowerCase().replaceAll('_', ' ');
}
