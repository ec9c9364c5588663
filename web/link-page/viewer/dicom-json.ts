/** Reads the DICOM JSON Model (PS3.18 F) as the page needs it: numbers, texts and items by tag, bytes by their place. */

export interface Element {
  readonly vr: string;
  readonly Value?: readonly unknown[];
  readonly InlineBinary?: string;
  readonly BulkDataURI?: string;
}
/** Attributes by tag, eight upper-case hexadecimal digits. */
export type DataSet = Readonly<Record<string, Element | undefined>>;

export function numbers(dataSet: DataSet | undefined, tag: string): readonly number[] {
  return (dataSet?.[tag]?.Value ?? []).map(Number).filter(Number.isFinite);
}

export function number(dataSet: DataSet | undefined, tag: string): number | undefined {
  return numbers(dataSet, tag)[0];
}

export function texts(dataSet: DataSet | undefined, tag: string): readonly string[] {
  return (dataSet?.[tag]?.Value ?? []).map((value) => (typeof value === 'string' ? value : ''));
}

export function text(dataSet: DataSet | undefined, tag: string): string | undefined {
  const [first] = texts(dataSet, tag);
  return first === undefined || first === '' ? undefined : first;
}

export function items(dataSet: DataSet | undefined, tag: string): readonly DataSet[] {
  return (dataSet?.[tag]?.Value ?? []).filter(
    (value): value is DataSet => typeof value === 'object' && value !== null,
  );
}

/** The bytes of a binary value where they stand in the metadata itself. */
export function inlineBytes(dataSet: DataSet, tag: string): Uint8Array | undefined {
  const inline = dataSet[tag]?.InlineBinary;
  return inline === undefined ? undefined : Uint8Array.from(atob(inline), (sign) => sign.charCodeAt(0));
}
