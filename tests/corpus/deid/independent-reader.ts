/** dcmjs as a reader that shares no code with ours; it ships no types, so what is used of it is described here. */
import dcmjs from 'dcmjs';

interface Reader {
  readFile(buffer: ArrayBuffer): {
    dict: Record<string, { vr: string; Value?: unknown[] }>;
  };
}

const { DicomMessage } = dcmjs.data as unknown as { DicomMessage: Reader };
// It reports each value that it repairs, through a logger of its own.
(dcmjs.log as unknown as { getLogger(name: string): { setLevel(level: string): void } })
  .getLogger('validation.dcmjs')
  .setLevel('silent');
dcmjs.log.setLevel('silent');

/** The object as dcmjs reads it. */
export function readWithDcmjs(object: Uint8Array): ReturnType<Reader['readFile']> {
  // Of a view that does not begin its buffer dcmjs silently reads other bytes.
  return DicomMessage.readFile(object.slice().buffer);
}
