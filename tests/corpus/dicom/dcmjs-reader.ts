/** The one place of the tests where dcmjs reads: it ships no types, and is told to be silent. */
import dcmjs from 'dcmjs';

export interface DcmjsElement {
  readonly vr: string;
  readonly Value?: readonly unknown[];
}
export type DcmjsDict = Readonly<Record<string, DcmjsElement>>;

interface Logger {
  setLevel(level: string): void;
}

interface ReadingDcmjs {
  readonly data: { readonly DicomMessage: { readFile(buffer: ArrayBuffer): { readonly dict: DcmjsDict } } };
  readonly log: Logger & { getLogger(name: string): Logger };
}

/** The data set as dcmjs reads it; undefined where it cannot. */
export function readWithDcmjs(source: Uint8Array): DcmjsDict | undefined {
  const { data, log } = dcmjs as unknown as ReadingDcmjs;
  log.setLevel('silent');
  log.getLogger('validation.dcmjs').setLevel('silent');
  // It loses data of a view that does not begin with its buffer.
  const buffer = source.slice().buffer as ArrayBuffer;
  try {
    return data.DicomMessage.readFile(buffer).dict;
  } catch {
    return undefined;
  }
}
