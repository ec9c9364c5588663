/**
 * The public face of the byte-level data set: read a Part 10 object as extents over its bytes, walk it, splice an edited one,
 * author a new one. Knows no cloud, no clock, no environment.
 */
export { type CharacterSet, characterSetOf } from './character-set/character-set.ts';
export { type DataElement, DataSet, type Item } from './data-set.ts';
export { type DictionaryEntry, lookUp, sopClassName, tagOf } from './dictionary.ts';
export { dumpLines } from './dump.ts';
export type { Encoding } from './encoding.ts';
export {
  type DicomJson,
  type DicomJsonElement,
  type DicomJsonOptions,
  type DicomJsonValue,
  type PersonName,
  toDicomJson,
} from './json.ts';
export { type ReferencedFile, referencedFiles } from './media-directory.ts';
export { modalityOf } from './modality.ts';
export type {
  CopiedRange,
  DeferredBytes,
  EncapsulatedValue,
  MetaInput,
  NewElement,
  RangeFilter,
  Segment,
  SourceRange,
} from './new-element.ts';
export { DEFAULT_READ_LIMITS, type ReadLimits } from './part10/limits.ts';
export { looksLikeDicom } from './part10/looks-like-dicom.ts';
export type { Anomaly, ByteSource, Fragment, Part10, PixelDataExtent } from './part10/part10.ts';
export { readPart10 } from './part10/read.ts';
export { readPart10From } from './part10/read-from.ts';
export { concatSegments, isCopied, ownBytes, segmentLength, segmentsLength } from './segments.ts';
export { type Edit, type SpliceEditor, splice, writtenTransferSyntax } from './splice.ts';
export { formatTag, isGroupLength, isPixelData, isPrivate, type Tag } from './tag.ts';
export {
  type Codec,
  DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
  EXPLICIT_VR_BIG_ENDIAN,
  EXPLICIT_VR_LITTLE_ENDIAN,
  IMPLICIT_VR_LITTLE_ENDIAN,
  type TransferSyntax,
  transferSyntaxes,
  transferSyntaxOf,
} from './transfer-syntax.ts';
export { isValidUid } from './uid.ts';
export { elementNumbers, elementStrings, elementText, valueBytes } from './value.ts';
export { encodeNumbers, encodeText, encodeUid } from './value-bytes.ts';
export { dependsOnCharacterSet, isMultiValued, isText, isVr, paddingByte, type VR } from './vr.ts';
export {
  type DirectoryRecord,
  type RecordedFile,
  writeMediaDirectory,
} from './write/media-directory.ts';
export { writePart10 } from './write.ts';
