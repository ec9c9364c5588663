/** Objects that are authored here: fixtures, samples. */
import { encodingOf } from './encoding.ts';
import type { MetaInput, NewElement, Segment } from './new-element.ts';
import { deflate } from './part10/inflate.ts';
import { concatSegments } from './segments.ts';
import { transferSyntaxOf } from './transfer-syntax.ts';
import { writeNewElements } from './write/element-writer.ts';
import { writeFileMeta } from './write/file-meta.ts';
import { Output } from './write/output.ts';

/** A Part 10 object of the elements, in tag order, in the transfer syntax that `meta` names. */
export function writePart10(elements: readonly NewElement[], meta: MetaInput): Uint8Array {
  const syntax = transferSyntaxOf(meta.transferSyntaxUid);
  if (syntax === undefined) throw new Error('no such transfer syntax');
  const opening = new Output();
  writeFileMeta(opening, meta, syntax.uid);
  const dataSet = new Output();
  writeNewElements(dataSet, elements, encodingOf(syntax.explicitVr, syntax.bigEndian));
  const written = whole(dataSet.finish());
  return whole([...opening.finish(), syntax.deflated ? deflate(written) : written]);
}

function whole(segments: readonly Segment[]): Uint8Array {
  return concatSegments(segments, new Uint8Array(0));
}
