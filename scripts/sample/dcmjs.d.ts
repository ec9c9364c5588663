/** The few names of dcmjs that are used: it ships no types. */
declare module 'dcmjs' {
  type Dict = Record<string, { vr: string; Value?: readonly unknown[] }>;
  class DicomDict {
    constructor(meta: Dict);
    dict: Dict;
    write(options?: { allowInvalidVRLength?: boolean }): ArrayBuffer;
  }
  const dcmjs: {
    data: {
      DicomDict: typeof DicomDict;
      DicomMetaDictionary: { nameMap: Record<string, { tag: string; vr: string } | undefined> };
    };
    log: { setLevel(level: string): void };
  };
  export default dcmjs;
}
